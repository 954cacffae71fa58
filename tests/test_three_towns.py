"""Three real towns, A and B partners, C not: C obtains nothing of A, signed or not; nor does B once it is put off."""

from typing import NamedTuple

import pytest

from tests.towns import Town, befriend

pytestmark = pytest.mark.slow
ASK = """
from actors import directory
from federation import http
from federation.errors import FederationError
def ask(url, accept):
    try:
        found = http.get(url, accept=accept, signer_key=directory.our_key())
        return [found.status, found.body.decode("latin-1")]
    except FederationError as error:
        return [0, type(error).__name__]
def look_up(name):
    try:
        return directory.by_address(name).name
    except FederationError as error:
        return type(error).__name__
"""
WRITE = """
import io
from PIL import Image
from actors import following
from outbox import media, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
julien = Actor.objects.get(local=True, handle="julien.mercier")
picture = io.BytesIO()
Image.new("RGB", (80, 60), "#1C6B3C").save(picture, "PNG")
photo = media.take_image(julien, "canari.png", picture.getvalue(), "canari sur la photo")
words = "canari #canari"
post = publishing.publish(julien, Draft(words, "article", "canari en titre", attachments=(photo,)), Reach("REACH"))
reply = publishing.publish(julien, Draft("canari en réponse"), Reach("REACH"), post)
print(post.ulid, reply.ulid, photo.ulid, julien.ulid, sep="|")
"""
# How A puts B off; a revocation, once there is one, stands beside.
PUT_OFF = {
    "suspend": "from federation import peers; peers.suspend(Peer.objects.get(host={host!r}))",
    "revoke": "from actors import partnerships; partnerships.revoke(Peer.objects.get(host={host!r}), 'fin')",
}
BACK = """
from federation import peers
for peer in Peer.objects.filter(state="suspended"):
    peers.resume(peer)
"""
REFUSED = (0, 401, 403, 404)
SIGN_IN = 'name="password"'  # where a page leads whoever has no session
PLAIN = "text/html, image/*, */*"
AP = "application/activity+json"


class Three(NamedTuple):
    aubin: Town
    vernay: Town
    montclar: Town


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Montclar has put Saint-Aubin on its own list; Saint-Aubin never heard of Montclar."""
    folder = tmp_path_factory.mktemp("three")
    found = Three(*(Town(name, folder / name) for name in ("saint-aubin", "vernay", "montclar")))
    try:
        befriend(found.aubin, found.vernay)
        found.montclar.setup("Ville de Montclar", "Montclar", "210303030", ["Mallory Petit"])
        found.montclar.start()
        found.montclar.sh(f"call_command('peers', 'add', {found.aubin.host!r})")
        for town in (found.vernay, found.montclar):
            town.sh(ASK)
        yield found
    finally:
        for town in found:
            town.stop()


@pytest.fixture(scope="module")
def canary(towns):
    """A post of Julien's for all partners, which Vernay received."""
    post, reply, photo, julien = towns.aubin.sh(WRITE.replace("REACH", "partners")).splitlines()[-1].split("|")
    towns.vernay.wait_until(f"Post.objects.filter(uri__endswith={post!r}).exists()", 60)
    actor = f"/ap/actors/{julien}"
    documents = [f"/ap/objects/{post}", f"/ap/objects/{post}/replies", f"/ap/activities/{post}", f"/ap/objects/{reply}"]
    documents += [f"{actor}/{name}" for name in ("outbox", "followers", "following", "featured")]
    documents += [f"{actor}/followers_synchronization", "/ap/instance/followers", "/ap/instance/directory"]
    pages = [f"/p/{post}/", f"/p/{post}/historique/", "/sujets/canari/", "/personnes/?q=julien", "/"]
    files = [f"/medias/{photo}/", f"/medias/{photo}/?taille=vignette", f"/portraits/{julien}/"]
    return {"actor": actor, "documents": documents, "pages": pages, "files": files, "post": post, "photo": photo}


def signed(town, aubin, path, accept=AP):
    return town.ask(f"ask({aubin.url + path!r}, {accept!r})")


def test_a_partner_obtains_what_is_for_partners(towns, canary):
    """Otherwise what follows would prove nothing."""
    found = {path: signed(towns.vernay, towns.aubin, path) for path in canary["documents"]}
    assert {status for status, _ in found.values()} == {200}
    assert "canari" in found[canary["documents"][0]][1]
    assert "Julien" in signed(towns.vernay, towns.aubin, canary["actor"])[1]
    assert signed(towns.vernay, towns.aubin, canary["files"][0], PLAIN)[0] == 200
    assert towns.vernay.ask(f"look_up('@julien.mercier@{towns.aubin.host}')") == "Julien Mercier"


