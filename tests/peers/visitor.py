"""Someone who uses the pages of a town as a browser without scripts does: reads, follows links, fills in forms."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from uuid import uuid4

from tests.towns import Town

File = tuple[str, str, bytes]  # name, media type, content
SILENT = {"script", "style", "head"}


@dataclass
class Form:
    """What a browser sends of it: `fields` as they stand, in order, and the words on its buttons."""

    action: str
    method: str
    kind: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""


class Reading(HTMLParser):
    """What is on a page: its words, forms, images and links, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.images: list[dict[str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in SILENT or tag in ("form", "textarea"):
            self.inside.append(tag)
        if tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").upper(), said.get("enctype", "")))
        elif tag == "textarea" and "form" in self.inside:
            self.forms[-1].fields.append((said["name"], ""))
        elif tag == "input" and "form" in self.inside:
            self.keep(said)
        elif tag == "img":
            self.images.append(said)
        elif tag == "a":
            self.links.append((said.get("href", ""), ""))

    def keep(self, said: dict[str, str]) -> None:
        kind, name = said.get("type", "text"), said.get("name")
        chosen = kind not in ("radio", "checkbox", "file") or "checked" in said
        if name and chosen:
            self.forms[-1].fields.append((name, said.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] in SILENT:
            return
        if "textarea" in self.inside:
            name, value = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, value + data)
            return
        self.words.append(data)
        if "form" in self.inside:
            self.forms[-1].words += data
        if self.links:
            href, words = self.links[-1]
            self.links[-1] = (href, words + data)


class Page:
    """An answer, at the address where redirects ended."""

    def __init__(self, path: str, status: int, headers: dict[str, str], body: bytes) -> None:
        self.path, self.status, self.headers, self.body = path, status, headers, body
        self.is_html = headers.get("content-type", "").startswith("text/html")
        self.on_it = Reading(body.decode() if self.is_html else "")
        self.text = " ".join("".join(self.on_it.words).split())

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def form(self, action: str = "", words: str = "") -> Form:
        """The first form that goes to `action` and says `words` (both in part)."""
        found = [each for each in self.on_it.forms if action in each.action and words in each.words]
        assert found, f"no form of {self.path} goes to {action!r} and says {words!r}: {self.on_it.forms}"
        return found[0]

    def link(self, words: str) -> str:
        found = [href for href, said in self.on_it.links if words in said]
        assert found, f"no link of {self.path} says {words!r}"
        return found[0]

    def image(self, alt: str) -> str:
        """The address of the image described so, or nothing."""
        return next((each["src"] for each in self.on_it.images if each.get("alt") == alt), "")


class Visitor:
    """`visitor.get(path)`, `visitor.send(page, form, name=value)`: cookies are kept, redirects followed."""

    def __init__(self, town: Town, name: str) -> None:
        self.town = town
        self.cookies: dict[str, str] = {}
        self.uri, self.address = town.ask(
            f"(lambda actor: (actor.uri, actor.address))(Actor.objects.get(local=True, name={name!r}))"
        )
        page = self.get(urlsplit(town.sign_in_link(name)).path)
        page = self.send(page, page.form(words="Entrer"))
        assert page.path == "/", f"not signed in: {page.text}"

    def get(self, path: str) -> Page:
        return self.ask("GET", urldefrag(path).url)

    def send(self, page: Page, form: Form, files: dict[str, File] | None = None, **values: str) -> Page:
        """Press the button of a form, with some of its fields filled in."""
        fields = [(name, value) for name, value in form.fields if name not in values] + list(values.items())
        path = urljoin(page.path, form.action or page.path)
        if form.method == "GET":
            return self.get(f"{path}?{urlencode(fields)}")
        kind, body = multipart(fields, files or {}) if form.kind == "multipart/form-data" else plain(fields)
        return self.ask("POST", path, body, {"Content-Type": kind, "Origin": self.town.url})

    def publish(self, words: str, audience: str, photo: bytes = b"", description: str = "", **values: str) -> Page:
        """Write a post as the form asks for it: the photo first, its description when it is shown."""
        page = self.get("/publier/")
        if photo:
            files = {"photos": ("photo.jpg", "image/jpeg", photo)}
            page = self.send(page, page.form("/publier/"), files, joindre="1")
            described = next(name for name, _ in page.form("/publier/").fields if name.startswith("alt_"))
            values[described] = description
        page = self.send(page, page.form("/publier/"), text=words, audience=audience, **values)
        assert "Publié." in page, page.text
        return page

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Page:
        told = {"Host": self.town.host, "Accept-Language": "fr", **(headers or {})}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection("127.0.0.1", self.town.port, timeout=20)
        try:
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            page = Page(
                path, answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()
        for cookie in answer.headers.get_all("set-cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(cookie).items()})
        return self.get(urljoin(path, page.headers["location"])) if answer.status in (302, 303) else page

    def sees(self, path: str, holds: str | Callable[[Page], object], seconds: float = 10) -> Page:
        """Loads a page until it says these words, or `holds`, and gives that page."""
        deadline = time.monotonic() + seconds
        while True:
            page = self.get(path)
            if holds in page if isinstance(holds, str) else holds(page):
                return page
            assert time.monotonic() < deadline, f"not within {seconds} s on {path}: {holds}\n{page.text[:3000]}"
            time.sleep(0.1)


def plain(fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def multipart(fields: list[tuple[str, str]], files: dict[str, File]) -> tuple[str, bytes]:
    boundary = uuid4().hex

    def parts() -> Iterator[bytes]:
        for name, value in fields:
            yield f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, (filename, kind, content) in files.items():
            said = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}'
            yield f"--{boundary}\r\n{said}\r\n\r\n".encode() + content + b"\r\n"
        yield f"--{boundary}--\r\n".encode()

    return f"multipart/form-data; boundary={boundary}", b"".join(parts())
