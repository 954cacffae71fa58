"""Which of a reader's filters a post meets: her words are looked for in what it says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from unicodedata import normalize

from actors.models import Actor
from inbox import filters
from inbox.models import Filter, FilterPost
from outbox import posts
from outbox.posts import Post

BREAK = re.compile(r"<(?:br|/p|/li|/blockquote|/pre|/h\d)[^<>]*>")
TAG = re.compile(r"<[^<>]*>")
COLUMNS = ("pk", "title", "context", "action", "expires_at", "keywords__keyword", "keywords__whole_word")


@dataclass(frozen=True)
class Match:
    """Why `filter` concerns a post: words of the filter that it says, and whether the filter names the post itself."""

    filter: Filter
    words: list[str]
    named: bool


def matching(owner: Actor, page: Sequence[Post], context: str | None = None) -> dict[int, list[Match]]:
    """By post, what it meets; those that meet nothing are missing. One query without filters, else two, or three."""
    found = looked_for(owner, context)
    if not found or not page:
        return {}
    named = set(
        FilterPost.objects.filter(
            filter__among=[each.pk for each, _ in found], post__among=[post.pk for post in page]
        ).values_list("filter_id", "post_id")
    )
    said = texts(page) if any(words for _, words in found) else {}
    met = {post.pk: matches(post.pk, said.get(post.pk, ""), found, named) for post in page}
    return {pk: each for pk, each in met.items() if each}


Looked = list[tuple[Filter, list[tuple[str, bool]]]]


def looked_for(owner: Actor, context: str | None) -> Looked:
    """Her filters in force, with the words of each and whether only the whole word counts; in one query."""
    found: dict[int, tuple[Filter, list[tuple[str, bool]]]] = {}
    for pk, title, where, action, until, keyword, whole in filters.in_force(owner).values_list(*COLUMNS):
        if context is not None and context not in where:
            continue
        blank = Filter(pk=pk, owner=owner, title=title, context=where, action=action, expires_at=until)
        _, words = found.setdefault(pk, (blank, []))
        if keyword:
            words.append((keyword, whole))
    return list(found.values())


def matches(pk: int, said: str, found: Looked, named: set[tuple[int, int]]) -> list[Match]:
    all_of_them = (
        Match(each, [word for word, whole in words if says(said, word, whole)], (each.pk, pk) in named)
        for each, words in found
    )
    return [each for each in all_of_them if each.words or each.named]


def says(said: str, keyword: str, whole: bool) -> bool:
    """`said` is folded. Nothing of a keyword is a pattern; at its ends, a letter must end a word when `whole`."""
    word = folded(keyword)
    if word not in said:
        return False
    if not whole:
        return True
    begins = r"\b" if re.match(r"\w", word) else ""
    ends = r"\b" if re.match(r"\w", word[-1]) else ""
    return re.search(f"{begins}{re.escape(word)}{ends}", said) is not None


def folded(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())


def texts(page: Sequence[Post]) -> dict[int, str]:
    """By post, all that it says: title, text, choices, what its images show."""
    unknown = [post.pk for post in page if not hasattr(post, "files")]  # cards know theirs already
    files = posts.files_of(unknown) if unknown else {}
    return {
        post.pk: folded("\n".join(parts(post, files.get(post.pk, []) if post.pk in unknown else post.files)))
        for post in page
    }


def parts(post: Post, files: Iterable[posts.Attachment]) -> list[str]:
    descriptions = [each.description for each in files]
    return [post.title, plain(post.html), *choices(post.details), *descriptions]


def choices(details: dict[str, Any]) -> list[str]:
    """Of a poll."""
    return [str(title) for title in details.get("poll", {}).get("options", [])]


def plain(html: str) -> str:
    """Text of HTML that was sanitised when it came."""
    return unescape(TAG.sub("", BREAK.sub("\n", html)))
