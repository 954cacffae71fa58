"""The database, and what must be in it for anybody to sign in and for anything to be signed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from actors import arrivals
from actors.models import Agent
from federation import keys
from federation.errors import MediaAway
from federation.models import Key
from instance.backups import lost
from instance.configuration import settings_file
from instance.doctor.examination import Examination
from instance.doctor.findings import DATABASE, Ailment, Finding, check, fault, warning
from instance.founded import other_name
from instance.streaming import feed

OF_DAMAGE = ("not a database", "malformed")  # as SQLite says it
OLDEST = 14  # of PostgreSQL: what Django 5.2 takes
AWAY = fault(
    "base-injoignable",
    _("La base de données ne s’ouvre pas : %(reason)s."),
    _("Vérifiez qu’elle tourne, et que DATABASE_URL dit le bon nom et le bon mot de passe."),
    "systemctl status postgresql",
)
DAMAGED = fault(
    "base-abimee",
    _("Le fichier de la base de données SQLite est abîmé (%(reason)s)."),
    _("Restaurez la dernière sauvegarde : ce qui est là sera gardé à côté."),
    _("systemctl stop 'preau*' ; preau restore DOSSIER --replace"),
)
CLOSED = fault(
    "base-fermee",
    _("Le fichier de la base de données, %(file)s, ne s’ouvre pas : %(reason)s."),
    _(
        "Rendez-le, avec son dossier, à l’utilisateur qui fait tourner Préau, pour qu’il y lise et y écrive ; regardez"
        " aussi s’il reste de la place sur le disque. Puis redémarrez les services."
    ),
    "ls -ld %(folder)s %(file)s* ; chown --reference=%(folder)s %(file)s* ; chmod u+rw %(file)s*",
)
EMPTY = fault(
    "base-vide",
    _("La base de données est vide, alors que des sauvegardes sont là."),
    _("Ne la fondez pas de nouveau : restaurez la dernière, avec le fichier des clés (--keys) si elles ont changé."),
    "systemctl stop 'preau*' ; preau restore %(folder)s",
)
NOT_MIGRATED = fault(
    "base-en-retard",
    _("La base de données n’est pas à jour (changements de schéma qui attendent : %(count)s)."),
    _("Sauvegardez-la, mettez-la à jour, puis redémarrez les services."),
    "preau migrate",
)
FROM_TOMORROW = fault(
    "base-en-avance",
    _("La base de données a servi à une version de Préau plus récente que celle-ci (%(name)s)."),
    _("Installez la version la plus récente, ou restaurez la sauvegarde faite avant la mise à jour."),
    "git -C /opt/preau log -1 --format=%%cd",
)
OLD_SERVER = warning(
    "postgresql-ancien",
    _("PostgreSQL est en version %(version)s : il faut au moins la 14."),
    _("Passez à la version de votre Debian."),
    "pg_lsclusters",
)
UNSAID_POOLER = fault(
    "pooler-non-dit",
    _("DATABASE_URL passe par un intermédiaire (PgBouncer), et les réglages ne le disent pas."),
    _("Ajoutez DATABASE_DIRECT_URL, l’adresse de PostgreSQL lui-même, puis redémarrez les services."),
    "systemctl restart 'preau*'",
)
NOT_DIRECT = fault(
    "base-directe",
    _("DATABASE_DIRECT_URL n’ouvre pas PostgreSQL lui-même : %(reason)s."),
    _("Donnez-y son adresse sans intermédiaire : la diffusion et les sauvegardes en ont besoin."),
    "pg_lsclusters",
)
SEALED = fault(
    "cles-fermees",
    _("PREAU_KEYS_SECRET n’ouvre pas les clés privées de la base : rien ne peut plus être signé."),
    _("Remettez dans les réglages la valeur gardée à part lors de l’installation, puis redémarrez les services."),
    "systemctl restart 'preau*'",
)
OF_ANOTHER = fault(
    "base-d-un-autre-nom",
    _("Cette base est celle de %(name)s, et PREAU_HOST dit %(host)s."),
    _("Remettez l’ancien nom dans %(file)s, puis redémarrez les services ; pour en changer : preau move-domain."),
    "systemctl restart 'preau*'",
)
UNFOUNDED = fault(
    "organisation",
    _("La collectivité n’est pas encore fondée."),
    _("Fondez-la : son nom, le nom qu’on lui donne, son numéro SIREN."),
    'preau setup --name "Ville de Saint-Aubin" --short-name "Saint-Aubin" --siren 210101010',
)
NO_ADMIN = fault(
    "administrateur",
    _("Aucun administrateur ne peut entrer."),
    _("Ouvrez un compte d’administrateur ; la commande écrit un lien pour y entrer."),
    'preau agents invite "Hélène Vasseur" --role admin',
)
LOCKED_OUT = fault(
    "administrateur-sans-lien",
    _("Aucun administrateur n’a de mot de passe ni de lien pour entrer ; l’un d’eux est %(login)s."),
    _("Faites-lui un nouveau lien."),
    "preau agents link %(login)s",
)


@check(
    gettext_noop("base de données"), _("La base de données répond."), [AWAY, DAMAGED, CLOSED, OLD_SERVER], [DATABASE]
)
def reachable(examination: Examination) -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master" if settings.SQLITE else "SELECT 1")
    except (DatabaseError, InterfaceError, OSError) as error:
        examination.broken.add(DATABASE)
        reason = str(error).strip().splitlines()[0].rstrip(".")
        file = Path(connection.settings_dict["NAME"])
        yield unopened(reason)(reason=reason, file=file, folder=file.parent)
        return
    if connection.vendor == "postgresql" and (version := connection.pg_version // 10_000) < OLDEST:  # type: ignore[attr-defined]
        yield OLD_SERVER(version=version)


def unopened(reason: str) -> Ailment:
    if not settings.SQLITE:
        return AWAY
    return DAMAGED if any(words in reason for words in OF_DAMAGE) else CLOSED


@check(
    gettext_noop("chemin vers la base"),
    _("La base de données est jointe comme les réglages le disent."),
    [UNSAID_POOLER, NOT_DIRECT],
    [DATABASE, "DATABASE_DIRECT_URL"],
    concerns=lambda: not settings.SQLITE,
)
def reached(examination: Examination) -> Iterator[Finding]:
    """Through PgBouncer, a session goes by another number than the server's own."""
    if not settings.DIRECT:
        connection.ensure_connection()
        if passes_a_pooler(connection.connection):
            yield UNSAID_POOLER()
        return
    try:
        with psycopg.connect(**feed.address(settings.DATABASES["default"] | settings.DIRECT)) as direct:
            if passes_a_pooler(direct):
                yield NOT_DIRECT(reason="PgBouncer")
    except psycopg.Error as error:
        yield NOT_DIRECT(reason=str(error).strip().splitlines()[0].rstrip("."))


