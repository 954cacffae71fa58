"""The admins' pages: for admins only, over the same verbs as the commands, without a word of any letter."""

import re

import pytest

from actors import arrivals, partnerships, terms
from actors.models import Approach, Exchange
from federation.models import Delivery, Dispatch, Peer
from inbox.models import Receipt
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.actors.talking import accept, knock, letters, offer, open_office, state_of

pytestmark = pytest.mark.django_db
ROOT = "/administration/"


def of(house, deed=""):
    return f"{ROOT}collectivites/{house.host}/{deed}"


class TestForAdminsOnly:
    def test_for_others_nothing_is_there(self, vernay, stranger, client, at_julien):
        knock(stranger, client, offer(stranger))
        deeds = ("accepter/", "rompre/", "bloquer/", "suspendre/")
        for path in (ROOT, f"{ROOT}proposer/", f"{ROOT}file/", of(vernay), *(of(vernay, deed) for deed in deeds)):
            assert at_julien.get(path).status_code in (404, 405), path
            assert client.get(path).status_code in (302, 405), path
        for path in (*(of(vernay, deed) for deed in deeds), f"{ROOT}file/reessayer/", f"{ROOT}proposer/"):
            assert at_julien.post(path).status_code == 404, path
        for deed in ("verifier", "ecarter"):
            assert at_julien.post(f"{ROOT}inconnues/{stranger.host}/{deed}/").status_code == 404
        assert state_of(vernay) == "active"
        assert Approach.objects.exists()
        assert not stranger.asked

    def test_the_page_of_a_house_leads_to_an_offer_to_it(self, at_marc, vernay):
        Peer.objects.update(state="revoked")
        (link,) = re.findall(r'href="([^"]*proposer[^"]*)"', at_marc.get(of(vernay)).content.decode())
        assert f'value="{vernay.host}"' in at_marc.get(link).content.decode()

    @pytest.mark.parametrize("role", ["facilitator", "moderator"])
    def test_other_roles_are_others(self, aubin, sign_in, role):
        assert sign_in(arrivals.invite("Anne", role=role).actor).get(ROOT).status_code == 404

    def test_the_menu_leads_there_for_them_alone(self, at_marc, at_julien):
        assert ROOT in at_marc.get("/menu/").content.decode()
        assert ROOT not in at_julien.get("/menu/").content.decode()

    def test_what_is_not_known_is_not_there(self, at_marc, vernay):
        for path in (f"{ROOT}collectivites/other.example/", f"{ROOT}collectivites/other.example/rompre/"):
            assert at_marc.get(path).status_code == 404
        for path in (of(vernay, "detruire/"), f"{ROOT}inconnues/other.example/verifier/"):
            assert at_marc.post(path).status_code == 404


class TestUnknownHouses:
    def test_an_offer_is_shown_as_unverified_and_nobody_is_called(self, stranger, client, at_marc, text_of):
        knock(stranger, client, offer(open_office(stranger), purpose="<script>massifs</script> & roses"))
        page = text_of(at_marc.get(ROOT))
        assert "Identité non vérifiée" in page and "& roses" in page
        assert "1 demande à examiner" in re.sub("<[^>]*>", " ", page).replace("  ", " ")
        assert "<script>massifs" not in page
        assert not stranger.asked

    def test_verified_by_hand_and_accepted(self, stranger, client, at_marc, work, text_of):
        knock(stranger, client, offer(open_office(stranger)))
        answer = at_marc.post(f"{ROOT}inconnues/{stranger.host}/verifier/", follow=True)
        assert "C’est bien Vernay qui demande." in text_of(answer)
        page = text_of(at_marc.get(of(stranger)))
        assert "demande reçue" in page.lower() and "Partager nos massifs" in page and "dpo@vernay.example" in page
        at_marc.post(of(stranger, "accepter/"), {"contact": "dpo@aubin.example", "words": "Bienvenue"})
        work()
        assert state_of(stranger) == "active"
        assert letters(stranger, "Accept")[-1]["content"] == "<p>Bienvenue</p>"

    def test_the_reason_is_shown_when_it_was_not_them(self, stranger, client, at_marc, text_of):
        knock(stranger, client, offer(open_office(stranger), stranger.mallory))
        answer = at_marc.post(f"{ROOT}inconnues/{stranger.host}/verifier/", follow=True)
        assert "is not the instance actor" in text_of(answer)
        assert not Approach.objects.exists()

    def test_dismissed(self, stranger, client, at_marc):
        knock(stranger, client, offer(stranger))
        at_marc.post(f"{ROOT}inconnues/{stranger.host}/ecarter/")
        assert not Approach.objects.exists()


