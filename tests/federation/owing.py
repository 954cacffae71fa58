"""Letters of Julien's that our house owes to neighbours."""

from federation import delivery, departures, ids
from federation.courier import Round
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


def take(room: int = 100) -> list[Delivery]:
    """Rows that may leave now, on lease."""
    return [row for row, _ in departures.take(room, {}, {})[0]]


def leaving() -> list[str]:
    """The activities of the rows that may leave now, which stay free to be taken."""
    rows = take()
    Delivery.objects.update(leased_until=None)
    return [row.dispatch.activity_uri for row in rows]


def only_what_is_due() -> Round:
    """One batch is taken, carried and settled; what it makes room for is left."""
    once = Round(delivery.climb)
    once.until = 0
    once.pay()
    return once
