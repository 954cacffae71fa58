"""What an author shows first on her profile: a few of her own posts that others may read."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors.models import Actor
from federation import delivery
from federation.errors import Forbidden
from federation.vocabulary import with_context
from outbox import documents, publishing
from outbox.models import Post

MOST = 5
NOT_SHOWN = ("named",)  # audiences of people, not of a profile


@transaction.atomic
def pin(author: Actor, post: Post) -> None:
    """The houses that have the post are told; pinning again changes nothing. Forbidden."""
    publishing.own(author, post)
    if post.audience in NOT_SHOWN:
        raise Forbidden(_("Un message privé ne s’épingle pas."))
    if post.in_reply_to_uri and (post.in_reply_to is None or post.in_reply_to.author_id != author.pk):
        raise Forbidden(_("Une réponse à quelqu’un d’autre ne s’épingle pas."))
    Actor.objects.select_for_update(no_key=True).get(pk=author.pk)  # two requests of hers count one after the other
    pinned = Post.objects.filter(author=author, withdrawn_at=None).exclude(pinned_at=None)
    if pinned.exclude(pk=post.pk).count() >= MOST:
        raise Forbidden(_("%(most)s publications épinglées au plus : retirez-en une d’abord.") % {"most": MOST})
    if Post.objects.filter(pk=post.pk, withdrawn_at=None, pinned_at=None).update(pinned_at=now()):
        tell("Add", post)
    post.refresh_from_db(fields=["pinned_at"])


@transaction.atomic
def unpin(author: Actor, post: Post) -> None:
    publishing.own(author, post)
    if Post.objects.filter(pk=post.pk).exclude(pinned_at=None).update(pinned_at=None):
        tell("Remove", post)
    post.pinned_at = None


def tell(deed: str, post: Post) -> None:
    owner = post.author.uri
    letter = {"id": documents.news_of(post), "type": deed, "actor": owner, "object": post.uri}
    delivery.send(with_context(letter | {"target": f"{owner}/featured"}), publishing.sent_to(post), owner)
