"""What one notes for oneself about someone: nobody else reads it, the other never knows."""

from django.utils.translation import gettext as _

from actors.models import Actor, Remark
from federation.errors import Forbidden

LIMIT = 2_000


def note(actor: Actor, target: Actor, words: str) -> None:
    """Replace the note; without words there is none. Forbidden when it is too long."""
    words = words.strip()
    if len(words) > LIMIT:
        raise Forbidden(_("Une note compte au plus %(limit)s signes.") % {"limit": LIMIT})
    if words:
        Remark.objects.update_or_create(actor=actor, target=target, defaults={"words": words})
    else:
        Remark.objects.filter(actor=actor, target=target).delete()
