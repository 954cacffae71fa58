"""What an agent wrote, before it has an audience, and what it must be to become a post."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from federation.errors import Forbidden
from outbox import text
from outbox.models import Attachment, Post

IMAGES = 4
DOCUMENTS = 4
OPTIONS = 10
OPTION = 100  # signs
SHORTEST, LONGEST = 5 * 60, 366 * 86_400  # seconds for which one may vote


@dataclass(frozen=True)
class Poll:
    """What one may choose, and for how many seconds from when it is published, or edited.

    `hide_totals`: how many chose what is shown at the end only.
    """

    options: tuple[str, ...]
    lasts: int
    multiple: bool = False
    hide_totals: bool = False


@dataclass(frozen=True)
class Draft:
    """The title of anything but an article is a warning about its content, which is sensitive then.

    When a post is edited, `attachments` are those that it is to have (its own, and her pending ones), each with the
    description and the focus that it is to have; without a `poll`, a poll stays as it is.
    """

    source: str
    kind: str = "note"
    title: str = ""
    language: str = "fr"
    attachments: tuple[Attachment, ...] = ()
    sensitive: bool = False
    poll: Poll | None = None

    @property
    def becomes(self) -> str:
        """The kind of post."""
        return "question" if self.poll else self.kind

    @property
    def is_sensitive(self) -> bool:
        return self.sensitive or (self.becomes != "article" and bool(self.title.strip()))


def of(post: Post) -> Draft:
    """What would leave the post as it is: to be changed by `dataclasses.replace`."""
    files = tuple(post.attachments.all())
    return Draft(post.source, post.kind, post.title, post.language, files, post.sensitive)


def check(draft: Draft) -> None:
    """Forbidden, with a sentence for its author."""
    if not draft.source.strip() and not draft.attachments and draft.becomes != "question":
        raise Forbidden(_("Écrivez quelque chose ou ajoutez une photo."))
    over = len(draft.source) - text.LIMIT
    if over > 0:
        raise Forbidden(
            _("%(length)s signes, la limite est %(limit)s. Retirez %(over)s signes ou joignez un document.")
            % {"length": len(draft.source), "limit": text.LIMIT, "over": over}
        )
    if draft.becomes == "article" and not draft.title.strip():
        raise Forbidden(_("Donnez un titre à votre article."))
    if any(each.state == "waiting" for each in draft.attachments):
        raise Forbidden(_("Une image est encore en préparation : attendez un instant."))
    if sum(each.kind == "image" for each in draft.attachments) > IMAGES:
        raise Forbidden(_("Quatre photos au plus."))
    if sum(each.kind == "document" for each in draft.attachments) > DOCUMENTS:
        raise Forbidden(_("Quatre documents au plus."))
    if draft.poll is not None:
        check_poll(draft.poll)


def check_poll(poll: Poll) -> None:
    titles = [title.strip() for title in poll.options]
    if not 2 <= len(titles) <= OPTIONS:
        raise Forbidden(_("Un sondage propose de deux à dix choix."))
    if not all(titles):
        raise Forbidden(_("Un des choix du sondage est vide."))
    if any(len(title) > OPTION for title in titles):
        raise Forbidden(_("Un choix du sondage tient en cent signes."))
    if len(set(titles)) < len(titles):
        raise Forbidden(_("Deux choix du sondage sont les mêmes."))
    if not SHORTEST <= poll.lasts <= LONGEST:
        raise Forbidden(_("Un sondage dure de cinq minutes à un an."))
