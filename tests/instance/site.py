"""What answers at a public name: an https site on loopback, with a certificate and answers that a test chooses."""

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme
from aiohttp import connector

DAY = timedelta(days=1)


class Quiet(ThreadingHTTPServer):
    """Who does not trust us hangs up."""

    def handle_error(self, request, client_address):
        pass


class Site:
    """`answers` has, by path, a status, headers and a body; what is not there is not found."""

    def __init__(self, monkeypatch, folder, name="localhost", ends=90 * DAY, trusted=True):
        authority, bundle = trustme.CA(), folder / "authority.pem"
        (authority if trusted else trustme.CA()).cert_pem.write_to_path(str(bundle))
        monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
        if trusted:
            authority.configure_trust(connector._SSL_CONTEXT_VERIFIED)
        now = datetime.now(UTC)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name, not_before=now - 80 * DAY, not_after=now + ends).configure_cert(context)
        sound = json.dumps({"status": "ok", "secure": True})
        self.answers: dict[str, tuple[int, dict[str, str], str]] = {"/health": (200, {}, sound)}
        self.server = Quiet(("127.0.0.1", 0), self.handler())
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.host = f"localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(site):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                status, headers, body = site.answers.get(self.path.split("?")[0], (404, {}, ""))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body.encode()))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args):
                pass

        return Handler
