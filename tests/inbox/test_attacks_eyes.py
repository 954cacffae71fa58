"""Hostile letters that a second pair of eyes thought of: none of them makes our house stumble."""

import pytest

from inbox.models import Notification, Receipt
from outbox.models import Post
from tests.inbox.knocks import by_message, cavage, enter

pytestmark = pytest.mark.django_db


@pytest.mark.row(8)
@pytest.mark.parametrize("name", ["created", "expires"])
def test_a_moment_beyond_all_numbers_is_refused_of_anyone(stranger, julien, client, name):
    letter = stranger.create(stranger.mallory, [julien.uri])
    covers = ("(request-target)", "host", "digest", f"({name})")
    far = {name: f'"1{"0" * 400}"', "algorithm": '"hs2019"'}
    assert enter(client, cavage(stranger, letter, covers=covers, parameters=far)).status_code == 401


@pytest.mark.row(21)
@pytest.mark.parametrize("said", [{"expires": "999999999999999"}, {"created": "-1"}, {"alg": "1"}, {"tag": "?1"}])
def test_parameters_that_mean_nothing_are_refused(vernay, julien, client, said):
    letter = vernay.create(vernay.lucie, [julien.uri])
    assert enter(client, by_message(vernay, letter, said=said)).status_code == 401


@pytest.mark.row(21)
@pytest.mark.parametrize(
    "name", ['"@status"', '"@foo"', '"@query-param";name=1', '"date";tr', '"x-odd";sf', '"1";bs=2']
)
def test_components_that_cannot_be_are_refused(vernay, julien, client, name):
    letter = vernay.create(vernay.lucie, [julien.uri])
    covers = ("@method", "@target-uri", "content-digest", name)
    assert enter(client, by_message(vernay, letter, *covers, headers={"x-odd": "((;;"})).status_code == 401


@pytest.mark.row(101)
@pytest.mark.parametrize("page", ["9" * 5000, "-1", "0", "%D9%A3", "10000"])
def test_a_page_is_a_small_number(vernay, client, page):
    uri = f"http://localhost:8000/ap/instance/directory?page={page}"
    assert vernay.get(client, uri).status_code == 400


@pytest.mark.row(39)
def test_of_two_authors_of_one_id_in_one_batch_the_first_wrote_it(vernay, julien, client, work):
    anne = vernay.add_actor("anne")
    first = vernay.create(vernay.lucie, [julien.uri], attributedTo=[vernay.lucie, anne])
    false = first["object"] | {"content": "<p>faux</p>"}
    for letter in (first, vernay.activity("Create", anne, false), vernay.activity("Create", vernay.lucie, false)):
        assert vernay.post(client, letter).status_code == 202
    work()
    assert list(Receipt.objects.order_by("pk").values_list("state", flat=True)) == ["handled", "ignored", "handled"]
    assert Post.objects.get().html == "<p>bonjour</p>"
    assert Notification.objects.count() == 1
