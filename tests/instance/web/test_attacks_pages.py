"""What strangers and colleagues try through the pages (security rows 48, 66, 71, 76, 77, 83, 91 and 102)."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actors import directory
from actors.models import Actor
from inbox.models import Notification
from outbox import emoji
from outbox.models import Attachment, Like, Post
from tests.instance.web.conftest import picture
from tests.instance.web.test_odd_addresses import PLACES, ROUTES

AS2 = {"@context": "https://www.w3.org/ns/activitystreams", "id": "http://localhost:8000/x", "type": "Person"}


def send(browser, **more):
    return browser.post("/publier/", {"text": "Bonjour", "audience": "organisation", **more})


def finger(house, **change):
    link = {"rel": "self", "type": "application/activity+json", "href": house.lucie}
    jrd = {"subject": f"acct:lucie@{house.host}", "links": [link]} | change
    house.documents["/.well-known/webfinger"] = ("application/jrd+json", json.dumps(jrd).encode())


@pytest.mark.row(48)
@pytest.mark.parametrize(
    "change",
    [
        {"subject": "acct:lucie@{stranger}"},
        {"subject": "acct:maire@{vernay}"},
        {"subject": "acct:julien.mercier@localhost:8000"},
        {"links": []},
        {"links": [{"rel": "self", "type": "text/html", "href": "{vernay}/users/lucie"}]},
        {"links": [{"rel": "self", "type": "application/activity+json", "href": "http://{stranger}/users/mallory"}]},
    ],
)
def test_a_handle_is_believed_when_house_and_person_agree(at_julien, vernay, stranger, change):
    said = json.dumps(change).replace("{stranger}", stranger.host).replace("{vernay}", vernay.host)
    finger(vernay, **json.loads(said))
    page = at_julien.get("/personnes/", {"q": f"@lucie@{vernay.host}"}).content.decode()
    assert 'href="/personnes/lucie@' not in page and stranger.asked == []
    assert not Actor.objects.filter(domain=stranger.host).exists()
    finger(vernay)
    assert "Lucie" in at_julien.get("/personnes/", {"q": f"@lucie@{vernay.host}"}).content.decode()


@pytest.mark.row(48)
def test_a_handle_that_leads_to_a_colleague_of_another_name_is_not_hers(at_julien, vernay):
    maire = vernay.add_actor("maire")
    finger(vernay, links=[{"rel": "self", "type": "application/activity+json", "href": maire}])
    assert (
        'href="/personnes/lucie@' not in at_julien.get("/personnes/", {"q": f"@lucie@{vernay.host}"}).content.decode()
    )
    assert Actor.objects.get(uri=maire).handle == "maire"


@pytest.mark.row(31)
def test_no_address_in_a_query_is_ever_called(at_julien, client, stranger):
    """There is no proxy of pictures and no preview of links: nothing that a page is asked makes it call."""
    url = f"{stranger.origin}/x.png"
    query = dict.fromkeys(("url", "src", "image", "proxy", "href", "uri", "next", "taille", "q", "resource"), url)
    for route in ROUTES:
        for browser in (at_julien, client):
            browser.get(PLACES.sub("x", route), {**query, "file_type": f"png&proxy={url}"})
    assert stranger.asked == []


@pytest.mark.row(66)
@pytest.mark.parametrize("claim", ["127.0.0.1", "::1", "localhost", "192.0.2.7"])
def test_an_address_that_a_client_claims_opens_and_counts_for_nothing(client, julien, text_of, claim):
    """The proxy adds the address that it saw as the last one; what stood before is the client's own word."""
    for number in range(50):
        headers = {"X-Forwarded-For": f"{claim}, 10.0.0.{number}, 192.0.2.50"}
        client.post("/connexion/", {"login": f"agent{number}", "password": "x"}, headers=headers)
    last = client.post(
        "/connexion/", {"login": "agent", "password": "x"}, headers={"X-Forwarded-For": f"{claim}, 192.0.2.50"}
    )
    assert "Trop d’essais" in text_of(last)


