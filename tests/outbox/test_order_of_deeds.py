"""What one does, takes back and does anew reaches the other house in that order, or it would end undone."""

import pytest
from django.utils.timezone import now

from actors import following
from federation.models import Delivery, Peer
from outbox import reactions
from outbox.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_order(vernay, work):
    """The kinds of letters that Vernay took, when the first failed and the others were written before its next try."""

    def play(first, *others):
        vernay.status = 503
        first()
        work()
        vernay.status = 202
        for other in others:
            other()
        work()
        Delivery.objects.filter(state="waiting").update(due_at=now())
        Peer.objects.update(try_at=None)
        for _ in range(3):
            work()
        return [letter["type"] for _, _, letter in vernay.received]

    return play


def test_a_like_done_anew_does_not_overtake_its_undo(vernay, julien, arrives, in_order):
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri]))
    post = Post.objects.get()
    like, unlike = (lambda: reactions.like(julien, post)), (lambda: reactions.unlike(julien, post))
    assert in_order(like, unlike, like) == ["Like", "Undo", "Like"]


def test_a_follow_asked_anew_does_not_overtake_its_undo(julien, lucie, in_order):
    ask, leave = (lambda: following.ask(julien, lucie)), (lambda: following.leave(julien, lucie))
    assert in_order(ask, leave, ask) == ["Follow", "Undo", "Follow"]
