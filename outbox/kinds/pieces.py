"""What the texts of all kinds of servers are made of: a title, a lead, a content, links; always safe to keep."""

from datetime import UTC, datetime
from html import escape
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import linebreaks
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _

from federation import words
from federation.vocabulary import as_list, link_of, text_of
from outbox import text
from outbox.models import Post

Document = dict[str, Any]
MARKDOWN = 15_000  # characters that we render ourselves
LINKS = 16


def written(post: Post) -> Document:
    """What all kinds of ours say on the wire."""
    return {
        "sensitive": post.sensitive or None,
        "content": post.html,
        "contentMap": {post.language: post.html},
        "source": {"content": post.source, "mediaType": "text/markdown"},
    }


def titled(document: Document, *more: str) -> Document:
    """The columns of a post: its title, then lead, content and whatever its kind adds, said in words."""
    name, summary = words.line(document.get("name"), 300), words.line(document.get("summary"), 300)
    body = content(document)
    first = lead(document.get("summary"), body) if name and summary else ""
    html = [first, body, words.clean("\n".join(filter(None, more)))]
    return {"title": name or summary, "html": "\n".join(filter(None, html))}


def lead(summary: object, body: str) -> str:
    """What a summary adds to the title, unless it only repeats how the content begins."""
    said = words.line(summary, 5_000)
    repeated = plain(said.rstrip("….[] "))[:60] in plain(words.line(body[:2_000], 5_000))
    return "" if repeated else f"<p>{escape(said, quote=False)}</p>"


def plain(said: str) -> str:
    return "".join(said.split()).lower()


def content(document: Document) -> str:
    """Cleaned HTML: `content`, or the first language of `contentMap`; Markdown and plain text become HTML."""
    said = document.get("content")
    if not isinstance(said, str):
        said = translated(document.get("contentMap"))
    kind = text_of(document.get("mediaType"), 50).partition(";")[0]
    if kind == "text/markdown":
        return text.render(said[:MARKDOWN])
    return words.clean(linebreaks(said[: words.STORED], autoescape=True) if kind == "text/plain" else said)


def translated(contents: object) -> str:
    said = contents if isinstance(contents, dict) else {}
    return next((each for each in [said.get("fr"), *said.values()] if isinstance(each, str)), "")


def original(document: Document) -> str:
    """Where to read it as its own server shows it: a page, rather than a file."""
    pages = [
        each for each in as_list(document.get("url")) if isinstance(each, dict) and media_type(each) == "text/html"
    ]
    return anchor(link_of(pages) or link_of(document.get("url")), _("Voir l’original"))


def media_type(link: Document) -> str:
    return text_of(link.get("mediaType") or link.get("mimeType"), 50)


def links(document: Document) -> str:
    """What it points to, where others attach files."""
    attached = [each for each in as_list(document.get("attachment")) if isinstance(each, dict)][:LINKS]
    pointed = [(link_of(each.get("href")), words.line(each.get("name"), 200)) for each in attached]
    return "\n".join(anchor(url, name or url) for url, name in pointed if url)


def anchor(url: str, name: str) -> str:
    return f'<p><a href="{escape(url)}">{escape(name)}</a></p>' if url else ""


def day(value: object) -> str:
    """When something takes place, as one reads it here; empty when that cannot be read."""
    at = parsed(value)
    if at is None:
        return ""
    try:
        return date_format(at if is_naive(at) else localtime(at), "SHORT_DATETIME_FORMAT")
    except (OverflowError, ValueError):  # at the ends of all time
        return ""


def parsed(value: object) -> datetime | None:
    try:
        return parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None


def instant(value: object) -> datetime | None:
    """A moment, past or to come, in a century that makes sense; one without its zone is none."""
    at = parsed(value)
    return None if at is None or is_naive(at) or not 2000 <= at.year <= 2200 else at.astimezone(UTC)
