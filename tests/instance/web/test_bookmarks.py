"""The page of what an agent keeps, and the entry of each post's menu."""

import pytest

from inbox import bookmarks
from inbox.models import Bookmark

PAGE = "/enregistres/"


@pytest.mark.row(77)
def test_what_one_may_not_read_is_not_kept(at_helene, julien, publish):
    hidden = publish(julien, "Pour mon service", "service")
    for ulid in (hidden.ulid, "01ZZZZZZZZZZZZZZZZZZZZZZZZ"):
        assert at_helene.post(f"/p/{ulid}/enregistrer/").status_code == 404
    assert not Bookmark.objects.exists()


def test_nobody_sees_what_another_keeps(at_helene, julien, publish, text_of):
    bookmarks.add(julien, publish(julien, "Taille des rosiers"))
    assert "Taille des rosiers" not in text_of(at_helene.get(PAGE))


def test_kept_from_its_menu_read_on_the_page_and_let_go(at_helene, julien, publish, text_of):
    post = publish(julien, "Taille des rosiers")
    assert "Rien d’enregistré" in text_of(at_helene.get(PAGE))
    assert "Retirer des enregistrés" not in text_of(at_helene.get("/"))
    for _ in range(2):  # pressing twice, or on an old page, does not undo
        assert at_helene.post(f"/p/{post.ulid}/enregistrer/", {"etat": "oui"}).status_code == 303
    page = text_of(at_helene.get(PAGE))
    assert "Taille des rosiers" in page and "Retirer des enregistrés" in page
    for path in ("/", f"/p/{post.ulid}/"):
        assert "Retirer des enregistrés" in text_of(at_helene.get(path))
    at_helene.post(f"/p/{post.ulid}/enregistrer/", {"etat": "non"})
    assert "Taille des rosiers" not in text_of(at_helene.get(PAGE))


def test_older_ones_are_one_link_away_with_and_without_script(at_helene, helene, julien, publish):
    written = [publish(julien, f"Message {number}") for number in range(22)]
    for post in reversed(written):
        bookmarks.add(helene, post)
    first = at_helene.get(PAGE)
    assert [post.pk for post in first.context["posts"]] == [post.pk for post in written[:20]]
    whole = at_helene.get(first.context["more"])
    fragment = at_helene.get(first.context["more"], headers={"HX-Request": "true"})
    for response in (whole, fragment):
        assert [post.pk for post in response.context["posts"]] == [post.pk for post in written[20:]]
        assert response.context["more"] == ""
    assert "<html" in whole.content.decode() and "<html" not in fragment.content.decode()


@pytest.mark.parametrize("before", ["x", "%F0%9F%8C%B3", "²", "-1", "9" * 30, "0"])
def test_a_strange_address_is_no_accident(at_helene, helene, julien, publish, before):
    bookmarks.add(helene, publish(julien))
    assert at_helene.get(f"{PAGE}?avant={before}").status_code == 200
