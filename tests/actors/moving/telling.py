"""The names of a house that changes its own, and how one tells under which a thing was said."""

from federation import names
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft

OLD, NEW = "localhost:8000", "rsi.saint-aubin.example:8000"


def yes(house, follow):
    return house.activity("Accept", house.lucie, {"id": follow.uri, "type": "Follow"})


def formerly(uri, host=OLD):
    return names.at(uri, f"http://{host}")


def signer_of(house, letter):
    """The key that a letter which arrived there names."""
    found = next(headers["signature"] for _, headers, each in house.received if each["id"] == letter["id"])
    return found.split('keyId="')[1].split('"')[0]


def write(author, words, audience="partners", **more):
    return publishing.publish(author, Draft(words), Reach(audience, **more))
