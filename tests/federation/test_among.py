"""Values that are many, in both databases."""

import pytest
from django.db import ConnectionHandler

from federation.models import Delivery, Peer

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
POSTGRESQL = ConnectionHandler({"default": {"ENGINE": "instance.postgresql", "NAME": "nobody connects"}})["default"]


@pytest.mark.parametrize("more", [0, 2_000])
def test_one_finds_what_is_among_them(more):
    for name in ("a", "b", "c'); --"):
        Peer.objects.create(host=f"{name}.example", state="active")
    hosts = {"a.example", "c'); --.example", *(f"{number}.example" for number in range(more))}
    assert {peer.host for peer in Peer.objects.filter(host__among=hosts)} == {"a.example", "c'); --.example"}
    keys = [Peer.objects.get(host="b.example").pk, *range(10_000, 10_000 + more)]
    assert [peer.host for peer in Peer.objects.filter(pk__among=keys)] == ["b.example"]


def test_nothing_is_among_none():
    Peer.objects.create(host="a.example", state="active")
    assert not Peer.objects.filter(pk__among=[]).exists()
    assert Peer.objects.exclude(pk__among=[]).exists()


@pytest.mark.parametrize("number", [1, 3, 2_000])
def test_postgresql_is_told_a_list_in_a_statement_that_stays(number):
    values = list(range(number))
    asked = Delivery.objects.filter(dispatch__among=values, host__among=["a.example"] * number).query
    statement, told = asked.get_compiler(connection=POSTGRESQL).as_sql()
    assert '"dispatch_id" = ANY(%s::bigint[])' in statement and '"host" = ANY(%s::varchar[])' in statement
    assert told == (values, ["a.example"] * number)
