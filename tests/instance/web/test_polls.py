"""Polls, warnings and sensitive pictures on the pages."""

import pytest

from outbox import media, publishing
from outbox.audience import Reach
from outbox.drafts import Draft
from outbox.models import Post, Vote
from tests.outbox.test_media import picture
from tests.polling import poll


def test_one_does_not_vote_in_a_poll_that_one_may_not_read(at_helene, julien):
    reach = Reach("service", service=julien.service)
    post = publishing.publish(julien, Draft("Que planter ?", poll=poll()), reach)
    assert at_helene.post(f"/p/{post.ulid}/voter/", {"choix": "0"}).status_code == 404
    assert not Vote.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"choix": "x"}, {"choix": "7"}, {"choix": ["0", "1"]}, {"choix": "²"}])
def test_a_vote_that_says_nothing_is_answered_in_words(at_helene, julien, ask, text_of, sent):
    post = ask(julien)
    response = at_helene.post(f"/p/{post.ulid}/voter/", sent, follow=True)
    assert response.status_code == 200 and not Vote.objects.exists()
    assert any(words in text_of(response) for words in ("Choisissez", "n’est pas proposé", "qu’une réponse"))


def test_a_poll_is_a_form_and_then_its_results(at_helene, julien, ask, text_of):
    post = ask(julien)
    page = text_of(at_helene.get(post.path))
    assert page.count('type="radio"') == 3 and "<progress" not in page
    response = at_helene.post(f"/p/{post.ulid}/voter/", {"choix": "1"}, follow=True)
    page = text_of(response)
    assert "Votre vote est compté." in page and 'type="radio"' not in page
    assert "1 voix" in page and "100 %" in page and "votre choix" in page and "1 personne a voté." in page


def test_several_choices_are_boxes(at_helene, at_julien, julien, ask, text_of):
    post = ask(julien, multiple=True)
    assert text_of(at_helene.get("/")).count('type="checkbox"') == 3
    at_helene.post(f"/p/{post.ulid}/voter/", {"choix": ["0", "2"]})
    page = text_of(at_julien.get(post.path))
    assert page.count("100 %") == 2 and "votre choix" not in page and "1 personne a voté." in page


def test_hidden_results_are_not_on_the_page(at_helene, julien, ask, text_of):
    post = ask(julien, hide_totals=True)
    at_helene.post(f"/p/{post.ulid}/voter/", {"choix": "1"})
    page = text_of(at_helene.get(post.path))
    assert "voix" not in page and "Les résultats seront montrés à la fin." in page


def test_the_end_is_told_in_words(at_julien, at_helene, julien, ask, work, later, text_of):
    post = ask(julien)
    at_helene.post(f"/p/{post.ulid}/voter/", {"choix": "1"})
    later(days=1, seconds=1)
    work()
    assert "Votre sondage est terminé" in text_of(at_julien.get("/notifications/"))
    page = text_of(at_helene.get("/notifications/"))
    assert "Le sondage de Julien Mercier auquel vous avez répondu est terminé" in page and post.path in page
    assert "Sondage terminé" in text_of(at_helene.get(post.path))


def test_a_warning_is_read_first(at_helene, julien, publish, text_of):
    post = publishing.publish(julien, Draft("Une main coupée", title="Blessure"), Reach("organisation"))
    page = text_of(at_helene.get(post.path))
    before, _, after = page.partition('<details class="disc">')
    assert "Blessure" in before and "main coupée" not in before.partition("<body")[2]
    assert "Une main coupée" in after.partition("</details>")[0]


def test_sensitive_pictures_are_opened_first(at_helene, julien, text_of):
    photo = media.take_image(julien, "p.png", picture(), "une plaie")
    post = publishing.publish(julien, Draft("Voici", attachments=(photo,), sensitive=True), Reach("organisation"))
    page = text_of(at_helene.get(post.path))
    before, _, after = page.partition("Montrer les pièces jointes")
    assert "Voici" in before and photo.path not in before and photo.path in after


def test_an_edit_of_the_words_leaves_the_warning(at_julien, julien):
    post = publishing.publish(julien, Draft("Aïe", title="Blessure"), Reach("organisation"))
    at_julien.post(f"/p/{post.ulid}/modifier/", {"text": "Ouille"})
    post = Post.objects.get()
    assert (post.source, post.title, post.sensitive) == ("Ouille", "Blessure", True)


def test_a_message_has_no_title(at_julien):
    sent = {"kind": "note", "title": "Oubliée là", "text": "Bonjour", "audience": "organisation"}
    assert at_julien.post("/publier/", sent).status_code == 303
    assert (Post.objects.get().title, Post.objects.get().sensitive) == ("", False)
