"""An export that is taken whole by a newer version, one that no table takes, and one that replaces what is there."""

import json
import shutil

import pytest
from django.db.migrations.loader import MigrationLoader

from instance.backups import files
from instance.backups.manifest import seal_of
from instance.exports import manifest
from tests.instance.backups.story import WORDS
from tests.towns import CommandFailed, Town

pytestmark = pytest.mark.slow
SECRET = {"PREAU_KEYS_SECRET": "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="}
AGENTS = "Actor.objects.filter(local=True, kind='Person').count()"
TO_COME = [("outbox", "0005_numbers"), ("inbox", "0007_reports_seen_to"), ("instance", "0002_spent_codes")]
POSTS = "list(Post.objects.order_by('uri').values_list('uri', 'audience', 'ulid', 'number'))"


@pytest.fixture
def town(tmp_path):
    """Saint-Aubin, with an announcement and a photo, and its export."""
    town = Town("saint-aubin", tmp_path / "a", **SECRET)
    town.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
    town.sh(f"{WORDS}\npublish('julien.mercier', 'Le parc', 'partners', photo('julien.mercier'))")
    town.manage("export", str(tmp_path / "export"))
    yield town
    town.stop()


@pytest.fixture
def empty(town, tmp_path):
    found = Town("saint-aubin", tmp_path / "b", port=town.port, **SECRET)
    yield found
    found.stop()


def seal(export, **changes):
    """Again, after its files were changed."""
    found = json.loads((export / "export.json").read_text()) | changes
    for kind in found["counts"]:
        rows = export / manifest.rows_of(kind)
        found["counts"][kind] = len(rows.read_bytes().splitlines())
        found["parts"][manifest.rows_of(kind)] = [rows.stat().st_size, files.checksum(rows)]
    sealed = found | {"seal": seal_of(manifest.Manifest(**found), SECRET["PREAU_KEYS_SECRET"])}
    (export / "export.json").write_text(json.dumps(sealed))


def as_before(export):
    """What a version would have written that knew neither numbers of posts, nor spent codes, nor reports seen to."""
    loader = MigrationLoader(None)
    later = {node for first in TO_COME for node in loader.graph.backwards_plan(first)}
    known = set(loader.graph.nodes) - later
    apps = loader.project_state([node for node in loader.graph.leaf_nodes() if node in known] + former(known)).apps
    said = json.loads((export / "export.json").read_text())
    for kind in list(said["counts"]):
        rows = export / manifest.rows_of(kind)
        try:
            columns = {field.attname for field in apps.get_model(kind)._meta.concrete_fields}
        except LookupError:
            rows.unlink()
            said["counts"].pop(kind), said["numbers"].pop(kind, None), said["parts"].pop(manifest.rows_of(kind))
            continue
        found = [json.loads(line) for line in rows.read_bytes().splitlines()]
        kept = [
            {name: row[name] for name in columns} | ({"number": None} if kind == "outbox.post" else {}) for row in found
        ]
        rows.write_text("".join(json.dumps(row) + "\n" for row in kept))
    seal(export, **said | {"migrations": sorted(list(node) for node in known)})


def former(known):
    last = {app: max(name for each, name in known if each == app) for app, _ in TO_COME}
    return list(last.items())


def test_an_export_of_an_older_version_is_brought_up_to_date(town, empty, tmp_path, settings):
    settings.MIGRATION_MODULES = {}  # tests that have a database of their own make it without migrations
    before = town.ask(POSTS)
    as_before(tmp_path / "export")
    assert not (tmp_path / "export" / "donnees" / "instance.spentcode.jsonl").exists()
    assert "Importé" in empty.manage("import", str(tmp_path / "export"))
    assert empty.ask(POSTS) == before != []
    assert empty.ask("Attachment.objects.get().file.size") > 0


def test_what_no_table_takes_leaves_nothing_behind_and_the_doors_closed(town, empty, tmp_path):
    """It is as it was written, and sealed: only the database can tell."""
    bad = shutil.copytree(tmp_path / "export", tmp_path / "bad")
    posts = bad / "donnees" / "outbox.post.jsonl"
    [row] = map(json.loads, posts.read_text().splitlines())
    wrong = [
        ({"author_id": 777}, "renvoie à une autre"), ({"author_id": None}, "la base refuse"),
        ({"published_at": "hier"}, "ne se lit pas"),
    ]  # fmt: skip
    for changes, sentence in wrong:
        posts.write_text(json.dumps(row | changes) + "\n")
        seal(bad)
        with pytest.raises(CommandFailed, match=f"{sentence}.*Rien n’a été importé"):
            empty.manage("import", str(bad))
    assert empty.ask("__import__('django.db').db.connection.introspection.table_names()") == []
    with pytest.raises(CommandFailed, match="preau import DOSSIER"):
        empty.manage("maintenance", "off")
    empty.stop()
    assert "Importé" in empty.manage("import", str(tmp_path / "export"))  # begun again, with a good one
    assert empty.ask(AGENTS) == 1


def test_what_is_replaced_is_put_aside(town, empty, tmp_path):
    empty.setup("Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Hélène Vasseur", "Chloé Petit"])
    empty.stop()
    said = empty.manage("import", str(tmp_path / "export"), "--replace")
    assert (empty.folder / "data" / f"preau.sqlite3.avant-{said.split('avant-')[1].split()[0]}").exists()
    assert empty.ask(AGENTS) == 1
    assert not (empty.folder / "data" / "maintenance").exists()
