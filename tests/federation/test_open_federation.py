"""Where federation is open: whoever is not shut out is admitted, none is a partner for that, and there are bounds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors import partnerships, terms
from federation import peers
from federation.errors import Forbidden, UnknownPeer
from federation.models import Peer
from federation.states import ImpossibleStep
from inbox.models import Receipt
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.actors.talking import knock, letters, offer, open_office, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_door(settings):
    settings.FEDERATION = "open"
    return settings


@pytest.mark.parametrize("state", ["suspended", "revoked", "blocked"])
def test_a_house_that_was_shut_out_stays_out(open_door, state):
    Peer.objects.create(host="martel.example", state=state)
    with pytest.raises(UnknownPeer):
        peers.admit("https://martel.example/")
    assert list(peers.open_hosts()) == []


def test_our_own_house_is_no_guest(open_door):
    with pytest.raises(UnknownPeer):
        peers.admit(f"{open_door.ORIGIN}/ap/instance")


def test_any_other_becomes_known_on_first_contact_and_once(open_door):
    assert peers.admit("https://martel.example/").state == "guest"
    assert peers.admit("https://martel.example/x").state == "guest"
    assert Peer.objects.count() == 1


def test_the_list_is_enough_again_when_federation_is_closed(open_door):
    peers.admit("https://martel.example/")
    open_door.FEDERATION = "allowlist"
    with pytest.raises(UnknownPeer):
        peers.admit("https://martel.example/")
    assert peers.add("martel.example").state == "active"
    assert peers.admit("https://martel.example/").state == "active"


def test_guests_are_counted_and_those_who_proved_nothing_make_room(open_door, stranger, julien, client, monkeypatch):
    monkeypatch.setattr(peers, "GUESTS", 2)
    peers.admit("https://one.example/")
    assert stranger.post(client, stranger.create(stranger.mallory, [julien.uri])).status_code == 202
    peers.admit("https://two.example/")
    assert set(Peer.objects.values_list("host", flat=True)) == {stranger.host, "two.example"}
    Peer.objects.filter(host="two.example").delete()
    monkeypatch.setattr(peers, "GUESTS", 1)
    with pytest.raises(UnknownPeer):
        peers.admit("https://three.example/")


def test_who_makes_room_is_not_looked_for_at_each_knock(open_door, stranger, julien, client, monkeypatch):
    """It takes long to tell among thousands."""
    monkeypatch.setattr(peers, "GUESTS", 1)
    assert stranger.post(client, stranger.create(stranger.mallory, [julien.uri])).status_code == 202
    looks = []
    for number in range(5):
        with CaptureQueriesContext(connection) as asked, pytest.raises(UnknownPeer):
            peers.admit(f"http://new{number}.example/")
        looks.append(sum("federation_key" in query["sql"] for query in asked))
    assert looks == [1, 0, 0, 0, 0]


def test_a_stranger_writes_to_one_of_us_and_is_no_partner(open_door, stranger, julien, client, work):
    assert stranger.post(client, stranger.create(stranger.mallory, [julien.uri], "<p>bonjour</p>")).status_code == 202
    work()
    assert Receipt.objects.get().state == "handled"
    assert list(peers.partners()) == []
    ours = publishing.publish(julien, Draft("Entre partenaires"), Reach("partners"))
    assert stranger.get(client, ours.uri).status_code == 404
    assert stranger.get(client, "http://localhost:8000/ap/instance/directory").status_code == 403
    answer = publishing.publish(julien, Draft(f"@mallory@{stranger.host} merci"), Reach("named"))
    work()
    assert letters(stranger)[-1]["object"]["id"] == answer.uri


def test_a_guest_may_offer_and_its_house_is_asked_who_it_is_before_it_is_accepted(open_door, stranger, client, work):
    open_office(stranger)
    assert knock(stranger, client, offer(stranger)).status_code == 202
    work()
    assert state_of(stranger) == "requested"
    stranger.documents["/nodeinfo"]["metadata"]["instanceActor"] = stranger.mallory
    terms_of_ours = terms.ours("dpo@saint-aubin.example")
    with pytest.raises(Forbidden):
        partnerships.accept(Peer.objects.get(), terms_of_ours)
    stranger.documents["/nodeinfo"]["metadata"]["instanceActor"] = stranger.house
    Peer.objects.update(speaks_preau=False, instance_actor_uri=stranger.mallory)
    with pytest.raises(Forbidden, match="au nom de"):
        partnerships.accept(Peer.objects.get(), terms_of_ours)
    partnerships.accept(Peer.objects.get(), terms_of_ours)
    assert [peer.host for peer in peers.partners()] == [stranger.host]


def test_the_house_says_how_open_it_is(open_door, aubin, client):
    assert client.get("/nodeinfo/2.1").json()["metadata"]["federation"]["mode"] == "open"


def test_only_an_admin_of_ours_is_taken_at_the_word_of_a_host(aubin):
    admit = peers.only("martel.example")
    assert admit("https://martel.example/x").host == "martel.example"
    with pytest.raises(UnknownPeer):
        admit("https://other.example/")


def test_many_rows_take_one_declared_step_together():
    for name in ("a", "b"):
        peers.add(f"{name}.example")
    assert Peer.step_all(Peer.objects.none(), "active", "suspended") == 0
    assert Peer.step_all(Peer.objects.all(), "active", "suspended") == 2
    assert Peer.step_all(Peer.objects.all(), "active", "suspended") == 0  # somebody moved them first
    with pytest.raises(ImpossibleStep):
        Peer.step_all(Peer.objects.all(), "active", "declined")
