"""A house next door that offers, accepts and ends partnerships, by letters that it really signs."""

import json

from actors import terms
from actors.models import Exchange
from federation import ids
from federation.models import Peer
from inbox.models import Receipt

DOOR = "/ap/instance/inbox"
CONTACT = "dpo@vernay.example"
OURS = terms.ours("dpo@saint-aubin.example", "Partager nos massifs", said="Bonjour")


def open_office(house):
    """What a house shows to everyone, so that it can be met: NodeInfo that names its instance actor."""
    index = {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{house.origin}/nodeinfo"}]}
    about = {"metadata": {"nodeName": "Vernay", "instanceActor": house.house}, "usage": {"users": {"total": 12}}}
    house.documents["/.well-known/nodeinfo"] = index
    house.documents["/nodeinfo"] = about
    return house


def offer(house, actor=None, **changes):
    """An Offer to our house; `changes` are made to its Relationship."""
    relationship = {
        "type": "Relationship",
        "subject": actor or house.house,
        "object": ids.instance_actor_uri(),
        "purpose": "Partager nos massifs",
        "dataProtectionContact": CONTACT,
        "charter": "1",
        **changes,
    }
    kept = {name: value for name, value in relationship.items() if value is not None}
    return house.activity("Offer", actor or house.house, kept, content="<p>Bonjour <b>à vous</b></p>")


def knock(house, client, activity, **changes):
    """Bring a letter to the door of our house."""
    return house.post(client, activity, path=changes.pop("path", DOOR), **changes)


def accept(house, about, **more):
    return house.activity("Accept", house.house, about, dataProtectionContact=CONTACT, **more)


def letters(house, kind=None):
    """What the house received, newest last."""
    return [letter for _, _, letter in house.received if kind in (None, letter["type"])]


def state_of(house):
    return Peer.objects.get(host=house.host).state


def size_of(activity):
    return len(json.dumps(activity))


def peer_of(house):
    return Peer.objects.get(host=house.host)


def verbs(house):
    return [(each.verb, each.ours) for each in Exchange.objects.filter(peer__host=house.host)]


def reason():
    return Receipt.objects.order_by("-pk").first().reason
