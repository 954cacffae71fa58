"""A house next door that really signs and really checks, keeps a ledger of effects, and misbehaves by seeded dice."""

import base64
import hashlib
import itertools
import json
import os
import re
import socket
import struct
import sys
import threading
import time
import traceback
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.faults.ledger import Ledger
from tests.faults.plan import Plan, Tally
from tests.neighbour import CONTEXT, Neighbour, lowered

# In a thousand letters. What is taken and then ill answered is brought again: that is where duplicates would come from.
MOODS = {"503": 40, "429": 30, "silent": 7, "taken, then silent": 7, "reset": 25, "taken, then reset": 40, "drip": 7}
PEOPLE = ("lea", "marc", "zoe")
PARAMETER = re.compile(r'(\w+)="([^"]*)"')


class Unproven(Exception):
    """A signature that does not hold."""


class MoodyHouse(Neighbour):
    """`down` makes it hang up on everyone."""

    def __init__(self, name: str, plan: Plan, tally: Tally) -> None:
        super().__init__()
        self.name, self.tally, self.hang = name, tally, plan.hang
        self.luck, self.lock = plan.luck("moods", name), threading.Lock()
        self.down = threading.Event()
        self.ledger = Ledger(self)
        self.known: dict[str, RSAPublicKey] = {}
        self.server.handle_error = self.fault  # type: ignore[method-assign, assignment]
        self.server.socket.listen(128)
        self.numbers = itertools.cycle(range(8))  # type: ignore[assignment]  # slow to make: shared
        self.people = [self.add_actor(handle) for handle in PEOPLE]
        self.describe()

    def fault(self, *_: object) -> None:
        """That somebody hung up is no news; anything else is a mistake of this file."""
        if not isinstance(sys.exc_info()[1], OSError):
            self.tally.wrong(f"{self.name}: {traceback.format_exc()}")

    def describe(self) -> None:
        """What `preau peers add` asks for."""
        rel, href = "http://nodeinfo.diaspora.software/ns/schema/2.1", f"{self.origin}/nodeinfo/2.1"
        index = {"links": [{"rel": rel, "href": href}]}
        about = {"metadata": {"nodeName": self.name, "instanceActor": self.house}, "usage": {"users": {"total": 3}}}
        self.documents["/.well-known/nodeinfo"] = ("application/json", json.dumps(index).encode())
        self.documents["/nodeinfo/2.1"] = ("application/json", json.dumps(about).encode())
        self.befriend([])

    def befriend(self, instance_actors: list[str]) -> None:
        uri = self.followers()
        items = {"id": uri, "type": "OrderedCollection", "orderedItems": instance_actors}
        self.documents[urlsplit(uri).path] = {"@context": CONTEXT, **items, "totalItems": len(instance_actors)}

    def handler(house):  # noqa: N805
        class Handler(super().handler()):  # type: ignore[misc]
            def do_GET(self) -> None:
                if house.down.is_set():
                    reset(self)
                else:
                    super().do_GET()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                house.receive(self, body)

        return Handler

    def mood(self) -> str:
        if self.down.is_set():
            return "down"
        if not self.tally.storm.is_set():
            return "202"
        with self.lock:
            (drawn,) = self.luck.choices([*MOODS, "202"], [*MOODS.values(), 1000 - sum(MOODS.values())])
        return drawn

    def receive(self, request: Any, body: bytes) -> None:
        mood = self.mood()
        self.tally.add(f"answer {mood}")
        if mood in ("down", "reset"):
            return reset(request)
        if mood == "silent":
            time.sleep(self.hang)
            return reset(request)
        if mood in ("503", "429"):
            return request.reply(int(mood), "application/json", b"{}", {"Retry-After": "120"} if mood == "429" else {})
        try:
            signer = self.prove(request, body)
        except (OSError, HTTPException):
            self.tally.add("answer 503, its key cannot be fetched")
            return request.reply(503, "application/json", b"{}")
        except Unproven as reason:
            self.tally.wrong(f"{self.name} was brought a letter that is not proven: {reason}")
            return request.reply(401, "application/json", b"{}")
        self.ledger.take(json.loads(body), signer)
        return self.answer(request, mood)

    def answer(self, request: Any, mood: str) -> None:
        if mood == "taken, then silent":
            time.sleep(self.hang)
        if mood.startswith("taken, then"):
            reset(request)
        elif mood == "drip":
            drip(request, self.hang)
        else:
            request.reply(202, "application/json", b"")

    def prove(self, request: Any, body: bytes) -> str:
        """Whose key signed exactly this; asked of its house when we do not know it. OSError when that one is away."""
        headers = lowered(request.headers)
        said = dict(PARAMETER.findall(headers.get("signature", "")))
        names = said.get("headers", "").split()
        if not {"(request-target)", "host", "date", "digest"} <= set(names) or headers["host"] != self.host:
            raise Unproven("too little is covered")
        if headers["digest"] != "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode():
            raise Unproven("another body")
        values = {**headers, "(request-target)": f"post {request.path}"}
        text = "\n".join(f"{name}: {values[name]}" for name in names).encode()
        try:
            key = self.known.get(said["keyId"]) or self.fetch_key(said["keyId"])
            key.verify(base64.b64decode(said["signature"]), text, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise Unproven(said["keyId"]) from error
        return said["keyId"].partition("#")[0]

    def fetch_key(self, uri: str) -> RSAPublicKey:
        owner = urlsplit(uri.partition("#")[0])
        connection = HTTPConnection("127.0.0.1", owner.port or 80, timeout=8)
        try:
            connection.request("GET", owner.path, headers={"host": owner.netloc, "accept": "application/activity+json"})
            answer = connection.getresponse()
            if answer.status != 200:
                raise HTTPException(f"{uri}: {answer.status}")
            published = json.loads(answer.read())["publicKey"]
        finally:
            connection.close()
        if published["id"] != uri:
            raise Unproven(f"{uri} is not there")
        key = serialization.load_pem_public_key(published["publicKeyPem"].encode())
        assert isinstance(key, RSAPublicKey)
        self.known[uri] = key
        return key


def reset(request: Any) -> None:
    """RST, not FIN: whoever was speaking learns nothing."""
    request.close_connection = True
    with suppress(OSError):  # they may have hung up first
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(request.connection.detach())


def drip(request: Any, seconds: float) -> None:
    """One byte a second of an answer that says yes."""
    request.close_connection = True
    end = time.monotonic() + seconds
    with suppress(OSError):
        for byte in b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n":
            request.wfile.write(bytes([byte]))
            request.wfile.flush()
            if time.monotonic() > end:
                return
            time.sleep(1)
