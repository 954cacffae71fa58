"""Who was suspended or left while her letters waited does not act by them (row 24)."""

import pytest
from django.utils.timezone import now

from actors.models import Actor, Follow
from inbox.models import Receipt
from outbox.models import Post

pytestmark = pytest.mark.django_db


@pytest.mark.row(24)
@pytest.mark.parametrize("end", ["suspended_at", "gone_at"])
def test_letters_that_waited_while_she_was_stopped_have_no_effect(vernay, julien, client, work, end):
    for letter in (vernay.create(vernay.lucie, [julien.uri]), vernay.activity("Follow", vernay.lucie, julien.uri)):
        assert vernay.post(client, letter).status_code == 202
    Actor.objects.filter(uri=vernay.lucie).update(**{end: now()})
    work()
    assert set(Receipt.objects.values_list("state", flat=True)) == {"ignored"}
    assert not (Post.objects.exists() or Follow.objects.exists())
