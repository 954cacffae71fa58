"""One of each thing that an agent keeps for herself, and where the API names each by its id."""

import re
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils.timezone import now

from inbox.models import (
    Announcement,
    Bookmark,
    Conversation,
    Filter,
    FilterKeyword,
    FilterPost,
    List,
    Marker,
    Notification,
)
from outbox import publishing, scheduling
from outbox.audience import Reach
from outbox.models import Attachment, FeaturedTag, Hashtag
from outbox.publishing import Draft
from outbox.wishes import Wish

ABSENT = 9_000_000_000_000_000_000
PLACE = re.compile(r"<[^>]+>")
# How a route is asked up to its last parameter: the name of a list of ids.
PLACES = {
    "api/v1/statuses/<id:number>": "numbers",
    "api/v1/polls/<id:number>": "numbers",
    "api/v1/accounts/<id:pk>": "accounts",
    "api/v1/follow_requests/<id:pk>": "accounts",
    "api/v1/notifications/requests/<id:pk>": "accounts",
    "api/v1/media/<id:pk>": "media",
    "api/v1/lists/<id:pk>": "lists",
    "api/v1/timelines/list/<id:pk>": "lists",
    "api/v2/filters/<id:pk>": "filters",
    "api/v2/filters/keywords/<id:pk>": "keywords",
    "api/v1/filters/<id:pk>": "keywords",
    "api/v2/filters/statuses/<id:pk>": "filtered",
    "api/v1/conversations/<id:pk>": "conversations",
    "api/v1/announcements/<id:pk>": "announcements",
    "api/v1/announcements/<id:pk>/reactions/<str:name>": "reactions",
    "api/v1/scheduled_statuses/<id:pk>": "scheduled",
    "api/v1/notifications/<id:pk>": "notifications",
    "api/v2/notifications/<str:key>": "groups",
    "api/v1/featured_tags/<id:pk>": "featured",
    "api/v1/tags/<str:name>": "tags",
    "api/v1/timelines/tag/<str:name>": "tags",
}
# The same for what is named in a question or a body.
NAMED = {
    "status_ids": "numbers",
    "status_id": "numbers",
    "in_reply_to_id": "numbers",
    "quoted_status_id": "numbers",
    "media_ids": "media",
    "account_id": "accounts",
    "account_ids": "accounts",
    "list": "lists",
}
BY_ROUTE = {
    "api/v1/statuses": "numbers",
    "api/v1/accounts": "accounts",
    "api/v1/notifications/requests": "accounts",
}
NO_ID = {"max_id", "since_id", "min_id", "client_id"}


class Unknown(Exception):
    """A new route or parameter names something, and nobody said what."""


def place(route: str) -> str:
    for known in sorted(PLACES, key=len, reverse=True):
        if route.startswith(known) and PLACE.findall(known) == PLACE.findall(route):
            return PLACES[known]
    raise Unknown(
        f"The route {route} is new: add its beginning to PLACES in tests/instance/client_api/belongings.py, with the "
        "list of ids that stand there, so that everyone may be seen asking for what is not hers."
    )


def named(route: str, name: str, kind: str) -> str:
    """The list of ids for a parameter; nothing when it names none."""
    if name in NAMED:
        return NAMED[name]
    if name in NO_ID or not (kind == "ids" or name == "id" or name.endswith(("_id", "_ids"))):
        return ""
    for known in sorted(BY_ROUTE, key=len, reverse=True):
        if route.startswith(known):
            return BY_ROUTE[known]
    raise Unknown(
        f"The parameter {name} of {route} is new: add it to NAMED in tests/instance/client_api/belongings.py, with the "
        "list of ids that it takes."
    )


def filled(route: str, value) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    for part in parts:
        route = PLACE.sub(str(part), route, count=1)
    return f"/{route}"


def belongings(owner, other, post) -> dict[str, list]:
    """Rows of `owner`'s; `other` told her of `post`. Ids by the names of the lists."""
    folder = List.objects.create(owner=owner, title="Proches")
    folder.members.add(other)
    rule = Filter.objects.create(owner=owner, title="Bruit", context=["home"])
    photo = Attachment.objects.create(owner=owner, kind="image", state="kept", file=ContentFile(b"x", "seule.png"))
    tag = Hashtag.objects.get_or_create(name="alice")[0]
    talk = publishing.publish(owner, Draft("Entre nous"), Reach("named", named=(other,)))
    told = Notification.objects.get_or_create(reader=owner, actor=other, reason="mention", post=post)[0]
    Notification.objects.get_or_create(reader=owner, actor=other, reason="reply", post=post, filtered=True)
    Bookmark.objects.create(reader=owner, post=post)
    Marker.objects.create(reader=owner, timeline="home", last_read=post.number)
    later = scheduling.schedule(owner, Wish(Draft("Plus tard"), Reach("organisation"), None), now() + timedelta(days=2))
    meeting = Announcement.objects.create(words="Réunion")
    conversation = Conversation.objects.get_or_create(
        reader=owner, root=talk, defaults={"last": talk, "number": talk.number}
    )[0]
    return {
        "numbers": [talk.number],
        "accounts": [other.pk],
        "media": [photo.pk],
        "lists": [folder.pk],
        "filters": [rule.pk],
        "keywords": [FilterKeyword.objects.create(filter=rule, keyword="zut").pk],
        "filtered": [FilterPost.objects.create(filter=rule, post=post).pk],
        "conversations": [conversation.pk],
        "announcements": [meeting.pk],
        "reactions": [(meeting.pk, "rose")],
        "scheduled": [later.pk],
        "notifications": [told.pk],
        "groups": [f"ungrouped-{told.pk}"],
        "featured": [FeaturedTag.objects.create(author=owner, hashtag=tag).pk],
        "tags": [tag.name],
    }