class TestPartners:
    def test_an_offer_leaves_and_comes_back_accepted(self, stranger, client, at_marc, work, text_of):
        open_office(stranger)
        form = {"host": stranger.host, "purpose": "Nos massifs", "contact": "dpo@aubin.example", "words": "Bonjour"}
        assert at_marc.post(f"{ROOT}proposer/", form).status_code == 303
        work()
        knock(stranger, client, accept(stranger, letters(stranger, "Offer")[-1]["id"]))
        work()
        page = text_of(at_marc.get(of(stranger)))
        assert "Partenaire" in page and "accepte" in page
        assert "dpo@aubin.example" in at_marc.get(f"{ROOT}proposer/").content.decode()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"host": ""}, "Écrivez l’adresse"),
            ({"host": "localhost:8000"}, "pas le nom d’un autre serveur"),
            ({"purpose": ""}, "Dites pourquoi"),
            ({"contact": "moi"}, "adresse"),
            ({"host": "127.0.0.1:1"}, "ne répond pas"),
        ],
    )
    def test_an_offer_that_cannot_be_made_says_why(self, at_marc, changes, said, text_of):
        form = {"host": "other.example", "purpose": "Nos massifs", "contact": "dpo@aubin.example", **changes}
        answer = at_marc.post(f"{ROOT}proposer/", form)
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert not Peer.objects.exists()

    def test_asked_declined_suspended_resumed_revoked_and_blocked(self, stranger, vernay, client, at_marc, work):
        knock(stranger, client, offer(open_office(stranger)))
        at_marc.post(f"{ROOT}inconnues/{stranger.host}/verifier/")
        at_marc.post(of(stranger, "demander/"), {"words": "Combien d’agents ?"})
        at_marc.post(of(stranger, "refuser/"), {"words": "Pas cette année"})
        work()
        assert {letter["type"] for letter in letters(stranger)} == {"Create", "Reject"}
        assert state_of(stranger) == "declined"
        for deed, state in (("suspendre/", "suspended"), ("reprendre/", "active"), ("rompre/", "revoked")):
            assert at_marc.get(of(vernay)).status_code == 200
            assert at_marc.post(of(vernay, deed), {"words": ""}).status_code == 303
            assert state_of(vernay) == state
        for deed, state in (("bloquer/", "blocked"), ("debloquer/", "revoked")):
            assert at_marc.get(of(vernay)).status_code == 200
            at_marc.post(of(vernay, deed))
            assert state_of(vernay) == state

    def test_an_offer_of_ours_is_taken_back(self, stranger, at_marc):
        partnerships.offer(open_office(stranger).host, terms.ours("dpo@aubin.example", "Nos massifs"))
        assert "Retirer notre proposition" in at_marc.get(of(stranger)).content.decode()
        at_marc.post(of(stranger, "retirer/"))
        assert state_of(stranger) == "revoked"

    def test_ending_is_asked_once_and_says_what_it_means(self, vernay, at_marc, text_of):
        for deed, said in (("rompre/", "168 agents"), ("bloquer/", "Elle n’est pas prévenue")):
            assert said in text_of(at_marc.get(of(vernay, deed)))
        assert state_of(vernay) == "active"

    def test_what_cannot_be_done_says_why(self, vernay, at_marc, text_of):
        answer = at_marc.post(of(vernay, "accepter/"), {"contact": "dpo@aubin.example"}, follow=True)
        assert "dont l’état est : partenaire" in text_of(answer)
        answer = at_marc.post(of(vernay, "actualiser/"), follow=True)
        assert "ne répond pas pour le moment" in text_of(answer)
        open_office(vernay)
        assert "a répondu" in text_of(at_marc.post(of(vernay, "actualiser/"), follow=True))

    def test_how_each_fares(self, vernay, at_marc, julien, text_of):
        assert "Joignable" in text_of(at_marc.get(ROOT))
        publishing.publish(julien, Draft("Aux voisins"), Reach("partners"))
        Delivery.objects.filter(host=vernay.host).update(state="abandoned")
        assert "Lettres abandonnées" in text_of(at_marc.get(ROOT))
        Peer.objects.update(failing_since="2026-11-01T00:00:00Z", try_at="2026-11-02T00:00:00Z")
        page = text_of(at_marc.get(ROOT))
        assert "Ne répond pas" in page and "Vernay ne répond plus" in page
        assert "Prochain essai" in text_of(at_marc.get(of(vernay)))

    def test_alone(self, at_marc, text_of):
        assert "Vous êtes seuls pour l’instant." in text_of(at_marc.get(ROOT))