@pytest.mark.row(66)
def test_whoever_does_not_come_through_the_proxy_claims_no_address(client, julien, text_of):
    for number in range(50):
        client.post(
            "/connexion/", {"login": f"agent{number}", "password": "x"}, REMOTE_ADDR="203.0.113.9",
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )  # fmt: skip
    last = client.post(
        "/connexion/",
        {"login": "agent", "password": "x"},
        REMOTE_ADDR="203.0.113.9",
        headers={"X-Forwarded-For": "192.0.2.99"},
    )
    assert "Trop d’essais" in text_of(last)


@pytest.mark.row(70)
def test_a_picture_for_a_word_is_put_nowhere(vernay, julien, at_julien, arrives):
    """Only the organisation's own are drawn, in running text alone; a neighbour's are words, and fill no attribute."""
    emoji.add("chat", picture().read())
    tag = [{"type": "Emoji", "name": ":chat:", "icon": {"type": "Image", "url": f"{vernay.origin}/' onerror='x"}}]
    text = '<p lang="fr">:chat: <a href="https://x.example/:chat:" title=":chat:">:chat:</a></p>'
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], text, tag=tag)) == "handled"
    page = at_julien.get("/").content.decode()
    assert 'href="https://x.example/:chat:"' in page and 'title=":chat:"' in page
    assert "onerror" not in page and "<p" in page and f"{vernay.origin}/'" not in page
    assert page.count('alt=":chat:"') == page.count(f'src="{emoji.find("chat").path}"') == 2


@pytest.mark.row(71)
@pytest.mark.parametrize("name", ["lucie.json", "page.html", "dessin.svg", "note.txt"])
def test_an_actor_or_a_page_that_is_uploaded_is_served_as_neither(at_julien, vernay, name):
    """As text that is saved, locked in a sandbox; as a picture it is refused."""
    data = json.dumps(AS2).encode() if name.endswith(("json", "txt")) else b"<svg onload=alert(1)></svg>"
    send(at_julien, photos=[SimpleUploadedFile(name, data, "image/png")])
    assert not Attachment.objects.exists()
    send(at_julien, documents=[SimpleUploadedFile(name, data, "application/activity+json")])
    answer = at_julien.get(Attachment.objects.get().path, headers={"accept": "application/activity+json"})
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.row(72)
def test_a_polyglot_is_drawn_again_and_a_playlist_is_no_picture(at_julien):
    both = picture().read() + b"<script>alert(1)</script>%PDF-1.7 PK\x03\x04"
    send(at_julien, photos=[SimpleUploadedFile("p.png", both, "image/png")])
    kept = Attachment.objects.get()
    assert kept.media_type == "image/webp" and b"script" not in kept.file.read()
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    magick = b"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'https://evil.example/x'\npop graphic-context"
    for data in (playlist, magick):
        send(at_julien, photos=[SimpleUploadedFile("film.png", data, "image/png")])
    assert Attachment.objects.count() == 1


@pytest.mark.row(74)
def test_a_photo_tells_nothing_of_where_it_was_taken(at_julien):
    from PIL import Image

    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010F] = "48.8566 Secret"
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif, comment=b"48.8566 Secret")
    assert b"Secret" in out.getvalue()
    send(at_julien, photos=[SimpleUploadedFile("p.jpg", out.getvalue(), "image/jpeg")])
    path = Attachment.objects.get().path
    for address in (path, f"{path}?taille=vignette"):
        assert b"Secret" not in b"".join(at_julien.get(address).streaming_content)


@pytest.mark.row(76)
@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/etc/x.pdf", "a\0b.pdf", "é" * 300, "."]
)
def test_a_file_is_kept_under_a_name_of_our_own(at_julien, settings, name):
    upload = SimpleUploadedFile("x.pdf", b"%PDF-1.7 x", "application/pdf")
    upload._name = name
    send(at_julien, documents=[upload])
    for kept in Attachment.objects.all():
        assert kept.file.name.rpartition("/")[2] == f"{kept.ulid}.pdf"
        assert kept.file.path.startswith(str(settings.MEDIA_ROOT))
        assert "\n" not in at_julien.get(kept.path).headers["Content-Disposition"]


