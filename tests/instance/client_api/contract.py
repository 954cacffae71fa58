"""What clients dereference without asking (fields and their types), and a check that says where an answer differs."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Rule = Callable[[Any], bool]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DIGITS = re.compile(r"[1-9]\d{0,18}")


def text(value: Any) -> bool:
    return isinstance(value, str)


def word(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def digits(value: Any) -> bool:
    return isinstance(value, str) and bool(DIGITS.fullmatch(value))


def count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def moment(value: Any) -> bool:
    return isinstance(value, str) and bool(MOMENT.fullmatch(value))


def address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def array(value: Any) -> bool:
    return isinstance(value, list)


def form(value: Any) -> bool:
    return isinstance(value, dict)


def maybe(rule: Rule) -> Rule:
    return lambda value: value is None or rule(value)


def one_of(*words: Any) -> Rule:
    return lambda value: value in words


def each(name: str) -> Rule:
    return lambda value: isinstance(value, list) and not any(list(faults(name, entry)) for entry in value)


def entity(name: str) -> Rule:
    return lambda value: isinstance(value, dict) and not list(faults(name, value))


ACCOUNT = {
    "id": digits, "username": word, "acct": word, "url": address, "uri": address, "display_name": text, "note": text,
    "avatar": address, "avatar_static": address, "header": address, "header_static": address, "locked": flag,
    "bot": flag, "group": flag, "discoverable": maybe(flag), "fields": array, "emojis": array, "roles": array,
    "created_at": moment, "last_status_at": maybe(text), "followers_count": count, "following_count": count,
    "statuses_count": count,
}  # fmt: skip
STATUS = {
    "id": digits, "uri": word, "url": maybe(address), "created_at": moment, "edited_at": maybe(moment),
    "account": entity("Account"), "content": text, "spoiler_text": text, "sensitive": flag, "language": maybe(word),
    "visibility": one_of("public", "unlisted", "private", "direct"), "in_reply_to_id": maybe(digits),
    "in_reply_to_account_id": maybe(digits), "mentions": each("Mention"), "tags": each("Tag"), "emojis": each("Emoji"),
    "media_attachments": each("Attachment"), "reblog": maybe(entity("Status")), "application": maybe(form),
    "card": maybe(form), "poll": maybe(entity("Poll")), "replies_count": count, "reblogs_count": count,
    "favourites_count": count, "favourited": flag, "reblogged": flag, "bookmarked": flag, "muted": flag,
    "filtered": each("FilterResult"),
}  # fmt: skip
ENTITIES: dict[str, dict[str, Rule]] = {
    "Account": ACCOUNT,
    "Status": STATUS,
    "CredentialAccount": ACCOUNT | {"source": entity("Source"), "role": entity("Role")},
    "Source": {
        "privacy": word, "sensitive": flag, "language": maybe(word), "note": text, "fields": array,
        "follow_requests_count": count,
    },
    "Role": {"id": text, "name": text, "color": text, "permissions": text, "highlighted": flag},
    "Mention": {"id": digits, "username": word, "acct": word, "url": address},
    "Tag": {"name": word, "url": address},
    "Emoji": {"shortcode": word, "url": address, "static_url": address, "visible_in_picker": flag},
    "Attachment": {
        "id": digits, "type": one_of("image", "unknown"), "url": maybe(address), "preview_url": maybe(address),
        "remote_url": maybe(address), "meta": form, "description": maybe(text), "blurhash": maybe(word),
    },
    "Poll": {
        "id": digits, "expires_at": maybe(moment), "expired": flag, "multiple": flag, "votes_count": count,
        "voters_count": maybe(count), "voted": flag, "own_votes": array, "options": each("Option"), "emojis": array,
    },
    "Option": {"title": text, "votes_count": maybe(count)},
    "Relationship": dict.fromkeys(
        ("following", "showing_reblogs", "notifying", "followed_by", "blocking", "blocked_by", "muting",
         "muting_notifications", "requested", "requested_by", "domain_blocking", "endorsed"), flag,
    ) | {"id": digits, "note": text},
    "Context": {"ancestors": each("Status"), "descendants": each("Status")},
    "StatusEdit": {
        "content": text, "spoiler_text": text, "sensitive": flag, "created_at": moment, "account": entity("Account"),
        "media_attachments": array, "emojis": array,
    },
    "StatusSource": {"id": digits, "text": text, "spoiler_text": text},
    "Notification": {
        "id": digits, "type": one_of("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll",
        "update"), "created_at": moment, "group_key": word, "account": entity("Account"),
        "status": maybe(entity("Status")),
    },
    "Conversation": {
        "id": digits, "unread": flag, "accounts": each("Account"), "last_status": maybe(entity("Status")),
    },
    "List": {"id": digits, "title": text, "replies_policy": word, "exclusive": flag},
    "Filter": {
        "id": digits, "title": text, "context": array, "expires_at": maybe(moment),
        "filter_action": one_of("warn", "hide", "blur"), "keywords": each("FilterKeyword"), "statuses": array,
    },
    "FilterKeyword": {"id": digits, "keyword": text, "whole_word": flag},
    "FilterResult": {"filter": form, "keyword_matches": maybe(array), "status_matches": maybe(array)},
    "Marker": {"last_read_id": text, "version": count, "updated_at": moment},
    "ScheduledStatus": {"id": digits, "scheduled_at": moment, "params": form, "media_attachments": array},
    "Announcement": {
        "id": digits, "content": text, "starts_at": maybe(moment), "ends_at": maybe(moment), "all_day": flag,
        "published_at": moment, "updated_at": moment, "read": flag, "mentions": array, "statuses": array,
        "tags": array, "emojis": array, "reactions": array,
    },
    "FeaturedTag": {"id": digits, "name": word, "url": address, "statuses_count": text, "last_status_at": maybe(text)},
    "Preferences": {
        "posting:default:visibility": word, "posting:default:sensitive": flag, "posting:default:language": maybe(word),
        "reading:expand:media": word, "reading:expand:spoilers": flag,
    },
    "InstanceV1": {
        "uri": word, "title": word, "version": word, "urls": form, "stats": form, "configuration": entity("Limits"),
        "max_toot_chars": count, "languages": array, "registrations": flag, "rules": array,
    },
    "Instance": {
        "domain": word, "title": word, "version": word, "description": text, "configuration": entity("Limits"),
        "languages": array, "registrations": form, "contact": form, "rules": array, "thumbnail": form, "usage": form,
        "api_versions": form, "icon": array,
    },
    "Limits": {
        "urls": form, "vapid": form, "accounts": form, "statuses": form, "media_attachments": form, "polls": form,
        "translation": form,
    },
    "Policy": dict.fromkeys(
        ("for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions", "for_limited_accounts"),
        one_of("accept", "filter", "drop"),
    ) | {"summary": form},
    "Search": {"accounts": each("Account"), "statuses": each("Status"), "hashtags": array},
    "Groups": {"accounts": each("Account"), "statuses": each("Status"), "notification_groups": each("Group")},
    "Group": {
        "group_key": word, "notifications_count": count, "type": word, "most_recent_notification_id": count,
        "sample_account_ids": array, "status_id": maybe(digits),
    },
}  # fmt: skip


MAY_BE_ABSENT = {("Notification", "status"), ("Group", "status_id")}  # of what is about no status


def faults(name: str, found: Any) -> Iterator[str]:
    """Where what was answered is not what the contract of this entity says."""
    if not isinstance(found, dict):
        yield f"{name} is {found!r}"
        return
    for field, rule in ENTITIES[name].items():
        if field not in found and (name, field) not in MAY_BE_ABSENT:
            yield f"{name}.{field} is absent"
        elif field in found and not rule(found[field]):
            yield f"{name}.{field} is {str(found[field])[:300]!r}"