class TestQueue:
    @pytest.fixture
    def dead(self, vernay, lucie, julien):
        """A letter of ours that was given up, one of theirs that failed, and one that was ignored."""
        publishing.publish(julien, Draft("Le secret des roses"), Reach("partners"))
        Delivery.objects.filter(host=vernay.host).update(state="abandoned", answer="410")
        activity = vernay.create(vernay.lucie, [julien.uri], "<p>Le secret des lilas</p>")
        row = {"actor": lucie, "kind": "Create", "activity": activity}
        Receipt.objects.create(uri=activity["id"], state="failed", reason="ValueError", **row)
        Receipt.objects.create(uri=f"{activity['id']}bis", state="ignored", reason="not addressed to us", **row)
        return Delivery.objects.get(host=vernay.host), Receipt.objects.get(state="failed")

    def test_names_and_reasons_are_shown_and_no_word_of_any_letter(self, vernay, dead, at_marc, text_of):
        page = text_of(at_marc.get(f"{ROOT}file/"))
        for said in ("410", "ValueError", "not addressed to us", vernay.host, "Create"):
            assert said in page
        assert "secret" not in page

    def test_one_is_tried_again(self, vernay, dead, at_marc, work):
        ours, theirs = dead
        at_marc.post(f"{ROOT}file/reessayer/", {"lettre": f"D{ours.pk}"})
        at_marc.post(f"{ROOT}file/reessayer/", {"lettre": f"R{theirs.pk}"})
        work()
        ours.refresh_from_db()
        theirs.refresh_from_db()
        assert (ours.state, theirs.state) == ("sent", "handled")
        assert letters(vernay, "Create")

    def test_all_are_tried_again(self, dead, at_marc, text_of):
        answer = at_marc.post(f"{ROOT}file/reessayer/", {"lettre": "toutes"}, follow=True)
        assert "2 lettres repartent." in text_of(answer)

    def test_not_to_a_house_that_left_nor_what_was_taken_back(self, vernay, dead, at_marc, text_of):
        ours, _ = dead
        again = {"lettre": f"D{ours.pk}"}
        Dispatch.objects.update(document={})
        assert "retiré depuis" in text_of(at_marc.post(f"{ROOT}file/reessayer/", again, follow=True))
        Peer.objects.update(state="revoked")
        assert "rien ne lui est envoyé" in text_of(at_marc.post(f"{ROOT}file/reessayer/", again, follow=True))
        ours.refresh_from_db()
        assert ours.state == "abandoned"

    @pytest.mark.parametrize("letter", ["", "D", "R0", "X1", "D1e9", "D" + "9" * 30, "D²"])
    def test_a_letter_that_is_none(self, dead, at_marc, letter, text_of):
        answer = at_marc.post(f"{ROOT}file/reessayer/", {"lettre": letter}, follow=True)
        assert "n’attend plus" in text_of(answer)

    def test_a_word_about_a_partnership_is_tried_again_in_talks(self, stranger, at_marc, work):
        partnerships.offer(open_office(stranger).host, terms.ours("dpo@aubin.example", "Nos massifs"))
        Delivery.objects.update(state="abandoned")
        at_marc.post(f"{ROOT}file/reessayer/", {"lettre": "toutes"})
        work()
        assert letters(stranger, "Offer")
        assert Exchange.objects.count() == 1

    def test_empty(self, at_marc, text_of):
        assert "Rien n’attend." in text_of(at_marc.get(f"{ROOT}file/"))
