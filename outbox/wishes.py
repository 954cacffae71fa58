"""What an author wishes to publish later, as a row keeps it: whoever it is for is looked up again on the day."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

from django.utils.translation import gettext as _

from actors.models import Actor
from federation import peers
from federation.errors import Forbidden, NotHere
from outbox import posts
from outbox.audience import Reach
from outbox.models import Attachment, Post
from outbox.publishing import Draft

Said = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """All that `publish` takes, but for the author and the moment."""

    draft: Draft
    reach: Reach
    parent: Post | None = None


def said(wish: Wish) -> Said:
    """As JSON holds it; the attachments are kept beside it."""
    reach = wish.reach
    draft = asdict(replace(wish.draft, attachments=()))
    return {
        "draft": {name: value for name, value in draft.items() if name != "attachments"},
        "audience": reach.audience,
        "service": reach.service.pk if reach.service else None,
        "named": [each.pk for each in reach.named],
        "houses": [house.host for house in reach.houses],
        "answers": wish.parent.ulid if wish.parent else "",
    }


def draft_of(words: Said, attachments: Iterable[Attachment] = ()) -> Draft:
    hints = get_type_hints(Draft)
    known = {each.name for each in fields(Draft)}
    columns = {name: made(hints[name], value) for name, value in words["draft"].items() if name in known}
    return Draft(**columns, attachments=tuple(attachments))


def made(hint: Any, value: Any) -> Any:
    """What JSON made plain becomes what it was: a piece of a draft, or a tuple."""
    kind: Any = next((each for each in (hint, *get_args(hint)) if is_dataclass(each)), None)
    if kind is not None and isinstance(value, dict):
        return kind(**{name: made(None, each) for name, each in value.items()})
    return tuple(value) if isinstance(value, list) else value


def again(author: Actor, words: Said, attachments: Iterable[Attachment]) -> Wish:
    """The wish as it stands today. Forbidden when what it answers cannot be read any more."""
    reach = Reach(
        words["audience"],
        service=Actor.objects.filter(pk=words["service"]).first() if words["service"] else None,
        named=tuple(Actor.objects.filter(pk__in=words["named"], gone_at=None).order_by("pk")),
        houses=tuple(peers.partners().filter(host__in=words["houses"])),
    )
    return Wish(draft_of(words, attachments), reach, parent_of(author, words))


def parent_of(author: Actor, words: Said) -> Post | None:
    if not words["answers"]:
        return None
    try:
        return posts.find(author, words["answers"])
    except NotHere as error:
        raise Forbidden(_("La publication à laquelle vous répondiez n’est plus là.")) from error
