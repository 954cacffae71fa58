"""What a reader keeps at hand, as long as she may read it."""

from actors import following
from inbox import bookmarks
from inbox.models import Bookmark
from outbox import publishing
from tests.inbox.said import say


def kept(reader):
    return [row.post for row in bookmarks.rows(reader)]


def test_what_one_may_read_no_more_shows_no_more(julien, helene):
    hers = say(helene)
    bookmarks.add(julien, hers)
    following.block(helene, julien)
    assert kept(julien) == []
    following.unblock(helene, julien)
    assert kept(julien) == [hers]


def test_a_post_that_was_withdrawn_shows_no_more(julien, helene):
    hers = say(helene)
    bookmarks.add(julien, hers)
    publishing.withdraw(helene, hers)
    assert kept(julien) == []


def test_ones_bookmarks_are_nobody_else_s(julien, helene):
    post = say(helene)
    bookmarks.add(julien, post)
    assert kept(helene) == [] and bookmarks.kept(helene, [post]) == set()


def test_twice_is_once_and_the_last_kept_comes_first(julien, helene):
    old, new = say(helene), say(helene)
    for post in (new, old, new):
        bookmarks.add(julien, post)
    assert kept(julien) == [old, new]
    assert bookmarks.kept(julien, [old, new]) == {old.pk, new.pk}
    assert [post.kept for post in bookmarks.mark([old, say(helene)], julien)] == [True, False]


def test_removed_is_removed_and_twice_is_no_mistake(julien, helene):
    post = say(helene)
    bookmarks.add(julien, post)
    for _ in range(2):
        bookmarks.remove(julien, post)
    assert not Bookmark.objects.exists()


def test_no_date_is_kept_of_it():
    assert [field.name for field in Bookmark._meta.get_fields()] == ["id", "reader", "post"]
