"""`preau peers` and `preau queue`: the verbs of the admins' pages, with sentences for whoever typed them."""

import io

import pytest
from django.core.management import CommandError, call_command

from actors.models import Approach
from federation.models import Delivery, Peer
from inbox.models import Receipt
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.actors.talking import accept, knock, letters, offer, open_office, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def preau():
    """What a command writes, its complaints after it."""

    def run(*arguments):
        out, err = io.StringIO(), io.StringIO()
        call_command(*arguments, stdout=out, stderr=err)
        return out.getvalue() + err.getvalue()

    return run


class TestPeers:
    def test_an_unknown_offer_is_listed_verified_asked_about_and_accepted(self, stranger, client, preau, work):
        open_office(stranger)
        knock(stranger, client, offer(stranger))
        said = f"{stranger.host}\tunverified\tdpo@vernay.example\tPartager nos massifs"
        assert preau("peers", "requests").strip() == said
        assert preau("peers", "verify", stranger.host).strip() == f"{stranger.host}\trequested"
        assert preau("peers", "requests").strip() == said.replace("unverified", "requested")
        preau("peers", "ask", stranger.host, "--message", "Combien d’agents ?")
        with pytest.raises(CommandError, match="délégué à la protection"):
            preau("peers", "accept", stranger.host)
        preau("peers", "accept", stranger.host, "--contact", "dpo@aubin.example")
        work()
        assert state_of(stranger) == "active"
        assert {letter["type"] for letter in letters(stranger)} >= {"Create", "Accept"}
        shown = preau("peers", "show", stranger.host)
        assert "active since" in shown and "they\toffer\tdpo@vernay.example" in shown and "we\task" in shown

    def test_an_offer_of_ours_is_made_taken_back_and_made_again(self, stranger, preau, client, work):
        open_office(stranger)
        made = ("peers", "offer", stranger.host, "--purpose", "Nos massifs")
        preau(*made, "--contact", "dpo@aubin.example")
        preau("peers", "withdraw", stranger.host)
        preau(*made, "--message", "Encore nous")  # the contact is the one given last
        work()
        knock(stranger, client, accept(stranger, letters(stranger, "Offer")[-1]["id"]))
        work()
        assert f"{stranger.host}\tactive\tVernay\t12\t0" in preau("peers", "list")

    def test_declined_and_dismissed(self, stranger, client, preau):
        open_office(stranger)
        knock(stranger, client, offer(stranger))
        preau("peers", "dismiss", stranger.host)
        assert not Approach.objects.exists()
        knock(stranger, client, offer(stranger))
        preau("peers", "verify", stranger.host)
        preau("peers", "decline", stranger.host, "--message", "Pas cette année")
        assert state_of(stranger) == "declined"

    def test_a_partner_is_suspended_resumed_revoked_blocked_unblocked(self, vernay, preau):
        steps = ("suspend", "suspended"), ("resume", "active"), ("revoke", "revoked"), ("block", "blocked")
        for verb, state in (*steps, ("unblock", "revoked")):
            assert preau("peers", verb, vernay.host).strip() == f"{vernay.host}\t{state}"
        preau("peers", "block", "other.example")
        assert Peer.objects.get(host="other.example").state == "blocked"

    def test_added_by_hand_and_refreshed(self, stranger, preau):
        assert "does not answer yet" in preau("peers", "add", stranger.host)
        open_office(stranger)
        assert preau("peers", "refresh", stranger.host).strip() == f"{stranger.host}\tVernay\t12"
        preau("peers", "block", stranger.host)
        with pytest.raises(CommandError, match="bloquée"):
            preau("peers", "add", stranger.host)

    def test_how_a_house_fares(self, vernay, julien, preau):
        publishing.publish(julien, Draft("Aux voisins"), Reach("partners"))
        assert "letters: 1 waiting, 0 abandoned" in preau("peers", "show", vernay.host)
        Peer.objects.update(failing_since="2026-11-01T08:00:00Z")
        shown = preau("peers", "show", vernay.host)
        assert "failing since 2026-11-01 08:00, next try 20" in shown
        Delivery.objects.all().delete()
        assert "failing since 2026-11-01 08:00\n" in preau("peers", "show", vernay.host)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("show", "other.example"), "n’est pas connue"),
            (("verify", "other.example"), "n’a rien demandé"),
            (("block", "localhost:8000"), "pas le nom d’un autre serveur"),
            (("add", "deux mots"), "Malformed"),
            (("offer", "127.0.0.1:1", "--purpose", "x", "--contact", "dpo@aubin.example"), "ne répond pas"),
        ],
    )
    def test_what_cannot_be_done_is_said(self, aubin, preau, arguments, sentence):
        with pytest.raises(CommandError, match=sentence):
            preau("peers", *arguments)


class TestQueue:
    @pytest.fixture
    def dead(self, vernay, lucie, julien):
        publishing.publish(julien, Draft("Le secret des roses"), Reach("partners"))
        Delivery.objects.filter(host=vernay.host).update(state="abandoned", answer="410")
        activity = vernay.create(vernay.lucie, [julien.uri], "<p>Le secret des lilas</p>")
        row = {"actor": lucie, "kind": "Create", "activity": activity}
        Receipt.objects.create(uri=activity["id"], state="failed", reason="ValueError", **row)
        return f"D{Delivery.objects.get(host=vernay.host).pk}", f"R{Receipt.objects.get().pk}"

    def test_what_waits(self, vernay, julien, client, preau):
        assert preau("queue").strip() == "received\t0 waiting\t0 failed"
        publishing.publish(julien, Draft("Aux voisins"), Reach("partners"))
        vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
        said = preau("queue")
        assert f"{vernay.host}\t1 waiting\t0 abandoned\t20" in said
        assert "received\t1 waiting\t0 failed\t20" in said

    def test_dead_letters_are_named_without_a_word_of_them(self, vernay, dead, preau):
        assert f"{vernay.host}\t0 waiting\t1 abandoned" in preau("queue")
        said = preau("queue", "dead")
        for part in (*dead, "410", "ValueError", "Create", vernay.host):
            assert part in said
        assert "secret" not in said
        assert preau("queue", "dead", "--host", "other.example") == ""

    @pytest.mark.parametrize("how", ["numbers", "host", "all"])
    def test_they_are_tried_again(self, vernay, dead, preau, work, how):
        preau("queue", "replay", *{"numbers": dead, "host": ("--host", vernay.host), "all": ("--all",)}[how])
        work()
        assert (Delivery.objects.get(host=vernay.host).state, Receipt.objects.get(actor__local=False).state) == (
            "sent",
            "handled",
        )

    def test_one_only(self, vernay, dead, preau):
        preau("queue", "replay", dead[0])
        assert (Delivery.objects.get(host=vernay.host).state, Receipt.objects.get(actor__local=False).state) == (
            "waiting",
            "failed",
        )

    def test_what_cannot_be_tried_again_is_said(self, vernay, dead, preau):
        with pytest.raises(CommandError, match="Nommez"):
            preau("queue", "replay")
        with pytest.raises(CommandError, match="D999"):
            preau("queue", "replay", "D999")
        preau("peers", "revoke", vernay.host)
        assert "rien ne lui est envoyé" in preau("queue", "replay", dead[0])


@pytest.mark.parametrize("verb", ["link", "close"])
def test_an_agent_who_is_not_here_is_named_with_the_list_to_look_in(verb, preau):
    with pytest.raises(CommandError, match="Personne ne s’appelle julien ici : preau agents list"):
        preau("agents", verb, "julien")
