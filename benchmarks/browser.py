"""A person at a browser: signs in by a link, reads pages, publishes through the form."""

import re
from http.client import HTTPConnection  # noqa: TID251  it is not the house that calls
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.towns import Town

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    def __init__(self, town: Town) -> None:
        self.town, self.cookies, self.token = town, SimpleCookie(), ""
        self.connection = HTTPConnection("127.0.0.1", town.port, timeout=120)

    def sign_in(self, name: str) -> None:
        path = urlsplit(self.town.sign_in_link(name)).path
        self.get(path)
        self.post(path)
        self.get("/")

    def get(self, path: str) -> str:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> str:
        return self.ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **fields}))

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        cookies = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        headers = {"host": self.town.host, "cookie": cookies, "origin": self.town.url}
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for value in answer.headers.get_all("set-cookie") or []:
            self.cookies.load(value)
        page = answer.read().decode()
        self.connection.close()  # the next request may come late, when a kept connection would be gone
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status}\n{page[:2000]}")
        if found := TOKEN.search(page):
            self.token = found[1]
        return page
