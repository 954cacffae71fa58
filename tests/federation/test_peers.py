"""The list of houses: who is on it, what is refused, and that a suspension ends."""

import pytest

from federation import peers
from federation.errors import Malformed, UnknownPeer
from federation.models import Peer
from federation.states import ImpossibleStep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "said", ["Martel.example", "https://martel.example", "https://martel.example/accueil", "martel.example:443"]
)
def test_a_house_is_added_once_under_one_name(said):
    assert peers.add(said) == peers.add("martel.example")
    assert str(Peer.objects.get()) == "martel.example"
    assert peers.admit("https://martel.example/users/lucie").host == "martel.example"


def test_a_house_that_is_added_again_stays_suspended():
    peers.suspend(peers.add("martel.example"))
    assert peers.add("martel.example").state == "suspended"


@pytest.mark.parametrize(("state", "then"), [("requested", "requested"), ("blocked", "blocked"), ("revoked", "active")])
def test_what_is_decided_elsewhere_is_not_undone_by_adding(state, then):
    Peer.objects.create(host="martel.example", state=state)
    assert peers.add("martel.example").state == then


@pytest.mark.parametrize("state", ["guest", "suspended", "blocked"])
def test_one_talks_of_partnership_with_some_only(state):
    peer = Peer.objects.create(host="martel.example", state="offered")
    assert peers.admit_talk("https://martel.example/") == peer
    Peer.objects.update(state=state)
    with pytest.raises(UnknownPeer):
        peers.admit_talk("https://martel.example/")


def test_our_own_house_is_no_partner(settings):
    with pytest.raises(Malformed, match="our own"):
        peers.add(settings.HOST)
    assert not Peer.objects.exists()


@pytest.mark.parametrize(
    "said",
    ["", "martel example", "me@martel.example", "martel.example:port", "[::1", "*", "a..b"],
)
def test_what_is_no_host_is_not_added(said):
    with pytest.raises(Malformed):
        peers.add(said)
    assert not Peer.objects.exists()


@pytest.mark.parametrize(
    "uri",
    [
        None, 7, "", "martel.example", "ftp://martel.example/", "https://", "https://martel.example\\@other.example/",
        "https://martel.example/\n", "https://martel.example/ x", "https://me:secret@martel.example/",
        "https://martel.example:99999/", "https://%6dartel.example/", "https://" + "a" * 2048, "https://-a.example/",
    ],
)  # fmt: skip
def test_what_two_parsers_could_read_apart_is_no_address(uri):
    with pytest.raises(Malformed):
        peers.authority_of(uri)
    assert not peers.lives_at(uri, "martel.example")


def test_plain_http_is_for_development_only(settings):
    assert peers.authority_of("http://Martel.Example:80/") == "martel.example"
    assert peers.origin_of("martel.example") == "http://martel.example"
    settings.DEVELOPMENT = False
    assert peers.origin_of("martel.example") == "https://martel.example"
    with pytest.raises(Malformed):
        peers.authority_of("http://martel.example/")


def test_ours_is_ours(settings):
    assert peers.is_ours(f"{settings.ORIGIN}/ap/instance")
    assert not peers.is_ours("https://martel.example/")


def test_a_suspended_house_is_as_one_that_was_never_listed():
    peer = peers.add("martel.example")
    peers.suspend(peer)
    with pytest.raises(UnknownPeer):
        peers.admit("https://martel.example/")
    assert list(peers.open_hosts()) == []
    peers.resume(peer)
    assert peers.admit("https://martel.example/") == peer
    assert list(peers.open_hosts()) == ["martel.example"]


def test_a_house_is_not_suspended_twice():
    peer = peers.add("martel.example")
    peers.suspend(peer)
    with pytest.raises(ImpossibleStep):
        peers.suspend(peer)


def test_of_two_who_move_a_row_one_moves_it():
    peer = peers.add("martel.example")
    late = Peer.objects.get()
    assert peer.step("suspended", name="closed")
    assert not late.step("suspended", name="closed again")
    assert Peer.objects.get().name == "closed"


def test_handles_may_live_at_another_domain_than_their_house():
    peers.add("rsi.martel.example", account_domain="Martel.example")
    assert peers.house_of_domain("MARTEL.example") == "rsi.martel.example"
    assert peers.house_of_domain("vernay.example") == "vernay.example"


def test_the_house_of_that_name_answers_for_its_handles_whoever_claimed_them_before():
    peers.add("evil.martel.example", account_domain="martel.example")
    peers.add("martel.example")
    assert peers.house_of_domain("martel.example") == "martel.example"


def test_partners_are_the_open_houses_that_hold_to_our_audiences():
    ours, other, closed = (peers.add(f"{name}.example") for name in ("a", "b", "c"))
    Peer.objects.exclude(pk=other.pk).update(speaks_preau=True)
    closed.refresh_from_db()
    peers.suspend(closed)
    assert list(peers.partners()) == [ours]
