"""Who wrote very much and leaves is erased for a few statements: her house holds up nobody by it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from outbox.models import Attachment, Hashtag, Post, Version

pytestmark = pytest.mark.django_db
MANY = 300
SAID = {"kind": "note", "audience": "public", "html": "mot", "title": "mot", "details": {"closed": ["like"]}}


@pytest.fixture
def wordy(lucie):
    """Lucie has written a lot."""
    subject = Hashtag.objects.create(name="budget")
    Post.objects.bulk_create(
        Post(uri=f"{lucie.uri}/{number}", ulid=f"{number:026}", author=lucie, **SAID) for number in range(MANY)
    )
    for post in Post.objects.all():
        post.hashtags.add(subject)
        Version.objects.create(post=post, html="mot", written_at=post.published_at)
        Attachment.objects.create(owner=lucie, post=post, kind="image", state="missing", media_type="image/png")
    return lucie


@pytest.mark.row(65)
def test_all_that_she_wrote_is_erased_in_few_statements(vernay, wordy, arrives):
    with CaptureQueriesContext(connection) as asked:
        assert arrives(vernay, vernay.activity("Delete", wordy.uri, wordy.uri)) == "handled"
    assert len(asked) < 100
    assert Actor.objects.get(pk=wordy.pk).gone_at
    left = Post.objects.exclude(withdrawn_at=None)
    assert left.count() == MANY
    assert set(left.values_list("html", "title", "source")) == {("", "", "")}
    assert not (Version.objects.exists() or Attachment.objects.exists())
    assert not (left.exclude(details={}).exists() or left.exclude(hashtags=None).exists())
