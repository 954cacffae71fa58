"""The process of a network of light houses: one TLS port, many names, real keys; every letter is verified.

A line on its input asks what has come, or begins anew.
"""

import asyncio
import base64
import hashlib
import json
import re
import ssl
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PARAMETER = re.compile(r'(\w+)="([^"]*)"')
Head = dict[str, str]


class Peers:
    """`slow` houses take a while; what is not signed by one of `keys` is told 401 and counted as wrong."""

    def __init__(self, documents: dict[str, dict[str, Any]]) -> None:
        self.documents, self.keys = documents, dict[str, RSAPublicKey]()
        self.slow: set[str] = set()
        self.seconds = 0.0
        self.begin()

    def begin(self) -> None:
        self.taken: Counter[str] = Counter()
        self.wrong = self.bytes = self.new = 0
        self.last = 0.0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.new += 1
        try:
            while True:
                raw = await reader.readuntil(b"\r\n\r\n")
                asked, head = parsed(raw)
                body = await reader.readexactly(int(head.get("content-length", 0)))
                status, said = await self.answer(asked, head, body, len(raw) + len(body))
                kind = "Content-Type: application/activity+json\r\n" if said else ""
                writer.write(f"HTTP/1.1 {status} -\r\n{kind}Content-Length: {len(said)}\r\n\r\n".encode() + said)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(self, asked: str, head: Head, body: bytes, size: int) -> tuple[int, bytes]:
        method, path = asked.split(" ")[:2]
        host = head.get("host", "")
        if method == "GET":
            found = self.documents.get(host, {}).get(path)
            return (200, json.dumps(found).encode()) if found else (404, b"")
        if not self.is_signed(f"{method.lower()} {path}", head, body):
            self.wrong += 1
            return 401, b""
        if host in self.slow:
            await asyncio.sleep(self.seconds)
        else:
            self.last = time.time()
        self.taken["slow" if host in self.slow else "healthy"] += 1
        self.bytes += size
        return 202, b""

    def is_signed(self, target: str, head: Head, body: bytes) -> bool:
        said = dict(PARAMETER.findall(head.get("signature", "")))
        values = {**head, "(request-target)": target}
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        if head.get("digest") != digest or said.get("keyId") not in self.keys:
            return False
        text = "\n".join(f"{name}: {values.get(name, '')}" for name in said["headers"].split())
        try:
            proof = base64.b64decode(said["signature"])
            self.keys[said["keyId"]].verify(proof, text.encode(), PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def asked(self, question: dict[str, Any]) -> dict[str, Any]:
        if "keys" in question:
            found = {name: load_pem_public_key(pem.encode()) for name, pem in question["keys"].items()}
            self.keys = {name: key for name, key in found.items() if isinstance(key, RSAPublicKey)}
            self.slow, self.seconds = set(question["slow"]), question["seconds"]
        if question.get("begin"):
            self.begin()
        return {**dict.fromkeys(("healthy", "slow"), 0), **self.taken} | {
            "wrong": self.wrong, "bytes": self.bytes, "new": self.new, "last": self.last,
        }  # fmt: skip


def parsed(raw: bytes) -> tuple[str, Head]:
    first, *lines = raw.decode("latin-1").rstrip().split("\r\n")
    return first, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


async def main(port: int, certificate: str, documents: str) -> None:
    peers, context = Peers(json.loads(Path(documents).read_text())), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(peers.talk, "127.0.0.1", port, ssl=context, backlog=4096)
    questions = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    async with server:
        while line := await questions.readline():
            print(json.dumps(peers.asked(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
