"""Saint-Aubin and its partner Vernay, before and after Saint-Aubin's machine is lost."""

import base64
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from tests import migrated
from tests.towns import Town, befriend

PASSPHRASE = "trois petits chats du village"
WORDS = """
import io
from PIL import Image
from actors import arrivals, directory, following
from outbox import media, posts, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
def one(handle):
    return Actor.objects.get(local=True, handle=handle)
def other(handle):
    return Actor.objects.get(local=False, handle=handle)
def publish(handle, words, audience, *files):
    print(publishing.publish(one(handle), Draft(words, attachments=files), Reach(audience)).uri)
def photo(handle):
    picture = io.BytesIO()
    Image.new("RGB", (80, 60), "#1C6B3C").save(picture, "PNG")
    return media.take_image(one(handle), "parc.png", picture.getvalue(), "le parc")
def reads(handle, uri):
    return posts.readable_by(one(handle)).filter(uri=uri).exists()
def follows(follower, followed):
    rows = Follow.objects.filter(follower__handle=follower, followed__handle=followed)
    return list(rows.values_list("state", flat=True))
"""


class Story(NamedTuple):
    """`first` is the machine that is lost, `second` the one that takes its name; Vernay has its own."""

    first: Town
    second: Town
    vernay: Town
    saved: Path

    @property
    def keys(self) -> Path:
        return next((self.saved / "keys").iterdir())

    @property
    def place(self) -> Path:
        """Where it is written down where the last backup went."""
        return self.saved / "place"

    @property
    def passphrase(self) -> Path:
        return self.saved / "passphrase"


def begin(folder: Path, database: str, **more: str) -> Story:
    """Lucie and Malo of Vernay follow Julien and Hélène; Julien follows Lucie."""
    first = Town("saint-aubin", folder / "a", **secrets(), **variables(database, "machine_a"), **more)
    there = variables(database, "machine_b", empty=True)
    second = Town("saint-aubin", folder / "b", port=first.port, **secrets(), **there, **more)
    story = Story(first, second, Town("vernay", folder / "vernay"), folder / "saved")
    befriend(first, story.vernay)
    for town in (first, story.vernay):
        town.sh(WORDS)
    first.sh("arrivals.invite('Hélène Vasseur')")
    story.vernay.sh("arrivals.invite('Malo Briand')")
    story.saved.mkdir()
    story.passphrase.write_text(PASSPHRASE)
    story.passphrase.chmod(0o600)
    for follower, followed in (("lucie.ferrand", "julien.mercier"), ("malo.briand", "julien.mercier")):
        follow(story.vernay, follower, first, followed)
    follow(story.vernay, "lucie.ferrand", first, "helene.vasseur")
    follow(first, "julien.mercier", story.vernay, "lucie.ferrand")
    return story


def end(story: Story) -> None:
    for town in story[:3]:
        town.stop()


def secrets() -> dict[str, str]:
    """Each machine makes its own."""
    return {"PREAU_KEYS_SECRET": base64.urlsafe_b64encode(os.urandom(32)).decode()}


def variables(database: str, name: str, *, empty: bool = False) -> dict[str, str]:
    """What is founded finds its tables there, which takes seconds; what is restored or imported finds none."""
    if database == "sqlite":
        return {}
    return {"DATABASE_URL": (migrated.empty_in_cluster if empty else migrated.in_cluster)(name), "PREAU_WORK": "thread"}


def follow(town: Town, follower: str, elsewhere: Town, followed: str) -> None:
    town.sh(f"following.ask(one({follower!r}), directory.by_address('@{followed}@{elsewhere.host}'))")
    for each in (town, elsewhere):
        each.wait_until(f"follows({follower!r}, {followed!r}) == ['accepted']", 60)


def publish(town: Town, handle: str, words: str, audience: str, files: str = "") -> str:
    return town.sh(f"publish({handle!r}, {words!r}, {audience!r}{files})").splitlines()[-1]


def arrives(town: Town, uri: str) -> None:
    town.wait_until(f"Post.objects.filter(uri={uri!r}).exists()", 90)


def back_up(story: Story) -> None:
    """To the bucket that the settings name, or to a folder."""
    keys = ["--keys-to", str(story.saved / "keys"), "--passphrase-file", str(story.passphrase)]
    folder = [] if "PREAU_BACKUP_URL" in story.first.variables else ["--to", str(story.saved / "backups")]
    said = story.first.manage("backup", *folder, *keys)
    story.place.write_text(said.split("Sauvegarde complète : ")[1].split(" (")[0])


def sweep(town: Town) -> str:
    """A night when all that is settled is old: what is left of it is what a house cannot do without."""
    town.sh("""
        from inbox.models import Receipt
        for kind, settled in ((Delivery, ["sent", "abandoned"]), (Receipt, ["handled", "ignored"])):
            kind.objects.filter(state__in=settled).update(state_since="2020-01-01T00:00:00Z")
        Follow.objects.filter(state__in=["undone", "refused"]).update(state_since="2020-01-01T00:00:00Z")
    """)
    return town.manage("night")


def destroy(town: Town) -> None:
    town.kill()
    town.stop()
    shutil.rmtree(town.folder)


def to_restore(story: Story) -> list[str]:
    keys = ["--keys", str(story.keys), "--passphrase-file", str(story.passphrase)]
    return ["restore", story.place.read_text(), *keys]


def restore(story: Story) -> str:
    said = story.second.manage(*to_restore(story))
    story.second.start()
    story.second.sh(WORDS)
    return said
