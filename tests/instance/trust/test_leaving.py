"""What the register says stays here is in no letter and in no answer to a partner; what it says leaves, does."""

import json
from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors import conventions, following, profiles, remarks
from federation import ids
from inbox import filters, lists, moderation
from inbox.models import Announcement
from instance.trust import register
from outbox import media, publishing, scheduling
from outbox.audience import Reach
from outbox.publishing import Draft
from outbox.wishes import Wish
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db
STAY = (
    "actors.Remark.words", "actors.Convention.contact", "inbox.List.title", "inbox.Filter.title",
    "inbox.FilterKeyword.keyword", "inbox.Announcement.words", "outbox.Scheduled.wish",
)  # fmt: skip
LEAVE = (
    "actors.Actor.occupation", "actors.Actor.summary", "actors.Actor.fields", "outbox.Post.html", "outbox.Post.title",
    "outbox.Attachment.description", "outbox.Post_hashtags.hashtag",
)  # fmt: skip
WORD = {column: f"zq{number:02}canari" for number, column in enumerate(STAY + LEAVE)}
LEAVES = {f"{table.label}.{each.name}": each.leaves for table in register.tables() for each in table.columns}


@pytest.fixture
def busy(julien, helene, lucie, vernay, follows, work):
    """Julien writes in everything that the register knows, and is followed next door."""
    follows(lucie, julien)
    following.ask(julien, lucie)
    remarks.note(julien, lucie, WORD["actors.Remark.words"])
    lists.create(julien, WORD["inbox.List.title"])
    hidden = filters.Word(WORD["inbox.FilterKeyword.keyword"])
    filters.create(julien, filters.Wish(WORD["inbox.Filter.title"], ["home"]), [hidden])
    conventions.record(vernay.peer, contact=f"{WORD['actors.Convention.contact']}@vernay.example")
    Announcement.objects.create(words=WORD["inbox.Announcement.words"])
    later = Wish(Draft(WORD["outbox.Scheduled.wish"]), Reach("partners"))
    scheduling.schedule(julien, later, now() + timedelta(hours=1))
    said = ((WORD["actors.Actor.fields"], "oui"),)
    about = profiles.Words(WORD["actors.Actor.occupation"], WORD["actors.Actor.summary"], False, True, said)
    profiles.describe(julien, about)
    photo = media.take_image(julien, "massif.jpg", picture(), WORD["outbox.Attachment.description"])
    text = f"{WORD['outbox.Post.html']} #{WORD['outbox.Post_hashtags.hashtag']}"
    publishing.publish(julien, Draft(text, title=WORD["outbox.Post.title"], attachments=(photo,)), Reach("partners"))
    publishing.publish(julien, Draft("entre nous zqinterne"), Reach("organisation"))
    moderation.report(julien, lucie, [], "zqsignale", forward=False)
    work()
    return julien


@pytest.fixture
def told(busy, vernay, client):
    """All that the partner received, and all that it is answered when it asks with its signature."""
    addresses = [busy.uri, busy.outbox, busy.followers_uri, busy.following_uri, f"{busy.uri}/featured"]
    addresses += [ids.instance_actor_uri(), f"{ids.instance_actor_uri()}/directory"]
    answers = [vernay.get(client, each) for each in addresses]
    assert {each.status_code for each in answers} == {200}
    letters = json.dumps([letter for _, _, letter in vernay.received])
    return letters + "".join(each.content.decode() for each in answers)


def test_what_stays_is_told_to_no_partner(told):
    assert {LEAVES[column] for column in STAY} == {"non"}
    assert [column for column in STAY if WORD[column] in told] == []
    assert "zqinterne" not in told and "zqsignale" not in told


def test_what_leaves_is_said_to_leave(told):
    assert [column for column in LEAVE if WORD[column] not in told] == []
    assert "non" not in {LEAVES[column] for column in LEAVE}


def test_who_blocks_or_mutes_whom_is_told_to_nobody(julien, lucie, vernay, work):
    following.block(julien, lucie)
    following.mute(julien, lucie)
    work()
    assert vernay.received == []
    assert {LEAVES[f"actors.{each}.target"] for each in ("Block", "Mute")} == {"non"}


def test_a_secret_is_in_no_letter(told, busy):
    assert LEAVES["federation.Key.sealed_private"] == LEAVES["actors.Agent.password"] == "non"
    assert "PRIVATE" not in told and busy.agent.password not in told
