"""What calls itself an application is heard like anybody else of its house."""

import pytest

from actors import partnerships
from actors.models import Follow
from inbox import receiving
from inbox.models import Receipt
from outbox.models import Post

pytestmark = pytest.mark.django_db


@pytest.mark.row(89)
def test_letters_of_its_robots_that_waited_have_no_effect(vernay, julien, client, work):
    robot = vernay.add_actor("robot", "Application")
    for each in (vernay.activity("Follow", robot, julien.uri), vernay.create(vernay.house, [julien.uri])):
        assert vernay.post(client, each).status_code == 202
    partnerships.revoke(vernay.peer)
    work()
    assert set(Receipt.objects.values_list("state", flat=True)) == {"ignored"}
    assert not Follow.objects.filter(followed=julien).exists() and not Post.objects.exists()


@pytest.mark.row(89)
def test_however_many_they_are(vernay, julien, client, work):
    assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    first = Receipt.objects.get()
    Receipt.objects.bulk_create(
        Receipt(uri=f"{first.uri}/{number}", actor=first.actor, kind="Create", state="waiting",
                activity=vernay.create(vernay.lucie, [julien.uri]) | {"id": f"{first.uri}/{number}"})
        for number in range(receiving.AHEAD)
    )  # fmt: skip
    partnerships.revoke(vernay.peer)
    work()
    assert set(Receipt.objects.values_list("state", flat=True)) == {"ignored"}
    assert not Post.objects.exists()
