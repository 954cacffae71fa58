"""A house with which it is over, or which is suspended: nothing arrives, is fetched, leaves, or is read (row 89)."""

import pytest
from django.core.files.base import ContentFile

from actors import directory, following, partnerships, portraits
from actors.models import Actor, Follow
from federation import http
from federation.errors import UnknownPeer
from federation.models import Delivery
from inbox import notifications, receiving, timelines
from inbox.models import Notification, Receipt
from outbox import posts, publishing, reactions
from outbox.audience import Reach
from outbox.models import Attachment, Like, Post
from outbox.publishing import Draft
from tests.actors.talking import knock, letters

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["revoke", "suspend", "block", "their Undo"])
def ends(request, vernay, client):
    """Each way in which it ends, or stops for the moment."""

    def end():
        vernay.peer.refresh_from_db()
        if request.param == "their Undo":
            pair = {"type": "Relationship", "subject": vernay.house, "object": "http://localhost:8000/ap/instance"}
            knock(vernay, client, vernay.activity("Undo", vernay.house, {"type": "Offer", "object": pair}))
            receiving.act(Receipt.objects.get(kind="Undo").pk)
        elif request.param == "block":
            partnerships.block(vernay.host)
        else:
            getattr(partnerships, request.param)(vernay.peer)
        vernay.peer.refresh_from_db()

    end.for_good = request.param != "suspend"
    return end


@pytest.fixture
def shared(vernay, julien, helene, lucie, follows, arrives):
    """What Lucie and we had to do with each other: posts, an answer, a like, a share, follows, a portrait, a medium."""
    follows(julien, lucie)
    follows(lucie, julien)
    ours = publishing.publish(julien, Draft("À nos voisins"), Reach("partners"))
    arrives(vernay, vernay.create(vernay.lucie, [vernay.followers()], "<p>massif #roses</p>"))
    hers = Post.objects.get(author=lucie)
    arrives(vernay, vernay.create(vernay.lucie, [vernay.followers(), julien.uri], "<p>oui</p>", inReplyTo=ours.uri))
    arrives(vernay, vernay.activity("Like", vernay.lucie, ours.uri))
    reactions.like(helene, hers)
    medium = Attachment(post=hers, owner=lucie, kind="image", state="kept", media_type="image/webp", name="rosier")
    medium.file.save("rosier.webp", ContentFile(b"image"))
    lucie.avatar.save("lucie.webp", ContentFile(b"image"))
    return ours, hers, medium


def pages_of(browser, lucie, vernay, ours, hers):
    """What an agent sees at each address that could show something of Lucie's."""
    for path in (
        "/",
        "/?fil=partenaires",
        f"/p/{ours.ulid}/",
        "/personnes/?q=lucie",
        f"/personnes/?ou={vernay.host}",
        f"/personnes/?q=lucie@{vernay.host}",
        "/notifications/",
        "/demandes/",
        "/sujets/roses/",
        "/personnes/julien.mercier/",
        "/voisins/",
        "/publier/",
    ):
        yield path, browser.get(path).content.decode()


@pytest.mark.row(89)
class TestNothingIsRead:
    def test_on_any_page(self, vernay, julien, lucie, shared, ends, sign_in):
        ours, hers, medium = shared
        browser = sign_in(julien)
        shown = {path for path, page in pages_of(browser, lucie, vernay, ours, hers) if "Lucie" in page}
        assert {"/?fil=partenaires", f"/p/{ours.ulid}/", "/notifications/", "/personnes/?q=lucie"} <= shown
        for path in (f"/p/{hers.ulid}/", f"/medias/{medium.ulid}/", f"/portraits/{lucie.ulid}/", lucie.profile_path):
            assert browser.get(path).status_code == 200, path
        ends()
        for path, page in pages_of(browser, lucie, vernay, ours, hers):
            assert "Lucie" not in page and "massif" not in page, path
        for path in (f"/p/{hers.ulid}/", f"/medias/{medium.ulid}/", f"/portraits/{lucie.ulid}/", lucie.profile_path):
            assert browser.get(path).status_code == 404, path

    def test_or_counted(self, vernay, julien, lucie, shared, ends):
        ours, _, _ = shared
        (before,) = posts.decorate([ours], julien)
        assert (before.like_count, before.reply_count) == (1, 1)
        assert notifications.new_count(julien) > 0
        ends()
        (after,) = posts.decorate([ours], julien)
        assert (after.like_count, after.reply_count) == (0, 0)
        assert notifications.new_count(julien) == 0
        assert posts.thread(julien, ours) == ([], [])
        assert directory.search("lucie").count() == 0
        assert list(following.requests_to(julien)) == []

    def test_what_she_shared_is_not_brought_by_her(
        self, vernay, julien, helene, lucie, follows, arrives, ends, settings
    ):
        settings.PUBLIC_POSTS = True
        follows(julien, lucie)
        post = publishing.publish(helene, Draft("Pour tous"), Reach("public"))
        arrives(vernay, vernay.activity("Announce", vernay.lucie, post.uri))
        ((shown,), _) = timelines.page(julien, "")
        assert shown.boosted_by == lucie
        ends()
        assert timelines.page(julien, "")[0] == []

    def test_a_request_of_hers_waits_on_no_page(self, vernay, julien, lucie, arrives, ends):
        Actor.objects.filter(pk=julien.pk).update(approves_followers=True)
        arrives(vernay, vernay.activity("Follow", vernay.lucie, julien.uri))
        assert following.requests_to(julien).count() == 1
        ends()
        assert following.requests_to(julien).count() == 0

    def test_her_name_in_a_text_names_nobody(self, vernay, julien, lucie, ends, sign_in):
        ends()
        post = publishing.publish(julien, Draft(f"Bonjour @lucie@{vernay.host}"), Reach("organisation"))
        assert not post.named.exists()
        form = {"kind": "note", "text": "Bonjour", "audience": "named", "named": f"@lucie@{vernay.host}"}
        answer = sign_in(julien).post("/publier/", form)
        assert answer.status_code == 422
        assert not Delivery.objects.filter(host=vernay.host, state="waiting").exclude(urgency=0).exists()


