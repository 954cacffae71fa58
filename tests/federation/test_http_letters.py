"""Letters handed over to many houses side by side, each at its own pace."""

import gzip
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from federation import departures, http, lanes, signatures
from federation.errors import BadSignature, GiveUp, Held, TryLater
from federation.knock import Knock
from federation.lanes import Letter
from federation.verification import claim_of
from tests.federation.hostile import AS2, drip, elapsed, post_many, reply

pytestmark = pytest.mark.django_db


def letters(neighbour, key, number=1, path="/inbox"):
    url = f"{neighbour.origin}{path}"
    return [Letter(each, url, json.dumps({"number": each}).encode(), key) for each in range(number)]


def after(seconds, status=202):
    def slow(request):
        time.sleep(seconds)
        reply(status)(request)

    return slow


def test_a_letter_is_handed_over_signed(martel, key):
    martel.pages["/inbox"] = reply(202, body=b"thanks")
    (answer,) = post_many(letters(martel, key))
    assert (answer.status, answer.body) == (202, b"thanks")
    ((method, path, headers, body),) = martel.asked
    assert headers["content-type"] == AS2
    claim_of(Knock(method, path, headers, body, martel.host)).check(key.public_pem)


def test_a_letter_may_be_signed_beforehand(martel, key):
    martel.pages["/inbox"] = reply(202)
    url = f"{martel.origin}/inbox"
    assert http.post(url, b"{}", signatures.sign("POST", url, b"{}", key)).status == 202


def test_a_letter_carries_what_rooms_above_add_and_its_signature_vouches_for_it(martel, key):
    martel.pages["/inbox"] = reply(202)
    (letter,) = letters(martel, key)
    letter.more = {"collection-synchronization": 'collectionId="x"'}
    for letter.way in ("cavage", "rfc9421"):
        post_many([letter])
        method, path, headers, body = martel.asked[-1]
        claim_of(Knock(method, path, headers, body, martel.host)).check(key.public_pem)
        changed = {**headers, "collection-synchronization": 'collectionId="y"'}
        with pytest.raises(BadSignature):
            claim_of(Knock(method, path, changed, body, martel.host)).check(key.public_pem)


@pytest.mark.parametrize("status", [301, 307, 403, 404, 410, 429, 500, 503])
def test_a_status_is_an_answer_and_a_letter_is_not_redirected(martel, key, status):
    martel.pages["/inbox"] = reply(status, Location="/elsewhere", Retry_After="120")
    (answer,) = post_many(letters(martel, key))
    assert (answer.status, answer.headers["retry-after"]) == (status, "120")
    assert martel.paths() == ["/inbox"]


def test_answers_come_in_the_order_of_the_letters(martel, key):
    def echo(request):
        status = 200 + int(request.path.partition("?")[2])
        time.sleep((30 - status % 30) / 300)
        reply(status)(request)

    martel.pages["/inbox"] = echo
    sent = [letters(martel, key, path=f"/inbox?{number}")[0] for number in range(30)]
    gone = Letter(1, "http://gone.example/inbox", b"", key)
    odd = Letter(1, "nonsense", b"", key)
    answers = post_many([gone, *sent, odd])
    assert isinstance(answers[0], Held)
    assert [answer.status for answer in answers[1:-1]] == [200 + number for number in range(30)]
    assert isinstance(answers[-1], GiveUp)


def test_at_most_four_letters_at_a_time_go_to_one_house_on_connections_that_stay(martel, key, monkeypatch):
    monkeypatch.setattr(lanes, "IMPATIENCE", 0.02)
    martel.pages["/inbox"] = after(0.02)
    batches = [letters(martel, key, 20) for _ in range(2)]
    with ThreadPoolExecutor(2) as workers:  # who else carries letters in this process shares the lane
        monkeypatch.setattr(lanes.peers, "admitted", set)  # the database belongs to this thread
        for answers in workers.map(post_many, batches):
            assert {answer.status for answer in answers} == {202}
    assert martel.busiest == 4
    assert len(martel.connections) == 4


def test_a_house_that_answers_fast_is_served_on_one_connection(martel, key):
    martel.pages["/inbox"] = reply(202)
    post_many(letters(martel, key, 20))
    assert (martel.busiest, len(martel.connections)) == (1, 1)


def test_a_house_that_hangs_does_not_hold_up_the_others(martel, vernay, key, hurried):
    vernay.pages["/inbox"] = lambda request: time.sleep(3)
    martel.pages["/inbox"] = reply(202)
    batch = letters(vernay, key, 30) + letters(martel, key, 10)
    outcome = []
    assert elapsed(lambda: outcome.extend(post_many(batch))) < 2.5
    kinds = Counter(type(each) for each in outcome[:30])
    assert kinds == {TryLater: len(vernay.asked), Held: 30 - len(vernay.asked)}
    assert len(vernay.asked) <= 4
    assert [each.status for each in outcome[30:]] == [202] * 10


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_house_that_can_take_no_more_is_spared_the_rest(martel, key, status):
    martel.pages["/inbox"] = reply(status)
    outcome = post_many(letters(martel, key, 10))
    assert outcome[0].status == status
    assert [type(each) for each in outcome[1:]] == [Held] * 9
    martel.pages["/inbox"] = reply(202)
    assert [each.status for each in post_many(letters(martel, key, 3))] == [202] * 3


def test_a_letter_does_not_stay_in_a_lane_beyond_its_lease(martel, key, monkeypatch):
    martel.pages["/inbox"] = after(0.2)
    monkeypatch.setattr(lanes, "STALE", 0.3)
    kinds = Counter(type(each).__name__ for each in post_many(letters(martel, key, 40)))
    assert 2 <= kinds["Answer"] <= 12
    assert kinds["Held"] == 40 - kinds["Answer"]


def test_a_fault_of_ours_is_told_like_any_outcome(martel, key, monkeypatch):
    def fault(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(lanes.signing, "sign", fault)
    (outcome,) = post_many(letters(martel, key))
    assert (type(outcome), str(outcome)) == (TryLater, "ZeroDivisionError")


def test_once_they_have_taken_a_letter_nothing_makes_it_a_failure(martel, key, monkeypatch):
    monkeypatch.setattr(http, "COURTESY", 0.3)
    martel.pages |= {
        "/drips": drip(202),
        "/big": reply(202, body=b"x" * 2_000_000),
        "/packed": reply(202, body=gzip.compress(b"x"), Content_Encoding="gzip"),
        "/breaks": reply(202, Content_Length="100"),
    }
    batch = [letters(martel, key, path=path)[0] for path in martel.pages]
    assert [(answer.status, answer.body) for answer in post_many(batch)] == [(202, b"")] * 4


def test_a_connection_that_they_had_closed_is_opened_again(martel, key):
    def hang_up_once(request):
        request.close_connection = True
        if len(martel.asked) > 1:
            reply(202)(request)

    martel.pages["/inbox"] = hang_up_once
    (answer,) = post_many(letters(martel, key))
    assert answer.status == 202
    assert martel.paths() == ["/inbox", "/inbox"]


def test_a_house_that_keeps_hanging_up_is_tried_later(martel, key):
    martel.pages["/inbox"] = lambda request: setattr(request, "close_connection", True)
    (answer,) = post_many(letters(martel, key))
    assert isinstance(answer, TryLater)
    assert martel.paths() == ["/inbox", "/inbox"]


def test_a_lease_outlives_the_slowest_letter():
    """It waits, knocks, and knocks once more the other way."""
    assert departures.LEASE.total_seconds() > lanes.STALE + 2 * http.DEADLINE + 10


def test_no_letters_no_calls():
    assert post_many([]) == []
