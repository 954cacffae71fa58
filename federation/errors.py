"""What can go wrong between two houses.

* FederationError
  x Refused          -- we will not take this, and say so (each carries an HTTP status)
    - Malformed        400, not something we can read
    - BadSignature     401, missing, stale or wrong
    - UnknownPeer      403, the house is not on the allow-list
    - WrongActor       403, the signer is not the one who is said to act
    - NotHere          404, absent, or not for this reader: the same answer
    - Gone             410, it existed and was withdrawn
    - TooLarge         413
    - UnsupportedType  415
    - TooMany          429, more at once than one house may send
    - TryAgain         503, we cannot tell right now (a key that could not be fetched)
  x Ignored          -- well signed, and without effect; an admin can read the reason beside the receipt
  x Undelivered      -- they did not take it
    - TryLater         no answer in time, or no connection: the house is tried later
    - Held             nothing was tried: the row waits for its turn (at least `after` seconds)
    - GiveUp           this will never leave
  x NotFetched       -- we asked and got nothing that we can use
    - NotBelieved      they answered, with what proves nothing: asking again soon would not help
  x Forbidden        -- one of ours asked for what the rules do not allow (carries a sentence for people)

* OSError
  x MediaAway        -- where photos and documents are kept does not answer, or refuses us: nothing is known of them
"""


class FederationError(Exception):
    """The root of the tree."""


class Refused(FederationError):
    status = 400


class Malformed(Refused):
    pass


class BadSignature(Refused):
    status = 401


class UnknownPeer(Refused):
    status = 403


class WrongActor(Refused):
    status = 403


class NotHere(Refused):
    status = 404


class Gone(Refused):
    status = 410


class TooLarge(Refused):
    status = 413


class UnsupportedType(Refused):
    status = 415


class TooMany(Refused):
    status = 429


class TryAgain(Refused):
    status = 503


class Ignored(FederationError):
    pass


class Undelivered(FederationError):
    pass


class TryLater(Undelivered):
    pass


class Held(Undelivered):
    def __init__(self, reason: object = "", after: float = 0) -> None:
        super().__init__(reason)
        self.after = after


class GiveUp(Undelivered):
    pass


class NotFetched(FederationError):
    pass


class NotBelieved(NotFetched):
    pass


class Forbidden(FederationError):
    pass


class MediaAway(OSError):
    pass
