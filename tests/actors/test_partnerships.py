"""Offers of ours, answered, asked about and taken back: through the door, by a house that really signs."""

import pytest

from actors import partnerships, terms
from actors.models import Exchange, Follow
from federation import peers
from federation.errors import Forbidden
from federation.models import Peer
from inbox.models import Notification, Receipt
from outbox.models import Post
from tests.actors.talking import (
    CONTACT,
    OURS,
    accept,
    knock,
    letters,
    offer,
    peer_of,
    state_of,
    verbs,
)

pytestmark = pytest.mark.django_db


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
