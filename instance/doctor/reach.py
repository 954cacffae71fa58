"""What answers under the name of this house and under that of its agents, and what time it is elsewhere."""

import json
from collections.abc import Iterator
from statistics import median

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from federation import ids, keys
from federation.documents import Answer
from instance.doctor.examination import Examination
from instance.doctor.findings import DATABASE, Finding, check, fault, note, warning
from instance.doctor.outside import NAME, TLS, finger, our_name, seen
from instance.doctor.work import OPEN

ANSWER = gettext_noop("réponse du site")
A_LITTLE = 60.0  # seconds
PROXY = _("deploy/nginx.conf montre les deux lignes qu’il faut ; vérifiez la configuration, puis rechargez-la.")
RELOAD = "nginx -t && systemctl reload nginx"
REDIRECTS = (301, 302, 307, 308)
SILENT = fault(
    "serveur-muet",
    _("Personne ne répond à %(url)s (%(reason)s)."),
    _("Vérifiez que le serveur web et Préau tournent, et que le pare-feu les laisse passer."),
    "systemctl status nginx 'preau*'",
)
DOWN = fault(
    "preau-arrete",
    _("Le serveur web répond, mais pas Préau derrière lui (%(status)s)."),
    _("Démarrez Préau ; s’il s’arrête, son journal dit pourquoi."),
    "systemctl restart 'preau*' ; journalctl -u 'preau*' -n 50",
)
WRONG_HOST = fault(
    "entete-host",
    _("Le serveur web ne transmet pas le nom demandé (Host) : Préau refuse tout."),
    PROXY,
    RELOAD,
)
NOT_SECURE = fault(
    "entete-proto",
    _("Le serveur web ne dit pas à Préau que l’on est venu en https (X-Forwarded-Proto) : Préau se croit en http."),
    PROXY,
    RELOAD,
)
ANOTHER_SITE = fault(
    "autre-site",
    _("Sous le nom %(name)s, c’est un autre site qui répond (%(status)s)."),
    _("Vérifiez que server_name et proxy_pass de ce nom mènent à Préau, et que le DNS mène à cette machine."),
    "nginx -T | grep -n -A3 server_name",
)
ANOTHER_HOUSE = fault(
    "autre-serveur",
    _("Sous le nom %(name)s, un autre serveur Préau répond, avec une autre clé que celle de cette base."),
    _("Arrêtez celui qui ne doit plus servir (un ancien serveur, une copie d’essai), ou corrigez le DNS."),
    "getent ahosts %(name)s",
)
NO_FINGER = fault(
    "domaine-des-agents",
    _(
        "%(domain)s ne renvoie pas /.well-known/webfinger vers ce serveur : les adresses @…@%(domain)s sont"
        " introuvables."
    ),
    _("Ajoutez au site de %(domain)s les deux lignes qui finissent deploy/nginx.conf."),
    "curl -sI '%(url)s'",
)
WRONG_TIME = fault(
    "horloge-fausse",
    _(
        "L’horloge s’écarte de %(seconds)s secondes de celle des collectivités partenaires : les signatures sont"
        " refusées."
    ),
    _("Mettez la machine à l’heure, et qu’elle le reste."),
    "timedatectl set-ntp true && timedatectl",
)
A_LITTLE_WRONG = warning(
    "horloge-decalee",
    _("L’horloge s’écarte de %(seconds)s secondes de celle des collectivités partenaires (%(count)s ont répondu)."),
    _("Mettez la machine à l’heure, et qu’elle le reste."),
    "timedatectl set-ntp true && timedatectl",
)
UNKNOWN_TIME = note(
    "horloge-inconnue",
    _("L’horloge n’a pu être comparée à aucune autre : aucune collectivité partenaire n’a répondu."),
    _("Regardez si la machine se met à l’heure toute seule."),
    "timedatectl",
)
BY_NAME = [SILENT, DOWN, WRONG_HOST, NOT_SECURE, ANOTHER_SITE]


@check(gettext_noop("site"), _("Préau répond sous son nom."), BY_NAME, ["PREAU_HOST", NAME, TLS, OPEN], outside=True)
def answers(examination: Examination) -> Iterator[Finding]:
    found, name = seen(examination)["health"], our_name()[0]
    for finding in of_health(found, name):
        examination.broken.add(ANSWER)
        yield finding


def of_health(found: Answer | Exception, name: str) -> Iterator[Finding]:
    if isinstance(found, Exception):
        yield SILENT(url=f"{settings.ORIGIN}/health", reason=str(found) or type(found).__name__)
        return
    said = read(found)
    if found.status == 400:
        yield WRONG_HOST()
    elif found.status >= 500:
        yield DOWN(status=found.status)
    elif "secure" not in said:
        yield ANOTHER_SITE(name=name, status=found.status)
    elif not said["secure"] and not settings.DEVELOPMENT:
        yield NOT_SECURE()


def read(found: Answer) -> dict[str, object]:
    try:
        said = json.loads(found.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


SAME = ["PREAU_HOST", DATABASE, NAME, TLS, OPEN, ANSWER]


@check(
    gettext_noop("identité"), _("C’est bien ce serveur qui répond sous son nom."), [ANOTHER_HOUSE], SAME, outside=True
)
def it_is_us(examination: Examination) -> Iterator[Finding]:
    """Whoever answers publishes the key that is in our database."""
    found, key = seen(examination)["house"], keys.of(ids.instance_actor_uri())
    published = read(found).get("publicKey") if isinstance(found, Answer) and found.status == 200 else None
    if key and isinstance(published, dict) and published.get("publicKeyPem") != key.public_pem:
        yield ANOTHER_HOUSE(name=our_name()[0])


DOMAIN = ["PREAU_HOST", "PREAU_ACCOUNT_DOMAIN"]


def has_domain() -> bool:
    return bool(settings.ACCOUNT_DOMAIN != settings.HOST)


@check(
    gettext_noop("adresses des agents"),
    _("Les adresses des agents mènent à ce serveur."),
    [NO_FINGER],
    DOMAIN,
    True,
    has_domain,
)
def agents_are_found(examination: Examination) -> Iterator[Finding]:
    """By a redirect, or because the site of the domain hands the question on and answers as we would."""
    found = seen(examination)["finger"]
    if isinstance(found, Exception) or not (redirected(found) or handed_on(found)):
        yield NO_FINGER(domain=settings.ACCOUNT_DOMAIN, url=finger())


def redirected(found: Answer) -> bool:
    there = f"{settings.ORIGIN}/.well-known/webfinger?resource="
    return found.status in REDIRECTS and found.headers.get("location", "").startswith(there)


def handed_on(found: Answer) -> bool:
    return found.status == 200 and ids.instance_actor_uri() in found.body.decode(errors="replace")


@check(
    gettext_noop("horloge"),
    _("L’horloge est juste."),
    [WRONG_TIME, A_LITTLE_WRONG, UNKNOWN_TIME],
    ["PREAU_HOST"],
    outside=True,
)
def clock(examination: Examination) -> Iterator[Finding]:
    """Compared with the houses that answer, whose clocks may be wrong too: what most of them say counts."""
    said = [value for name, value in seen(examination).items() if name.startswith("clock of ")]
    told = [value for value in said if isinstance(value, float)]
    if not told:
        yield UNKNOWN_TIME()
        return
    away = abs(median(told))
    if away > settings.SIGNATURE_WINDOW.total_seconds() / 2:
        yield WRONG_TIME(seconds=round(away))
    elif away > A_LITTLE:
        yield A_LITTLE_WRONG(seconds=round(away), count=len(told))
