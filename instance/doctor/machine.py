"""The disk, the folder of data, and the files that an installation makes."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from instance.doctor.examination import Examination
from instance.doctor.findings import Finding, check, fault, warning

FULL, FULL_BYTES = 2, 200_000_000  # percent, and bytes, under which writing fails soon
FULL_DISK = fault(
    "disque-plein",
    _("Le disque des données est plein ou presque : il reste %(left)s."),
    _("Faites de la place ou agrandissez le disque maintenant : sans place, rien ne s’enregistre."),
    "du -xh --max-depth=2 %(folder)s | sort -h | tail",
)
FILLING_DISK = warning(
    "disque-bientot-plein",
    _("Le disque des données se remplit : il reste %(left)s (%(percent)s %%)."),
    _("Faites de la place ou agrandissez le disque ; voici ce qui en prend le plus."),
    "du -xh --max-depth=2 %(folder)s | sort -h | tail",
)
FEW_INODES = warning(
    "inodes",
    _("Le disque des données ne peut plus tenir beaucoup de fichiers : il reste %(percent)s %% de ses inodes."),
    _("Cherchez quel dossier tient tant de petits fichiers, et videz-le."),
    "du -x --inodes --max-depth=2 %(folder)s | sort -n | tail",
)
OPEN_FOLDER = warning(
    "dossier-ouvert",
    _("Tous les utilisateurs de la machine peuvent entrer dans le dossier des données (%(folder)s)."),
    _("Fermez-le : il contient des photos, des documents et, avec SQLite, toute la base."),
    "chmod 750 %(folder)s",
)
FOREIGN_FILES = fault(
    "fichiers-d-un-autre",
    _("Des fichiers du dossier des données appartiennent à un autre utilisateur : %(name)s est à %(owner)s."),
    _("Rendez-les à l’utilisateur qui fait tourner Préau, et passez par la commande preau, qui prend son identité."),
    "chown -R --reference=%(folder)s %(folder)s",
)
NO_STATIC = fault(
    "fichiers-statiques",
    _("Les feuilles de style et les scripts ne sont pas rassemblés : %(missing)s manque."),
    _("Rassemblez-les, puis redémarrez les services."),
    "preau collectstatic --no-input",
)
NO_CATALOGUE = warning(
    "traductions",
    _("Le catalogue de traductions %(language)s n’est pas compilé, ou est plus vieux que son texte."),
    _("Compilez-le, puis redémarrez les services."),
    "make -C /opt/preau install",
)


@check(
    gettext_noop("disque"),
    _("Il y a de la place sur le disque."),
    [FULL_DISK, FILLING_DISK, FEW_INODES],
    ["PREAU_DATA"],
)
def disk(examination: Examination) -> Iterator[Finding]:
    found = os.statvfs(settings.DATA)
    free, percent = found.f_bavail * found.f_frsize, share(found.f_bavail, found.f_blocks)
    facts = {"left": filesizeformat(free), "percent": percent, "folder": settings.DATA}
    if percent < FULL or free < FULL_BYTES:
        yield FULL_DISK(**facts)
    elif percent < examination.free_disk:
        yield FILLING_DISK(**facts)
    if found.f_files and share(found.f_favail, found.f_files) < examination.free_disk:
        yield FEW_INODES(folder=settings.DATA, percent=share(found.f_favail, found.f_files))


def share(part: int, whole: int) -> int:
    """In percent; some file systems count nothing."""
    return 100 * part // whole if whole else 100


@check(
    gettext_noop("dossier des données"),
    _("Le dossier des données est bien gardé."),
    [OPEN_FOLDER, FOREIGN_FILES],
    ["PREAU_DATA"],
)
def folder(examination: Examination) -> Iterator[Finding]:
    """Its own entries, and those of its folders: a command typed as root leaves files there that nobody may write."""
    there = settings.DATA.stat()
    if there.st_mode & stat.S_IRWXO and not settings.DEVELOPMENT:
        yield OPEN_FOLDER(folder=settings.DATA)
    for each in [*settings.DATA.iterdir(), *settings.DATA.glob("*/*")]:
        if each.lstat().st_uid != there.st_uid:
            yield FOREIGN_FILES(folder=settings.DATA, name=each.relative_to(settings.DATA), owner=name_of(each))
            return


def name_of(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:  # a number without a name
        return str(path.lstat().st_uid)


def in_service() -> bool:
    return not settings.DEVELOPMENT


@check(
    gettext_noop("fichiers statiques"),
    _("Les fichiers statiques sont rassemblés."),
    [NO_STATIC],
    ["PREAU_DATA"],
    concerns=in_service,
)
def static(examination: Examination) -> Iterator[Finding]:
    """Each of our files is in the manifest, and what the manifest names is there."""
    known = getattr(staticfiles_storage, "hashed_files", {})
    for source in settings.STATICFILES_DIRS:
        for path in sorted(each for each in Path(source).rglob("*") if each.is_file()):
            name = path.relative_to(source).as_posix()
            if name not in known or not (Path(settings.STATIC_ROOT) / known[name]).exists():
                yield NO_STATIC(missing=name)
                return


@check(gettext_noop("traductions"), _("Les traductions sont compilées."), [NO_CATALOGUE])
def catalogues(examination: Examination) -> Iterator[Finding]:
    for place in settings.LOCALE_PATHS:
        for source in sorted(Path(place).glob("*/LC_MESSAGES/django.po")):
            compiled = source.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                yield NO_CATALOGUE(language=source.parent.parent.name)
