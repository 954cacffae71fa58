"""Sealed addresses show a picture to the one reader they were made for, as long as she may read what it hangs from."""

import pytest
from django.utils.timezone import now

from actors import following, pictures, portraits
from actors.models import Actor
from instance import media_links
from outbox import media, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.instance.web.conftest import picture

DAY = 86_400


@pytest.fixture
def photo(julien, aubin):
    """In a post for the whole house."""
    image = media.take_image(julien, "a.png", picture(size=(900, 700)).read(), "Un rosier")
    publishing.publish(julien, Draft("Regardez", attachments=(image,)), Reach("organisation"))
    return image


def body(response):
    return b"".join(response.streaming_content)


def test_a_sealed_address_shows_its_picture_without_a_session(client, helene, photo):
    whole = client.get(media_links.url(photo, helene))
    small = client.get(media_links.url(photo, helene, "small"))
    assert whole.status_code == small.status_code == 200 and len(body(small)) < len(body(whole))
    assert whole.headers["Access-Control-Allow-Origin"] == "*"
    assert whole.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert whole.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert whole.headers["X-Content-Type-Options"] == "nosniff" and "private" in whole.headers["Cache-Control"]


def test_the_same_picture_with_a_session_is_for_our_own_pages_only(sign_in, helene, photo):
    assert "Access-Control-Allow-Origin" not in sign_in(helene).get(photo.path).headers


@pytest.mark.parametrize(
    "alter",
    [
        lambda url, helene, julien: url.replace(f"pour={helene.pk}&", f"pour={julien.pk}&"),
        lambda url, helene, julien: url.replace("?pour", "?taille=vignette&pour"),
        lambda url, helene, julien: url[:-1] + ("A" if url[-1] != "A" else "B"),
        lambda url, helene, julien: url.replace("fin=", "fin=9"),
        lambda url, helene, julien: url.split("sceau=")[0] + "sceau=",
        lambda url, helene, julien: url.split("sceau=")[0] + "sceau=%C3%A9%FF",
        lambda url, helene, julien: url.split("?")[0] + "?sceau=",
        lambda url, helene, julien: url + f"&pour={julien.pk}",
    ],
)
def test_an_altered_address_opens_nothing_even_with_a_session(client, sign_in, helene, julien, photo, alter):
    url = alter(media_links.url(photo, helene), helene, julien)
    assert [client.get(url).status_code, sign_in(helene).get(url).status_code] == [404, 404]


def test_the_seal_of_one_picture_opens_no_other(client, helene, julien, photo):
    other = media.take_image(julien, "b.png", picture().read())
    publishing.publish(julien, Draft("Autre", attachments=(other,)), Reach("organisation"))
    assert client.get(media_links.url(photo, helene).replace(photo.ulid, other.ulid)).status_code == 404
    portraits.keep(julien, pictures.portrait(picture().read()))
    sealed = media_links.url(photo, helene).partition("?")[2]
    assert client.get(f"/portraits/{julien.ulid}/?{sealed}").status_code == 404


def test_an_address_opens_for_a_day_at_least_and_two_at_most(client, helene, photo, monkeypatch):
    begun = 20_000 * DAY + 5_000
    monkeypatch.setattr(media_links, "time", lambda: begun)
    url = media_links.url(photo, helene)
    for seconds, status in ((DAY, 200), (2 * DAY - 5_001, 200), (2 * DAY, 404)):
        monkeypatch.setattr(media_links, "time", lambda later=begun + seconds: later)
        assert client.get(url).status_code == status, seconds


def test_an_address_stays_the_same_all_day(helene, photo, monkeypatch):
    made = set()
    for seconds in (0, 40_000, DAY - 1):
        monkeypatch.setattr(media_links, "time", lambda at=20_000 * DAY + seconds: at)
        made.add(media_links.url(photo, helene))
    assert len(made) == 1


def test_an_address_that_was_made_before_opens_nothing_once_its_reader_may_not_read(client, helene, julien, photo):
    url = media_links.url(photo, helene)
    assert client.get(url).status_code == 200
    following.block(julien, helene)
    assert client.get(url).status_code == 404
    following.unblock(julien, helene)
    assert client.get(url).status_code == 200
    publishing.withdraw(julien, publishing.Post.objects.get())
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("change", ["suspended_at", "gone_at"])
def test_an_address_opens_nothing_once_its_reader_left_or_was_suspended(client, helene, photo, change):
    url = media_links.url(photo, helene)
    Actor.objects.filter(pk=helene.pk).update(**{change: now()})
    assert client.get(url).status_code == 404


def test_a_seal_gives_no_right_to_read(client, aubin, helene, julien):
    image = media.take_image(julien, "a.png", picture().read())
    publishing.publish(julien, Draft("Pour nous", attachments=(image,)), Reach("service", service=aubin.green.actor))
    assert client.get(media_links.url(image, helene)).status_code == 404
    assert client.get(media_links.url(image, julien)).status_code == 200


def test_what_is_sealed_for_someone_of_another_house_opens_nothing(client, julien, lucie):
    image = media.take_image(julien, "a.png", picture().read())
    publishing.publish(julien, Draft("Voyez", attachments=(image,)), Reach("partners"))
    assert client.get(media_links.url(image, lucie)).status_code == 404


def test_a_portrait_shows_by_its_sealed_address_and_by_no_other(client, helene, julien):
    portraits.keep(julien, pictures.portrait(picture().read()))
    url = media_links.portrait(julien, helene)
    shown = client.get(url)
    assert shown.status_code == 200 and shown.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(url.replace(julien.ulid, helene.ulid)).status_code == 404
    assert client.get(url.replace("sceau=", "sceau=x")).status_code == 404


def test_a_document_is_kept_under_its_name_by_its_sealed_address_too(client, helene, julien):
    paper = media.take_document(julien, "fiche.pdf", b"%PDF-1.7 x")
    publishing.publish(julien, Draft("Voici", attachments=(paper,)), Reach("organisation"))
    shown = client.get(media_links.url(paper, helene))
    assert shown.headers["Content-Disposition"] == 'attachment; filename="fiche.pdf"'


def test_whoever_has_no_portrait_has_everybodys(settings, helene, julien):
    assert media_links.portrait(julien, helene) == f"{settings.ORIGIN}/static/portrait.png"
    portraits.keep(julien, pictures.portrait(picture().read()))
    assert media_links.portrait(julien, None) == f"{settings.ORIGIN}/static/portrait.png"
    assert media_links.banner() == f"{settings.ORIGIN}/static/banner.png"