@pytest.mark.row(77, 83)
def test_no_deed_nor_search_shows_what_one_may_not_read(at_helene, julien, publish, text_of):
    hidden = publish(julien, "canari #secret", "service")
    for deed in ("utile", "partager", "modifier", "retirer"):
        answer = at_helene.post(f"/p/{hidden.ulid}/{deed}/", {"text": "x"})
        assert (answer.status_code, b"canari" in answer.content) == (404, False)
    pages = ("/", "/notifications/", "/sujets/secret/", "/personnes/julien.mercier/", "/personnes/?q=canari")
    for page in (*pages, f"/p/{hidden.ulid}/", f"/p/{hidden.ulid}/historique/"):
        assert (
            "canari #" not in text_of(at_helene.get(page))
            and hidden.ulid not in at_helene.get(pages[0]).content.decode()
        )
    assert not Like.objects.exists() and not Notification.objects.exists()


@pytest.mark.row(81)
@pytest.mark.parametrize("audience", ["organisation", "partners", "public"])
def test_nothing_is_told_to_feeds_embeds_and_previews(client, julien, publish, settings, audience):
    """Whoever is not signed in is shown no post in any form."""
    settings.PUBLIC_POSTS = True
    post = publish(julien, "canari", audience)
    here = ("/", f"/p/{post.ulid}/", "/personnes/julien.mercier/", post.uri[21:], julien.outbox[21:])
    endings = ("", "feed", "rss", "feed.atom", "index.rss", "embed", "embed/", ".json", "?format=rss", "oembed")
    for path in [f"{start}{ending}" for start in here for ending in endings] + [
        f"/oembed?url={post.uri}",
        "/sitemap.xml",
    ]:
        for accept in ("text/html", "application/rss+xml", "application/json", "*/*"):
            answer = client.get(path, headers={"accept": accept})
            assert answer.status_code in (302, 401, 404, 406), path
            assert b"canari" not in answer.content


@pytest.mark.row(91)
def test_whoever_is_suspended_reads_and_does_nothing(at_julien, julien, helene, publish):
    post = publish(helene, "canari")
    assert b"canari" in at_julien.get("/").content
    Actor.objects.filter(pk=julien.pk).update(suspended_at="2026-01-01T00:00:00Z")
    for path in (
        "/",
        f"/p/{post.ulid}/",
        "/personnes/",
        "/notifications/",
        "/demandes/",
        "/voisins/",
        "/reglages/profil/",
    ):
        answer = at_julien.get(path)
        assert (answer.status_code, b"canari" in answer.content) == (403, False), path
    assert at_julien.post("/publier/", {"text": "x", "audience": "organisation"}).status_code == 403
    assert Post.objects.count() == 1


@pytest.mark.row(91)
def test_requests_and_parcels_of_another_are_not_hers_to_answer(at_helene, julien, vernay, follows):
    follow = follows(directory.find(vernay.lucie), julien)
    for answer in ("accepter", "refuser"):
        assert at_helene.post(f"/demandes/{follow.pk}/{answer}/").status_code == 404
    follow.refresh_from_db()
    assert follow.state == "accepted"


@pytest.mark.row(102)
@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", '"; DROP TABLE actors_actor; --', "*)(uid=*))(|(uid=*", "%", "_", "\\"]
)
def test_what_is_searched_is_words_and_never_a_command(at_julien, helene, words, text_of):
    page = at_julien.get("/personnes/", {"q": words})
    assert page.status_code == 200 and "Hélène Vasseur" not in text_of(page)
    assert at_julien.get(f"/sujets/{words}/").status_code in (200, 404)
    assert Actor.objects.filter(pk=helene.pk).exists()
