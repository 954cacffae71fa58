"""This house as its neighbours see it: its name in the DNS, and the certificate that is shown under it."""

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from federation import http, ids, looking, peers
from federation.models import Peer
from instance.doctor.examination import Examination
from instance.doctor.findings import DATABASE, Finding, check, fault, warning

NAME, TLS = gettext_noop("nom joignable"), gettext_noop("certificat valable")
ASKED = 5  # houses whose clocks are compared with ours
SOON = 14 * 86_400.0
EXPIRED, OTHER_NAME = 10, 62  # OpenSSL's X509_V_ERR_…
RENEW = "certbot renew && systemctl reload nginx"
NO_NAME = fault(
    "nom-introuvable",
    _("Le nom %(name)s n’est pas dans le DNS : personne ne peut joindre ce serveur."),
    _(
        "Faites ajouter au DNS de votre domaine un enregistrement A (et AAAA) vers ce serveur ; vérifiez aussi"
        " PREAU_HOST."
    ),
    "getent ahosts %(name)s",
)
PRIVATE = warning(
    "nom-prive",
    _("Vu d’ici, %(name)s désigne une adresse privée : le reste ne peut pas être vérifié de cette machine."),
    _("Vérifiez depuis l’extérieur que le DNS donne votre adresse publique ; si /etc/hosts nomme %(name)s, ôtez-le."),
    "getent ahosts %(name)s",
)
NO_TLS = fault(
    "tls-muet",
    _("Personne ne répond en https sous le nom %(name)s (%(reason)s)."),
    _("Vérifiez que le serveur web tourne, qu’il écoute sur le port 443, et que le pare-feu le laisse passer."),
    "systemctl status nginx",
)
OUT_OF_DATE = fault(
    "certificat-expire",
    _("Le certificat de %(name)s a expiré : les collectivités partenaires refusent de vous parler."),
    _("Renouvelez-le maintenant, puis cherchez pourquoi il ne s’est pas renouvelé tout seul."),
    RENEW,
)
SOON_OUT_OF_DATE = warning(
    "certificat-bientot",
    _("Le certificat de %(name)s expire le %(date)s."),
    _("Renouvelez-le, et vérifiez que le renouvellement automatique tourne (systemctl list-timers certbot.timer)."),
    RENEW,
)
FOR_ANOTHER = fault(
    "certificat-autre-nom",
    _("Le certificat montré sous le nom %(name)s est celui d’un autre nom."),
    _("Demandez un certificat pour %(name)s, et nommez-le dans le bloc server de ce nom (ssl_certificate)."),
    "certbot certonly --webroot -w /var/www/html -d %(name)s",
)
NOT_TRUSTED = fault(
    "certificat-non-reconnu",
    _("Le certificat de %(name)s n’est pas reconnu (%(reason)s)."),
    _("Prenez un certificat d’une autorité reconnue, et donnez à ssl_certificate la chaîne entière (fullchain.pem)."),
    "certbot certonly --webroot -w /var/www/html -d %(name)s",
)


def seen(examination: Examination) -> dict[str, Any]:
    """Everything that is asked of others, asked once, side by side; the database is looked at before that."""
    if not examination.seen_outside:
        examination.seen_outside = looking.side_by_side(calls(DATABASE not in examination.broken))
    return examination.seen_outside


def calls(with_neighbours: bool) -> dict[str, looking.Call]:
    name, port = our_name()
    asked: dict[str, looking.Call] = {
        "names": looking.names(name, port),
        "health": looking.answer(f"{settings.ORIGIN}/health"),
        "house": looking.answer(ids.instance_actor_uri()),
    }
    if not settings.DEVELOPMENT:
        asked["certificate"] = http.certificate(name, port)
    if settings.ACCOUNT_DOMAIN != settings.HOST:
        asked["finger"] = looking.answer(finger())
    answering = Peer.objects.filter(state="active", failures=0).order_by("?")[:ASKED] if with_neighbours else []
    for each in answering:
        asked[f"clock of {each.host}"] = looking.clock(f"{peers.origin_of(each.host)}/.well-known/nodeinfo")
    return asked


def our_name() -> tuple[str, int]:
    parts = urlsplit(settings.ORIGIN)
    return parts.hostname or "", parts.port or peers.DEFAULT_PORT[parts.scheme]


def finger() -> str:
    """Where neighbours ask for our agents by the names that they see."""
    domain = settings.ACCOUNT_DOMAIN
    return f"{peers.origin_of(domain)}/.well-known/webfinger?resource=acct:instance@{domain}"


@check(gettext_noop("nom"), _("Le nom du serveur est dans le DNS."), [NO_NAME, PRIVATE], ["PREAU_HOST"], outside=True)
def name_is_known(examination: Examination) -> Iterator[Finding]:
    found = seen(examination)["names"]
    if isinstance(found, PermissionError):
        examination.broken.add(NAME)
        yield PRIVATE(name=our_name()[0])
    elif isinstance(found, Exception):
        examination.broken.add(NAME)
        yield NO_NAME(name=our_name()[0])


HERE = ["PREAU_HOST", NAME]


def has_tls() -> bool:
    return not settings.DEVELOPMENT


CERTIFICATE = [NO_TLS, OUT_OF_DATE, SOON_OUT_OF_DATE, FOR_ANOTHER, NOT_TRUSTED]


@check(
    gettext_noop("certificat"), _("Le certificat est valable deux semaines encore."), CERTIFICATE, HERE, True, has_tls
)
def certificate(examination: Examination) -> Iterator[Finding]:
    found, name = seen(examination)["certificate"], our_name()[0]
    if isinstance(found, Exception):
        examination.broken.add(TLS)
        yield told(found, name)
    elif (ends := ssl.cert_time_to_seconds(found["notAfter"])) < time.time() + SOON:
        yield SOON_OUT_OF_DATE(name=name, date=f"{datetime.fromtimestamp(ends, UTC):%Y-%m-%d}")


def told(error: Exception, name: str) -> Finding:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return NO_TLS(name=name, reason=type(error).__name__)
    kind = {EXPIRED: OUT_OF_DATE, OTHER_NAME: FOR_ANOTHER}.get(error.verify_code, NOT_TRUSTED)
    return kind(name=name, reason=error.verify_message)