@pytest.mark.row(89)
class TestNothingArrives:
    def test_no_letter_and_no_reading(self, vernay, julien, lucie, shared, ends, client):
        ours, _, _ = shared
        assert vernay.get(client, ours.uri).status_code == 200
        ends()
        kept = Receipt.objects.count()
        for activity in (
            vernay.create(vernay.lucie, [julien.uri]),
            vernay.create(vernay.house, [julien.uri]),
            vernay.activity("Follow", vernay.house, "http://localhost:8000/ap/instance"),
            vernay.activity("Delete", vernay.lucie, vernay.lucie),
        ):
            assert vernay.post(client, activity).status_code == 403
        assert Receipt.objects.count() == kept
        for uri in (ours.uri, julien.uri, f"{ours.uri}/replies", julien.outbox, julien.followers_uri):
            for reader in (vernay.house, vernay.lucie):
                assert vernay.get(client, uri, reader).status_code == 403
        for path in ("followers", "directory"):
            assert vernay.get(client, f"http://localhost:8000/ap/instance/{path}").status_code == 403

    def test_no_medium_is_served(self, vernay, julien, lucie, shared, ends, client):
        ours, _, _ = shared
        medium = Attachment(post=ours, owner=julien, kind="image", state="kept", media_type="image/webp", name="x")
        medium.file.save("x.webp", ContentFile(b"image"))
        path = f"http://localhost:8000/medias/{medium.ulid}/"
        assert vernay.get(client, path).status_code == 200
        ends()
        assert vernay.get(client, path).status_code == 404

    def test_what_was_chosen_for_it_is_not_served_any_more(self, vernay, julien, ends, client):
        post = publishing.publish(julien, Draft("Pour vous"), Reach("chosen_partners", houses=(vernay.peer,)))
        assert vernay.get(client, post.uri).status_code == 200
        ends()
        assert vernay.get(client, post.uri).status_code == 403

    def test_what_had_arrived_has_no_effect(self, vernay, julien, lucie, ends, client, work):
        vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
        vernay.post(client, vernay.activity("Follow", vernay.lucie, julien.uri))
        ends()
        work()
        assert not Notification.objects.exists()
        assert not posts.readable_by(julien).exists()
        if ends.for_good:
            waited = Receipt.objects.exclude(actor__kind="Application")
            assert not waited.filter(state="waiting").exists()
        else:
            partnerships.resume(vernay.peer)
            work()
            assert Notification.objects.filter(reader=julien).count() == 2


@pytest.mark.row(89)
class TestNothingLeaves:
    def test_no_call_is_made(self, vernay, julien, lucie, ends, work):
        ends()
        asked = len(vernay.asked)
        for url in (vernay.lucie, vernay.house, f"{vernay.origin}/.well-known/webfinger?resource=acct:lucie"):
            with pytest.raises(UnknownPeer):
                http.get(url, accept="*/*")
        with pytest.raises(UnknownPeer):
            directory.by_address(f"lucie@{vernay.host}")
        Actor.objects.filter(pk=lucie.pk).update(icon_url=f"{vernay.origin}/lucie.png")
        lucie.refresh_from_db()
        with pytest.raises(partnerships.FederationError):
            portraits.of(lucie)
        vernay.peer.learn_at = vernay.peer.state_since
        vernay.peer.save()
        work()
        assert len(vernay.asked) == asked

    def test_queued_rows_go_no_more(self, vernay, julien, lucie, follows, ends, work):
        follows(lucie, julien)
        publishing.publish(julien, Draft("Pour vous"), Reach("chosen_partners", houses=(vernay.peer,)))
        vernay.received.clear()
        ends()
        work()
        assert [letter["type"] for letter in letters(vernay) if letter["type"] != "Undo"] == []
        row = Delivery.objects.get(host=vernay.host, dispatch__document__type="Create")
        if ends.for_good:
            assert (row.state, row.answer) == ("abandoned", "the partnership ended")
        else:
            assert row.state == "waiting"
            partnerships.resume(vernay.peer)
            work()
            assert [letter["type"] for letter in letters(vernay)] == ["Create"]

    def test_what_is_written_since_is_not_owed_to_it(self, vernay, julien, lucie, shared, ends, work):
        ours, hers, _ = shared
        work()
        ends()
        vernay.received.clear()
        publishing.publish(julien, Draft("Aux voisins"), Reach("partners"))
        publishing.withdraw(julien, ours)
        reactions.unlike(Like.objects.exclude(actor=lucie).get().actor, hers)
        work()
        assert [letter["type"] for letter in letters(vernay) if letter["type"] != "Undo"] == []
        waiting = Delivery.objects.filter(host=vernay.host, state="waiting")
        assert waiting.exists() == (not ends.for_good)

    def test_follows_end_for_good_both_ways(self, vernay, julien, lucie, follows, ends):
        follows(julien, lucie)
        follows(lucie, julien)
        ends()
        assert Follow.objects.filter(state="accepted").count() == (0 if ends.for_good else 2)
        assert not Notification.objects.exists()