def obtains_nothing(town, aubin, canary):
    for path in (canary["actor"], *canary["documents"], *canary["pages"], *canary["files"]):
        for accept in (AP, PLAIN):
            status, body = signed(town, aubin, path, accept)
            assert status in (*REFUSED, 406) or SIGN_IN in body, (path, status)
            assert not [word for word in ("canari", "Julien", canary["photo"]) if word in body and word not in path], (
                path
            )


def test_a_house_that_is_not_on_the_list_obtains_nothing_by_its_signature(towns, canary):
    obtains_nothing(towns.montclar, towns.aubin, canary)
    for path in canary["documents"]:
        assert signed(towns.montclar, towns.aubin, path)[0] == 403


def test_nobody_obtains_anything_without_a_signature(towns, canary):
    for path in (*canary["documents"], *canary["pages"], *canary["files"]):
        status, body = towns.aubin.call("GET", path, headers={"accept": AP})
        assert status in (*REFUSED, 302, 406), (path, status)
        assert b"canari" not in body and b"Julien" not in body, path
    status, body = towns.aubin.call("GET", canary["actor"], headers={"accept": AP})
    assert status == 200 and b"publicKey" in body
    assert not [word for word in (b"Julien", b"icon", b"summary", b"outbox", b"followers") if word in body]


def test_it_finds_nobody_and_keeps_nobody(towns, canary):
    """Not by a handle, nor by searching, nor in its database: only the instance actor, which is public."""
    assert towns.montclar.ask(f"look_up('@julien.mercier@{towns.aubin.host}')") == "NotFetched"
    assert towns.montclar.ask("[each.name for each in directory.search('julien')]") == []
    there = f"list(Actor.objects.filter(host={towns.aubin.host!r}).values_list('kind', flat=True))"
    assert towns.montclar.ask(there) == ["Application"]
    assert towns.montclar.ask("Post.objects.count()") == 0


def test_its_letters_are_refused(towns, canary):
    towns.montclar.sh(
        f"""
        from actors import following
        from federation import delivery
        mallory = Actor.objects.get(local=True, handle="mallory.petit")
        like = {{"@context": "https://www.w3.org/ns/activitystreams", "id": f"{{mallory.uri}}/likes/1", "type": "Like",
                 "actor": mallory.uri, "object": {towns.aubin.url + canary["documents"][0]!r}}}
        delivery.send(like, [{towns.aubin.url + "/ap/inbox"!r}], mallory.uri)
        """
    )
    row = f"Delivery.objects.filter(host={towns.aubin.host!r}, answer='403').exists()"
    towns.montclar.wait_until(row, 60)
    kept = "Receipt.objects.filter(actor__host__startswith='montclar').count()"
    assert towns.aubin.ask(f"[Like.objects.count(), {kept}]") == [0, 0]


@pytest.mark.row(89)
@pytest.mark.parametrize("way", PUT_OFF)
def test_a_partner_that_is_put_off_obtains_nothing_any_more(towns, canary, way):
    """Last, since it ends the partnership: no fetch, no delivery, no reading of what came from there."""
    towns.aubin.sh(BACK)
    vernay = towns.vernay.sh(
        """
        from outbox import publishing
        from outbox.audience import Reach
        lucie = Actor.objects.get(local=True, handle="lucie.ferrand")
        print(publishing.publish(lucie, publishing.Draft("de Vernay"), Reach("partners")).uri)
        """
    ).splitlines()[-1]
    towns.aubin.wait_until(f"Post.objects.filter(uri={vernay!r}).exists()", 60)
    readable = f"__import__('outbox.posts').posts.readable_by(julien).filter(uri={vernay!r}).exists()"
    assert towns.aubin.ask(readable)
    towns.aubin.sh(PUT_OFF[way].format(host=towns.vernay.host))
    obtains_nothing(towns.vernay, towns.aubin, canary)
    assert not towns.aubin.ask(readable)
    after = towns.aubin.sh(WRITE.replace("REACH", "partners")).splitlines()[-1].split("|")[0]
    towns.aubin.wait_until("not Delivery.objects.filter(host=settings.HOST, state='waiting').exists()", 60)
    owed = f"Delivery.objects.filter(dispatch__object_uri__endswith={after!r}, host={towns.vernay.host!r})"
    assert towns.aubin.ask(f"{owed}.filter(state='sent').count()") == 0
    assert not towns.vernay.ask(f"Post.objects.filter(uri__endswith={after!r}).exists()")