def passes_a_pooler(session: psycopg.Connection[Any]) -> bool:
    row = session.execute("SELECT pg_backend_pid()").fetchone()
    return row is not None and row[0] != session.info.backend_pid


@check(gettext_noop("données"), _("La base de données n’a pas été vidée."), [EMPTY], [DATABASE, "PREAU_HOST"])
def filled(examination: Examination) -> Iterator[Finding]:
    try:
        place = lost.to_restore()
    except MediaAway:
        return  # of that, the check of the storage speaks
    if place:
        examination.broken.add(DATABASE)
        yield EMPTY(folder=place)


@check(
    gettext_noop("schéma de la base"), _("La base de données est à jour."), [NOT_MIGRATED, FROM_TOMORROW], [DATABASE]
)
def migrated(examination: Examination) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    known = executor.loader
    ahead = [key for key in known.applied_migrations if key[0] in known.migrated_apps and key not in known.graph.nodes]
    replaced = {old for each in known.replacements.values() for old in each.replaces}
    if ahead := [key for key in ahead if key not in replaced]:
        yield FROM_TOMORROW(name=".".join(max(ahead)))
    if plan := executor.migration_plan(known.graph.leaf_nodes()):
        examination.broken.add(DATABASE)
        yield NOT_MIGRATED(count=len(plan))


@check(gettext_noop("clés"), _("Les clés privées s’ouvrent."), [SEALED], [DATABASE, "PREAU_KEYS_SECRET"])
def sealed_keys(examination: Examination) -> Iterator[Finding]:
    """The first and the last: a secret that was changed in between opens one of them only."""
    ours = Key.objects.exclude(sealed_private="")
    try:
        for key in filter(None, (ours.order_by("pk").first(), ours.order_by("-pk").first())):
            keys.unseal(key.sealed_private)
    except ImproperlyConfigured:
        yield SEALED()


FOUNDED = [OF_ANOTHER, UNFOUNDED]


@check(gettext_noop("collectivité"), _("La collectivité est fondée."), FOUNDED, [DATABASE, "PREAU_HOST"])
def founded(examination: Examination) -> Iterator[Finding]:
    if lost.is_founded():
        return
    if name := other_name():
        yield OF_ANOTHER(name=name, host=settings.HOST, file=settings_file())
    else:
        yield UNFOUNDED()


@check(
    gettext_noop("administrateurs"), _("Au moins un administrateur peut entrer."), [NO_ADMIN, LOCKED_OUT], [DATABASE]
)
def admins(examination: Examination) -> Iterator[Finding]:
    able = arrivals.admins()
    if not able:
        yield NO_ADMIN()
    elif not any(each.has_usable_password() or has_link(each) for each in able):
        yield LOCKED_OUT(login=able[0].login)


def has_link(agent: Agent) -> bool:
    return bool(agent.links.filter(expires_at__gt=now()).exists())
