"""Words of strangers, made safe to keep: HTML of a few tags, and lines of plain text."""

import re
from html import unescape

import nh3

STORED = 50_000
ATTRIBUTE = 1_000  # characters; a browser copies those of a link that stays open into each paragraph that follows
GROWTH = 4  # how much longer HTML may become by being closed and quoted as it should; beyond, only its words are kept
TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "span", "h2", "h3", "h4", "del"}
ATTRIBUTES = {"a": {"href", "title"}, "span": {"lang"}, "p": {"lang"}, "ol": {"start"}}
CLASSES = {"a": {"mention", "hashtag", "u-url"}, "span": {"h-card", "invisible", "ellipsis"}}
# A browser, and nh3 with it, opens these anew in each paragraph until they are closed, as often as their attributes
# differ: fifty thousand characters became millions of tags. Bare, each is opened three times at most; those that we do
# not keep are one and the same. They are not taken out: what stands around them could become a tag.
ALIKE = re.compile(r"<(/?)(?:b|big|font|i|nobr|s|small|strike|tt|u)(?=[\s/>])[^>]*>", re.IGNORECASE)
BARE = re.compile(r"<(code|em|strong)(?=[\s/>])[^>]*>", re.IGNORECASE)
# Controls, marks of direction, and signs that take no room: they make one name pass for another. Emoji keep the
# joiner that binds them.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]|(?<=\\w)\u200d|\u200d(?=\\w)"
)


def clean(html: object, limit: int = STORED) -> str:
    """Sanitised HTML, whoever wrote it: an allow-list of tags, and links to whole web addresses only."""
    if not isinstance(html, str):
        return ""
    said = tame(html[:limit])
    found = nh3.clean(
        said,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=short,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )
    return found if len(found) <= GROWTH * limit else nh3.clean(said, tags=set())[: GROWTH * limit]


def short(tag: str, attribute: str, value: str) -> str | None:
    return value if len(value) <= ATTRIBUTE else None


def tame(html: str) -> str:
    """Nothing that the sanitiser would open again and again; what it keeps of it stays the same."""
    whole = html.rfind(">") + 1  # what follows is no tag, and would be looked through for an end again and again
    return BARE.sub(r"<\1>", ALIKE.sub(r"<\1u>", html[:whole])) + html[whole:]


def line(value: object, limit: int) -> str:
    """One line of plain text: no markup, nothing unseen. It is not HTML any more: escape it where it is shown."""
    words = unescape(nh3.clean(tame(value[:STORED]), tags=set())) if isinstance(value, str) else ""
    return " ".join(UNSEEN.sub("", " ".join(words.split())).split())[:limit].rstrip()
