"""`preau night`: the whole of a night's work, what it would do, and files that nothing names."""

import io
import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, Grant

from actors import arrivals, portraits
from actors.models import SignInLink
from federation import hallway, night
from inbox import leftovers as own
from inbox.models import PushSubscription
from instance import applications, keep, leftovers, orphans
from instance.models import Application, SpentCode
from outbox import emoji, media, publishing, uploads
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.ages import MOMENT, aged
from tests.instance.web.test_media import media_portrait
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db
OLD = keep.WITHOUT_A_ROW + MOMENT


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path
    settings.MAINTENANCE = tmp_path / "maintenance"
    return settings.MEDIA_ROOT


def preau_night(*arguments):
    out = io.StringIO()
    call_command("night", *arguments, stdout=out)
    return out.getvalue().splitlines()


def put(root, name, age=OLD):
    path = Path(root) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    age_file(path, age)
    return path


def age_file(path, age=OLD):
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then))


def test_what_is_over_goes_and_is_counted_by_kind(julien):
    arrivals.sign_in_link(julien.agent)
    assert preau_night() == []
    aged(SignInLink.objects.all(), "expires_at", MOMENT)
    assert preau_night("--dry-run") == ["links: 1"] and SignInLink.objects.exists()
    assert preau_night() == ["links: 1"] and not SignInLink.objects.exists()


def test_the_night_of_an_installed_house_is_this_command():
    unit = (Path(__file__).parents[2] / "deploy/systemd/preau-night.service").read_text()
    assert re.findall("^ExecStart=.*manage.py (.*)$", unit, re.MULTILINE) == ["night"]


def test_a_house_that_is_closed_is_left_alone(julien, settings):
    put(settings.MEDIA_ROOT, "files/a.webp")
    arrivals.sign_in_link(julien.agent)
    aged(SignInLink.objects.all(), "expires_at", MOMENT)
    settings.MAINTENANCE.touch()
    assert hallway.at_rest() and "fermée" in preau_night()[0]
    assert SignInLink.objects.exists() and (Path(settings.MEDIA_ROOT) / "files/a.webp").exists()


def test_each_kind_of_row_has_its_chore_in_the_room_that_owns_it():
    assert set(night.CHORES) == {
        "links", "attempts", "mutes", "comparisons", "follows",
        "deliveries", "dispatches", "posts", "tombstones", "likes", "boosts", "uploads",
        "receipts", "notifications", "reports", "applications",
        "remarks", "endorsements", "featured tags", "scheduled", *(name for name, _, _ in own.OWN),
    }  # fmt: skip


class TestApplications:
    def test_one_that_holds_nothing_goes_after_a_month(self, application):
        old, young = application(), application()
        aged(Application.objects.all(), "created", leftovers.UNUSED + MOMENT)
        aged(Application.objects.filter(pk=young.pk), "created", leftovers.UNUSED - MOMENT)
        assert preau_night() == ["applications: 1"]
        assert Application.objects.get() == young != old

    def test_one_by_which_somebody_is_signed_in_stays_with_her_token_and_devices(self, julien, api):
        client = api(julien)
        token = AccessToken.objects.get()
        PushSubscription.objects.create(token=token, reader=julien, endpoint="https://push.test/1")
        aged(Application.objects.all(), "created", 9 * leftovers.UNUSED)
        assert preau_night() == []
        assert client.get("/api/v1/accounts/verify_credentials").status_code == 200

    def test_what_ends_with_a_token_goes_with_it_in_the_same_night(self, julien, application):
        app = application()
        applications.give(app, "read", julien.agent)
        applications.let_in(julien.agent, app, "https://phanpy.test/", ["read"])
        token = AccessToken.objects.get()
        SpentCode.objects.create(code_hash="x", token=token)
        PushSubscription.objects.create(token=token, reader=julien, endpoint="https://push.test/1")
        aged(AccessToken.objects.all(), "expires", MOMENT)
        aged(Grant.objects.all(), "expires", MOMENT)
        aged(Application.objects.all(), "created", leftovers.UNUSED + MOMENT)
        assert preau_night() == ["applications: 1"]
        for kind in (AccessToken, Grant, SpentCode, PushSubscription, Application):
            assert not kind.objects.exists()


class TestFiles:
    @pytest.fixture
    def named(self, julien, settings):
        """A file of each kind, each with its row, all of them old."""
        photo = media.take_image(julien, "a.png", picture())
        publishing.publish(julien, Draft("Un", attachments=(photo,)), Reach("organisation"))
        uploads.take(julien, "grand.png", picture(size=(2500, 2500)))
        portraits.keep(julien, media_portrait())
        emoji.add("pre", picture(size=(20, 20), kind="PNG"))
        files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
        assert {path.parent.name for path in files} == {"files", "thumbnails", "raw", "avatars", "emoji"}
        for path in files:
            age_file(path, 99 * OLD)
        return files

    def test_what_nothing_names_goes_once_it_is_old(self, named, settings):
        left = [put(settings.MEDIA_ROOT, name) for name in ("files/a.webp", "raw/01A", "avatars/b.webp.partielle")]
        young = put(settings.MEDIA_ROOT, "files/c.webp", keep.WITHOUT_A_ROW - MOMENT)
        names = sorted(path.relative_to(settings.MEDIA_ROOT).as_posix() for path in left)
        assert sorted(preau_night("--dry-run")) == sorted([*names, "files: 3"])
        assert all(path.exists() for path in left)
        assert preau_night() == ["files: 3"]
        assert not any(path.exists() for path in left)
        assert young.exists() and all(path.exists() for path in named)

    def test_what_is_not_ours_is_not_looked_at(self, settings):
        beside = [put(settings.MEDIA_ROOT, name, 99 * OLD) for name in ("LISEZMOI", "vacances/a.jpg", "preau-doctor")]
        assert preau_night("--dry-run") == preau_night() == []
        assert all(path.exists() for path in beside)

    def test_a_database_that_is_not_theirs_erases_none(self, named, settings):
        left = [put(settings.MEDIA_ROOT, f"files/{number}.webp") for number in range(orphans.MANY + 1)]
        with pytest.raises(CommandError, match=r"51 fichiers sur 56 .* preau night --orphans"):
            preau_night()
        assert all(path.exists() for path in left)
        assert preau_night("--orphans") == ["files: 51"]
        assert not any(path.exists() for path in left) and all(path.exists() for path in named)

    def test_one_that_a_row_names_by_now_stays(self, julien, settings, monkeypatch):
        path = put(settings.MEDIA_ROOT, "files/a.webp")
        looked = orphans.look()
        assert looked.orphans == ["files/a.webp"]
        media.Attachment.objects.create(owner=julien, kind="image", state="kept", file="files/a.webp")
        assert orphans.erase(looked.orphans) == 0 and path.exists()


def test_nothing_of_a_house_that_lives_goes_in_its_first_nights(julien, helene, lucie, follows, work, time_machine):
    follows(lucie, julien)
    photo = media.take_image(julien, "a.png", picture())
    publishing.publish(julien, Draft("@helene.vasseur bonjour", attachments=(photo,)), Reach("followers"))
    work()
    for _ in range(3):
        time_machine.move_to(now() + timedelta(days=1), tick=True)
        assert preau_night() == []
