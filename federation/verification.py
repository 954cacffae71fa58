"""Who says they knock, by whichever family of signatures: one verifier decides, and its claim is proven by `check`."""

from federation import message_signatures, signatures
from federation.knock import Claim, Knock

__all__ = ["Claim", "Knock", "claim_of"]


def claim_of(knock: Knock) -> Claim:
    """Whose key to ask for, once all that needs no key has been checked. BadSignature otherwise.

    A request with `Signature-Input` is read by RFC 9421 alone: nothing of an older signature beside it counts.
    """
    if "signature-input" in knock.headers:
        return message_signatures.read(knock)
    return signatures.read(knock)
