"""Partner houses: people with keys who write letters, and a process of their own that says who they are."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection  # noqa: TID251  it is not the house that calls
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from tests import servers

CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
PROFILE = "https://preau.example/ns#profile-1"


@dataclass
class Partner:
    """One house, which runs Préau too."""

    host: str
    keys: dict[str, RSAPrivateKey] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    scheme: str = "http"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def house(self) -> str:
        return f"{self.origin}/ap/instance"

    def settle(self, uri: str, handle: str, kind: str = "Person", **more: Any) -> None:
        key = self.keys[uri] = generate_private_key(65537, 2048)
        pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.documents[uri.partition(self.host)[2]] = {
            "@context": CONTEXT,
            "id": uri,
            "type": kind,
            "preferredUsername": handle,
            "name": handle.title(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "following": f"{uri}/following",
            "endpoints": {"sharedInbox": f"{self.origin}/ap/inbox"},
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem.decode()},
            **more,
        }

    def people(self) -> list[str]:
        return [uri for uri in self.keys if uri != self.house]

    def introduction(self) -> dict[str, Any]:
        """The columns of a `Peer` that has been learned."""
        return {
            "host": self.host,
            "name": f"Ville {self.host}",
            "state": "active",
            "speaks_preau": True,
            "instance_actor_uri": self.house,
            "shared_inbox": f"{self.origin}/ap/inbox",
            "followers_uri": f"{self.house}/followers",
        }


def partners(houses: int, people: int) -> list[Partner]:
    """Houses with names of their own behind one port: `.localhost` is this machine."""
    port = servers.free_port()
    return [partner(f"ville{number}.localhost:{port}", people) for number in range(houses)]


def partner(host: str, people: int, scheme: str = "http") -> Partner:
    found = Partner(host, scheme=scheme)
    found.settle(found.house, "instance", "Application", profile=PROFILE)
    for number in range(people):
        found.settle(f"{found.origin}/ap/actors/{number}", f"agent{number}")
    return found


@contextmanager
def answering(partners: list[Partner], folder: Path) -> Iterator[None]:
    """The houses answer, all from one process, which does not count."""
    pages = folder / "pages.json"
    pages.write_text(json.dumps({each.host: each.documents for each in partners}))
    port = partners[0].host.rpartition(":")[2]
    command = [sys.executable, "-m", "benchmarks.answering", str(pages), port]
    with servers.running(command, folder / "answering", lambda: answers(partners[0].host, int(port))):
        yield


def answers(host: str, port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/ap/instance", headers={"host": host})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
