"""Filter, in its two versions, and FilterResult: why a status is filtered."""

from collections.abc import Iterable
from typing import Any

from inbox.filtering import Match
from inbox.models import Filter, FilterKeyword, FilterPost
from instance.client_api.entities import dates
from outbox.posts import Post

Entity = dict[str, Any]


def outline(found: Filter) -> Entity:
    return {
        "id": str(found.pk),
        "title": found.title,
        "context": found.context,
        "expires_at": dates.moment_or_none(found.expires_at),
        "filter_action": found.action,
    }


def whole(found: Filter) -> Entity:
    return outline(found) | {
        "keywords": [keyword(each) for each in found.keywords.all()],
        "statuses": [status(each) for each in found.posts.all()],
    }


def keyword(row: FilterKeyword) -> Entity:
    return {"id": str(row.pk), "keyword": row.keyword, "whole_word": row.whole_word}


def status(row: FilterPost) -> Entity:
    return {"id": str(row.pk), "status_id": str(row.post.number)}


def phrase(row: FilterKeyword) -> Entity:
    """Of the first version, in which each word is a filter of its own."""
    found = row.filter
    return {
        "id": str(row.pk),
        "phrase": row.keyword,
        "context": found.context,
        "whole_word": row.whole_word,
        "expires_at": dates.moment_or_none(found.expires_at),
        "irreversible": found.action == "hide",
    }


def results(matches: Iterable[Match], post: Post) -> list[Entity]:
    return [
        {
            "filter": outline(each.filter),
            "keyword_matches": each.words,
            "status_matches": [str(post.number)] if each.named else [],
        }
        for each in matches
    ]
