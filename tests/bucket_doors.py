"""A storage whose key may do all but erase: what is asked of it is handed on as it was signed, but for that."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

REFUSED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no s3:DeleteObject</Message></Error>'
OF_THE_WAY = {"connection", "transfer-encoding", "content-length"}


class Door(BaseHTTPRequestHandler):
    """Before the storage that its server names."""

    protocol_version = "HTTP/1.1"
    server: "Doorway"

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.command == "DELETE" or "?delete" in self.path:
            self.say(403, {"Content-Type": "application/xml"}, REFUSED)
            return
        onward = HTTPConnection(self.server.behind)
        onward.request(self.command, self.path, body, dict(self.headers.items()))
        answer = onward.getresponse()
        found = answer.read()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in OF_THE_WAY}
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        self.say(answer.status, kept, found, length)
        onward.close()

    def say(self, status: int, headers: dict[str, str], body: bytes, length: str | None = None) -> None:
        self.send_response_only(status)
        for name, value in {**headers, "Content-Length": length or str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = pass_on  # noqa: N815  names of the standard library

    def log_message(self, *_: Any) -> None:
        pass


class Doorway(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, behind: str) -> None:
        self.behind = behind
        super().__init__(("127.0.0.1", 0), Door)


@contextmanager
def without_erasing(behind: str) -> Iterator[str]:
    """The host of a door before the storage at `behind`."""
    server = Doorway(behind)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
