"""What an agent reads first."""

import pytest

from actors import arrivals, following
from outbox import media, posts, publishing, reactions
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.instance.web.conftest import picture


def test_an_empty_home_says_where_to_begin(at_julien, text_of):
    page = text_of(at_julien.get("/"))
    assert "Bonjour Julien" in page and "Trouver des collègues" in page


def test_home_shows_what_the_house_writes_and_what_is_new(at_julien, helene, publish, text_of):
    publish(helene, "Grand froid lundi")
    page = text_of(at_julien.get("/"))
    assert "Grand froid lundi" in page and "Vous êtes à jour" in page and "Tout Saint-Aubin" in page


def test_each_timeline_holds_its_own(at_julien, julien, helene, publish, text_of):
    publish(helene, "Pour la maison")
    publish(julien, "Pour les serres", "service")
    publish(helene, "Pour les voisins", "partners")
    service, house, network = (
        text_of(at_julien.get(f"/?fil={name}")) for name in ("service", "collectivite", "partenaires")
    )
    assert "Pour les serres" in service and "Pour la maison" not in service
    assert "Pour la maison" in house
    assert "Pour les voisins" in network and "Pour la maison" not in network


def test_older_posts_are_one_link_away_with_and_without_script(at_julien, helene, publish, text_of):
    for number in range(25):
        publish(helene, f"Message numéro {number:02}")
    first = at_julien.get("/")
    assert first.content.decode().count("<article") == 20
    more = first.context["more"]
    assert "Vous êtes à jour" not in text_of(first) and more.startswith("/?avant=")
    whole, fragment = at_julien.get(more), at_julien.get(more, headers={"HX-Request": "true"})
    for response in (whole, fragment):
        assert response.content.decode().count("<article") == 5 and "Vous êtes à jour" in text_of(response)
    assert "<html" in whole.content.decode() and "<html" not in fragment.content.decode()


@pytest.mark.parametrize("page", ["?fil=inconnu", "?avant=n%27importe", "?avant=%F0%9F%8C%B3"])
def test_a_strange_address_is_no_accident(at_julien, page):
    assert at_julien.get(f"/{page}").status_code == 200


def test_home_with_twenty_posts_asks_fourteen_questions_at_most(
    at_julien, julien, helene, aubin, vernay, lucie, follows, publish, django_assert_max_num_queries
):
    bruno = arrivals.invite("Bruno Tessier", "", aubin.green).actor
    follows(julien, lucie)
    following.ask(julien, bruno)
    for number in range(20):
        author = (helene, bruno, julien)[number % 3]
        image = media.take_image(author, "a.png", picture().read(), "Un rosier")
        draft = Draft(f"Message {number} #jardin @helene.vasseur", attachments=(image,))
        post = publishing.publish(author, draft, Reach("organisation"))
        publishing.publish(julien, Draft("Merci"), Reach("organisation"), post)
        reactions.like(julien, posts.find(julien, post.ulid))
        reactions.boost(bruno, post)
    with django_assert_max_num_queries(14):
        response = at_julien.get("/")
    assert response.content.decode().count("<article") == 20


def test_a_first_visit_asks_for_a_password(at_julien, julien, text_of):
    assert "Choisissez un mot de passe" in text_of(at_julien.get("/"))


def test_words_are_escaped(at_julien, julien, publish):
    publish(julien, "<script>alert(1)</script> **gras**")
    page = at_julien.get("/").content.decode()
    assert "<script>alert" not in page and "<strong>gras</strong>" in page


@pytest.mark.row(69, 80)
def test_nothing_of_a_page_is_kept_by_a_cache_or_run_from_elsewhere(at_julien):
    headers = at_julien.get("/").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.row(83)
def test_a_subject_gathers_what_one_may_read(at_helene, julien, publish, text_of):
    publish(julien, "Taille des #rosiers")
    publish(julien, "Secret des #rosiers", "service")
    page = text_of(at_helene.get("/sujets/Rosiers/"))
    assert "Taille des" in page and "Secret" not in page
    assert "Rien sur ce sujet" in text_of(at_helene.get("/sujets/paillage/"))
