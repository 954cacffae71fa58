"""Photos, documents, portraits and emoji in a bucket: read through the house by those who may, by nobody else."""

import io
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from actors import portraits
from federation.errors import MediaAway
from instance import unerased
from instance.bucket import Bucket
from instance.bucket_media import WINDOW
from instance.models import Unerased
from outbox import emoji, media, publishing, uploads
from outbox.audience import Reach
from outbox.models import Attachment
from outbox.publishing import Draft
from tests import servers
from tests.instance.web.conftest import picture
from tests.instance.web.test_media import body, media_portrait

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EVENING = timedelta(minutes=10)


@pytest.fixture
def photo(julien, aubin, shared):
    image = media.take_image(julien, "a.png", picture(size=(900, 700)).read(), "Un rosier")
    publishing.publish(julien, Draft("Regardez", attachments=(image,)), Reach("service", service=aubin.green.actor))
    return image


def names(bucket):
    return sorted(name for name, _ in bucket.listed())


def test_nobody_reads_a_photo_by_its_place_in_the_bucket(photo, address):
    stranger = Bucket(address, signed=False)
    for name in names(Bucket(address)):
        with pytest.raises(MediaAway, match="AccessDenied"):
            stranger.read(name)
    with pytest.raises(MediaAway, match="AccessDenied"):
        list(stranger.listed())
    with pytest.raises(NotImplementedError):
        photo.file.url  # noqa: B018


def test_who_may_not_read_a_photo_gets_the_same_404_as_for_none(photo, sign_in, helene, client):
    answers = [
        sign_in(helene).get(photo.path),
        sign_in(helene).get("/medias/01ZZZZZZZZZZZZZZZZZZZZZZZZ/"),
        client.get(photo.path),
    ]
    assert [each.status_code for each in answers] == [404, 404, 404]
    one, other = (
        re.sub(rb"\w{64}|/medias/\w{26}", b"", each.content) for each in answers[:2]
    )  # tokens, and what was asked
    assert one == other


def test_who_may_reads_it_through_the_house(photo, sign_in, julien, shared, settings):
    whole, small = (sign_in(julien).get(f"{photo.path}{query}") for query in ("", "?taille=vignette"))
    assert whole.status_code == small.status_code == 200
    found = body(whole)
    assert len(body(small)) < len(found) == int(whole.headers["Content-Length"]) == photo.size
    assert "Location" not in whole.headers and shared.address.host not in str(whole.headers)
    assert not list(settings.MEDIA_ROOT.glob("**/*"))


