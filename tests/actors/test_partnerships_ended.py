"""A partnership ends: by us, whatever they answer, or for ever."""

import pytest

from actors import house_follows, partnerships
from actors.models import Exchange, Follow
from federation import dead_letters, peers
from federation.errors import Forbidden
from federation.models import Delivery, Peer
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.actors.talking import knock, letters, state_of

pytestmark = pytest.mark.django_db


class TestTheEnd:
    def test_we_end_it_and_tell_them_whatever_they_answer(self, vernay, work):
        vernay.status = 500
        partnerships.revoke(vernay.peer, "La convention a pris fin")
        assert state_of(vernay) == "revoked"
        work()
        vernay.status = 202
        Delivery.objects.update(due_at=vernay.peer.state_since, leased_until=None)
        Peer.objects.update(try_at=None)
        work()
        [undo] = letters(vernay, "Undo")
        assert undo["content"] == "<p>La convention a pris fin</p>"
        assert undo["object"]["object"] == vernay.house
        assert Exchange.objects.get().words == "La convention a pris fin"

    def test_what_waited_then_is_not_sent_even_when_all_is_well_again(self, vernay, julien, work):
        vernay.status = 503
        publishing.publish(julien, Draft("canari"), Reach("partners"))
        work()
        partnerships.revoke(vernay.peer)
        Peer.objects.filter(host=vernay.host).update(state="active", failures=0, try_at=None)
        vernay.status = 202
        [row] = dead_letters.abandoned(vernay.host)
        with pytest.raises(Forbidden, match="pris fin"):
            dead_letters.replay(row)
        work()
        assert "canari" not in str(vernay.received)

    def test_a_house_that_was_never_met_is_told_nothing(self, aubin):
        peer = peers.add("other.example")
        partnerships.revoke(peer)
        assert not Delivery.objects.exists()
        house_follows.follow(peer)
        assert not Follow.objects.exists()

    def test_blocked_says_nothing_and_is_told_nothing(self, vernay, client, work):
        partnerships.block(vernay.host)
        partnerships.block(vernay.host)
        work()
        assert letters(vernay) == []
        pair = {"type": "Relationship", "subject": vernay.house, "object": "http://localhost:8000/ap/instance"}
        assert knock(vernay, client, vernay.activity("Offer", vernay.house, pair)).status_code == 403
        partnerships.unblock(partnerships.Peer.objects.get(host=vernay.host))
        assert state_of(vernay) == "revoked"

    def test_one_blocks_houses_only(self, aubin, settings):
        with pytest.raises(Forbidden):
            partnerships.block(settings.HOST)
        assert partnerships.block("other.example").state == "blocked"
