"""A house next door: it answers over real HTTP on loopback, really signs, and keeps what it is sent."""

import base64
import functools
import hashlib
import itertools
import json
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

AS2 = "https://www.w3.org/ns/activitystreams"
CONTEXT = [AS2, "https://w3id.org/security/v1"]
PROFILE = "https://preau.example/ns#profile-1"


@functools.cache
def key_pair(number):
    """Key pairs are slow to make: each test takes them from the same few."""
    private = generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public.decode()


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


class Neighbour:
    def __init__(self, preau=True):
        self.documents, self.received, self.asked = {}, [], []
        self.status, self.answer_headers = 202, {}
        self.signed_type = "application/activity+json"
        self.key_names = {}  # of those whose key is not called #main-key
        self.keys, self.numbers, self.ids = {}, itertools.count(), itertools.count(1)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.origin = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.house = self.add_actor("instance", "Application", **({"profile": PROFILE} if preau else {}))
        self.preau = preau

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(neighbour):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body are two writes: together they would wait 40 ms

            def do_GET(self):
                neighbour.asked.append((self.path, lowered(self.headers)))
                found = neighbour.documents.get(self.path.split("?")[0])
                if callable(found):
                    found = found(self)
                    if found is None:
                        return
                if isinstance(found, tuple):
                    self.reply(200, *found)
                elif found is None:
                    self.reply(404, "application/json", b"{}")
                else:
                    self.reply(200, "application/activity+json", json.dumps(found).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if neighbour.status < 300:
                    neighbour.received.append((self.path, lowered(self.headers), json.loads(body)))
                self.reply(neighbour.status, "application/json", b"", neighbour.answer_headers)

            def reply(self, status, kind, body, headers=()):
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **dict(headers)}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        return Handler

    def add_actor(self, handle, kind="Person", **more):
        uri = f"{self.origin}/users/{handle}"
        private, public = key_pair(next(self.numbers))
        self.keys[uri] = private
        document = {
            "@context": CONTEXT,
            "id": uri,
            "type": kind,
            "preferredUsername": handle,
            "name": handle.title(),
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "following": f"{uri}/following",
            "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
            "discoverable": True,
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": public},
            **more,
        }
        self.documents[f"/users/{handle}"] = document
        if kind == "Person":
            self.documents["/.well-known/webfinger"] = self.finger
        return uri

    def finger(self, request):
        """WebFinger for any of its people."""
        from urllib.parse import parse_qs, urlsplit

        resource = parse_qs(urlsplit(request.path).query)["resource"][0]
        handle = resource.removeprefix("acct:").partition("@")[0]
        if f"/users/{handle}" not in self.documents:
            request.reply(404, "application/json", b"{}")
            return None
        link = {"rel": "self", "type": "application/activity+json", "href": f"{self.origin}/users/{handle}"}
        jrd = {"subject": f"acct:{handle}@{self.host}", "links": [link]}
        return ("application/jrd+json", json.dumps(jrd).encode())

    def activity(self, type, actor, object, **more):
        return {
            "@context": AS2,
            "id": f"{self.origin}/activities/{next(self.ids)}",
            "type": type,
            "actor": actor,
            "object": object,
            **more,
        }

    def note(self, author, to, content="<p>bonjour</p>", **more):
        uri = f"{self.origin}/notes/{next(self.ids)}"
        return {"id": uri, "type": "Note", "attributedTo": author, "content": content, "to": to, **more}

    def create(self, author, to, content="<p>bonjour</p>", **note):
        whole = self.note(author, to, content, **note)
        return self.activity("Create", author, whole, to=to)

    def followers(self):
        return f"{self.house}/followers"

    def sign(self, method, path, body, signer, host, **changes):
        """Headers as a real peer writes them (draft-cavage-12); `changes` replaces or removes some after signing."""
        headers = {"host": host, "date": formatdate(usegmt=True)}
        names = ["(request-target)", "host", "date"]
        if body is not None:
            headers["digest"] = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
            headers["content-type"] = self.signed_type
            names += ["digest", "content-type"]
        values = {"(request-target)": f"{method.lower()} {path}", **headers}
        text = "\n".join(f"{name}: {values[name]}" for name in names).encode()
        signature = base64.b64encode(self.keys[signer].sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        headers["signature"] = (
            f'keyId="{self.key_names.get(signer, f"{signer}#main-key")}",algorithm="rsa-sha256",'
            f'headers="{" ".join(names)}",signature="{signature}"'
        )
        return {name: value for name, value in (headers | changes).items() if value is not None}

    def post(self, client, activity, signer=None, path="/ap/inbox", host="localhost:8000", **changes):
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        headers = self.sign("POST", path, body, signer or activity["actor"], host, **changes)
        kind = headers.pop("content-type")
        return client.post(path, body, content_type=kind, headers=headers)

    def get(self, client, uri, signer=None, host="localhost:8000", **changes):
        path = "/" + uri.split("/", 3)[3]
        headers = self.sign("GET", path, None, signer or self.house, host, **changes)
        return client.get(path, headers={"accept": "application/activity+json", **headers})
