"""A house that changed its name twice: former names are open as long as the newest is, whoever closes it."""

import pytest

from actors import former_names, partnerships, recounting, renaming
from actors.models import Exchange
from federation import peers
from federation.models import Peer
from tests.actors.talking import open_office, state_of
from tests.neighbour import Neighbour

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(vernay, arrives):
    """Three names of one house, the oldest first, each confirmed."""
    found = [vernay]
    for _ in range(2):
        former, new = found[-1], open_office(Neighbour())
        new.documents["/users/instance"]["alsoKnownAs"] = [former.house]
        found.append(new)
        assert arrives(former, former.activity("Move", former.house, former.house, target=new.house)) == "handled"
        renaming.confirm(peer_of(former), new.host)
    yield found
    for new in found[1:]:
        new.stop()


def peer_of(house):
    return Peer.objects.get(host=house.host)


def states(names):
    return [state_of(each) for each in names]


@pytest.mark.row(42)
def test_no_former_name_stays_open_when_the_newest_is_closed(names):
    newest = names[-1]
    assert [each.host for each in former_names.confirmed(peer_of(newest))] == [each.host for each in names[:2]]
    partnerships.suspend(peer_of(newest))
    assert states(names) == ["suspended"] * 3
    partnerships.resume(peer_of(newest))
    assert states(names) == ["active"] * 3
    partnerships.revoke(peer_of(newest))
    assert states(names) == ["revoked"] * 3
    partnerships.block(newest.host)
    assert states(names) == ["blocked"] * 3


@pytest.mark.row(42)
def test_nor_when_the_house_itself_ends_it(names, arrives):
    newest = names[-1]
    pair = {"type": "Relationship", "subject": partnerships.our_house().uri, "object": newest.house}
    assert arrives(newest, newest.activity("Undo", newest.house, pair)) == "handled"
    assert states(names) == ["revoked"] * 3
    ended = Exchange.objects.filter(verb="revoke", ours=True).order_by("pk").values_list("peer__host", flat=True)
    assert list(ended) == [each.host for each in names[:2]]


@pytest.mark.row(42)
def test_nor_when_it_no_longer_counts_us_among_its_partners(names):
    newest = names[-1]
    newest.documents["/users/instance/following"] = lambda asked: asked.reply(403, "application/json", b"{}")
    assert [each.host for each in recounting.strangers()] == [newest.host]
    assert states(names) == ["suspended"] * 3


@pytest.mark.row(42)
def test_what_an_admin_suspended_by_itself_is_not_resumed_along(names):
    oldest, middle, newest = names
    partnerships.suspend(peer_of(oldest))
    partnerships.suspend(peer_of(newest))
    partnerships.resume(peer_of(newest))
    assert states(names) == ["suspended", "active", "active"]
    partnerships.suspend(peer_of(newest))
    peers.resume(peer_of(middle))
    partnerships.suspend(peer_of(middle))
    partnerships.resume(peer_of(newest))
    assert states(names) == ["suspended", "suspended", "active"]
