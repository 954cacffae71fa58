"""The subjects that one follows, known to oneself alone."""

import pytest

from federation.errors import Forbidden, NotHere
from inbox import followed_tags

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("said", ["", "#", "a", "deux mots", "a/b", "a" * 101, "<b>", "a\0b", "##voirie"])
def test_what_is_no_name_is_not_followed(julien, said):
    with pytest.raises(NotHere):
        followed_tags.follow(julien, said)


def test_no_more_than_so_many_are_followed(julien, helene, monkeypatch):
    monkeypatch.setattr(followed_tags, "MOST", 1)
    followed_tags.follow(julien, "voirie")
    followed_tags.follow(julien, "#Voirie")
    with pytest.raises(Forbidden, match="1 sujets"):
        followed_tags.follow(julien, "école")
    followed_tags.follow(helene, "école")


def test_one_follows_and_follows_no_longer(julien, helene):
    followed_tags.follow(julien, "École")
    assert followed_tags.among(julien, ["école", "voirie"]) == {"école"} and not followed_tags.of(helene).exists()
    followed_tags.unfollow(helene, "école")
    assert followed_tags.of(julien).count() == 1
    followed_tags.unfollow(julien, "#ÉCOLE")
    followed_tags.unfollow(julien, "jamais")
    assert not followed_tags.of(julien).exists()
