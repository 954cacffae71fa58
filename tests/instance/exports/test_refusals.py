"""What is refused before anything is touched, each time with a sentence that says what to do."""

import json
import shutil

import pytest
from django.core.management import CommandError

from instance import maintenance
from instance.backups.manifest import seal_of
from instance.exports import manifest


@pytest.fixture
def export(julien, media, preau, tmp_path):
    assert "Export complet" in preau("export", str(tmp_path / "export"))
    return tmp_path / "export"


@pytest.fixture
def refused(export, preau):
    def refused(sentence, *more):
        with pytest.raises(CommandError, match=sentence):
            preau("import", str(export), *(more or ["--check"]))
        assert not maintenance.is_on()

    return refused


def said(export):
    return json.loads((export / "export.json").read_text())


def change(export, secret, **changes):
    """As who has the secret would."""
    found = said(export) | changes
    sealed = found | {"seal": seal_of(manifest.Manifest(**found), secret)}
    (export / "export.json").write_text(json.dumps(sealed))


def spoil_rows(export, secret):
    rows = export / "donnees" / "outbox.post.jsonl"
    rows.write_text(rows.read_text() + "{}\n")


def lose_photo(export, secret):
    (export / "media" / "files" / "parc.webp").unlink()


def swap_photo(export, secret):
    photo = export / "media" / "files" / "parc.webp"
    photo.rename(export / "ailleurs")
    photo.symlink_to(export / "ailleurs")


def lose_kind(export, secret):
    parts = said(export)["parts"]
    parts.pop("donnees/actors.block.jsonl")
    change(export, secret, parts=parts)


def reach_outside(export, secret):
    parts = said(export)["parts"]
    (export.parent / "ailleurs.webp").write_bytes(b"le parc")
    change(export, secret, parts=parts | {"media/../../ailleurs.webp": parts["media/files/parc.webp"]})


@pytest.mark.parametrize("spoil", [spoil_rows, lose_photo, swap_photo, lose_kind, reach_outside])
def test_a_damaged_export_is_not_imported(export, refused, settings, spoil):
    assert refused is not None
    spoil(export, settings.KEYS_SECRET)
    refused("Export abîmé : .*Rien n’a été touché", "--replace")


def test_one_whose_list_was_changed_is_not_believed(export, refused):
    (export / "export.json").write_text(json.dumps(said(export) | {"last": True}))
    refused("a été modifié")


@pytest.mark.parametrize("text", ['{"format": 1', "[]", '{"format": 1}'])
def test_one_whose_list_cannot_be_read_is_none(export, refused, text):
    (export / "export.json").write_text(text)
    refused("est abîmé")
    (export / "export.json").unlink()
    refused("n’est pas un export complet")


@pytest.mark.parametrize("changes", [{"parts": ["donnees"]}, {"parts": {"x": 1}}, {"taken_at": 1}, {"seal": None}])
def test_one_whose_list_is_of_other_kinds_than_we_write_is_none(export, refused, changes):
    (export / "export.json").write_text(json.dumps(said(export) | changes))
    refused("est abîmé")


def test_a_backup_is_no_export_and_an_export_no_backup(export, preau, tmp_path):
    preau("backup", "--to", str(tmp_path / "backups"))
    with pytest.raises(CommandError, match="n’est pas un export complet"):
        preau("import", str(next((tmp_path / "backups").glob("preau-*"))))
    with pytest.raises(CommandError, match="n’est pas une sauvegarde complète"):
        preau("restore", str(export))


def test_one_of_another_name_is_not_imported(export, refused, settings):
    change(export, settings.KEYS_SECRET, host="rsi.vernay.fr")
    refused("ne s’importe que sous son nom")


LATER = [{"format": 2}, {"version": "99.0"}, {"migrations": [["actors", "9999_to_come"]]}]


@pytest.mark.parametrize("changes", LATER)
def test_one_of_a_later_version_waits_for_an_upgrade(export, refused, settings, changes):
    change(export, settings.KEYS_SECRET, **changes)
    refused("Mettez d’abord Préau à jour")


def test_who_lost_the_keys_is_told_what_to_add(export, refused, settings):
    settings.KEYS_SECRET = "another machine's"
    refused("--keys FICHIER.cles ; s’il est perdu : --new-keys")


def test_a_town_among_others_is_told_so_in_its_own_commands(export, refused, settings, monkeypatch):
    settings.KEYS_SECRET = "another machine's"
    monkeypatch.setenv("PREAU_SETTINGS", "/etc/preau-host/vernay/preau.env")
    refused("qu’a écrit preau @vernay backup ou preau @vernay export")


def test_an_instance_that_has_data_is_not_written_over(export, refused, julien):
    refused("contient déjà des données, et rien n’a été touché", "--new-keys")


def test_what_is_there_is_not_written_over(export, preau, tmp_path):
    (tmp_path / "fichier").touch()
    for folder in (tmp_path, tmp_path / "fichier"):
        with pytest.raises(CommandError, match="n’est pas un dossier vide"):
            preau("export", str(folder))
    with pytest.raises(CommandError, match="n’a pas pu être écrit"):
        preau("export", str(tmp_path / "fichier" / "export"))


def test_one_that_was_interrupted_is_none_and_leaves_room_for_the_next(export, preau, tmp_path):
    shutil.copytree(export, tmp_path / "autre.partiel")
    (tmp_path / "autre.partiel" / "export.json").unlink()
    preau("export", str(tmp_path / "autre"))
    assert not (tmp_path / "autre.partiel").exists()
    assert {path.name for path in (tmp_path / "autre").iterdir()} == {path.name for path in export.iterdir()}


def test_the_secrets_are_not_written_beside(julien, media, preau, tmp_path):
    with pytest.raises(CommandError, match="Les clés se gardent à part"):
        preau("export", str(tmp_path / "export"), "--keys-to", str(tmp_path / "export" / "cles"))


def test_it_is_for_its_owner_alone_and_opens_nothing(julien, media, preau, api, sign_in, tmp_path, settings):
    """Neither a signature, nor an application, nor a session."""
    token, cookie = api(julien).secret, sign_in(julien).cookies["preau"].value
    preau("export", str(tmp_path / "export"))
    paths = [tmp_path / "export", *(tmp_path / "export").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600, 0o700}
    read = b"".join(path.read_bytes() for path in paths if path.is_file())
    assert julien.uri.encode() in read
    for secret in (settings.KEYS_SECRET, settings.SECRET_KEY, token, cookie, "PRIVATE KEY"):
        assert secret.encode() not in read
