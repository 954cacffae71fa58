"""Two ways to sign: a house that takes only one of them is knocked at in the other, at once, and remembered."""

import pytest

from federation import http, keys
from federation.delivery import pay_due
from federation.knock import Knock
from federation.models import Delivery, Key, Peer
from federation.verification import claim_of
from tests.federation.hostile import document, reply
from tests.federation.owing import JULIEN, answering, news, owe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def julien_signs(db):
    keys.generate(JULIEN)


def way_of(headers):
    return "rfc9421" if "signature-input" in headers else "cavage"


def takes_only(house, way, otherwise, path="/inbox", answer=None):
    """The house really verifies what is signed in its own way, and refuses the other."""
    pem = Key.objects.get().public_pem

    def check(request):
        method, target, headers, body = house.asked[-1]
        if way_of(headers) == way:
            claim_of(Knock(method, target, headers, body, house.host)).check(pem)
            (answer or reply(202))(request)
        else:
            reply(otherwise)(request)

    house.pages[path] = check


def ways(house):
    return [way_of(headers) for _, _, headers, _ in house.asked]


def remembered():
    return Peer.objects.values_list("knocks_with", flat=True).get()


@pytest.mark.parametrize("refusal", [400, 401])
def test_a_house_that_takes_only_the_newer_way_is_knocked_at_twice_once(martel, refusal):
    takes_only(martel, "rfc9421", refusal)
    owe(martel, news(1))
    pay_due()
    owe(martel, news(2))
    pay_due()
    assert ways(martel) == ["cavage", "rfc9421", "rfc9421"]
    assert remembered() == "rfc9421"
    assert set(Delivery.objects.values_list("state", "answer", "attempts")) == {("sent", "202", 1)}


def test_a_house_that_goes_back_to_the_older_way_is_learned_anew(martel):
    takes_only(martel, "cavage", 401)
    Peer.objects.update(knocks_with="rfc9421")
    owe(martel, news(1))
    pay_due()
    assert ways(martel) == ["rfc9421", "cavage"]
    assert remembered() == "cavage"
    owe(martel, news(2))
    pay_due()
    assert ways(martel)[2:] == ["cavage"]


def test_a_house_that_takes_the_older_way_is_knocked_at_once(martel):
    takes_only(martel, "cavage", 401)
    owe(martel, news(1))
    pay_due()
    assert (ways(martel), remembered()) == (["cavage"], "")


@pytest.mark.parametrize(("status", "state"), [(401, "waiting"), (400, "abandoned")])
def test_a_house_that_takes_neither_teaches_nothing(martel, status, state):
    answering(martel, status)
    owe(martel, news(1))
    pay_due()
    row = Delivery.objects.get()
    assert (ways(martel), remembered()) == (["cavage", "rfc9421"], "")
    assert (row.state, row.answer, row.attempts) == (state, str(status), 1)


def test_a_400_for_a_way_that_they_do_not_know_loses_no_letter(martel):
    """401 for the one that they know: their reason may pass."""
    martel.pages["/inbox"] = lambda request: reply(400 if len(martel.asked) == 1 else 401)(request)
    owe(martel, news(1))
    pay_due()
    row = Delivery.objects.get()
    assert (row.state, row.answer) == ("waiting", "401")


@pytest.mark.parametrize("status", [403, 404, 410])
def test_who_we_are_is_not_a_matter_of_the_way(martel, status):
    answering(martel, status)
    owe(martel, news(1))
    pay_due()
    assert ways(martel) == ["cavage"]


def test_a_second_knock_that_meets_trouble_is_no_lesson(martel):
    martel.pages["/inbox"] = lambda request: reply(401 if len(martel.asked) == 1 else 503)(request)
    owe(martel, news(1))
    pay_due()
    assert (Delivery.objects.get().answer, remembered()) == ("503", "")


# --- What we ask for ---


def test_a_document_is_asked_for_in_the_other_way_when_the_first_is_refused(martel):
    takes_only(martel, "rfc9421", 401, "/a", reply(body=document(martel, "/a")))
    for _ in range(2):
        assert http.get_document(f"{martel.origin}/a", signer_key=Key.objects.get())["type"] == "Note"
    assert ways(martel) == ["cavage", "rfc9421", "rfc9421"]
    assert remembered() == "rfc9421"


def test_a_refusal_in_both_ways_is_the_first_one(martel):
    martel.pages["/a"] = lambda request: reply(401 if len(martel.asked) == 1 else 404)(request)
    assert http.get(f"{martel.origin}/a", accept="*/*", signer_key=Key.objects.get()).status == 401
    assert remembered() == ""


def test_what_is_not_signed_has_no_other_way(martel):
    martel.pages["/a"] = reply(401)
    assert http.get(f"{martel.origin}/a", accept="*/*").status == 401
    assert len(martel.asked) == 1
