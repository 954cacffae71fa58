"""From what a post of ours says to what its author wants it to say: words, warning, files, choices of a poll."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from federation.errors import Forbidden
from outbox import counting, drafts, erasing, versions
from outbox.drafts import Draft, Poll
from outbox.models import Attachment, Post, Tally

NEARLY = timedelta(minutes=2)
DESCRIBED = ("description", "focus_x", "focus_y")


def settled(post: Post, draft: Draft) -> Draft:
    """The draft without what an edit cannot change: the kind, others' files, a poll that is over."""
    files = tuple(each for each in draft.attachments if each.owner_id == post.author_id and may_hang(each, post))
    poll = None if draft.poll and counting.is_over(post) and same_choices(post, draft) else draft.poll
    return replace(draft, kind=post.kind, attachments=files, poll=poll)


def may_hang(row: Attachment, post: Post) -> bool:
    return row.post_id in (None, post.pk)


def check(post: Post, draft: Draft) -> None:
    """Forbidden, with a sentence for its author."""
    if draft.poll and not post.is_poll:
        raise Forbidden(_("Une publication ne devient pas un sondage."))
    if draft.poll and counting.is_over(post):
        raise Forbidden(_("Ce sondage est terminé."))
    if draft.poll and not same_choices(post, draft) and post.votes.exists():
        raise Forbidden(_("Quelqu’un a déjà voté : les choix du sondage ne changent plus."))
    drafts.check(draft)


def differs(post: Post, draft: Draft) -> bool:
    before = (post.source, post.title, post.language, post.sensitive)
    wanted = (draft.source, title_of(draft), draft.language, draft.is_sensitive)
    return before != wanted or files_differ(post, draft) or poll_differs(post, draft)


def poll_differs(post: Post, draft: Draft) -> bool:
    """Applications send the poll again with every edit: an end that is nearly the same is the same."""
    if draft.poll is None:
        return False
    end = counting.ends_at(post)
    moved = end is None or abs(ends_at(draft.poll, now()) - end) > NEARLY
    return moved or not same_choices(post, draft) or draft.poll.hide_totals != post.details["poll"].get("hide_totals")


def title_of(draft: Draft) -> str:
    return draft.title.strip()[:300]


def files_differ(post: Post, draft: Draft) -> bool:
    now_there = {each.pk: said_of(each) for each in post.attachments.all()}
    return now_there != {each.pk: said_of(each) for each in draft.attachments}


def said_of(row: Attachment) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in DESCRIBED)


def rewrite(post: Post, draft: Draft, html: str, at: datetime) -> None:
    """In the caller's transaction; what it said before is written down first."""
    versions.keep(post)
    post.source, post.title, post.language = draft.source, title_of(draft), draft.language
    post.sensitive, post.html, post.edited_at = draft.is_sensitive, html, at
    post.details = {**post.details, **details_of(draft, at)}
    post.save(update_fields=["source", "title", "language", "sensitive", "html", "edited_at", "details"])
    erasing.drop(post.attachments.exclude(pk__in=[each.pk for each in draft.attachments]))
    attach(post, draft)
    describe(post, draft)
    await_end(post, draft)


def attach(post: Post, draft: Draft) -> None:
    """What its author has sent for a post that was not published; nobody else's, nor another post's."""
    pending = Attachment.objects.filter(owner=post.author, post=None)
    pending.filter(pk__in=[each.pk for each in draft.attachments]).update(post=post)


def describe(post: Post, draft: Draft) -> None:
    wanted = {each.pk: each for each in draft.attachments}
    for row in post.attachments.filter(pk__in=wanted):
        if said_of(row) != said_of(wanted[row.pk]):
            Attachment.objects.filter(pk=row.pk).update(**dict(zip(DESCRIBED, said_of(wanted[row.pk]), strict=True)))


def details_of(draft: Draft, at: datetime) -> dict[str, Any]:
    """Of a post that is published or edited at this moment."""
    return {"poll": polling(draft.poll) | {"ends_at": ends_at(draft.poll, at).isoformat()}} if draft.poll else {}


def polling(poll: Poll) -> dict[str, Any]:
    return {
        "options": [title.strip() for title in poll.options],
        "multiple": poll.multiple,
        "hide_totals": poll.hide_totals,
    }


def ends_at(poll: Poll, at: datetime) -> datetime:
    return at + timedelta(seconds=poll.lasts)


def same_choices(post: Post, draft: Draft) -> bool:
    if not post.is_poll or draft.poll is None:
        return False
    there, wanted = post.details["poll"], polling(draft.poll)
    return all(there.get(name) == wanted[name] for name in ("options", "multiple"))


def await_end(post: Post, draft: Draft) -> None:
    end = counting.ends_at(post) if draft.poll else None
    if end is not None:
        Tally.objects.update_or_create(post=post, defaults={"due_at": end})
