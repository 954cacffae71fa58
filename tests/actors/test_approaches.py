"""Offers of partnership from houses that nobody knows: kept without a call, verified when an admin says so (row 32)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from actors import approaches, partnerships
from actors.models import Actor, Approach, Exchange
from federation.errors import Forbidden
from federation.models import Peer
from inbox.models import Receipt
from tests.actors.talking import DOOR, knock, offer, open_office, state_of
from tests.neighbour import key_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(stranger):
    return open_office(stranger)


def untouched(house):
    return not house.asked and not Approach.objects.exists() and not Receipt.objects.exists()


class TestRefused:
    def test_an_unsigned_offer(self, stranger, client):
        assert knock(stranger, client, offer(stranger), signature=None).status_code == 401
        assert untouched(stranger)

    @pytest.mark.parametrize(
        "changes",
        [
            {"subject": "http://elsewhere.example/ap/instance"},
            {"object": "http://elsewhere.example/ap/instance"},
            {"object": None},
            {"type": "Note"},
            {"relationship": "http://purl.org/vocab/relationship/friendOf"},
            {"dataProtectionContact": None},
            {"dataProtectionContact": "not an address"},
            {"dataProtectionContact": f"{'a' * 250}@vernay.example"},
        ],
    )
    def test_an_offer_for_another_or_without_what_it_takes(self, stranger, client, changes):
        assert knock(stranger, client, offer(stranger, **changes)).status_code == 403
        assert untouched(stranger)

    def test_an_offer_that_is_no_relationship(self, stranger, client):
        activity = stranger.activity("Offer", stranger.house, "http://elsewhere.example/1")
        assert knock(stranger, client, activity).status_code == 403
        assert untouched(stranger)

    @pytest.mark.parametrize("kind", ["Create", "Follow", "Accept", "Undo"])
    def test_anything_else(self, stranger, client, kind):
        activity = offer(stranger) | {"type": kind}
        assert knock(stranger, client, activity).status_code == 403
        assert untouched(stranger)

    @pytest.mark.parametrize("path", ["/ap/inbox", f"{DOOR}?x=1"])
    def test_at_another_door(self, stranger, client, path):
        assert knock(stranger, client, offer(stranger), path=path).status_code == 403
        assert untouched(stranger)

    def test_an_offer_signed_by_another_house(self, stranger, vernay, client):
        activity = offer(vernay) | {"id": f"{stranger.origin}/activities/9"}
        activity = activity | {"actor": stranger.house}
        activity["object"]["subject"] = stranger.house
        partner = knock(vernay, client, activity, signer=vernay.house)
        assert partner.status_code == 403
        assert untouched(stranger)

    def test_an_offer_whose_id_is_of_another_house(self, stranger, client):
        activity = offer(stranger) | {"id": "http://elsewhere.example/1"}
        assert knock(stranger, client, activity).status_code == 403
        assert untouched(stranger)

    @pytest.mark.parametrize(
        "changes",
        [
            {"digest": "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
            {"date": "Thu, 01 Oct 2026 00:00:00 GMT"},
            {"signature": "keyId"},
            {"host": "elsewhere.example"},
        ],
    )
    def test_an_offer_whose_signature_cannot_be_good(self, stranger, client, changes):
        host = changes.pop("host", "localhost:8000")
        assert knock(stranger, client, offer(stranger), host=host, **changes).status_code in (400, 401)
        assert untouched(stranger)

    def test_an_offer_without_end(self, stranger, client, monkeypatch):
        """Its words are not even read."""
        monkeypatch.setattr(approaches.terms, "offered", None)
        activity = offer(stranger, purpose="x" * 20_000)
        assert knock(stranger, client, activity).status_code == 403
        assert untouched(stranger)

    @pytest.mark.parametrize("state", ["blocked", "suspended"])
    def test_an_offer_of_a_house_that_was_shut_out(self, stranger, client, state):
        Peer.objects.create(host=stranger.host, state=state, instance_actor_uri=stranger.house)
        assert knock(stranger, client, offer(stranger)).status_code == 403
        assert untouched(stranger)

    def test_a_flood_of_offers_is_for_later_and_leaves_fifty(self, stranger, client, monkeypatch):
        answers = [knock(stranger, client, offer(stranger)).status_code for _ in range(7)]
        assert answers == [202] * 5 + [503] * 2
        assert Approach.objects.count() == 1
        assert not stranger.asked
        monkeypatch.setattr(approaches, "MOST", 1)
        Approach.objects.update(host="older.example", knocked_at=now() - timedelta(days=1))
        monkeypatch.setattr(approaches, "OFTEN", 99)
        assert knock(stranger, client, offer(stranger)).status_code == 202
        assert [each.host for each in Approach.objects.all()] == [stranger.host]
        monkeypatch.setattr(approaches, "OFTEN_ALL", 6)
        answer = knock(stranger, client, offer(stranger))
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")


class TestKept:
    def test_a_well_formed_offer_is_kept_without_a_call(self, stranger, client):
        assert knock(stranger, client, offer(stranger)).status_code == 202
        approach = Approach.objects.get()
        said = approaches.said(approach)
        assert (str(approach), said.purpose, said.words) == (stranger.host, "Partager nos massifs", "Bonjour à vous")
        assert not stranger.asked
        assert not Peer.objects.filter(host=stranger.host).exists()
        assert not Receipt.objects.exists()
        assert not Actor.objects.filter(host=stranger.host).exists()

    def test_of_one_house_the_newest_is_kept(self, stranger, client):
        for purpose in ("un", "deux"):
            knock(stranger, client, offer(stranger, purpose=purpose))
        assert approaches.said(Approach.objects.get()).purpose == "deux"

    def test_markup_and_length_of_what_it_says_do_not_survive(self, stranger, client):
        words = "<script>x</script><b>Nos</b>\u202e massifs " + "x" * 600
        knock(stranger, client, offer(stranger, purpose=words))
        said = approaches.said(Approach.objects.get())
        assert said.purpose.startswith("Nos massifs x")
        assert len(said.purpose) == 500

    def test_it_goes_without_a_word_when_it_is_dismissed(self, stranger, client):
        knock(stranger, client, offer(stranger))
        approaches.dismiss(Approach.objects.get())
        assert untouched(stranger)


class TestVerified:
    def test_once_an_admin_says_so_the_house_is_called_and_has_asked(self, stranger, client):
        activity = offer(stranger)
        knock(stranger, client, activity)
        peer = approaches.verify(Approach.objects.get())
        assert (peer.state, peer.name, peer.instance_actor_uri) == ("requested", "Vernay", stranger.house)
        exchange = Exchange.objects.get()
        assert (exchange.verb, exchange.ours, exchange.uri) == ("offer", False, activity["id"])
        assert (exchange.purpose, exchange.contact) == ("Partager nos massifs", "dpo@vernay.example")
        assert not Approach.objects.exists()

    def test_days_later_it_is_read_as_it_was_when_it_knocked(self, stranger, client):
        knock(stranger, client, offer(stranger))
        with time_machine.travel(now() + timedelta(days=3)):
            assert approaches.verify(Approach.objects.get()).state == "requested"

    def test_it_had_to_be_dated_when_it_knocked(self, stranger, client):
        knock(stranger, client, offer(stranger))
        Approach.objects.update(knocked_at=now() - timedelta(days=3))
        with pytest.raises(Forbidden, match="too long ago"):
            approaches.verify(Approach.objects.get())

    def test_a_signature_by_another_key_ends_it_with_the_reason(self, stranger, client):
        genuine = stranger.keys[stranger.house]
        stranger.keys[stranger.house] = key_pair(60)[0]
        knock(stranger, client, offer(stranger))
        stranger.keys[stranger.house] = genuine
        with pytest.raises(Forbidden, match="does not match"):
            approaches.verify(Approach.objects.get())
        assert not Approach.objects.exists()
        assert not Peer.objects.filter(host=stranger.host).exists()

    def test_an_offer_by_a_person_ends_it(self, stranger, client):
        knock(stranger, client, offer(stranger, stranger.mallory))
        with pytest.raises(Forbidden, match="not the instance actor"):
            approaches.verify(Approach.objects.get())
        assert not Approach.objects.exists()

    def test_an_offer_with_the_key_of_a_colleague_ends_it(self, stranger, client):
        knock(stranger, client, offer(stranger), signer=stranger.mallory)
        with pytest.raises(Forbidden, match="is not a key of"):
            approaches.verify(Approach.objects.get())
        assert not Peer.objects.filter(host=stranger.host).exists()

    def test_a_house_that_does_not_answer_keeps_its_offer(self, stranger, client):
        knock(stranger, client, offer(stranger))
        del stranger.documents["/.well-known/nodeinfo"]
        with pytest.raises(Forbidden, match="ne répond pas"):
            approaches.verify(Approach.objects.get())
        assert Approach.objects.exists()

    def test_a_house_that_is_no_preau_is_said_to_be_none(self, stranger, client):
        knock(stranger, client, offer(stranger))
        del stranger.documents["/users/instance"]["profile"]
        with pytest.raises(Forbidden, match="n’est pas un Préau"):
            approaches.verify(Approach.objects.get())

    def test_our_own_offer_takes_the_place_of_theirs(self, stranger, client):
        knock(stranger, client, offer(stranger))
        partnerships.offer(stranger.host, partnerships.Terms("dpo@aubin.example", "Nous aussi"))
        assert not Approach.objects.exists()
        assert state_of(stranger) == "offered"
