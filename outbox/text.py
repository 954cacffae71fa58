"""From what an agent types (a subset of Markdown, @names, #subjects) to HTML that is safe to keep."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

import nh3
from django.conf import settings
from markdown_it import MarkdownIt

from actors.models import Actor

LIMIT = 5_000
STORED = 50_000
MENTION = re.compile(
    r"(?<![\w@/.])@([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)(?:@([A-Za-z0-9.-]+(?::\d{1,5})?[A-Za-z0-9]))?"
)
HASHTAG = re.compile(r"(?<![\w#/&])#(\w{2,100})")
TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "span", "h2", "h3", "h4", "del"}
ATTRIBUTES = {"a": {"href", "title"}, "span": {"lang"}, "p": {"lang"}, "ol": {"start"}}
CLASSES = {"a": {"mention", "hashtag", "u-url"}, "span": {"h-card", "invisible", "ellipsis"}}
_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    .enable(["linkify"])
    .disable(["image", "heading", "lheading", "html_inline", "html_block", "hr"])
)


def clean(html: object) -> str:
    """Sanitised HTML, whoever wrote it: an allow-list of tags, web links only."""
    if not isinstance(html, str):
        return ""
    return nh3.clean(
        html[:STORED],
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


def plain(value: object, limit: int) -> str:
    """One line of text without any markup."""
    words = nh3.clean(value, tags=set()) if isinstance(value, str) else ""
    return " ".join(words.split())[:limit]


def render(source: str, people: Iterable[Actor] = ()) -> str:
    """HTML of a post: Markdown, then links for the people and subjects it names."""
    known = {key: actor for actor in people for key in names_of(actor)}
    tokens = _markdown.parse(source)
    for block in tokens:
        if block.type == "inline" and block.children:
            link_names(block.children, known)
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return clean(html)


def link_names(children: list[Any], known: dict[str, Actor]) -> None:
    """Turn the plain text between links and code into text with links to people and subjects."""
    inside_link = 0
    for token in children:
        inside_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside_link:
            token.type, token.content = "html_inline", with_links(token.content, known)


def with_links(words: str, known: dict[str, Actor]) -> str:
    def person(match: re.Match[str]) -> str:
        actor = known.get(match[0].lower())
        if actor is None:
            return match[0]
        link = f'<a href="{settings.ORIGIN}{actor.profile_path}" class="u-url mention">@{escape(actor.handle)}</a>'
        return f'<span class="h-card">{link}</span>'

    def subject(match: re.Match[str]) -> str:
        return f'<a href="{settings.ORIGIN}/sujets/{match[1].lower()}/" class="mention hashtag">#{match[1]}</a>'

    return HASHTAG.sub(subject, MENTION.sub(person, escape(words, quote=False)))


def names_of(actor: Actor) -> list[str]:
    """The ways in which a text may name this actor, in lower case."""
    return [actor.address.lower(), f"@{actor.handle}".lower()] if actor.local else [actor.address.lower()]


def mentions(source: str) -> list[str]:
    """The @names of a text, as typed, each once."""
    return list(dict.fromkeys(match[0].lower() for match in MENTION.finditer(without_code(source))))


def hashtags(source: str) -> list[str]:
    return list(dict.fromkeys(match[1].lower() for match in HASHTAG.finditer(without_code(source))))[:30]


def without_code(source: str) -> str:
    return re.sub(r"```.*?```|`[^`]*`", " ", source, flags=re.DOTALL)


ANCHOR = re.compile(r'<a href="[^"]*" class="([^"]*)"([^>]*)>([@#])(?:<span>)?([\w.-]+)')


def at_home(html: str, people: Iterable[Actor]) -> str:
    """A peer's cleaned HTML whose names and subjects lead to our own pages, not to a house one cannot enter."""
    paths = {actor.handle: actor.profile_path for actor in people}

    def rewrite(match: re.Match[str]) -> str:
        css, _, sign, word = match.groups()
        path = f"/sujets/{word.lower()}/" if sign == "#" else paths.get(word.lower())
        if path is None or "mention" not in css:
            return match[0]
        return match[0].replace(match[0].split('"', 2)[1], f"{settings.ORIGIN}{path}", 1)

    return ANCHOR.sub(rewrite, html)
