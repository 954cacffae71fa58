"""An author shows a few of her own posts first, to those who may read them."""

import pytest

from federation.errors import Forbidden
from federation.models import Dispatch
from outbox import pins, posts, publishing
from outbox.audience import Reach
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


def write(author, source="Bonjour", reach=None, parent=None):
    return publishing.publish(author, Draft(source), reach or Reach("organisation"), parent)


def test_one_cannot_pin_what_another_wrote(julien, helene, lucie, vernay, arrives):
    with pytest.raises(Forbidden, match="pas la vôtre"):
        pins.pin(helene, write(julien))
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"
    with pytest.raises(Forbidden, match="pas la vôtre"):
        pins.pin(lucie, posts.Post.objects.get(author=lucie))


def test_a_private_message_and_an_answer_to_another_are_not_pinned(julien, helene):
    with pytest.raises(Forbidden, match="message privé"):
        pins.pin(julien, write(julien, reach=Reach("named", named=(helene,))))
    with pytest.raises(Forbidden, match="quelqu’un d’autre"):
        pins.pin(julien, write(julien, parent=write(helene)))
    pins.pin(julien, write(julien, parent=write(julien)))


def test_no_more_than_five_are_pinned(julien, helene):
    written = [write(julien, str(number)) for number in range(6)]
    for post in written[:5]:
        pins.pin(julien, post)
    pins.pin(julien, written[0])
    with pytest.raises(Forbidden, match="5 publications"):
        pins.pin(julien, written[5])
    pins.unpin(julien, written[0])
    pins.pin(julien, written[5])
    assert {post.source for post in posts.pinned(helene, julien)} == {"1", "2", "3", "4", "5"}
    publishing.withdraw(julien, written[5])
    pins.pin(julien, written[0])


def test_what_is_pinned_shows_to_those_who_may_read_it_only(julien, helene, aubin):
    post = write(julien, reach=Reach("service", service=aubin.green.actor))
    pins.pin(julien, post)
    assert list(posts.pinned(julien, julien)) == [post] and not posts.pinned(helene, julien)


def test_the_houses_that_have_the_post_are_told_in_order_and_no_others(julien, vernay, work):
    here, there = write(julien), write(julien, reach=Reach("partners"))
    work()
    for post in (here, there):
        pins.pin(julien, post)
        pins.pin(julien, post)
        pins.unpin(julien, post)
        pins.unpin(julien, post)
    told = Dispatch.objects.filter(document__type__in=["Add", "Remove"]).order_by("pk")
    assert [each.document["type"] for each in told] == ["Add", "Remove"]
    assert len({each.object_uri for each in told}) == 1, "they keep their order"
    assert {each.document["object"] for each in told} == {there.uri}
    assert {each.document["target"] for each in told} == {f"{julien.uri}/featured"}
    work()
    assert [letter["type"] for _path, _headers, letter in vernay.received][-2:] == ["Add", "Remove"]
