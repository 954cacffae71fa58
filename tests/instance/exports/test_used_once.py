"""The last export of a house goes on elsewhere once: what was ended there since does not begin again."""

import json
from dataclasses import replace

import pytest

from instance.exports import manifest, used
from tests.instance.backups.story import WORDS
from tests.towns import Town

SECRET = {"PREAU_KEYS_SECRET": "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="}
GOES_ON = "continue où elle s’est arrêtée"
TOKENS = "__import__('oauth2_provider.models').models.AccessToken.objects.count()"
CONNECT = """
from instance import applications, registering
app, _ = registering.register("Phanpy", ["https://phanpy.test/"], "read", "https://phanpy.test")
applications.give(app, "read", Actor.objects.get(local=True, handle="julien.mercier").agent)
"""


@pytest.fixture
def last(aubin, media, preau, tmp_path):
    preau("export", str(tmp_path / "export"))
    return replace(manifest.read(tmp_path / "export"), last=True)


def test_what_no_seal_proves_is_not_believed(last, settings):
    """Who lost the keys cannot tell who wrote that nothing happened since."""
    assert used.goes_on(last, settings.KEYS_SECRET)
    assert not used.goes_on(last, "")


def test_one_that_was_used_is_not_the_last_any_more(last, settings):
    used.note(last)
    assert not used.goes_on(last, settings.KEYS_SECRET)
    assert used.goes_on(replace(last, seal="another"), settings.KEYS_SECRET)


def test_nor_is_one_that_replaces_a_house_that_has_lived(last, settings, vernay):
    assert not used.goes_on(last, settings.KEYS_SECRET)


@pytest.fixture
def towns(tmp_path):
    """Saint-Aubin on its first machine, and an installed house of its name on the second."""
    first = Town("saint-aubin", tmp_path / "first", **SECRET)
    second = Town("saint-aubin", tmp_path / "second", port=first.port, **SECRET)
    for town in (first, second):
        town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    yield first, second
    for town in (first, second):
        town.stop()


@pytest.mark.slow
def test_a_right_that_was_ended_since_is_not_given_again(towns, tmp_path):
    first, second = towns
    first.sh(CONNECT)
    first.stop(), second.stop()
    first.manage("export", str(tmp_path / "export"), "--last")
    again = ("import", str(tmp_path / "export"), "--replace")
    assert GOES_ON in second.manage(*again) and second.ask(TOKENS) == 1
    second.sh("from oauth2_provider.models import AccessToken\nAccessToken.objects.all().delete()")
    second.stop()
    assert GOES_ON not in second.manage(*again) and second.ask(TOKENS) == 0
    second.stop()
    for path in (second.folder / "data").glob("preau.sqlite3*"):
        path.unlink()
    assert GOES_ON not in second.manage(*again) and second.ask(TOKENS) == 0


@pytest.mark.slow
def test_nor_over_a_house_that_lived_on_nor_without_the_keys(towns, tmp_path):
    first, second = towns
    first.sh(CONNECT)
    second.sh(f"{WORDS}\npublish('julien.mercier', 'Le parc', 'partners')")
    first.stop(), second.stop()
    first.manage("export", str(tmp_path / "export"), "--last")
    assert GOES_ON not in second.manage("import", str(tmp_path / "export"), "--replace") and second.ask(TOKENS) == 0
    first.manage("maintenance", "off", "--come-back")
    first.manage("export", str(tmp_path / "running"))
    listed = tmp_path / "running" / "export.json"
    listed.write_text(json.dumps(json.loads(listed.read_text()) | {"last": True}))
    third = Town("saint-aubin", tmp_path / "third", port=first.port, **SECRET)
    assert GOES_ON not in third.manage("import", str(tmp_path / "running"), "--new-keys") and third.ask(TOKENS) == 0
    third.stop()
