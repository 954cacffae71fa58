"""From what an agent types (a subset of Markdown, @names, #subjects) to HTML that is safe to keep."""

import re
from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import Any

from django.conf import settings
from markdown_it import MarkdownIt

from actors.models import Actor
from federation import words

LIMIT = 5_000
MENTION = re.compile(
    r"(?<![\w@/.])@([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)(?:@([A-Za-z0-9.-]+(?::\d{1,5})?[A-Za-z0-9]))?"
)
HASHTAG = re.compile(r"(?<![\w#/&])#(\w{2,100})")
SUBJECT = re.compile(r"[\w-]{1,100}")
ADDRESSES = 100  # beyond, finding them in a text takes ever longer: they stay text
_plain, _linking = (
    MarkdownIt("commonmark", {"html": False, "linkify": links, "breaks": True})
    .enable(["linkify"] if links else [])
    .disable(["image", "heading", "lheading", "html_inline", "html_block", "hr"])
    for links in (False, True)
)


def render(source: str, people: Iterable[Actor] = ()) -> str:
    """HTML of a post: Markdown, then links for the people and subjects it names."""
    known = {key: actor for actor in people for key in names_of(actor)}
    markdown = _linking if source.count("://") <= ADDRESSES else _plain
    tokens = markdown.parse(source)
    for block in tokens:
        if block.type == "inline" and block.children:
            link_names(block.children, known)
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    return words.clean(html)


def link_names(children: list[Any], known: dict[str, Actor]) -> None:
    """Turn the plain text between links and code into text with links to people and subjects."""
    inside_link = 0
    for token in children:
        inside_link += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside_link:
            token.type, token.content = "html_inline", with_links(token.content, known)


def with_links(plain: str, known: dict[str, Actor]) -> str:
    def person(match: re.Match[str]) -> str:
        actor = known.get(match[0].lower())
        if actor is None:
            return match[0]
        link = f'<a href="{settings.ORIGIN}{actor.profile_path}" class="u-url mention">@{escape(actor.handle)}</a>'
        return f'<span class="h-card">{link}</span>'

    def subject(match: re.Match[str]) -> str:
        return f'<a href="{settings.ORIGIN}/sujets/{match[1].lower()}/" class="mention hashtag">#{match[1]}</a>'

    return HASHTAG.sub(subject, MENTION.sub(person, escape(plain, quote=False)))


def names_of(actor: Actor) -> list[str]:
    """The ways in which a text may name this actor, in lower case."""
    return [actor.address.lower(), f"@{actor.handle}".lower()] if actor.local else [actor.address.lower()]


def mentions(source: str) -> list[str]:
    """The @names of a text, as typed, each once."""
    return list(dict.fromkeys(match[0].lower() for match in MENTION.finditer(without_code(source))))


def hashtags(source: str) -> list[str]:
    names = dict.fromkeys(match[1].lower() for match in HASHTAG.finditer(without_code(source)))
    return [name for name in names if SUBJECT.fullmatch(name)][:30]


def without_code(source: str) -> str:
    return re.sub(r"```.*?```|`[^`]*`", " ", source, flags=re.DOTALL)


ANCHOR = re.compile(r'<a href="[^"]*"( class="([^"]*)"[^>]*>([@#])(?:<span>)?([\w.-]+))')


def at_home(html: str, people: Iterable[Actor]) -> str:
    """A peer's cleaned HTML whose names and subjects lead to our own pages, not to a house one cannot enter.

    A name that two of `people` bear, each in her house, is left alone.
    """
    named = list(people)
    names = Counter(actor.handle for actor in named)
    paths = {actor.handle: actor.profile_path for actor in named if names[actor.handle] == 1}

    def rewrite(match: re.Match[str]) -> str:
        rest, css, sign, word = match.groups()
        path = f"/sujets/{word.lower()}/" if sign == "#" else paths.get(word.lower())
        if path is None or "mention" not in css:
            return match[0]
        return f'<a href="{settings.ORIGIN}{path}"{rest}'

    return ANCHOR.sub(rewrite, html)
