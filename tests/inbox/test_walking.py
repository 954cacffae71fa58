"""Timelines, walked in any way: each line that one may read is met exactly once, while others arrive."""

from dataclasses import dataclass
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.models import Actor, Follow, Mute
from federation import ids
from federation.models import Peer
from inbox import timelines
from inbox.timelines import Window
from outbox import posts, strands
from outbox.models import Boost, Post

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ELSEWHERE, WRITERS, MUTED, SILENT = "past.example", 14, 12, 13
AUDIENCES = ("public", "partners", "followers", "named", "organisation")


@dataclass
class Past:
    """What was written and shared; its moments are the numbers of lines, from 1."""

    reader: Actor
    writers: list[Actor]
    moment: int = 0

    def happens(self, who: int, audience: str, answers: bool, names: bool, shares: int) -> None:
        """A writer posts (the first two are of ours), or shares what was written `shares` posts ago."""
        self.moment += 1
        writer = self.writers[who]
        written = list(Post.objects.order_by("-number")[:10])
        if shares and shares <= len(written):
            Boost.objects.get_or_create(
                actor=writer, post=written[shares - 1], defaults={"uri": f"s:{self.moment}", "number": self.moment}
            )
            return
        post = Post.objects.create(
            uri=f"p:{self.moment}", ulid=ids.new_ulid(), number=self.moment, author=writer, local=writer.local,
            kind="note", audience=audience, in_reply_to_uri="x:" if answers else "",
        )  # fmt: skip
        if names:
            post.named.add(self.reader)

    def home(self) -> set[int]:
        """By another road than the timeline's own: every post is looked at, and every share."""
        muted, unfollowed = self.writers[MUTED], self.writers[SILENT]
        readable = {post.pk: post for post in posts.readable_by(self.reader) if post.author != muted}
        found = set()
        for post in readable.values():
            followed = post.author != unfollowed and post.audience in ("public", "partners", "followers")
            near = followed or (post.local and post.audience == "organisation")
            if post.author == self.reader or self.reader in post.named.all() or (near and not post.in_reply_to_uri):
                found.add(post.number)
        firsts: dict[int, int] = {}
        for share in Boost.objects.exclude(actor__in=[muted, unfollowed, self.reader]).order_by("number"):
            firsts.setdefault(share.post_id, share.number)
        return found | {number for pk, number in firsts.items() if pk in readable}


@pytest.fixture
def past(julien):
    Peer.objects.create(host=ELSEWHERE, state="active", speaks_preau=True)
    uris = [f"http://{ELSEWHERE}/{number}" for number in range(WRITERS - 1)]
    rows = [Actor(uri=uri, handle=f"w{n}", host=ELSEWHERE, domain=ELSEWHERE, name=uri) for n, uri in enumerate(uris)]
    Actor.objects.bulk_create(rows)
    writers = [julien, *Actor.objects.filter(host=ELSEWHERE).order_by("pk")]
    Actor.objects.filter(pk=writers[1].pk).update(local=True)
    writers[1].refresh_from_db()
    for number, writer in enumerate(writers):
        if number not in (0, SILENT):
            Follow.objects.create(follower=julien, followed=writer, uri=f"f:{number}", state="accepted")
    Mute.objects.create(actor=julien, target=writers[MUTED])
    return Past(julien, writers)


DEED = st.tuples(
    st.integers(0, WRITERS - 1),
    st.sampled_from(AUDIENCES),
    st.integers(0, 4).map(lambda n: n == 0),
    st.integers(0, 6).map(lambda n: n == 0),
    st.integers(0, 10).map(lambda n: max(0, n - 6)),
)
NEAR = st.sampled_from([0, 1, 20])  # whether what is wanted is mostly near, or needs a look at each author
DEEDS = st.lists(DEED, max_size=40)
EACH = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def walked(past, limit, later, **start):
    """The numbers that are met from there on, page by page, while others arrive."""
    met, key = [], next(iter(start))
    while page := timelines.lines(past.reader, "home", Window(limit, **start)):
        found = [line.number for line in page]
        assert found == sorted(found, reverse=True) and len(found) <= limit
        met += found
        start = {key: found[0 if key == "min_id" else -1]}
        if later:
            past.happens(*later.pop())
    return met


@EACH
@given(before=DEEDS, later=DEEDS, limit=st.integers(1, 9), middle=st.integers(0, 40), near=NEAR)
def test_walking_meets_each_line_exactly_once_while_others_arrive(past, before, later, limit, middle, near):
    with transaction.atomic(), mock.patch.object(strands, "NEAR", near):
        past.moment = 0
        for deed in before:
            past.happens(*deed)
        there, two = past.home(), list(later)
        down = walked(past, limit, later, max_id=timelines.MOST)
        assert sorted(down) == sorted({*down}) and {*down} == there
        up = walked(past, limit, two, min_id=0)
        assert sorted(up) == sorted({*up}) and {*up} == past.home()
        both = walked(past, limit, [], max_id=middle + 1) + walked(past, limit, [], min_id=middle)
        assert sorted(both) == sorted(past.home())
        transaction.set_rollback(True)


@EACH
@given(before=DEEDS, limit=st.integers(1, 9), near=NEAR, ends=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_each_way_of_asking_is_what_clients_expect(past, before, limit, near, ends):
    low, high = sorted(ends)
    with transaction.atomic(), mock.patch.object(strands, "NEAR", near):
        past.moment = 0
        for deed in before:
            past.happens(*deed)
        between = sorted((number for number in past.home() if low < number < high), reverse=True)
        for asked, expected in (
            (Window(limit, max_id=high, since_id=low), between[:limit]),
            (Window(limit, max_id=high, min_id=low), between[-limit:]),
        ):
            assert [line.number for line in timelines.lines(past.reader, "home", asked)] == expected
        transaction.set_rollback(True)
