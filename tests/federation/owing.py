"""Letters of Julien's that our house owes to neighbours."""

from federation import delivery, ids
from federation.models import Delivery, Peer
from tests.federation.hostile import reply

JULIEN = ids.actor_uri("01JULIEN")


def news(number: int, of: str = "", type: str = "Create") -> dict[str, object]:
    subject = ids.object_uri(of or str(number))
    return {"id": ids.activity_uri(str(number)), "type": type, "actor": JULIEN, "object": {"id": subject}}


def owe(house, *letters):
    """Rows for the house's inbox, in this order."""
    for each in letters:
        delivery.send(each, [f"{house.origin}/inbox"], JULIEN)
    return list(Delivery.objects.order_by("pk"))


def answering(house, status, **headers):
    house.pages["/inbox"] = reply(status, **headers)


def hamlets(count: int) -> None:
    """One letter to each of many houses; nobody calls them."""
    hosts = [f"127.0.1.{number}" for number in range(count)]
    Peer.objects.bulk_create([Peer(host=host, state="active") for host in hosts])
    delivery.send(news(1), [f"http://{host}/inbox" for host in hosts], JULIEN)
