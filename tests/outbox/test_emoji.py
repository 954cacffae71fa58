"""The organisation's own emoji: small, drawn anew, named in texts, and told to the houses that read them."""

import io

import pytest
from PIL import Image

from federation.errors import Forbidden, NotHere
from outbox import documents, emoji, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db


def small(kind="PNG", size=(300, 200)):
    return picture(size=size, kind=kind)


@pytest.mark.parametrize("shortcode", ["", "a", "a" * 41, "Mairie", "hôtel", "a b", "a:b", "../x", "a\n"])
def test_a_short_name_has_few_signs(shortcode):
    with pytest.raises(Forbidden, match="nom court"):
        emoji.add(shortcode, small())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='x'/>", "image"),
        (b"x" * 256_001, "256 ko"),
        (picture("1", (3_000, 3_000), "PNG"), "points"),
    ],
)
def test_what_is_no_small_picture_is_refused(data, sentence):
    with pytest.raises(Forbidden, match=sentence):
        emoji.add("mairie", data)
    assert not emoji.every()


def test_a_name_is_borne_once_and_by_no_more_than_so_many(monkeypatch):
    emoji.add("mairie", small())
    with pytest.raises(Forbidden, match="déjà ce nom"):
        emoji.add("mairie", small())
    monkeypatch.setattr(emoji, "MOST", 1)
    with pytest.raises(Forbidden, match="1 émojis"):
        emoji.add("ecole", small())


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_it_is_drawn_anew_and_small(kind):
    row = emoji.add("mairie", small(kind))
    reread = Image.open(io.BytesIO(row.file.read()))
    assert (reread.format, reread.size) == ("PNG", (128, 85))


def test_a_text_names_those_that_there_are(django_assert_num_queries):
    mairie, ecole = emoji.add("mairie", small()), emoji.add("ecole_1", small())
    assert emoji.used("<p>:ecole_1: puis :mairie:, :mairie: et :autre:</p>") == [ecole, mairie]
    assert emoji.used("12:mairie:30, ::mairie::, a:mairie:") == []
    with django_assert_num_queries(0):
        assert emoji.used_in(["Bonjour", "à 12:30", "<a href='https://a.example'>"]) == [[], [], []]
    with django_assert_num_queries(1):
        assert emoji.used_in([":mairie:", "", ":ecole_1:"]) == [[mairie], [], [ecole]]


def test_other_houses_are_told_where_the_picture_is(client, julien, settings):
    row = emoji.add("mairie", small())
    post = publishing.publish(julien, Draft("Devant la :mairie:"), Reach("organisation"))
    (tag,) = [each for each in documents.post_document(post)["tag"] if each["type"] == "Emoji"]
    assert tag["name"] == ":mairie:" and tag["icon"]["url"] == f"{settings.ORIGIN}{row.path}"
    assert client.get(tag["icon"]["url"]).status_code == 200


def test_what_is_removed_is_gone_with_its_picture(client):
    row = emoji.add("mairie", small())
    path = row.path
    shown = client.get(path)
    assert shown.headers["Content-Type"] == "image/png" and shown.headers["Access-Control-Allow-Origin"] == "*"
    emoji.remove("mairie")
    assert client.get(path).status_code == 404 and emoji.used(":mairie:") == []
    with pytest.raises(NotHere):
        emoji.remove("mairie")
