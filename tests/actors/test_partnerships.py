"""Offers, ours and theirs, answered, asked about, taken back and ended: through the door, by a house that signs."""

import pytest

from actors import answers, approaches, partnerships, terms
from actors.models import Approach, Exchange, Follow
from federation import peers
from federation.errors import Forbidden
from federation.models import Delivery, Peer
from inbox.models import Notification, Receipt
from outbox.models import Post
from tests.actors.talking import CONTACT, accept, knock, letters, offer, open_office, state_of

pytestmark = pytest.mark.django_db
OURS = terms.ours("dpo@saint-aubin.example", "Partager nos massifs", said="Bonjour")


@pytest.fixture
def house(stranger):
    """A house that we do not know yet, and that can be met."""
    return open_office(stranger)


@pytest.fixture
def hears(house, client, work):
    """Bring a letter of this house, do the work; the refusal's status, or the receipt's state."""

    def bring(activity, **changes):
        answer = knock(house, client, activity, **changes)
        if answer.status_code != 202:
            return answer.status_code
        work()
        return Receipt.objects.get(uri=activity["id"]).state

    return bring


@pytest.fixture
def offered(house, work):
    """We made an offer; the letter that the house received."""
    partnerships.offer(house.host, OURS)
    work()
    return letters(house)[-1]


@pytest.fixture
def requested(house, client):
    """They made an offer, and it was verified."""
    activity = offer(house)
    knock(house, client, activity)
    approaches.verify(Approach.objects.get())
    return activity


def peer_of(house):
    return Peer.objects.get(host=house.host)


def verbs(house):
    return [(each.verb, each.ours) for each in Exchange.objects.filter(peer__host=house.host)]


def reason():
    return Receipt.objects.order_by("-pk").first().reason


class TestOurOffer:
    def test_it_leaves_signed_with_its_terms_for_machines_and_for_people(self, house, offered):
        assert state_of(house) == "offered"
        assert (offered["type"], offered["actor"], offered["to"]) == (
            "Offer",
            "http://localhost:8000/ap/instance",
            [house.house],
        )
        relationship = offered["object"]
        assert (relationship["type"], relationship["subject"], relationship["object"]) == (
            "Relationship",
            offered["actor"],
            house.house,
        )
        assert relationship["dataProtectionContact"] == "dpo@saint-aubin.example"
        assert "dpo@saint-aubin.example" in relationship["summary"]
        assert (relationship["purpose"], relationship["charter"]) == ("Partager nos massifs", "1")
        [(path, headers, _)] = house.received
        assert path == "/users/instance/inbox"
        assert 'keyId="http://localhost:8000/ap/instance#main-key"' in headers["signature"]

    def test_until_they_answer_nothing_else_is_admitted_either_way(self, house, offered, julien, client):
        assert knock(house, client, house.create(house.mallory, [julien.uri]), path="/ap/inbox").status_code == 403
        assert knock(house, client, house.create(house.house, [julien.uri])).status_code == 403
        assert house.get(client, julien.uri).status_code == 403
        with pytest.raises(peers.UnknownPeer):
            peers.admit(house.origin)

    def test_accepted_each_instance_actor_follows_the_other(self, house, offered, hears, client, work):
        assert hears(accept(house, {"id": offered["id"], "type": "Offer"}, content="<p>Avec joie</p>")) == "handled"
        assert state_of(house) == "active"
        [asked] = letters(house, "Follow")
        assert (asked["actor"], asked["object"]) == (offered["actor"], house.house)
        assert hears(house.activity("Accept", house.house, asked)) == "handled"
        assert hears(house.activity("Follow", house.house, offered["actor"])) == "handled"
        assert letters(house, "Accept")[-1]["object"]["actor"] == house.house
        assert [each.state for each in Follow.objects.all()] == ["accepted", "accepted"]
        page = house.get(client, "http://localhost:8000/ap/instance/following").json()
        assert page["orderedItems"] == [house.house]
        assert verbs(house) == [("offer", True), ("accept", False)]
        assert Exchange.objects.last().contact == CONTACT
        assert not Notification.objects.exists()

    def test_refused_it_may_be_made_again(self, house, offered, hears, work):
        assert hears(house.activity("Reject", house.house, offered["id"], content="<p>Pas <i>cette</i> année</p>")) == (
            "handled"
        )
        assert state_of(house) == "refused"
        assert Exchange.objects.last().words == "Pas cette année"
        partnerships.offer(house.host, OURS)
        work()
        assert state_of(house) == "offered"
        assert hears(accept(house, offered["id"])) == "ignored"  # of the first offer, which is over
        assert hears(accept(house, letters(house, "Offer")[-1]["id"])) == "handled"

    def test_a_question_about_it_is_kept_and_answered(self, house, offered, hears, work):
        note = house.note(house.house, [offered["actor"]], "<p>Combien d’agents&nbsp;?</p>", inReplyTo=offered["id"])
        assert hears(house.activity("Create", house.house, note)) == "handled"
        assert (Exchange.objects.last().verb, Exchange.objects.last().words) == ("ask", "Combien d’agents ?")
        assert not Post.objects.exists()
        partnerships.ask(peer_of(house), "Quarante.")
        work()
        letter = letters(house, "Create")[-1]
        assert (letter["object"]["inReplyTo"], letter["object"]["content"]) == (offered["id"], "<p>Quarante.</p>")
        assert verbs(house)[-1] == ("answer", True)
        assert state_of(house) == "offered"

    def test_taken_back_it_cannot_be_accepted(self, house, offered, hears, work):
        partnerships.withdraw(peer_of(house))
        work()
        assert state_of(house) == "revoked"
        undo = letters(house, "Undo")[-1]
        assert undo["object"]["id"] == offered["id"]
        assert hears(accept(house, offered["id"])) == 403
        assert state_of(house) == "revoked"

    def test_both_offered_is_an_agreement(self, house, offered, hears):
        assert hears(offer(house)) == "handled"
        assert state_of(house) == "active"
        assert letters(house, "Accept")

    @pytest.mark.parametrize("state", ["active", "suspended", "offered", "requested", "blocked"])
    def test_it_is_made_once(self, house, state):
        Peer.objects.create(host=house.host, state=state)
        with pytest.raises(Forbidden):
            partnerships.offer(house.host, OURS)
        assert not house.asked

    @pytest.mark.parametrize("host", ["localhost:8000", "", "deux mots", "moi@vernay.example"])
    def test_it_is_made_to_a_house(self, aubin, host):
        with pytest.raises(Forbidden):
            partnerships.offer(host, OURS)

    def test_it_says_why_and_whom_to_write_to(self, house):
        with pytest.raises(Forbidden, match="pourquoi"):
            partnerships.offer(house.host, terms.ours("dpo@saint-aubin.example"))
        with pytest.raises(Forbidden, match="délégué"):
            terms.ours("personne")
        assert not house.asked


