"""Files of the media that no row names, on the disk or in the bucket: a process ended between the one and the other."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.utils.timezone import now

from instance import keep
from instance.backups import files, media, named
from outbox import uploads

MANY, SHARE = 50, 10  # above so many, and one in so many: the database is not the one that these files belong to


@dataclass(frozen=True)
class Looked:
    """How many files there are, and those that nothing names."""

    count: int
    orphans: list[str]

    @property
    def strange(self) -> bool:
        return len(self.orphans) > max(MANY, self.count // SHARE)


def look() -> Looked:
    """MediaAway, OSError when nobody can tell."""
    count, orphans, rest = 0, list[str](), iter(dated())
    while some := list(islice(rest, named.AT_ONCE)):
        count += len(some)
        old = [name for name, changed in some if changed < now() - keep.WITHOUT_A_ROW]
        kept = named.among(old)
        orphans += [name for name in old if name not in kept]
    return Looked(count, orphans)


def erase(names: list[str]) -> int:
    """Those that are named by nothing still."""
    count, rest = 0, iter(names)
    while some := list(islice(rest, named.AT_ONCE)):
        kept = named.among(some)
        for name in some:
            if name not in kept:
                default_storage.delete(name)
                count += 1
    return count


def dated() -> Iterator[tuple[str, datetime]]:
    """Where this house puts files of its own: whatever else an admin keeps beside them is hers."""
    ours = folders()
    if settings.MEDIA_BUCKET:
        for folder in sorted(ours):
            yield from ((name, found.changed) for name, found in media.shared().listed(folder))
        return
    for path in files.found_in(media.disk()):
        if path.parts[0] in ours and len(path.parts) > 1:
            with suppress(FileNotFoundError):  # erased meanwhile
                yield path.as_posix(), datetime.fromtimestamp((media.disk() / path).stat().st_mtime, UTC)


def folders() -> set[str]:
    columns = (model._meta.get_field(name) for model, name in named.columns())
    return {uploads.RAW.rstrip("/")} | {str(each.upload_to) for each in columns if isinstance(each, FileField)}