def test_what_is_withdrawn_goes_from_the_bucket_too(photo, julien, shared, django_capture_on_commit_callbacks):
    assert len(names(shared)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        publishing.withdraw(julien, publishing.Post.objects.get())
    assert names(shared) == []


def test_every_kind_of_file_comes_and_goes(julien, sign_in, shared):
    paper = media.take_document(julien, "fiche.pdf", b"%PDF-1.7 " + bytes(3 * WINDOW))
    assert body(sign_in(julien).get(paper.path)) == b"%PDF-1.7 " + bytes(3 * WINDOW)
    portraits.keep(julien, media_portrait())
    portraits.keep(julien, media_portrait())
    assert sign_in(julien).get(julien.avatar_url).status_code == 200
    emoji.add("pre", picture().read())
    assert sign_in(julien).get("/emojis/pre/").status_code == 200
    assert sorted(name.split("/")[0] for name in names(shared)) == ["avatars", "emoji", "files"]
    emoji.remove("pre")
    portraits.remove(julien)
    media.drop(paper)
    assert names(shared) == []


def test_a_large_picture_waits_in_the_bucket_until_it_is_drawn(julien, shared):
    row = uploads.take(julien, "grand.png", picture(size=(2500, 2500)).read())
    assert names(shared) == [uploads.raw(row)]
    uploads.draw_due()
    row.refresh_from_db()
    assert row.state == "kept" and sorted(name.split("/")[0] for name in names(shared)) == ["files", "thumbnails"]


def test_two_who_keep_the_same_file_at_once_do_not_share_it(julien, shared):
    """The one whose work came too late removes its own, and not the other's."""
    row = Attachment.objects.create(owner=julien, kind="image", name="a.png", state="waiting")
    mine, other = (Attachment.objects.get(pk=row.pk) for _ in range(2))
    for each in (mine, other):
        each.file.save(f"{row.ulid}.webp", ContentFile(b"x"), save=False)
    for each in (mine, other):
        media.settle(each)
    assert names(shared) == [Attachment.objects.get().file.name] == [mine.file.name]


def test_a_file_may_be_read_from_anywhere_in_it(shared):
    content = bytes(range(256)) * 9000
    default_storage.save("a", ContentFile(content))
    default_storage.save("vide", ContentFile(b""))
    with default_storage.open("a") as opened:
        opened.seek(WINDOW - 10)
        assert opened.read(20) == content[WINDOW - 10 : WINDOW + 10]
        opened.seek(-5, io.SEEK_END)
        assert opened.read() == content[-5:] and opened.read() == b""
        opened.seek(0)
        assert opened.read() == content
    with default_storage.open("vide") as opened:
        assert opened.read() == b""
    assert default_storage.size("a") == len(content) and default_storage.exists("vide")
    assert default_storage.listdir("") == ([], ["a", "vide"])


def test_a_file_that_is_not_there_is_a_404_and_a_bucket_that_is_away_is_not(
    photo, sign_in, julien, shared, away, settings
):
    reader = sign_in(julien)
    reader.raise_request_exception = False
    answer = reader.get(photo.path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    away()
    assert reader.get(photo.path).status_code == 200
    shared.delete(photo.file.name)
    assert reader.get(photo.path).status_code == 404


def test_what_was_to_be_erased_while_the_bucket_was_away_is_erased_later(photo, shared, away, time_machine):
    for file in (photo.file, photo.thumbnail):
        file.delete(save=False)
    assert len(names(shared)) == Unerased.objects.count() == 2
    time_machine.move_to(now() + EVENING, tick=True)
    assert unerased.erase_due() == 0 and not Unerased.objects.filter(due_at__lte=now()).exists()
    away()
    time_machine.move_to(now() + EVENING, tick=True)
    assert unerased.erase_due() == 2
    assert names(shared) == [] and not Unerased.objects.exists()


def test_a_photo_from_elsewhere_waits_for_the_bucket_and_is_no_try(vernay, lucie, shared, away, work):
    from outbox import fetched_media

    vernay.documents["/lac.png"] = ("image/png", picture().read())
    row = Attachment.objects.create(
        owner=lucie, kind="image", state="waiting", remote_url=f"{vernay.origin}/lac.png", name="lac.png"
    )
    fetched_media.fetch(row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0) and row.due_at > now()
    away()
    fetched_media.fetch(row)
    row.refresh_from_db()
    assert row.state == "kept" and row.file.name in names(shared)


def test_a_secret_is_in_no_word_and_no_log(shared, away, storage, caplog, capfd):
    with pytest.raises(MediaAway) as said:
        default_storage.open("a")
    assert str(said.value) == "SignatureDoesNotMatch"
    default_storage.delete("a")
    words = f"{said.getrepr()} {caplog.text} {capfd.readouterr()} {shared.address} {shared.address.shown}"
    assert "secret" not in words.replace("secret_", "") and "preau-essai" not in words


def test_a_house_with_its_media_on_its_disk_loads_nothing_for_buckets(tmp_path):
    asked = "import sys; print(sorted(name for name in sys.modules if 'obstore' in name or name == 'instance.bucket'))"
    env = servers.environment(
        PREAU_DEVELOPMENT="1", PREAU_DATA=str(tmp_path), DJANGO_SETTINGS_MODULE="instance.settings"
    )
    code = f"import django; django.setup(); import instance.wsgi, instance.urls; {asked}"
    done = subprocess.run([sys.executable, "-c", code], cwd=servers.ROOT, env=env, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
