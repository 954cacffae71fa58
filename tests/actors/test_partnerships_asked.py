"""Offers of theirs, and what a partner may and may not say of a partnership: through the door."""

import pytest

from actors import answers, partnerships
from actors.models import Exchange
from federation.errors import Forbidden
from federation.models import Delivery, Peer
from tests.actors.talking import (
    OURS,
    accept,
    letters,
    offer,
    peer_of,
    reason,
    state_of,
    verbs,
)

pytestmark = pytest.mark.django_db


class TestTheirOffer:
    def test_accepted_they_are_told_and_they_are_partners(self, house, requested, work):
        partnerships.accept(peer_of(house), OURS)
        work()
        assert state_of(house) == "active"
        letter = letters(house, "Accept")[-1]
        assert (letter["object"]["id"], letter["dataProtectionContact"]) == (
            requested["id"],
            "dpo@saint-aubin.example",
        )
        assert peer_of(house).partner_hosts == []
        assert verbs(house) == [("offer", False), ("accept", True)]

    def test_their_instance_actor_follows_ours_then_and_ours_follows_back(self, house, requested, hears, work):
        partnerships.accept(peer_of(house), OURS)
        assert hears(house.activity("Follow", house.house, "http://localhost:8000/ap/instance")) == "handled"
        assert len(letters(house, "Follow")) == 1
        assert len(letters(house, "Accept")) == 2

    def test_declined_they_are_told_why_and_may_ask_again(self, house, requested, hears, work):
        partnerships.decline(peer_of(house), "Pas cette année")
        work()
        assert state_of(house) == "declined"
        assert letters(house, "Reject")[-1]["content"] == "<p>Pas cette année</p>"
        assert hears(house.activity("Undo", house.house, requested["id"])) == 403
        assert hears(offer(house)) == "handled"
        assert state_of(house) == "requested"

    def test_asked_about_it_they_answer(self, house, requested, hears, work):
        partnerships.ask(peer_of(house), "<Combien> d’agents ?")
        work()
        letter = letters(house, "Create")[-1]
        assert letter["object"]["content"] == "<p>&lt;Combien&gt; d’agents ?</p>"
        note = house.note(house.house, [letter["actor"]], "<p>Douze</p>", inReplyTo=requested["id"])
        assert hears(house.activity("Create", house.house, note)) == "handled"
        assert verbs(house) == [("offer", False), ("ask", True), ("answer", False)]
        with pytest.raises(Forbidden, match="question"):
            partnerships.ask(peer_of(house), " ")

    def test_taken_back_it_cannot_be_accepted(self, house, requested, hears):
        assert hears(house.activity("Undo", house.house, {"id": requested["id"], "type": "Offer"})) == "handled"
        assert state_of(house) == "revoked"
        assert verbs(house)[-1] == ("withdraw", False)
        with pytest.raises(Forbidden, match="partenariat terminé"):
            partnerships.accept(peer_of(house), OURS)

    def test_made_again_before_an_answer_it_is_the_new_one_that_is_accepted(self, house, requested, hears, work):
        again = offer(house, purpose="Autrement")
        assert hears(again) == "handled"
        partnerships.accept(peer_of(house), OURS)
        work()
        assert letters(house, "Accept")[-1]["object"]["id"] == again["id"]

    def test_a_partner_that_asks_again_hears_yes_again(self, house, requested, hears, work):
        partnerships.accept(peer_of(house), OURS)
        assert hears(offer(house)) == "handled"
        assert len(letters(house, "Accept")) == 2
        assert hears(accept(house, "http://localhost:8000/ap/activities/X")) == "ignored"

    def test_what_is_said_too_often_is_ignored_and_an_end_never_is(self, house, requested, hears, monkeypatch):
        monkeypatch.setattr(answers, "OFTEN", 1)
        assert hears(offer(house)) == "handled"
        assert hears(offer(house)) == "ignored"
        assert reason() == "said too often"
        assert hears(house.activity("Undo", house.house, requested["id"])) == "handled"

    def test_only_so_much_is_kept(self, house, requested, monkeypatch):
        monkeypatch.setattr(partnerships, "KEPT", 2)
        for number in range(4):
            partnerships.ask(peer_of(house), f"Question {number}")
        assert [each.words for each in Exchange.objects.filter(verb="ask")] == ["Question 2", "Question 3"]
        assert verbs(house)[0] == ("offer", False)

    def test_the_same_offer_replayed_is_said_once(self, house, requested, hears):
        assert hears(requested) == "ignored"
        assert reason() == "said before"
        partnerships.decline(peer_of(house))
        assert hears(requested | {"id": requested["id"]}) == "ignored"
        assert state_of(house) == "declined"

    def test_two_admins_who_answer_at_once_answer_once(self, house, requested):
        late = peer_of(house)
        partnerships.accept(peer_of(house), OURS)
        with pytest.raises(Forbidden, match="regardez de nouveau"):
            partnerships.decline(late)
        assert state_of(house) == "active"
        assert Delivery.objects.count() == 1


class TestFromAPartner:
    def test_an_offer_by_a_person_changes_nothing(self, vernay, arrives):
        assert arrives(vernay, offer(vernay, vernay.lucie)) == "ignored"
        assert not Exchange.objects.exists()

    def test_an_application_that_is_not_its_instance_actor_says_nothing(self, vernay, arrives):
        bot = vernay.add_actor("bot", "Application")
        assert arrives(vernay, offer(vernay, bot)) == "ignored"
        assert arrives(vernay, vernay.activity("Follow", bot, "http://localhost:8000/ap/instance")) == "ignored"
        undone = {"type": "Relationship", "subject": bot, "object": "http://localhost:8000/ap/instance"}
        assert arrives(vernay, vernay.activity("Undo", bot, undone)) == "ignored"
        assert state_of(vernay) == "active"

    def test_a_person_does_not_follow_our_instance_actor(self, vernay, arrives):
        assert (
            arrives(vernay, vernay.activity("Follow", vernay.lucie, "http://localhost:8000/ap/instance")) == "ignored"
        )

    def test_it_cannot_end_the_partnership_of_others(self, vernay, house, arrives):
        Peer.objects.create(host=house.host, state="active", instance_actor_uri=house.house)
        pair = {"type": "Relationship", "subject": house.house, "object": "http://localhost:8000/ap/instance"}
        for about in (pair, {"type": "Offer", "object": pair}, {"type": "Offer", "object": "x"}):
            assert arrives(vernay, vernay.activity("Undo", vernay.house, about)) == "ignored"
        assert (state_of(vernay), state_of(house)) == ("active", "active")
