"""Letters handed over to many houses side by side, each at its own pace."""

import gzip
import json
import time
from collections import Counter

import pytest

from federation import http, signatures
from federation.errors import GiveUp, TryLater
from federation.http import Letter
from federation.knock import Knock
from federation.verification import claim_of
from tests.federation.hostile import AS2, drip, elapsed, post_many, reply

pytestmark = pytest.mark.django_db


def letters(neighbour, key, number=1, path="/inbox"):
    url = f"{neighbour.origin}{path}"
    bodies = [json.dumps({"number": each}).encode() for each in range(number)]
    return [Letter(url, body, signatures.sign("POST", url, body, key)) for body in bodies]


def test_a_letter_is_handed_over_signed(martel, key):
    martel.pages["/inbox"] = reply(202, body=b"thanks")
    (letter,) = letters(martel, key)
    answer = http.post(letter.url, letter.body, letter.headers)
    assert (answer.status, answer.body) == (202, b"thanks")
    ((method, path, headers, body),) = martel.asked
    assert headers["content-type"] == AS2
    claim_of(Knock(method, path, headers, body, martel.host)).check(key.public_pem)


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 410, 429, 500, 503])
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
    gone = Letter("http://gone.example/inbox", b"", {})
    odd = Letter("nonsense", b"", {})
    answers = post_many([gone, *sent, odd])
    assert isinstance(answers[0], TryLater)
    assert [answer.status for answer in answers[1:-1]] == [200 + number for number in range(30)]
    assert isinstance(answers[-1], GiveUp)


def test_at_most_four_letters_at_a_time_go_to_one_house_on_connections_that_stay(martel, key):
    def slow(request):
        time.sleep(0.02)
        reply(202)(request)

    martel.pages["/inbox"] = slow
    for _ in range(2):
        assert {answer.status for answer in post_many(letters(martel, key, 20))} == {202}
    assert martel.busiest == 4
    assert len(martel.connections) == 4


def test_a_house_that_hangs_does_not_hold_up_the_others(martel, vernay, key, hurried):
    vernay.pages["/inbox"] = lambda request: time.sleep(3)
    martel.pages["/inbox"] = reply(202)
    batch = letters(vernay, key, 30) + letters(martel, key, 10)
    outcome = []
    assert elapsed(lambda: outcome.extend(post_many(batch))) < 2.5
    assert all(isinstance(each, TryLater) for each in outcome[:30])
    assert [each.status for each in outcome[30:]] == [202] * 10
    assert len(vernay.asked) == 4


def test_a_slow_house_does_not_keep_a_batch_beyond_its_lease(martel, key, monkeypatch):
    def slow(request):
        time.sleep(0.2)
        reply(202)(request)

    martel.pages["/inbox"] = slow
    monkeypatch.setattr(http, "BATCH", 0.3)
    outcome = post_many(letters(martel, key, 40))
    kinds = Counter(type(each).__name__ for each in outcome)
    assert 4 <= kinds["Answer"] <= 12
    assert kinds["TryLater"] == 40 - kinds["Answer"]


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


def test_no_letters_no_calls():
    assert post_many([]) == []
