"""Asking the API as a server does: through the WSGI application, byte for byte, and seeing what went wrong."""

import io
import json
import time
import traceback
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.signals import got_request_exception, request_started
from django.db import close_old_connections, transaction
from django.test import RequestFactory

from federation import allowances
from instance import wsgi


@dataclass
class Said:
    """An answer; `fault` is the traceback of what an answer of 500 hides."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    fault: str = ""

    @property
    def json(self):
        return json.loads(self.body)

    def faults(self):
        """What no question may bring about: a fault of ours, another form than JSON, or a long wait."""
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        if self.status >= 500 or self.fault:
            yield f"{self.status} {self.fault[-1500:]}"
        elif self.status >= 300 and self.status < 400:
            yield f"{self.status}: redirected"
        elif self.status != 204 and kind != "application/json":
            yield f"{self.status}: {kind}"
        elif self.status >= 400 and not (isinstance(self.json, dict) and isinstance(self.json.get("error"), str)):
            yield f"{self.status}: no error is told: {self.body[:100]!r}"
        if self.seconds > 3:
            yield f"{self.seconds:.1f} s"


def ask(method, path, body=b"", content_type="", secret="", **headers):
    """What is answered; what was done does not last."""
    said = Said()
    environ = environ_of(method, path, body, content_type, secret, headers)

    def start_response(status, pairs, exc_info=None):
        said.status, said.headers = int(status[:3]), dict(pairs)

    def note(sender, **more):
        said.fault = traceback.format_exc()

    allowances.forget()
    got_request_exception.connect(note)
    request_started.disconnect(close_old_connections)  # as Django's own test client does: the test holds a transaction
    begun = time.monotonic()
    try:
        with transaction.atomic():
            answer = wsgi.application(environ, start_response)
            said.body = b"".join(answer)
            transaction.set_rollback(True)
    finally:
        got_request_exception.disconnect(note)
        request_started.connect(close_old_connections)
    said.seconds = time.monotonic() - begun
    return said


def environ_of(method, path, body, content_type, secret, headers):
    """As PEP 3333 has it: text that holds bytes."""
    path, _mark, query = path.partition("?")
    environ = RequestFactory()._base_environ(REQUEST_METHOD=method, HTTP_HOST=settings.HOST)
    environ |= {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return environ | ({"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {})
