"""Reading one post, and what its author and its readers do with it."""

import re

import pytest

from outbox import posts, publishing
from outbox.models import Boost, Like, Post
from outbox.publishing import Draft

VARYING = re.compile(r'value="[A-Za-z0-9]{64}"|/p/[0-9A-Z]{26}/')  # the token of a form, the address itself
PAGES = ["", "historique/", "modifier/", "retirer/"]
DEEDS = ["utile/", "partager/", "modifier/", "retirer/"]


@pytest.mark.row(78)
@pytest.mark.parametrize("page", PAGES)
def test_a_post_for_others_answers_like_one_that_does_not_exist(at_helene, julien, publish, page):
    hidden = publish(julien, "Pour mon service", "service")
    answers = [at_helene.get(f"/p/{ulid}/{page}") for ulid in (hidden.ulid, "01ZZZZZZZZZZZZZZZZZZZZZZZZ")]
    assert [each.status_code for each in answers] == [404, 404]
    first, second = (VARYING.sub("", each.content.decode()) for each in answers)
    assert first == second


@pytest.mark.row(77)
@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_to_a_post_that_one_may_not_read(at_helene, julien, publish, deed):
    hidden = publish(julien, "Pour mon service", "service")
    assert at_helene.post(f"/p/{hidden.ulid}/{deed}", {"text": "Autre"}).status_code == 404
    assert Like.objects.count() == Boost.objects.count() == 0
    assert Post.objects.get(pk=hidden.pk).source == "Pour mon service"


@pytest.mark.parametrize("deed", ["modifier/", "retirer/"])
def test_the_post_of_another_is_neither_edited_nor_withdrawn(at_helene, julien, publish, deed, text_of):
    post = publish(julien, "Les rosiers sont taillés")
    for response in (at_helene.get(f"/p/{post.ulid}/{deed}"), at_helene.post(f"/p/{post.ulid}/{deed}", {"text": "x"})):
        assert response.status_code == 403
        assert "Cette publication n’est pas la vôtre" in text_of(response)
    post.refresh_from_db()
    assert post.source == "Les rosiers sont taillés" and post.withdrawn_at is None


def test_a_post_is_read_with_what_leads_to_it_and_what_answers_it(at_helene, julien, helene, publish, text_of):
    first = publish(julien, "Qui a une bêche ?")
    second = publish(helene, "Au magasin", parent=first)
    publish(julien, "Merci bien", parent=second)
    page = text_of(at_helene.get(f"/p/{second.ulid}/"))
    assert page.index("Qui a une bêche") < page.index("Au magasin") < page.index("Merci bien")
    assert "Comme la publication : Tout Saint-Aubin" in page


def test_useful_and_not_any_more(at_helene, julien, publish):
    post = publish(julien)
    assert at_helene.post(f"/p/{post.ulid}/utile/").url == f"/p/{post.ulid}/"
    assert Like.objects.filter(post=post, actor__name="Hélène Vasseur").count() == 1
    at_helene.post(f"/p/{post.ulid}/utile/", {"etat": "oui"})
    assert Like.objects.count() == 1
    at_helene.post(f"/p/{post.ulid}/utile/", {"etat": "non"})
    assert not Like.objects.exists()


def test_htmx_receives_only_the_actions(at_helene, julien, publish):
    post = publish(julien)
    response = at_helene.post(f"/p/{post.ulid}/utile/", headers={"HX-Request": "true"})
    fragment = response.content.decode()
    assert response.status_code == 200
    assert f'id="actes-{post.ulid}"' in fragment and 'aria-pressed="true"' in fragment and "<html" not in fragment


def test_sharing_and_taking_back(at_helene, julien, publish):
    post = publish(julien)
    at_helene.post(f"/p/{post.ulid}/partager/")
    assert Boost.objects.filter(post=post).count() == 1
    at_helene.post(f"/p/{post.ulid}/partager/", {"etat": "non"})
    assert not Boost.objects.exists()


@pytest.mark.row(85)
def test_what_was_confided_to_some_is_not_shared(sign_in, julien, aubin, publish, text_of):
    from actors import arrivals

    colleague = sign_in(arrivals.invite("Bruno Tessier", "", aubin.green).actor)
    post = publish(julien, "Entre nous", "service")
    response = colleague.post(f"/p/{post.ulid}/partager/")
    assert response.status_code == 403
    assert "ne peut pas être partagée" in text_of(response)
    assert "/partager/" not in text_of(colleague.get(f"/p/{post.ulid}/"))
    assert not Boost.objects.exists()


def test_an_edit_shows_and_the_former_words_stay_in_the_history(at_julien, at_helene, julien, publish, text_of):
    post = publish(julien, "Prise de poste à 7 h")
    assert at_julien.post(f"/p/{post.ulid}/modifier/", {"text": "Prise de poste à 9 h"}).url == f"/p/{post.ulid}/"
    page = text_of(at_helene.get(f"/p/{post.ulid}/"))
    assert "Prise de poste à 9 h" in page and "Prise de poste à 7 h" not in page and "Modifiée" in page
    history = text_of(at_helene.get(f"/p/{post.ulid}/historique/"))
    assert history.index("Prise de poste à 9 h") < history.index("Prise de poste à 7 h")


def test_an_empty_edit_is_refused_next_to_its_field(at_julien, julien, publish, text_of):
    post = publish(julien, "Bonjour")
    response = at_julien.post(f"/p/{post.ulid}/modifier/", {"text": "  "})
    assert response.status_code == 422
    assert "Écrivez quelque chose" in text_of(response) and 'id="id_text_error"' in text_of(response)


def test_the_title_of_an_article_is_edited_too(at_julien, julien, text_of):
    draft = Draft("Le texte", "article", "Ancien titre")
    post = publishing.publish(julien, draft, publishing.Reach("organisation"))
    assert "Ancien titre" in text_of(at_julien.get(f"/p/{post.ulid}/modifier/"))
    at_julien.post(f"/p/{post.ulid}/modifier/", {"text": "Le texte", "title": "Titre neuf"})
    assert posts.find(julien, post.ulid).title == "Titre neuf"


def test_withdrawing_is_asked_once_then_done(at_julien, at_helene, julien, publish, text_of):
    post = publish(julien, "Une erreur")
    assert "Retirer cette publication ?" in text_of(at_julien.get(f"/p/{post.ulid}/retirer/"))
    assert at_helene.get(f"/p/{post.ulid}/").status_code == 200
    assert at_julien.post(f"/p/{post.ulid}/retirer/").url == "/"
    assert at_helene.get(f"/p/{post.ulid}/").status_code == 404
    assert "Une erreur" not in text_of(at_helene.get("/"))


def test_deeds_take_a_press_on_a_button(at_julien, julien, publish):
    post = publish(julien)
    assert [at_julien.get(f"/p/{post.ulid}/{deed}/").status_code for deed in ("utile", "partager")] == [405, 405]
