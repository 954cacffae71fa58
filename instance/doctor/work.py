"""The work that waits: whether somebody does it, how much there is, what was given up, and which houses are silent."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from federation import dead_letters as leaving
from federation.models import Peer
from inbox import dead_letters as arrived
from instance import maintenance
from instance.doctor.examination import Examination
from instance.doctor.findings import DATABASE, Finding, check, fault, warning

REDIS, OPEN = "Redis", gettext_noop("portes ouvertes")
LATE = timedelta(minutes=10)  # after which work that could be done has been forgotten
SILENT = timedelta(days=1)
LATELY = timedelta(days=14)  # what was given up before is history: the ledger keeps it
NAMED = 5
CLOSED = warning(
    "en-maintenance",
    _("Le serveur est en maintenance : toutes les portes sont fermées et rien ne part."),
    _("Rouvrez-le dès que ce qui était à faire est fait."),
    "preau maintenance off",
)
HALF_RESTORED = fault(
    "restauration-inachevee",
    _("Une restauration a commencé et n’est pas finie : aucune porte ne peut s’ouvrir."),
    _("Lancez-la de nouveau avec le dossier de la sauvegarde : le serveur rouvrira de lui-même."),
    _("preau restore DOSSIER --replace"),
)
NO_REDIS = fault(
    "redis-injoignable",
    _("Redis ne répond pas : les ouvriers ne sont plus réveillés."),
    _("Vérifiez qu’il tourne, et que REDIS_URL dit où. Rien n’est perdu : les lettres attendent dans la base."),
    "systemctl status redis-server",
)
NO_WORKERS = fault(
    "aucun-ouvrier",
    _("Aucun ouvrier Celery ne répond : rien ne part et rien n’est traité."),
    _("Démarrez-les ; s’ils s’arrêtent, leur journal dit pourquoi."),
    "systemctl restart preau-worker preau-beat",
)
STOPPED = fault(
    "travail-arrete",
    _("Le travail de fond est arrêté : rien n’avance depuis plus de dix minutes (lettres qui attendent : %(count)s)."),
    _("Redémarrez le service ; s’il s’arrête de nouveau, son journal dit pourquoi."),
    "systemctl restart %(units)s",
)
CROWDED = warning(
    "file-pleine",
    _("Beaucoup de lettres reçues attendent d’être traitées : %(count)s, et la porte se ferme à %(limit)s."),
    _("Voyez qui écrit tant ; si c’est chaque jour ainsi, donnez à la machine plus de processeurs ou d’ouvriers."),
    "preau queue",
)
GIVEN_UP = warning(
    "lettres-mortes",
    _("Des lettres ont été abandonnées ces quatorze derniers jours (%(count)s)."),
    _("Lisez pourquoi, puis faites-les repartir (preau queue replay --all)."),
    "preau queue dead",
)
NOT_ANSWERING = warning(
    "collectivites-muettes",
    _("Ne répondent plus : %(houses)s."),
    _("Prévenez qui s’en occupe là-bas. Leurs lettres sont gardées et partiront à leur premier signe de vie."),
    "preau peers show %(host)s",
)
NEVER_MET = warning(
    "collectivites-inconnues",
    _("Inscrites, mais n’ont jamais dit qui elles sont : %(houses)s."),
    _("Demandez-leur de nouveau ; si elles ne répondent pas, vérifiez leur nom, et qu’elles vous ont inscrits."),
    "preau peers refresh %(host)s",
)


@check(gettext_noop("maintenance"), _("Le serveur est ouvert."), [CLOSED, HALF_RESTORED], ["PREAU_DATA"])
def doors_are_open(examination: Examination) -> Iterator[Finding]:
    if maintenance.is_on():
        examination.broken.add(OPEN)
        yield HALF_RESTORED() if maintenance.is_restoring() else CLOSED()


@check(gettext_noop("Redis"), _("Redis répond."), [NO_REDIS], ["REDIS_URL"], concerns=lambda: bool(settings.REDIS_URL))
def redis_answers(examination: Examination) -> Iterator[Finding]:
    from federation import hints  # only houses that have Redis load its client

    if not hints.is_there():
        examination.broken.add(REDIS)
        yield NO_REDIS()


def has_workers() -> bool:
    return bool(settings.WORK == "celery")


@check(
    gettext_noop("ouvriers"),
    _("Quelqu’un fait le travail de fond."),
    [NO_WORKERS],
    ["REDIS_URL", "PREAU_WORK", REDIS],
    concerns=has_workers,
)
def workers(examination: Examination) -> Iterator[Finding]:
    from instance import celery_app

    if not celery_app.control.ping(timeout=2.0, limit=1):
        yield NO_WORKERS()


@check(
    gettext_noop("travail de fond"), _("Le travail de fond avance."), [STOPPED, CROWDED], [DATABASE, "PREAU_HOST", OPEN]
)
def work_is_done(examination: Examination) -> Iterator[Finding]:
    before = now() - LATE
    if count := leaving.left_lying(before) + arrived.left_lying(before):
        yield STOPPED(count=count, units="preau-worker preau-beat" if settings.WORK == "celery" else "preau")
    if (received := arrived.waiting().count()) > settings.INBOX_DEPTH // 2:
        yield CROWDED(count=received, limit=settings.INBOX_DEPTH)


@check(
    gettext_noop("lettres mortes"),
    _("Aucune lettre n’a été abandonnée ces quatorze derniers jours."),
    [GIVEN_UP],
    [DATABASE],
)
def dead_letters(examination: Examination) -> Iterator[Finding]:
    since = now() - LATELY
    given_up = (leaving.abandoned(), arrived.failed())
    if count := sum(rows.filter(state_since__gt=since).count() for rows in given_up):
        yield GIVEN_UP(count=count)


@check(
    gettext_noop("collectivités"),
    _("Toutes les collectivités partenaires répondent."),
    [NOT_ANSWERING, NEVER_MET],
    [DATABASE],
)
def neighbours(examination: Examination) -> Iterator[Finding]:
    active = Peer.objects.filter(state="active").order_by("host")
    silent = active.filter(failing_since__lt=now() - SILENT)
    if silent.exists():
        said = [f"{each.host} ({date_format(each.failing_since or now(), 'j F Y')})" for each in silent[:NAMED]]
        yield NOT_ANSWERING(houses=listed(said, silent.count()), host=silent[0].host)
    unknown = active.filter(instance_actor_uri="", state_since__lt=now() - LATE)
    if unknown.exists():
        yield NEVER_MET(houses=listed([each.host for each in unknown[:NAMED]], unknown.count()), host=unknown[0].host)


def listed(some: list[str], count: int) -> str:
    return ", ".join(some) + (f" … ({count})" if count > len(some) else "")
