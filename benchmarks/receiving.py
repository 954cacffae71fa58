"""The process of the receiving hosts: one TLS port, many names, a line on its input asks what has come."""

import asyncio
import json
import re
import ssl
import sys
import time
from collections import Counter

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
HOST = re.compile(rb"\r\nhost: *([^\r]+)", re.IGNORECASE)
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class Receivers:
    """`silent` hosts take the connection, read the letter, and never answer."""

    def __init__(self) -> None:
        self.silent: set[str] = set()
        self.taken: Counter[str] = Counter()
        self.connections, self.last = 0, 0.0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length, named = LENGTH.search(head), HOST.search(head)
                await reader.readexactly(int(length[1]) if length else 0)
                host = named[1].decode() if named else ""
                if host in self.silent:
                    await asyncio.sleep(3600)
                writer.write(TAKEN)
                self.taken[host] += 1
                self.last = time.time()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def answer(self, question: dict[str, list[str]]) -> dict[str, object]:
        """Begin anew with the given silent hosts, or say what came since."""
        if "silent" in question:
            self.silent, self.taken, self.connections = set(question["silent"]), Counter(), 0
        return {"taken": self.taken.total(), "hosts": len(self.taken), "last": self.last, "new": self.connections}


async def main(port: int, certificate: str) -> None:
    receivers, context = Receivers(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(receivers.talk, "127.0.0.1", port, ssl=context, backlog=4096)
    questions = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    async with server:
        while line := await questions.readline():
            print(json.dumps(receivers.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
