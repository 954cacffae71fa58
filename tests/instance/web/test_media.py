"""Pictures and documents are shown to whoever may read what they hang from."""

import pytest

from actors import following, portraits
from actors.models import Actor, Attempt
from outbox import media, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.instance.web.conftest import picture


@pytest.fixture
def photo(julien, aubin):
    """In a post for Julien's service."""
    image = media.take_image(julien, "a.png", picture(size=(900, 700)).read(), "Un rosier")
    reach = Reach("service", service=aubin.green.actor)
    publishing.publish(julien, Draft("Regardez", attachments=(image,)), reach)
    return image


def ask(client, house, path, signer=None):
    """What a neighbour gets when it asks with its signature."""
    headers = house.sign("GET", path, None, signer or house.house, "localhost:8000")
    return client.get(path, headers=headers)


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.row(80)
def test_a_photo_shows_to_those_who_read_its_post(at_julien, photo):
    whole, small = at_julien.get(photo.path), at_julien.get(f"{photo.path}?taille=vignette")
    assert whole.status_code == small.status_code == 200
    assert len(body(small)) < len(body(whole))
    assert whole.headers["Content-Type"] == "image/webp" and whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" not in whole.headers["Cache-Control"] and "private" in whole.headers["Cache-Control"]


@pytest.mark.row(87)
def test_a_photo_that_is_not_for_me_answers_like_one_that_does_not_exist(at_helene, client, photo):
    answers = [at_helene.get(photo.path), at_helene.get("/medias/01ZZZZZZZZZZZZZZZZZZZZZZZZ/"), client.get(photo.path)]
    assert [each.status_code for each in answers] == [404, 404, 404]


def test_a_photo_is_its_owners_alone_before_it_is_published(at_julien, at_helene, julien):
    image = media.take_image(julien, "a.png", picture().read())
    assert at_julien.get(image.path).status_code == 200
    assert at_helene.get(image.path).status_code == 404


@pytest.mark.row(87)
def test_a_neighbour_fetches_the_photo_of_what_it_was_sent_and_no_other(client, julien, vernay, stranger, photo):
    image = media.take_image(julien, "b.png", picture().read(), "Une allée")
    publishing.publish(julien, Draft("Voyez", attachments=(image,)), Reach("partners"))
    assert ask(client, vernay, image.path).status_code == 200
    assert ask(client, vernay, photo.path).status_code == 404
    assert ask(client, stranger, image.path).status_code == 404


def test_a_signature_for_another_path_opens_nothing(client, julien, vernay):
    image = media.take_image(julien, "b.png", picture().read(), "Une allée")
    publishing.publish(julien, Draft("Voyez", attachments=(image,)), Reach("partners"))
    headers = vernay.sign("GET", "/medias/autre/", None, vernay.house, "localhost:8000")
    assert client.get(image.path, headers=headers).status_code == 404


def test_a_document_is_kept_under_its_name_and_never_shown_in_the_page(at_julien, julien):
    paper = media.take_document(julien, "fiche réglage.pdf", b"%PDF-1.7 x")
    publishing.publish(julien, Draft("Voici", attachments=(paper,)), Reach("organisation"))
    response = at_julien.get(paper.path)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "fiche%20r%C3%A9glage.pdf" in response.headers["Content-Disposition"]


def test_a_photo_goes_with_its_post(at_julien, julien, photo, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publishing.withdraw(julien, photo.post or publishing.Post.objects.get())
    assert at_julien.get(photo.path).status_code == 404
    assert not photo.file.storage.exists(photo.file.name)


def test_a_portrait_shows_to_colleagues_and_to_partners_only(client, at_helene, julien, vernay, stranger):
    portraits.keep(julien, media_portrait())
    assert at_helene.get(julien.avatar_url).status_code == 200
    assert client.get(julien.avatar_url).status_code == 404
    assert ask(client, vernay, f"/portraits/{julien.ulid}/").status_code == 200
    assert ask(client, stranger, f"/portraits/{julien.ulid}/").status_code == 404


def test_a_portrait_is_not_for_whom_its_owner_blocked(client, julien, vernay, lucie):
    portraits.keep(julien, media_portrait())
    following.block(julien, lucie)
    assert ask(client, vernay, f"/portraits/{julien.ulid}/", vernay.lucie).status_code == 404


def test_the_portrait_of_a_neighbour_is_fetched_once_with_our_signature(at_julien, vernay, lucie):
    vernay.documents["/lucie.png"] = ("image/png", picture(size=(500, 300)).read())
    lucie.icon_url = f"{vernay.origin}/lucie.png"
    lucie.save()
    answers = [at_julien.get(f"/portraits/{lucie.ulid}/") for _ in range(2)]
    assert [each.headers["Content-Type"] for each in answers] == ["image/webp", "image/webp"]
    asked = [headers for path, headers in vernay.asked if path == "/lucie.png"]
    assert len(asked) == 1 and "signature" in asked[0]


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b""])
def test_what_is_not_a_portrait_is_not_shown_and_not_asked_again_at_once(at_julien, vernay, lucie, content):
    vernay.documents["/lucie.png"] = ("image/svg+xml", content)
    lucie.icon_url = f"{vernay.origin}/lucie.png"
    lucie.save()
    assert [at_julien.get(f"/portraits/{lucie.ulid}/").status_code for _ in range(3)] == [404, 404, 404]
    assert len([path for path, _headers in vernay.asked if path == "/lucie.png"]) == 1


def test_a_huge_portrait_of_a_neighbour_is_not_drawn_while_a_page_waits(at_julien, vernay, lucie):
    """A JPEG is read small; what must be read in full before it is made small has few points."""
    for name, kind, size, status in (
        ("a.png", "PNG", (2_500, 2_500), 404),
        ("b.png", "PNG", (1_500, 1_500), 200),
        ("c.jpg", "JPEG", (5_000, 5_000), 200),
        ("d.jpg", "JPEG", (7_000, 7_000), 404),
    ):
        vernay.documents[f"/{name}"] = ("image/png", picture(size=size, kind=kind).read())
        Actor.objects.filter(pk=lucie.pk).update(icon_url=f"{vernay.origin}/{name}", avatar="")
        Attempt.objects.all().delete()
        assert at_julien.get(f"/portraits/{lucie.ulid}/").status_code == status, name


def test_a_document_without_a_name_is_not_shown_in_the_page_either(at_julien, julien):
    paper = media.take_document(julien, "", b"%PDF-1.7 x")
    publishing.publish(julien, Draft("Voici", attachments=(paper,)), Reach("organisation"))
    assert at_julien.get(paper.path).headers["Content-Disposition"] == f'attachment; filename="{paper.ulid}.pdf"'


def test_our_drawn_map_is_for_everyone_and_those_of_neighbours_for_agents(client, at_julien, aubin, vernay):
    from actors.models import Organisation

    Organisation.objects.create(host=vernay.host, name="Vernay", short_name="Vernay")
    assert client.get("/plans/localhost:8000.svg").headers["Content-Type"] == "image/svg+xml"
    assert client.get(f"/plans/{vernay.host}.svg").status_code == 404
    assert at_julien.get(f"/plans/{vernay.host}.svg").status_code == 200
    assert at_julien.get("/plans/inconnue.example.svg").status_code == 404


def media_portrait():
    from actors import pictures

    return pictures.portrait(picture().read())
