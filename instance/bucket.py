"""The one door to S3-compatible storage, which an admin named in the settings (ADR 20)."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from federation.errors import MediaAway
from instance.bucket_address import BucketAddress

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ClientConfig, S3Store

CODE = re.compile(r"<Code>(\w+)</Code>")
NO_BUCKET, REFUSED = "NoSuchBucket", "AccessDenied"
REACHED = timedelta(seconds=3)
# Without a word, and for one question with its tries: while a page waits, and while only a command does.
PAGES, COMMANDS = (timedelta(seconds=8), timedelta(seconds=10)), (timedelta(minutes=1), timedelta(minutes=5))
WHOLE = timedelta(hours=6)  # for the largest file
_first: dict[str, int] = {}


class Listed(NamedTuple):
    """Of a file; `mark` is its ETag, which S3 makes of what is in it."""

    size: int
    changed: datetime
    mark: str = ""


@lru_cache(maxsize=4)
def opened(address: BucketAddress, patient: bool = False) -> "Bucket":
    """One for all threads of a process: it keeps its connections. `patient`: nobody's page waits."""
    return Bucket(address, patient=patient)


class Bucket:
    """Files by name. FileNotFoundError where there is none, MediaAway when nobody can tell.

    The library is loaded when a house first needs it: one that keeps its media on its own disk never does.
    """

    def __init__(self, address: BucketAddress, signed: bool = True, patient: bool = False) -> None:
        self.address = address
        self.store = store(address, signed, *(COMMANDS if patient else PAGES))

    def put(self, name: str, content: bytes | Path) -> None:
        """Whole or not at all, in place of what was there."""
        import obstore

        with asked():
            obstore.put(self.store, self.path(name), content)

    def read(self, name: str, start: int = 0, length: int | None = None) -> tuple[bytes, int]:
        """What stands there from `start` on, and how long the whole is."""
        import obstore

        options: Any = {} if length is None else {"range": (start, start + length)}
        with asked():
            found = obstore.get(self.store, self.path(name), options=options)
            return bytes(found.bytes()), found.meta["size"]

    def stream(self, name: str) -> Iterator[bytes]:
        import obstore

        with asked():
            yield from map(bytes, obstore.get(self.store, self.path(name)).stream())

    def head(self, name: str) -> Listed:
        import obstore

        with asked():
            found = obstore.head(self.store, self.path(name))
            return listed(found)

    def exists(self, name: str) -> bool:
        try:
            self.head(name)
        except FileNotFoundError:
            return False
        return True

    def delete(self, *names: str) -> None:
        """Those that are not there are gone already."""
        import obstore

        for name in names:
            with asked():
                obstore.delete(self.store, self.path(name))

    def copy(self, name: str, to: str) -> None:
        import obstore

        with asked():
            obstore.copy(self.store, self.path(name), self.path(to))

    def listed(self, folder: str = "") -> Iterator[tuple[str, Listed]]:
        """Every file below a folder, by its name in the bucket."""
        import obstore

        known, prefix = len(self.address.prefix), self.path(folder).rstrip("/")
        with asked():
            for page in obstore.list(self.store, prefix or None, chunk_size=1000):
                for each in page:
                    yield each["path"][known:], listed(each)

    def path(self, name: str) -> str:
        return self.address.prefix + name


def listed(found: "ObjectMeta") -> Listed:
    return Listed(found["size"], found["last_modified"], (found["e_tag"] or "").strip('"'))


def store(address: BucketAddress, signed: bool, silence: timedelta, tries: timedelta) -> "S3Store":
    """Configured by our settings alone, whatever the environment says of Amazon."""
    from obstore.store import S3Store

    client: ClientConfig = {"connect_timeout": REACHED, "read_timeout": silence, "timeout": WHOLE}
    client["allow_http"] = not address.tls
    if address.ca:
        client["root_certificate"] = Path(address.ca).read_bytes()
    return S3Store(
        address.bucket,
        endpoint=address.endpoint,
        access_key_id=address.key,
        secret_access_key=address.secret,
        region=address.region,
        virtual_hosted_style_request=address.by_host,
        skip_signature=not signed,
        client_options=client,
        retry_config={"max_retries": 3, "retry_timeout": tries},
    )


@contextmanager
def asked() -> Iterator[None]:
    """What the library says holds addresses and whole answers: only the code that S3 gives is passed on."""
    from obstore.exceptions import BaseError

    if os.getpid() != _first.setdefault("process", os.getpid()):
        raise RuntimeError("a bucket was opened before this process was forked: the library would wait for ever")
    try:
        yield
    except FileNotFoundError as error:
        if NO_BUCKET in str(error):
            raise MediaAway(NO_BUCKET) from None
        raise FileNotFoundError(2, "not in the bucket") from None
    except (BaseError, TimeoutError, ConnectionError) as error:
        found = CODE.search(str(error))
        raise MediaAway(found[1] if found else type(error).__name__) from None
