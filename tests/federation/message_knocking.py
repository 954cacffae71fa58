"""How a neighbour knocks by RFC 9421: honestly, or with one thing wrong."""

import base64
import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from federation.knock import Knock
from tests.federation.knocking import BODY, INBOX, OURS, epoch

POST_COVERS = ("@method", "@target-uri", "content-digest")


def content_digest(body: bytes, name: str = "sha-256") -> str:
    return f"{name}=:{base64.b64encode(hashlib.new(name.replace('-', ''), body).digest()).decode()}:"


def knock(
    pair, covers=POST_COVERS, *, method="POST", target=INBOX, headers=None, said=None, values=None, label="sig1",
    body=BODY,
):  # fmt: skip
    """A request signed by an independent hand; `said` changes the parameters, `values` what the signer saw."""
    body = body if method == "POST" else b""
    sent = {"host": OURS} | ({"content-digest": content_digest(body)} if body else {}) | (headers or {})
    path, _, query = target.partition("?")
    seen = {"@method": method, "@target-uri": f"https://{OURS}{target}", "@path": path, "@authority": OURS}
    seen |= {"@query": f"?{query}"} | sent | (values or {})
    parameters = {"created": str(epoch()), "keyid": '"https://martel.example/k#main-key"'} | (said or {})
    items = " ".join(name if name.startswith('"') else f'"{name}"' for name in covers)
    inputs = f"({items})" + "".join(f";{name}={value}" for name, value in parameters.items() if value)
    lines = [
        f"{name if name.startswith(chr(34)) else chr(34) + name + chr(34)}: {seen.get(name, '')}" for name in covers
    ]
    text = "\n".join([*lines, f'"@signature-params": {inputs}']).encode()
    if isinstance(pair, rsa.RSAPrivateKey):
        signature = pair.sign(text, padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = pair.sign(text)
    sent["signature-input"] = f"{label}={inputs}"
    sent["signature"] = f"{label}=:{base64.b64encode(signature).decode()}:"
    return Knock(method, target, sent, body, OURS)
