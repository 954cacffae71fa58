"""Files that applications send: through the door, in every way in which they ask."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT, encode_multipart

from actors import following
from outbox import publishing
from outbox.audience import Reach
from outbox.posts import Attachment
from outbox.publishing import Draft
from tests.instance.web.conftest import picture

V1, V2 = "/api/v1/media", "/api/v2/media"
LARGE = (2_500, 2_000)


def send(client, file=None, where=V2, **more):
    return client.post(where, {"file": file or picture(size=(400, 300)), **more})


def put(client, where, **said):
    return client.put(where, encode_multipart("xx", said), MULTIPART_CONTENT.replace("BoUnDaRyStRiNg", "xx"))


@pytest.mark.parametrize("where", [V1, V2])
def test_only_an_agents_token_with_the_right_scope_sends_files(api, client, julien, where):
    assert client.post(where).status_code == 401
    assert api(julien, "read").post(where).status_code == 403
    assert api(None).post(where).status_code == 403
    assert api(julien, "write:media").post(where, {"file": picture()}).status_code == 200


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Joignez un fichier"),
        (SimpleUploadedFile("a.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 40, "video/mp4"), "vidéos"),
        (SimpleUploadedFile("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40, "image/heic"), "HEIC"),
        (SimpleUploadedFile("a.zip", b"PK\x03\x04\0", "application/zip"), "document accepté"),
        (SimpleUploadedFile("a.txt", b"x" * 20_000_001, "text/plain"), "la limite est 20 Mo"),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(api, julien, file, sentence):
    answer = api(julien).post(V2, {"file": file} if file else {"file": "text"})
    assert answer.status_code == 422 and sentence in answer.json()["error"]
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("focus", ["1", "a,b", "1,2,3", "nan,0", "inf,0"])
def test_a_focus_that_is_none_is_refused_and_nothing_is_kept(api, julien, focus):
    assert send(api(julien), focus=focus).status_code == 422
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("where", [V1, V2])
def test_a_picture_is_described_and_can_be_fetched_without_a_session(api, client, julien, where):
    said = send(api(julien), where=where, description="Un rosier", focus="0.5,-0.25").json()
    assert (said["type"], said["description"]) == ("image", "Un rosier") and said["blurhash"]
    assert said["meta"]["original"] == {"width": 400, "height": 300, "size": "400x300", "aspect": 1.3333}
    assert said["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    for name in ("url", "preview_url"):
        assert client.get(said[name]).status_code == 200
    assert said["remote_url"] is None and said["preview_remote_url"] is None and said["text_url"] is None


def test_a_large_picture_has_its_address_once_it_is_prepared(api, client, julien, work):
    at_julien = api(julien)
    sent = send(at_julien, picture("p.jpg", LARGE, "JPEG"), description="Le marché")
    said = sent.json()
    assert sent.status_code == 202 and said["url"] is said["preview_url"] is None
    assert at_julien.get(f"{V1}/{said['id']}").status_code == 206
    work()
    again = at_julien.get(f"{V1}/{said['id']}")
    assert again.status_code == 200 and again.json()["meta"]["original"]["width"] == 1_600
    assert client.get(again.json()["url"]).status_code == 200 and again.json()["description"] == "Le marché"


def test_applications_that_do_not_ask_again_wait_for_a_large_picture(api, client, julien):
    said = send(api(julien), picture("p.jpg", LARGE, "JPEG"), V1)
    assert said.status_code == 200 and client.get(said.json()["url"]).status_code == 200


def test_what_could_not_be_prepared_is_said_in_a_sentence(api, julien, work):
    whole = picture("p.png", LARGE).read()
    said = send(api(julien), SimpleUploadedFile("p.png", whole[: len(whole) // 2], "image/png"))
    work()
    answer = api(julien).get(f"{V1}/{said.json()['id']}")
    assert answer.status_code == 422 and "préparée" in answer.json()["error"]


def test_a_document_is_a_file_of_unknown_type_under_its_name(api, client, julien):
    said = send(api(julien), SimpleUploadedFile("fiche.pdf", b"%PDF-1.7 x", "application/pdf")).json()
    assert (said["type"], said["description"], said["meta"]) == ("unknown", "fiche.pdf", {})
    assert "fiche.pdf" in client.get(said["url"]).headers["Content-Disposition"]


def test_nobody_sees_changes_or_removes_what_another_sent(api, julien, helene):
    where = f"{V1}/{send(api(julien)).json()['id']}"
    at_helene = api(helene)
    answers = [at_helene.get(where), put(at_helene, where, description="x"), at_helene.delete(where)]
    absent = [at_helene.get(f"{V1}/999999"), put(at_helene, f"{V1}/999999"), at_helene.delete(f"{V1}/999999")]
    assert [each.status_code for each in answers] == [404, 404, 404]
    assert [each.content for each in answers] == [each.content for each in absent]


def test_what_a_post_carries_shows_to_its_readers_and_is_not_changed_apart_from_it(api, julien, helene):
    where = f"{V1}/{send(api(julien)).json()['id']}"
    publishing.publish(julien, Draft("Voici", attachments=(Attachment.objects.get(),)), Reach("organisation"))
    assert api(helene).get(where).status_code == 200
    assert [put(api(julien), where, description="x").status_code, api(julien).delete(where).status_code] == [404, 404]
    following.block(julien, helene)
    assert api(helene).get(where).status_code == 404


def test_a_description_and_a_focus_are_changed_before_publishing_and_a_file_is_given_up(api, julien):
    at_julien = api(julien)
    where = f"{V1}/{send(at_julien, description='Avant').json()['id']}"
    assert put(at_julien, where, focus="-1,1").json()["description"] == "Avant"
    said = put(at_julien, where, description="").json()
    assert said["description"] is None and said["meta"]["focus"] == {"x": -1.0, "y": 1.0}
    assert at_julien.delete(where).json() == {} and at_julien.get(where).status_code == 404


def test_a_status_with_a_file_that_is_asked_twice_by_one_key_is_one(api, julien):
    mine = api(julien)
    said = {"status": "Au parc", "media_ids": [send(mine).json()["id"]]}
    first, again = (
        mine.post("/api/v1/statuses", said, content_type="application/json", headers={"Idempotency-Key": "une"})
        for _ in range(2)
    )
    assert first.status_code == again.status_code == 200 and first.json()["id"] == again.json()["id"]
    for key in ("une autre", ""):
        asked = {"Idempotency-Key": key} if key else {}
        assert mine.post("/api/v1/statuses", said, content_type="application/json", headers=asked).status_code == 422
