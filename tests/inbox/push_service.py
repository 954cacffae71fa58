"""A telephone and its push service, on loopback: it believes only what is signed for it, and opens what it is sent."""

import json
import re
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import jwt

from inbox.push_keys import as_text
from tests.neighbour import lowered


class PushService:
    """`telephone()` makes a device; `answers` maps a path to what it is answered; `refused` says why a ring was."""

    def __init__(self, vapid_key):
        self.vapid_key, self.telephones, self.answers, self.refused, self.asked = vapid_key, {}, {}, [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def telephone(self, standard=True):
        path = f"/wpush/{secrets.token_urlsafe(12)}"
        self.telephones[path] = Telephone(f"{self.origin}{path}", standard)
        return self.telephones[path]

    def handler(service):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = lowered(self.headers)
                service.asked.append((self.path, headers, body))
                status, more = service.answers.get(self.path) or (service.judge(self.path, headers, body), {})
                self.send_response(status)
                for name, value in {"Content-Length": "0", **more}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def judge(self, path, headers, body):
        """201 for what a real service would take (RFC 8030, RFC 8292)."""
        try:
            token, key = signature_of(headers)
            claims = jwt.decode(token, key)
        except (InvalidSignature, ValueError, KeyError) as error:
            self.refused.append(repr(error))
            return 401
        wrong = [
            key != self.vapid_key and "another key than the device was subscribed with",
            claims["aud"] != self.origin and "for another service",
            not time.time() < claims["exp"] <= time.time() + 24 * 3600 and "for another time",
            not claims["sub"].startswith(("https:", "http://localhost", "mailto:")) and "from nobody",
            not headers.get("ttl", "").isdigit() and "without a TTL",
            not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("topic", "")) and "with a topic that is none",
            headers.get("urgency") not in ("very-low", "low", "normal", "high") and "without urgency",
            len(body) > 4096 and "too large",
        ]
        self.refused += [each for each in wrong if each]
        if any(wrong):
            return 400
        if path not in self.telephones:
            return 410
        self.telephones[path].hear(headers, body)
        return 201


def signature_of(headers):
    """The token and the key, in the way that goes with the encoding."""
    said = headers["authorization"]
    if headers["content-encoding"] == "aes128gcm":
        token, key = re.fullmatch(r"vapid t=([\w.-]+), ?k=([\w-]+)", said).groups()
        return token, key
    parts = dict(each.strip().split("=", 1) for each in headers["crypto-key"].split(";"))
    return said.removeprefix("WebPush "), parts["p256ecdsa"]


class Telephone:
    """`heard` are the opened messages."""

    def __init__(self, endpoint, standard):
        self.endpoint, self.standard, self.heard = endpoint, standard, []
        self.private, self.secret = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth = as_text(point), as_text(self.secret)

    def hear(self, headers, body):
        keys = {"private_key": self.private, "auth_secret": self.secret}
        if headers["content-encoding"] == "aes128gcm":
            opened = http_ece.decrypt(body, version="aes128gcm", **keys)
        else:
            said = dict(each.strip().split("=", 1) for each in headers["crypto-key"].split(";"))
            salt = headers["encryption"].removeprefix("salt=")
            opened = http_ece.decrypt(body, raw(salt), dh=raw(said["dh"]), version="aesgcm", **keys)
        assert (headers["content-encoding"] == "aes128gcm") == self.standard
        self.heard.append(json.loads(opened))

    def titles(self):
        return [each["title"] for each in self.heard]


def raw(text):
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