class TestTheirAnswerIsTheirs:
    def test_an_accept_of_what_nobody_asked(self, house, offered, hears):
        assert hears(accept(house, f"{house.origin}/activities/99")) == 403
        assert hears(accept(house, {"id": "http://localhost:8000/ap/activities/X", "type": "Offer"})) == "ignored"
        assert state_of(house) == "offered"

    def test_what_is_no_address_is_no_contact(self, house, offered, hears):
        assert hears(accept(house, offered["id"]) | {"dataProtectionContact": "<b>moi</b>"}) == "handled"
        assert Exchange.objects.last().contact == ""

    def test_an_accept_by_another_house(self, house, offered, vernay, client, work):
        activity = vernay.activity("Accept", vernay.house, {"id": offered["id"], "type": "Offer"})
        assert knock(vernay, client, activity).status_code == 202
        work()
        assert state_of(house) == "offered"
        assert Receipt.objects.get(uri=activity["id"]).state == "ignored"

    def test_an_accept_by_a_colleague_there(self, house, offered, client):
        activity = house.activity("Accept", house.mallory, offered["id"])
        assert knock(house, client, activity).status_code == 403
        assert state_of(house) == "offered"

    def test_an_accept_in_her_name_signed_by_a_colleague(self, house, offered, client):
        assert knock(house, client, accept(house, offered["id"]), signer=house.mallory).status_code in (401, 403)
        assert state_of(house) == "offered"

    def test_an_accept_that_is_too_long(self, house, offered, client):
        activity = accept(house, offered["id"], content="x" * 20_000)
        assert knock(house, client, activity).status_code == 403

    def test_the_same_accept_twice_is_heard_once(self, house, offered, hears, client, work):
        activity = accept(house, offered["id"])
        assert hears(activity) == "handled"
        assert knock(house, client, activity).status_code == 202
        work()
        assert verbs(house).count(("accept", False)) == 1

    def test_a_note_about_nothing_that_was_said(self, house, offered, hears):
        for about, answer in (("http://localhost:8000/ap/activities/X", 403), (offered["id"], "ignored")):
            note = house.note(house.mallory, [offered["actor"]], inReplyTo=about)
            assert hears(house.activity("Create", house.house, note)) == answer
        assert verbs(house) == [("offer", True)]

    def test_a_key_that_changed_meanwhile_is_asked_for_in_talks_too(self, house, offered, hears):
        from federation.models import Key
        from tests.neighbour import key_pair

        private, public = key_pair(61)
        house.keys[house.house] = private
        house.documents["/users/instance"]["publicKey"]["publicKeyPem"] = public
        assert hears(accept(house, offered["id"])) == 401
        Key.objects.update(fetched_at="2026-01-01T00:00:00Z")
        assert hears(accept(house, offered["id"])) == "handled"


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
