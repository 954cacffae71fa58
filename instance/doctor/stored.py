"""Buckets of photos and of backups: reached, written to, closed to everybody else, and at the same hour."""

from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from federation.errors import MediaAway
from instance import bucket
from instance.backups import media
from instance.bucket import Bucket
from instance.bucket_address import BucketAddress
from instance.configuration import settings_file
from instance.doctor.examination import Examination
from instance.doctor.findings import Ailment, Finding, check, fault, warning

A_LITTLE = 120.0  # seconds; S3 refuses what was signed a quarter of an hour from its own time
LOOKED_AT = 20  # files of the disk
KEYS = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "PermissionDeniedError", "UnauthenticatedError")
OUT_OF_REACH = fault(
    "stockage-injoignable",
    _("Le stockage %(url)s ne répond pas (%(reason)s)."),
    _(
        "Vérifiez le nom et le port dans %(variable)s (%(file)s), le pare-feu en sortie, et le certificat : s’il vient"
        " d’une autorité interne, ajoutez ?ca=/chemin/autorite.pem."
    ),
    "curl -sS -o /dev/null -w '%%{http_code}\\n' %(endpoint)s",
)
NO_BUCKET = fault(
    "stockage-sans-bucket",
    _("Le bucket de %(url)s n’existe pas."),
    _("Créez-le, privé, chez l’hébergeur du stockage, ou corrigez son nom dans %(variable)s (%(file)s)."),
)
WRONG_KEY = fault(
    "stockage-cle",
    _("Le stockage %(url)s refuse notre clé (%(reason)s)."),
    _(
        "Vérifiez la clé, le secret et region= dans %(variable)s (%(file)s) ; dans le secret, / s’écrit %%2F et +"
        " s’écrit %%2B. La clé doit pouvoir lister, lire, écrire et effacer dans ce bucket."
    ),
)
READ_ONLY = fault(
    "stockage-lecture-seule",
    _("Le stockage %(url)s ne nous laisse pas écrire (%(reason)s)."),
    _(
        "Donnez à la clé de %(variable)s le droit d’écrire (PutObject) dans ce bucket, ou regardez si un quota est"
        " atteint."
    ),
)
NOT_ERASED = fault(
    "stockage-sans-effacement",
    _("Le stockage %(url)s ne nous laisse pas effacer (%(reason)s) : les photos retirées y restent."),
    _("Donnez à la clé de %(variable)s le droit d’effacer (DeleteObject) dans ce bucket."),
)
PUBLIC = fault(
    "stockage-public",
    _("N’importe qui peut lire ce qui est dans %(url)s, sans clé."),
    _(
        "Fermez ce bucket maintenant chez l’hébergeur du stockage (accès privé, aucune règle publique) : les photos et"
        " documents n’y sont lus que par Préau, qui demande à chaque fois qui a le droit."
    ),
)
OTHER_HOUR = fault(
    "stockage-horloge",
    _(
        "L’heure de ce serveur et celle du stockage %(url)s diffèrent de %(seconds)s secondes : il finira par tout"
        " refuser."
    ),
    _("Mettez l’horloge à l’heure, et laissez-la se régler seule."),
    "timedatectl set-ntp true",
)
TOGETHER = warning(
    "sauvegardes-avec-les-photos",
    _("Les sauvegardes et les photos sont dans le même bucket (%(url)s) : qui l’efface efface les deux."),
    _(
        "Donnez aux sauvegardes un autre bucket dans PREAU_BACKUP_URL (%(file)s), avec une autre clé, au mieux chez un"
        " autre hébergeur."
    ),
)
LEFT_BEHIND = fault(
    "photos-restees-sur-le-disque",
    _("Des photos sont dans %(folder)s et pas dans le bucket : elles ne s’affichent plus (%(name)s)."),
    _("Copiez-les dans le bucket ; rien n’est ôté du disque."),
    "preau media upload",
)


def chosen() -> dict[str, BucketAddress]:
    named = {"PREAU_MEDIA_URL": settings.MEDIA_BUCKET, "PREAU_BACKUP_URL": settings.BACKUP_BUCKET}
    return {name: address for name, address in named.items() if address}


@check(
    gettext_noop("stockage"),
    _("Le stockage S3 répond, et n’est ouvert qu’à nous."),
    [OUT_OF_REACH, NO_BUCKET, WRONG_KEY, READ_ONLY, NOT_ERASED, PUBLIC, OTHER_HOUR, TOGETHER, LEFT_BEHIND],
    outside=True,
    concerns=lambda: bool(chosen()),
)
def stored(examination: Examination) -> Iterator[Finding]:
    for variable, address in chosen().items():
        facts = {"url": address.shown, "endpoint": address.endpoint, "variable": variable, "file": settings_file()}
        yield from reached(bucket.opened(address), facts) or tried(bucket.opened(address), facts)
    buckets = {(each.host, each.bucket): each for each in chosen().values()}
    if len(buckets) < len(chosen()):
        yield TOGETHER(url=min(each.shown for each in buckets.values()), file=settings_file())
    if settings.MEDIA_BUCKET and not examination.broken & {"PREAU_DATA"}:
        yield from left_behind()


def reached(found: Bucket, facts: dict[str, object]) -> list[Finding]:
    try:
        next(found.listed(), None)
    except MediaAway as error:
        return [of_code(str(error))(reason=error, **facts)]
    return []


def of_code(code: str) -> Ailment:
    if code == bucket.NO_BUCKET:
        return NO_BUCKET
    return WRONG_KEY if code in KEYS else OUT_OF_REACH


def tried(found: Bucket, facts: dict[str, object]) -> Iterator[Finding]:
    """A file of a few bytes, which goes again if it may; whoever has no key must not read it."""
    try:
        found.put(media.TRIAL, b"preau doctor")
    except MediaAway as error:
        yield READ_ONLY(reason=error, **facts)
        return
    with suppress(FileNotFoundError):  # the doctor of another machine has removed it
        apart = abs((now() - found.head(media.TRIAL).changed).total_seconds())
        if apart > A_LITTLE:
            yield OTHER_HOUR(seconds=round(apart), **facts)
    if is_public(found.address, media.TRIAL):
        yield PUBLIC(**facts)
    try:
        found.delete(media.TRIAL)
    except MediaAway as error:
        if facts["variable"] == "PREAU_MEDIA_URL":  # a key of backups that erases nothing is a good one
            yield NOT_ERASED(reason=error, **facts)


def is_public(address: BucketAddress, name: str) -> bool:
    """Whether one without a key reads a file, or sees which there are."""
    stranger = Bucket(address, signed=False)
    for ask in (lambda: stranger.read(name), lambda: next(stranger.listed())):
        try:
            ask()
        except (MediaAway, FileNotFoundError, StopIteration):
            continue
        return True
    return False


def left_behind() -> Iterator[Finding]:
    try:
        for name in media.only_on_disk(LOOKED_AT):
            yield LEFT_BEHIND(folder=settings.MEDIA_ROOT, name=name)
            return
    except MediaAway:
        return  # said already
