"""What other kinds of servers publish reads as one of our own kinds, and its text says everything."""

import pytest

from outbox.kinds import BY_TYPE, KINDS
from outbox.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def reads(vernay, julien, arrives):
    """The post that a document of Lucie's becomes here."""

    def read(type, **said):
        note = vernay.note(vernay.lucie, [julien.uri]) | {"type": type} | said
        note = {key: value for key, value in note.items() if value is not None}
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, note)) == "handled"
        return Post.objects.get(uri=note["id"])

    return read


@pytest.mark.parametrize("type", sorted(BY_TYPE))
def test_every_type_reads_as_a_kind_that_we_draw(reads, type):
    post = reads(type, name="Le titre", content="<p>Le texte</p>")
    assert post.kind in KINDS
    assert post.title == "Le titre" and "<p>Le texte</p>" in post.html


@pytest.mark.parametrize("type", ["Relationship", "Tombstone", "Person", "Create", "", 7, None, ["Note", "Article"]])
def test_what_is_no_post_is_not_kept(vernay, julien, arrives, type):
    note = vernay.note(vernay.lucie, [julien.uri]) | {"type": type}
    assert arrives(vernay, vernay.activity("Create", vernay.lucie, note)) == "ignored"


def test_a_page_says_what_it_links_and_where_it_is(reads):
    attached = [{"type": "Link", "href": "https://a.example/?a=1&b=2", "name": 'Un "lien"'}, {"type": "Image"}, 7]
    html = reads("Page", name="Titre", url="https://b.example/post/1", attachment=attached).html
    assert '<a href="https://a.example/?a=1&amp;b=2" rel="nofollow noopener noreferrer">Un "lien"</a>' in html
    assert '<a href="https://b.example/post/1" rel="nofollow noopener noreferrer">Voir l’original</a>' in html


def test_a_film_leads_to_its_page_rather_than_to_its_file(reads):
    files = [{"type": "Link", "mimeType": "video/mp4", "href": "https://b.example/1.mp4"},
             {"type": "Link", "mediaType": "text/html", "href": "https://b.example/w/1"}]  # fmt: skip
    html = reads("Video", name="Film", content="**Gras** <script>", mediaType="text/markdown", url=files).html
    assert "https://b.example/w/1" in html and "1.mp4" not in html
    assert "<strong>Gras</strong>" in html and "<script" not in html
    assert "1.mp4" in reads("Audio", url=files[:1]).html


def test_a_poll_keeps_its_options(reads):
    options = [{"type": "Note", "name": "Oui"}, {"type": "Note", "name": "<b>Non</b>"}, {"name": 7}, "x"]
    post = reads("Question", content="<p>Alors ?</p>", oneOf=options, endTime="2026-12-01T12:00:00Z")
    assert (post.kind, post.html, post.is_poll) == ("question", "<p>Alors ?</p>", True)
    poll = post.details["poll"]
    assert (poll["options"], poll["multiple"], poll["ends_at"]) == (["Oui", "Non"], False, "2026-12-01T12:00:00+00:00")
    assert reads("Question", anyOf={"name": "Jeudi"}).details["poll"]["multiple"]
    assert not reads("Question", oneOf=[]).is_poll


def test_an_event_says_when_and_where(reads):
    place = {"type": "Place", "name": "Mairie", "address": {"streetAddress": "1 rue Haute", "addressLocality": "Dol"}}
    post = reads("Event", name="Conseil", startTime="2026-12-01T17:30:00Z", location=place)
    assert "Début : 01/12/2026 18:30" in post.html and "Fin" not in post.html
    assert "Lieu : Mairie, 1 rue Haute, Dol" in post.html
    assert "Lieu : Salle des fêtes, Dol" in reads("Event", location={"name": "Salle des fêtes", "address": "Dol"}).html
    assert "<ul>" not in reads("Event", location="https://b.example/place").html


@pytest.mark.parametrize("date", ["hier", 5, {}, "2026-13-45T00:00:00Z", "0001-01-01T00:00:00+23:59", None])
def test_an_event_at_an_odd_time_is_no_fault(reads, date):
    assert "<ul>" not in reads("Event", name="x", startTime=date, endTime=date).html
    assert "Début" in reads("Event", name="x", startTime="2026-12-01T17:30:00").html


def test_what_a_summary_adds_is_not_lost(reads):
    assert reads("Article", name="Titre", summary="Un résumé", content="<p>Texte</p>").html.startswith(
        "<p>Un résumé</p>"
    )
    again = reads(
        "Article", name="Titre", summary="Texte, avec un début […]", content="<p>Texte, avec un début, et</p>"
    )
    assert again.html == "<p>Texte, avec un début, et</p>"
    warned = reads("Note", summary="Attention <b>", content="<p>Texte</p>")
    assert (warned.title, warned.html) == ("Attention", "<p>Texte</p>")


def test_a_text_may_come_in_languages_only_or_plain(reads):
    contents = {"en": "<p>Hello</p>", "fr": "<p>Bonjour</p>"}
    assert reads("Note", content=None, contentMap=contents).html == "<p>Bonjour</p>"
    assert reads("Note", content=None, contentMap={"fr": 7, "en": "<p>Hello</p>"}).html == "<p>Hello</p>"
    assert reads("Note", content=None, contentMap=["x"]).html == ""
    assert reads("Note", content="a < b\nc", mediaType="text/plain; charset=utf-8").html == "<p>a &lt; b<br>c</p>"


def test_markdown_that_is_hard_to_read_takes_no_time(reads):
    import time

    began = time.monotonic()
    for hard in (
        "[" * 50_000,
        "*a_ " * 12_000,
        "`" * 49_999,
        "> " * 25_000,
        "![a](" * 10_000,
        "- " * 25_000,
        "http://[" * 1_875,
    ):
        reads("Video", content=hard, mediaType="text/markdown")
    assert time.monotonic() - began < 10
