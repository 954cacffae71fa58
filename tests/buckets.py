"""S3-compatible storage for the tests: SeaweedFS, a server of its own that checks every signature."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from federation.errors import MediaAway
from instance import bucket_address
from instance.bucket import Bucket
from instance.bucket_address import BucketAddress
from tests import servers

KEY, SECRET = "preau-essai", "un-secret/d+essai"
OTHER = ("preau-autre", "un-autre-secret")  # a key that may read, and write nothing
WRITTEN = "un-secret%2Fd%2Bessai"  # as a setting says it
PORTS = [f"{of}.port{kind}" for of in ("s3", "master", "volume", "filer") for kind in ("", ".grpc")]


class Storage:
    """One server with one bucket, `essai`, and folders in it: each bucket more takes volumes, and seconds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ports = folder, servers.free_ports(len(PORTS))
        self.port = self.ports[0]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, place: str, key: str = KEY, secret: str = WRITTEN) -> str:
        """A bucket, or a folder in it, as a setting says it."""
        return f"s3+http://{key}:{secret}@{self.host}/{place}?region=fr-par"

    def address(self, place: str, **changes: str) -> BucketAddress:
        found = bucket_address.read(self.url(place, **changes), "PREAU_MEDIA_URL", development=True)
        assert found
        return found

    def bucket(self, place: str) -> Bucket:
        return Bucket(self.address(place))

    @contextmanager
    def running(self) -> Iterator[None]:
        config = self.folder / "s3.json"
        config.write_text(json.dumps({"identities": list(identities())}))
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        command = [program(), "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
        command += [f"-{name}={port}" for name, port in zip(PORTS, self.ports, strict=True)]
        command += [f"-s3.config={config}", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        command += ["-master.telemetry=false", "-volume.max=20", "-master.volumeSizeLimitMB=256"]
        with servers.running(command, self.folder / "log", self.answers, stop=signal.SIGKILL):
            yield

    def answers(self) -> bool:
        """Its parts find each other within some seconds; until then what is put is refused."""
        try:
            self.bucket("essai").put("pret", b"pret")
        except (MediaAway, FileNotFoundError):
            return False
        return True


def identities() -> Iterator[dict[str, object]]:
    rights = {KEY: ["Admin", "Read", "Write", "List", "Tagging"], OTHER[0]: ["Read", "List"]}
    yield {"name": "anonymous", "actions": ["Read:ouvert", "List:ouvert"]}  # anybody, in one bucket
    for key, secret in ((KEY, SECRET), OTHER):
        credentials = [{"accessKey": key, "secretKey": secret}]
        yield {"name": key, "credentials": credentials, "actions": rights[key]}


def program() -> str:
    """Beside our Python, where the lock file has put it."""
    found = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if not found:
        raise servers.NotStarted("SeaweedFS (weed) is missing: make test installs it")
    return found


@contextmanager
def storage() -> Iterator[Storage]:
    with servers.scratch() as folder:
        found = Storage(folder)
        with found.running():
            yield found
