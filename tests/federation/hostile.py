"""A house on loopback that answers as it likes, and counts how it was called."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any

from federation import lanes

AS2 = "application/activity+json"


class Hostile:
    """A house on loopback: `pages` maps a path to a function that writes the answer."""

    def __init__(self):
        self.pages, self.asked, self.connections = {}, [], set()
        self.busy, self.busiest, self.lock = 0, 0, threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.origin = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def handler(neighbour):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with neighbour.lock:
                    neighbour.asked.append((self.command, self.path, headers, body))
                    neighbour.connections.add(self.client_address)
                    neighbour.busy += 1
                    neighbour.busiest = max(neighbour.busiest, neighbour.busy)
                try:
                    neighbour.pages.get(self.path.partition("?")[0], reply(404))(self)
                except OSError:
                    self.close_connection = True
                finally:
                    with neighbour.lock:
                        neighbour.busy -= 1

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_):
                pass

        return Handler

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def paths(self):
        return [path for _, path, _, _ in self.asked]


def reply(status=200, body=b"", kind=AS2, **headers):
    """A page that answers so, at once."""

    def write(request):
        request.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **named}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return write


def drip(status=200, seconds=20):
    """One byte at a time: each read succeeds, the whole never ends."""

    def write(request):
        request.send_response(status)
        request.send_header("Content-Type", AS2)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        for _ in range(seconds * 10):
            request.wfile.write(b" ")
            time.sleep(0.1)

    return write


def document(neighbour, path, **more):
    return json.dumps({"id": f"{neighbour.origin}{path}", "type": "Note", **more}).encode()


def post_many(letters):
    """The outcome of each letter, in their order."""
    told = SimpleQueue[Any]()
    lanes.carry(letters, lambda letter, outcome: told.put((letter, outcome)))
    found = dict(told.get(timeout=30) for _ in letters)
    return [found[letter] for letter in letters]


def elapsed(work):
    started = time.monotonic()
    work()
    return time.monotonic() - started
