"""Make this empty instance from an export: all is checked before anything is touched, and all is taken or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps
from django.db.models import Model
from django.utils.timezone import now

from instance import maintenance
from instance.backups import Unusable, afterwards, media, restoring
from instance.backups.manifest import engine, kind_of_database
from instance.exports import manifest, numbers, rows, used
from instance.exports.manifest import Manifest
from instance.management.commands.migrate import together

Tell = Callable[[str], None]


def check(folder: Path, keys: dict[str, str] | None = None, new_keys: bool = False) -> tuple[Manifest, str]:
    """What it says of itself, and the secret that its keys are sealed with, "" for one that is lost. Unusable."""
    said = manifest.read(folder)
    manifest.must_fit(said)
    secret = "" if new_keys else restoring.secret_for(said.host, said.keys, keys)
    manifest.must_be_whole(folder, said, secret)
    return said, secret


def take(folder: Path, keys: dict[str, str] | None, replace: bool, tell: Tell, new_keys: bool = False) -> None:
    """Into this instance, which must be stopped, and empty unless it is to be replaced. Unusable."""
    said, secret = check(folder, keys, new_keys)
    tell(f"Export du {said.taken_at} vérifié : {len(said.parts)} fichiers intacts.")
    goes_on = used.goes_on(said, secret)
    restoring.must_be_free(replace)
    with doors_closed():
        for path in [] if restoring.is_empty() else restoring.put_aside(f"{now():{restoring.STAMP}}"):
            tell(f"Ce qui était là est gardé : {path}")
        settle = media.bring(folder, said.parts)
        begin_anew(folder, said, secret, goes_on)
        used.note(said)
        if aside := settle(f"{now():{restoring.STAMP}}"):
            tell(aside)
        tell(f"{sum(said.counts.values())} lignes importées dans {kind_of_database()}, et les fichiers de media/.")
        if goes_on:
            tell("L’instance exportée est restée fermée : celle-ci continue où elle s’est arrêtée.")
        else:
            afterwards.ask_around(tell)


@contextmanager
def doors_closed() -> Iterator[None]:
    """Until all is done; should it be interrupted, they cannot be opened (`maintenance`). It may be begun again."""
    stay_closed = maintenance.is_on() and not (maintenance.is_restoring() or maintenance.is_exported())
    maintenance.turn_on(maintenance.RESTORING)
    yield
    maintenance.finish(stay_closed)


def begin_anew(folder: Path, said: Manifest, secret: str, goes_on: bool) -> None:
    """In one transaction: when anything is refused, no table has a row."""
    engine().clear()
    with together(connection):
        put_in(folder, said)
        call_command("migrate", verbosity=0, interactive=False)
        (afterwards.go_on if goes_on else afterwards.settle)(secret)


def put_in(folder: Path, said: Manifest) -> None:
    """The rows as they were, in tables as they were then: migrations that came since are applied to both. Unusable."""
    as_then = tables_of(said)
    for kind, count in said.counts.items():
        model = model_of(as_then, kind)
        with (folder / manifest.rows_of(kind)).open("rb") as file:
            if (found := rows.load(model, file, file.name)) != count:
                raise Unusable(f"{file.name} a {found} lignes au lieu de {count}. {rows.NOTHING}")
        if kind in said.numbers:
            numbers.go_on_from(model, said.numbers[kind])
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Unusable(f"Une ligne renvoie à une autre qui manque ({error}). {rows.NOTHING}") from error


def model_of(as_then: StateApps, kind: str) -> type[Model]:
    try:
        return as_then.get_model(kind)
    except (LookupError, ValueError) as error:
        raise Unusable(f"{kind} n’est pas une sorte de ligne que Préau connaît. {rows.NOTHING}") from error


def tables_of(said: Manifest) -> StateApps:
    """Those that the version which wrote the export had."""
    executor = MigrationExecutor(connection)
    known = {(app, name) for app, name in said.migrations}
    graph = executor.loader.graph
    leaves = [node for node in sorted(known) if not known & {child.key for child in graph.node_map[node].children}]
    apps: StateApps = executor.migrate(leaves).apps
    connection.check_constraints()  # and from now on, at the end: rows do not come in the order of their references
    return apps
