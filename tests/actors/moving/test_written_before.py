"""What was said under the former name is still spoken of under it."""

import json

import pytest

from actors.models import Actor
from federation.models import Delivery
from inbox.models import Notification
from outbox import posts, publishing, reactions
from outbox.audience import Reach
from outbox.publishing import Draft, Poll
from tests.actors.moving.telling import NEW, OLD, formerly, signer_of, write
from tests.actors.talking import letters
from tests.world import introduce

pytestmark = pytest.mark.django_db


class TestWhatWasWrittenBefore:
    def test_it_is_edited_and_withdrawn_as_she_was_called_then(self, vernay, lucie, julien, take_name, work):
        post = write(julien, "Avant")
        work()
        take_name()
        julien.refresh_from_db()
        post.refresh_from_db()
        publishing.edit(julien, post, Draft("Après"))
        work()
        (update,) = letters(vernay, "Update")
        said = update["object"]
        assert {update["actor"], said["attributedTo"]} == {formerly(julien.uri)} and "Après" in said["content"]
        assert (said["id"], said["to"]) == (post.uri, [f"http://{OLD}/ap/instance/followers"])
        assert signer_of(vernay, update) == f"{formerly(julien.uri)}#main-key"
        publishing.withdraw(julien, post)
        work()
        (delete,) = letters(vernay, "Delete")
        assert delete["id"] == f"http://{OLD}/ap/activities/{post.ulid}/delete" and delete["object"]["id"] == post.uri
        assert delete["actor"] == formerly(julien.uri) and signer_of(vernay, delete).startswith(delete["actor"])

    def test_what_she_found_useful_is_taken_back_likewise(self, vernay, lucie, julien, take_name, work, arrives):
        note = vernay.note(vernay.lucie, [julien.uri], "Bonjour")
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, note, to=[julien.uri])) == "handled"
        post = posts.find_by_uri(julien, note["id"])
        reactions.like(julien, post)
        work()
        take_name()
        julien.refresh_from_db()
        reactions.unlike(julien, post)
        work()
        (like,), (undo,) = letters(vernay, "Like"), letters(vernay, "Undo")
        assert undo["actor"] == undo["object"]["actor"] == like["actor"] == formerly(julien.uri)
        assert undo["object"]["id"] == like["id"]

    def test_who_answers_by_the_ids_of_then_is_heard(self, vernay, lucie, julien, take_name, arrives):
        post = write(julien, "Avant", "named", named=(lucie,))
        take_name()
        then = formerly(Actor.objects.get(pk=julien.pk).uri)
        tag = [{"type": "Mention", "href": then, "name": f"@julien.mercier@{OLD}"}]
        note = vernay.note(vernay.lucie, [then], "Oui", inReplyTo=post.uri, tag=tag)
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, note, to=[then]), host=OLD) == "handled"
        answer = posts.find_by_uri(julien, note["id"])
        assert answer.in_reply_to == post and list(answer.named.all()) == [julien]
        assert Notification.objects.filter(reader=julien, post=answer).exists()

    def test_letters_that_wait_within_the_house_arrive(self, julien, helene, take_name, work):
        post = write(julien, "Avant", "named", named=(helene,))
        take_name()
        work()
        assert Notification.objects.filter(reader=helene, post=post).exists()
        assert not Delivery.objects.exclude(host=NEW).exists() and publishing.sent_to(post) == set()

    def test_what_is_for_followers_says_nothing_of_who_they_are_under_the_former_name(
        self, vernay, lucie, julien, follows, take_name, work, client
    ):
        """That nobody follows the former id would end, at the partner, what was written for those who did."""
        follows(lucie, julien)
        post = write(julien, "Pour qui me suit", "followers")
        work()
        waiting = write(julien, "En route", "followers")
        take_name()
        julien.refresh_from_db()
        post.refresh_from_db()
        publishing.edit(julien, post, Draft("Autrement"))
        work()
        assert {each["object"]["id"] for each in letters(vernay, "Create")} == {post.uri, waiting.uri}
        sent = next(headers for _, headers, each in vernay.received if each["type"] == "Update")
        assert "collection-synchronization" not in sent
        listed = f"{formerly(julien.uri)}/followers_synchronization"
        assert vernay.get(client, listed, host=OLD).status_code == 404

    def test_what_arrived_before_and_was_not_read_yet_is(self, vernay, lucie, julien, take_name, client, work):
        note = vernay.note(vernay.lucie, [julien.uri], "Oui")
        assert vernay.post(client, vernay.activity("Create", vernay.lucie, note, to=[julien.uri])).status_code == 202
        take_name()
        work()
        assert posts.exists(note["id"])

    def test_a_vote_in_a_poll_of_then_counts(self, vernay, lucie, julien, take_name, arrives, work):
        draft = Draft("Quel jour ?", "question", poll=Poll(("lundi", "mardi"), 86_400))
        post = publishing.publish(julien, draft, Reach("partners"))
        work()
        then = julien.uri
        take_name()
        note = vernay.note(vernay.lucie, [then], "", inReplyTo=post.uri, name="lundi")
        del note["content"]
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, note, to=[then]), host=OLD) == "handled"
        assert post.votes.count() == 1

    def test_a_partner_that_came_after_hears_nothing_of_it(
        self, vernay, lucie, julien, take_name, hears, work, stranger
    ):
        post = write(julien, "Avant")
        work()
        take_name()
        hears()
        julien.refresh_from_db()
        post.refresh_from_db()
        introduce(stranger)
        publishing.edit(julien, post, Draft("Après"))
        work()
        assert not letters(stranger, "Update") and letters(vernay, "Update")

    def test_words_that_look_like_an_address_of_ours_stay_words(self, vernay, julien, take_name, work):
        post = write(julien, "Avant")
        work()
        take_name()
        julien.refresh_from_db()
        post.refresh_from_db()
        publishing.edit(julien, post, Draft(f"http://{NEW}/charte/ à lire"))
        work()
        (update,) = letters(vernay, "Update")
        assert f"http://{NEW}/charte/" in json.dumps(update["object"]["source"])
