"""Every house that the recorded documents name, behind one port of this machine: it serves them, signs, is called."""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from federation.vocabulary import as_list, id_of
from tests.neighbour import CONTEXT, key_pair
from tests.replay.corpus import Document, Origins, Row

PRIVATE, PUBLIC_PEM = key_pair(0)  # of everyone: who signs is told by the id of the key, which its owner publishes
ACTIVITY_JSON = "application/activity+json"
JRD_JSON = "application/jrd+json"


class Houses:
    def __init__(self) -> None:
        self.documents: dict[str, Document | None] = {}
        self.contexts: set[str] = set()
        self.contexts_asked: list[str] = []
        self.server = Server(("127.0.0.1", 0), handler(self))
        self.origins = Origins(self.server.server_port)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # --- What they know ---

    def learn(self, rows: list[Row]) -> None:
        """Whatever the corpus holds whole can be fetched where it lives, in the world of any document."""
        for row in rows:
            self.contexts |= set(contexts(self.origins.moved(row.document, 0)))
            for each in parts(self.origins.moved(row.document, 0)):
                self.documents.setdefault(each["id"].partition("#")[0], each)

    def serve(self, document: Document | None, uri: str = "") -> None:
        self.documents[(uri or id_of(document)).partition("#")[0]] = document

    def find(self, uri: str) -> Document | None:
        """As it is in the world of this document, or as the corpus has it; actors with a key that signs."""
        if uri in self.documents:
            return self.documents[uri] and with_key(self.documents[uri])
        world = re.search(r"\.n(\d+)\.localhost", uri)
        if world is None:
            return None
        found = self.documents.get(uri.replace(world[0], ".n0.localhost"))
        return found and with_key(json.loads(json.dumps(found).replace(".n0.localhost", world[0])))

    def actor(self, uri: str, kind: str = "Person", followers: str = "", **more: Any) -> Document:
        """The actor of the corpus, or one invented under the same id."""
        found = self.find(uri)
        if found is None or "inbox" not in found:
            found = invented(uri, kind, followers)
        self.serve(found | more)
        return found

    def key_id(self, uri: str) -> str:
        return id_of((self.find(uri) or {}).get("publicKey")) or f"{uri}#main-key"

    # --- What they answer and send ---

    def answer(self, host: str, path: str) -> tuple[str, Document] | None:
        if path.startswith("/.well-known/webfinger"):
            return self.finger(host, parse_qs(urlsplit(path).query).get("resource", [""])[0])
        found = self.find(f"http://{host}{unquote(path)}") or self.find(f"http://{host}{path}")
        found = found or (self.find(f"http://{host}") if path == "/" else None)
        if found is None and path.endswith("/main-key"):  # a key in a document of its own, as GoToSocial has them
            owner = self.find(f"http://{host}{path.removesuffix('/main-key')}")
            found = owner and {"@context": CONTEXT, **owner["publicKey"]}
        return (ACTIVITY_JSON, found) if found else None

    def finger(self, host: str, resource: str) -> tuple[str, Document] | None:
        for uri, each in list(self.documents.items()):
            address = f"acct:{(each or {}).get('preferredUsername')}@{host}"
            if each and uri.startswith(f"http://{host}/") and resource == address:
                link = {"rel": "self", "type": ACTIVITY_JSON, "href": each["id"]}
                return JRD_JSON, {"subject": resource, "links": [link]}
        return None

    def sign(self, path: str, body: bytes, signer: str, host: str) -> dict[str, str]:
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"host": host, "date": formatdate(usegmt=True), "digest": digest, "content-type": ACTIVITY_JSON}
        text = "\n".join(f"{n}: {v}" for n, v in {"(request-target)": f"post {path}", **headers}.items()).encode()
        proof = base64.b64encode(PRIVATE.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        covered = "(request-target) host date digest content-type"
        return headers | {
            "signature": f'keyId="{self.key_id(signer)}",algorithm="rsa-sha256",headers="{covered}",signature="{proof}"'
        }


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def parts(value: Any) -> list[Document]:
    """A document and those within it that have an id of their own and say more than a reference does."""
    if isinstance(value, list):
        return [found for each in value for found in parts(each)]
    if not isinstance(value, dict):
        return []
    inner = [found for key, each in value.items() if key != "@context" for found in parts(each)]
    whole = isinstance(value.get("id"), str) and isinstance(value.get("type"), str) and len(value) > 4
    return [{"@context": CONTEXT, **value}, *inner] if whole else inner


def contexts(value: Any) -> Iterator[str]:
    """The addresses of contexts that a document names, wherever it does: nobody may ever ask for one."""
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from contexts(each)
    named = value.get("@context") if isinstance(value, dict) else None
    yield from (each for each in as_list(named) if isinstance(each, str))


def with_key(document: Document) -> Document:
    if "inbox" not in document or not isinstance(document.get("id"), str):
        return document
    uri = document["id"]
    published = document.get("publicKey")
    named = id_of(published[0] if isinstance(published, list) and published else published)
    own = named and urlsplit(named).netloc == urlsplit(uri).netloc
    key = {"id": named if own else f"{uri}#main-key", "owner": uri, "publicKeyPem": PUBLIC_PEM}
    return document | {"publicKey": key}


def invented(uri: str, kind: str, followers: str = "") -> Document:
    name = re.sub(r"[^A-Za-z0-9_.-]", "", uri.rstrip("/").rpartition("/")[2]) or "someone"
    base = uri.rstrip("/")
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": kind,
        "preferredUsername": name[:60],
        "name": name[:60],
        "inbox": f"{base}/inbox",
        "outbox": f"{base}/outbox",
        "followers": followers or f"{base}/followers",
    }


def handler(houses: Houses) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = f"http://{self.headers.get('host', '')}{self.path}"
            if re.sub(r"\.n[0-9]+\.localhost", ".n0.localhost", asked) in houses.contexts:
                houses.contexts_asked.append(asked)
            kind, found = houses.answer(self.headers.get("host", ""), self.path) or ("application/json", None)
            self.reply(200 if found else 404, kind, json.dumps(found or {}).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(202, "application/json", b"")

        def reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler
