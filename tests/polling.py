"""Polls for tests: one of Julien's, and one that Lucie holds next door."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from outbox import publishing
from outbox.audience import Reach
from outbox.drafts import Draft, Poll
from outbox.models import Post

CHOICES = ("Rosiers", "Lavandes", "Sauges")


def poll(options=CHOICES, lasts=timedelta(days=1), **more):
    return Poll(tuple(options), int(lasts.total_seconds()), **more)


@pytest.fixture
def ask():
    """A poll of one of ours."""

    def publish(author, audience="organisation", **more):
        return publishing.publish(author, Draft("Que planter ?", poll=poll(**more)), Reach(audience))

    return publish


@pytest.fixture
def later(time_machine):
    """So much time goes by."""
    return lambda **delta: time_machine.move_to(now() + timedelta(**delta))


@pytest.fixture
def question(vernay):
    """What Lucie's house sends of a poll of hers."""

    def make(to, name="oneOf", counts=(4, 2), uri="", **more):
        options = [
            {"type": "Note", "name": title, "replies": {"type": "Collection", "totalItems": count}}
            for title, count in zip(CHOICES, counts, strict=False)
        ]
        end = (now() + timedelta(days=1)).isoformat()
        whole = vernay.note(vernay.lucie, to) | {"type": "Question", name: options, "endTime": end, "votersCount": 5}
        return whole | ({"id": uri} if uri else {}) | more

    return make


@pytest.fixture
def arrived_poll(vernay, julien, arrives, question):
    """Lucie's poll, once it is here."""

    def arrive(**more):
        document = question([julien.uri], **more)
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, document)) == "handled"
        return Post.objects.get(uri=document["id"])

    return arrive
