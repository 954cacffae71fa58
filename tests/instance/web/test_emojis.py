"""Admins add and remove the organisation's emoji; for everybody else that page is not here."""

import pytest

from outbox import emoji, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.instance.web.conftest import picture

PAGE, REMOVE = "/administration/emojis/", "/administration/emojis/retirer/"


def test_nobody_but_admins_adds_or_removes_one(client, at_julien, julien):
    emoji.add("mairie", picture().read())
    answers = [at_julien.get(PAGE), at_julien.post(PAGE, {"shortcode": "ecole", "picture": picture()})]
    assert [each.status_code for each in [*answers, at_julien.post(REMOVE, {"nom": "mairie"})]] == [404, 404, 404]
    assert client.post(PAGE, {"shortcode": "ecole", "picture": picture()}).status_code == 302
    assert [each.shortcode for each in emoji.every()] == ["mairie"]


@pytest.mark.parametrize(
    ("shortcode", "file", "sentence", "field"),
    [
        ("", picture(), "Donnez un nom court", "shortcode"),
        ("Mairie", picture(), "minuscules", "shortcode"),
        ("mairie", picture(), "déjà ce nom", "shortcode"),
        ("ecole", None, "Choisissez une image", "picture"),
        ("ecole", picture(size=(3_000, 3_000)), "trop de points", "picture"),
    ],
)
def test_what_is_wrong_is_said_next_to_its_field(at_marc, text_of, shortcode, file, sentence, field):
    emoji.add("mairie", picture().read())
    response = at_marc.post(PAGE, {"shortcode": shortcode, **({"picture": file} if file else {})})
    page = text_of(response)
    assert response.status_code == 422 and sentence in page and f'id="id_{field}_error"' in page
    assert emoji.every().count() == 1


def test_one_is_added_shown_and_removed(at_marc, text_of):
    response = at_marc.post(PAGE, {"shortcode": "mairie", "picture": picture(), "category": "Lieux"}, follow=True)
    page, row = text_of(response), emoji.find("mairie")
    assert "Émoji ajouté" in page and ":mairie:" in page and "Lieux" in page and row.path in page
    assert "Émoji retiré" in text_of(at_marc.post(REMOVE, {"nom": "mairie"}, follow=True))
    assert at_marc.post(REMOVE, {"nom": "mairie"}).status_code == 404


def test_posts_show_them_where_they_are_named_in_running_text(
    at_julien, julien, text_of, django_assert_max_num_queries
):
    emoji.add("mairie", picture().read())
    words = "Rendez-vous à la :mairie: `:mairie:` :ecole: 8:mairie:9"
    for number in range(3):
        publishing.publish(julien, Draft(f"{words} {number}"), Reach("organisation"))
    with django_assert_max_num_queries(14):
        page = at_julien.get("/").content.decode()
    assert page.count(f'<img class="emoji" src="{emoji.find("mairie").path}" alt=":mairie:"') == 3
    assert "<code>:mairie:</code>" in page and ":ecole:" in page and "8:mairie:9" in page
