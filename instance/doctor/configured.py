"""Settings that prevent the start, or that contradict each other."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from instance.configuration import settings_file
from instance.doctor.examination import Examination
from instance.doctor.findings import Ailment, Finding, check, fault, warning
from instance.doctor.stand_ins import BROKEN

RESTART = "systemctl restart 'preau*'"
NAMED = {
    "PREAU_HOST": fault(
        "reglage-nom",
        _("PREAU_HOST manque ou n’est pas un nom : Préau ne démarre pas."),
        _("Donnez dans %(file)s le nom seul, sans https:// ni barre oblique, comme rsi.exemple.fr."),
    ),
    "PREAU_SECRET_KEY": fault(
        "reglage-secret",
        _("PREAU_SECRET_KEY manque ou compte moins de 40 caractères : Préau ne démarre pas."),
        _("Mettez dans %(file)s, après PREAU_SECRET_KEY=, ce que cette commande écrit, puis redémarrez les services."),
        "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
    ),
    "PREAU_KEYS_SECRET": fault(
        "reglage-cles",
        _("PREAU_KEYS_SECRET manque ou n’est pas fait de 32 octets en base64 : Préau ne démarre pas."),
        _(
            "Si ce serveur a déjà servi, remettez dans %(file)s la valeur gardée à part lors de l’installation : une"
            " autre n’ouvrirait pas les clés. S’il est neuf, mettez ce que cette commande écrit."
        ),
        "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'",
    ),
    "PREAU_DATA": fault(
        "reglage-dossier",
        _("Le dossier des données (PREAU_DATA) ne peut pas être fait ou écrit : Préau ne démarre pas."),
        _("Vérifiez le chemin dans %(file)s, faites le dossier et donnez-le à l’utilisateur preau."),
        "install -d -o preau -g preau -m 750 /var/lib/preau",
    ),
    "DATABASE_URL": fault(
        "reglage-base",
        _("DATABASE_URL n’est pas une adresse de base de données : Préau ne démarre pas."),
        _(
            "Écrivez dans %(file)s postgres://utilisateur:mot-de-passe@machine/base, ou ôtez la ligne pour SQLite ;"
            " dans le mot de passe, @ s’écrit %%40 et / s’écrit %%2F."
        ),
    ),
    "REDIS_URL": fault(
        "reglage-redis",
        _("REDIS_URL n’est pas une adresse de Redis : Préau ne démarre pas."),
        _("Écrivez dans %(file)s redis://localhost:6379/0, ou ôtez la ligne pour vous passer de Redis."),
    ),
    "PREAU_WORK": fault(
        "reglage-travail",
        _("PREAU_WORK n’est ni thread ni celery, ou demande REDIS_URL : Préau ne démarre pas."),
        _("Dans %(file)s, donnez REDIS_URL=redis://localhost:6379/0, ou ôtez PREAU_WORK."),
    ),
}
OTHER = fault(
    "reglage-autre",
    _("Le réglage %(variable)s est faux : Préau ne démarre pas (%(said)s)"),
    _("Corrigez-le dans %(file)s (deploy/env.sample explique chaque réglage), puis redémarrez les services."),
    RESTART,
)
TRIAL = fault(
    "essai-en-service",
    _("PREAU_DEVELOPMENT=1 sous le nom %(host)s : http au lieu de https, et des secrets que tout le monde connaît."),
    _("Ôtez PREAU_DEVELOPMENT de %(file)s, donnez les deux secrets, puis redémarrez les services."),
    RESTART,
)
LOCAL_NAME = fault(
    "nom-local",
    _("PREAU_HOST=%(host)s n’est pas un nom que d’autres peuvent joindre."),
    _("Donnez dans %(file)s le nom public de ce serveur avant d’inviter quelqu’un : ses adresses en seront faites."),
)
REDIS_FOR_NOTHING = warning(
    "sqlite-et-celery",
    _("La base est SQLite alors que Celery fait le travail de fond : les processus s’y attendent les uns les autres."),
    _(
        "Dans %(file)s, ôtez REDIS_URL (petite commune, un seul processus) ou donnez DATABASE_URL (PostgreSQL), puis"
        " redémarrez les services."
    ),
    RESTART,
)
BY_HAND = fault(
    "travail-a-la-main",
    _("PREAU_WORK=manual : rien ne part et rien n’est traité de soi-même ; ce réglage est pour les tests."),
    _("Ôtez PREAU_WORK de %(file)s, puis redémarrez les services."),
    RESTART,
)


@check(gettext_noop("réglages"), _("Tous les réglages se lisent."), [*NAMED.values(), OTHER])
def readable_settings(examination: Examination) -> Iterator[Finding]:
    for variable, said in BROKEN.items():
        yield NAMED.get(variable, OTHER)(variable=variable, said=said, file=settings_file())


@check(
    gettext_noop("réglages entre eux"),
    _("Les réglages vont ensemble."),
    [TRIAL, LOCAL_NAME, REDIS_FOR_NOTHING, BY_HAND],
)
def coherent_settings(examination: Examination) -> Iterator[Finding]:
    facts = {"host": settings.HOST, "file": settings_file()}
    if "PREAU_HOST" not in examination.broken and is_local(settings.HOST) != settings.DEVELOPMENT:
        yield of_name()(**facts)
    if settings.SQLITE and settings.WORK == "celery":
        yield REDIS_FOR_NOTHING(**facts)
    if settings.WORK == "manual":
        yield BY_HAND(**facts)


def of_name() -> Ailment:
    """A public name on trial, or a local one in service."""
    return TRIAL if settings.DEVELOPMENT else LOCAL_NAME


def is_local(host: str) -> bool:
    """A name of this machine or of its network, or no name at all."""
    name = re.sub(r":\d+$", "", host)
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith((".localhost", ".local", ".lan"))
    return True
