"""Mastodon.py listens: each stream that it knows, by server-sent events."""

import queue
import time
from contextlib import contextmanager

import pytest
from mastodon import StreamListener

from tests.clients.day import until

pytestmark = pytest.mark.peer


class Ear(StreamListener):
    """What came, as (event, what it is about), in order."""

    def __init__(self):
        self.heard: queue.Queue[tuple[str, object]] = queue.Queue()
        self.beats = 0

    def on_update(self, status):
        self.heard.put(("update", status.id))

    def on_status_update(self, status):
        self.heard.put(("status.update", status.id))

    def on_delete(self, status_id):
        self.heard.put(("delete", str(status_id)))

    def on_notification(self, notification):
        self.heard.put(("notification", notification.type))

    def on_conversation(self, conversation):
        self.heard.put(("conversation", conversation.last_status.id))

    def on_filters_changed(self):
        self.heard.put(("filters_changed", None))

    def on_announcement(self, announcement):
        self.heard.put(("announcement", announcement.id))

    def handle_heartbeat(self):
        self.beats += 1

    def next(self, event):
        """What the next event of this kind is about."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            kind, about = self.heard.get(timeout=10)
            if kind == event:
                return about
        raise AssertionError(f"no {event}")


@contextmanager
def listening(stream, *arguments, **options):
    """An ear at this stream; what is said is told to who is on the line by then."""
    ear = Ear()
    handle = stream(*arguments, listener=ear, run_async=True, **options)
    try:
        until(lambda: ear.beats)  # it connects in a thread of its own
        yield ear
    finally:
        handle.closed = True  # its own close() waits for the next sign of life, up to a quarter of a minute


@pytest.fixture(scope="module")
def follows(julien, helene):
    """Julien follows Hélène."""
    julien.account_follow(helene.me().id)
    until(lambda: julien.account_relationships(helene.me().id)[0].following)


def test_the_streams_are_well(julien):
    assert julien.stream_healthy()


def test_it_hears_what_is_in_its_home_and_what_it_is_told(julien, helene, follows):
    with listening(julien.stream_user) as ear:
        post = helene.status_post("Vite")
        assert ear.next("update") == post.id
        helene.status_update(post.id, "Plus vite")
        assert ear.next("status.update") == post.id
        helene.status_delete(post.id)
        assert ear.next("delete") == str(post.id)
        mine = julien.status_post("Ici")
        helene.status_favourite(mine.id)
        assert ear.next("notification") == "favourite"
        julien.filter_delete(julien.filter_create("loto", ["home"]).id)
        assert ear.next("filters_changed") is None


def test_it_hears_what_it_is_told_only(julien, helene, follows):
    with listening(julien.stream_user_notifications) as ear:
        helene.status_post("Pour la maison")
        helene.status_post(f"@{julien.me().acct} pour vous")
        assert ear.heard.get(timeout=10) == ("notification", "mention")


def test_it_hears_its_organisation(helene, sign_in):
    ines = sign_in("Inès")
    with listening(ines.stream_local) as local, listening(ines.stream_public, local=True) as same:
        helene.status_post("Aux abonnés", visibility="private")
        post = helene.status_post("À tous")
        assert local.heard.get(timeout=10) == same.heard.get(timeout=10) == ("update", post.id)


def test_it_hears_a_subject(julien, helene):
    with listening(julien.stream_hashtag, "travaux") as ear, listening(julien.stream_hashtag, "travaux", local=True):
        helene.status_post("Autre chose")
        post = helene.status_post("Rue barrée #travaux")
        assert ear.heard.get(timeout=10) == ("update", post.id)


def test_it_hears_a_list(julien, helene, follows):
    made = julien.list_create("Direction")
    julien.list_accounts_add(made.id, [helene.me().id])
    with listening(julien.stream_list, made.id) as ear:
        julien.status_post("Pas de la liste")
        post = helene.status_post("De la liste")
        assert ear.heard.get(timeout=10) == ("update", post.id)
    julien.list_delete(made.id)


def test_it_hears_its_talks(julien, helene):
    with listening(julien.stream_direct) as ear:
        helene.status_post("À tous")
        post = helene.status_post(f"@{julien.me().acct} entre nous", visibility="direct")
        assert ear.heard.get(timeout=10) == ("conversation", post.id)


def test_it_is_cut_off_when_it_is_shown_out(sign_in):
    lina = sign_in("Lina")
    ear = Ear()
    handle = lina.stream_user(ear, run_async=True)
    until(lambda: ear.beats)
    lina.revoke_access_token()
    until(lambda: not handle.is_alive(), 8)
