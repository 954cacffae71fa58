"""The scopes of the client API, as its endpoints ask for them."""

from instance.scopes import DEFAULT, KNOWN, OFFLINE, allowed, covers, parse, sentences

__all__ = ["DEFAULT", "KNOWN", "OFFLINE", "allowed", "covers", "parse", "sentences"]
