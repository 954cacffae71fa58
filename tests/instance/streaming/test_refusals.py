"""Who may not stay on the line, or no longer, and what is told to nobody else: in both forms."""

import time

import pytest

from tests.instance.streaming.conftest import Streaming, said
from tests.listeners import SSE, Refused, Socket

pytestmark = pytest.mark.slow


def test_without_a_token_nobody_listens(house: Streaming):
    for refused in (lambda: SSE(house.stream, "/user"), lambda: Socket(house.stream, stream="user")):
        with pytest.raises(Refused) as error:
            refused()
        assert (error.value.status, set(error.value.said)) == (401, {"error"})


def test_with_a_token_that_is_none_nobody_listens(house: Streaming):
    for refused in (lambda: SSE(house.stream, "/user", "faux"), lambda: Socket(house.stream, "faux")):
        with pytest.raises(Refused) as error:
            refused()
        assert error.value.status == 401


def test_a_token_opens_what_its_scopes_say_and_no_more(house: Streaming):
    notified, reading = house.token("Julien", "read:notifications"), house.token("Julien", "read:statuses")
    writing = house.token("Julien", "write")
    for secret, rest in (
        (notified, "/user"),
        (notified, "/public"),
        (reading, "/user/notification"),
        (writing, "/user"),
    ):
        with pytest.raises(Refused) as error:
            SSE(house.stream, rest, secret)
        assert error.value.status == 403
    with pytest.raises(Refused) as error:
        Socket(house.stream, reading, stream="user:notification")
    assert error.value.status == 403
    with Socket(house.stream, reading) as socket:
        socket.say(type="subscribe", stream="user:notification")
        assert socket.next() == ("error", "Access token does not have the required scopes")


def test_an_application_without_an_agent_hears_nothing(house: Streaming):
    secret = house.ask("applications.give(registering.register('Robot', ['https://r.test/'], 'read', '')[0], 'read')")
    with pytest.raises(Refused) as error:
        SSE(house.stream, "/public", secret)
    assert error.value.status == 401


def test_another_s_list_is_as_absent_as_one_that_is_none(house: Streaming):
    house.sh("from inbox.models import List\nown = List.objects.create(owner=who('Julien'), title='Jardins')")
    own, token = house.ask("own.pk"), house.token("Hélène")
    answers = []
    for key in (own, 10**9):
        with pytest.raises(Refused) as error:
            SSE(house.stream, "/list", token, list=str(key))
        answers.append((error.value.status, error.value.said))
    assert answers[0] == answers[1] == (404, {"error": "Not found"})
    with Socket(house.stream, token) as socket:
        socket.say(type="subscribe", stream="list", list=str(own))
        assert socket.next() == ("error", "Not found")


@pytest.mark.parametrize("rest", ["/hashtag", "/list", "/nulle-part", "/user/x", "/list?list=x", "/hashtag?tag=%00"])
def test_a_stream_that_is_none_is_told_so(house: Streaming, rest):
    with pytest.raises(Refused) as error:
        SSE(house.stream, rest, house.token("Julien"))
    assert error.value.status == 404


@pytest.mark.row(82)
@pytest.mark.parametrize("way", ["events", "socket"])
def test_a_token_that_is_revoked_closes_its_lines_within_five_seconds(house: Streaming, way):
    secret = house.new_token("Julien", "read")
    ear = SSE(house.stream, "/user", secret) if way == "events" else Socket(house.stream, secret, stream="user")
    with ear, SSE(house.stream, "/user", house.token("Julien")) as other:
        house.sh("from oauth2_provider.models import AccessToken\nAccessToken.objects.latest('pk').delete()")
        since = time.monotonic()
        assert ear.next(6) is None
        assert time.monotonic() - since < 5
        assert way == "events" or ear.code == 1008
        assert other.nothing(0.2)


@pytest.mark.row(82)
def test_an_agent_who_is_suspended_is_off_the_line_within_five_seconds(house: Streaming):
    with SSE(house.stream, "/user", house.token("Oscar", "read")) as ear:
        house.sh("Actor.objects.filter(name='Oscar Petit').update(suspended_at='2026-01-01T00:00Z')")
        assert ear.next(5) is None
    with pytest.raises(Refused):
        SSE(house.stream, "/user", house.token("Oscar", "read"))
    house.sh("Actor.objects.filter(name='Oscar Petit').update(suspended_at=None)")


@pytest.mark.row(82)
def test_what_one_may_not_read_is_told_to_nobody_else(house: Streaming):
    with SSE(house.stream, "/public", house.token("Hélène")) as all_of_it, \
            Socket(house.stream, house.token("Hélène"), stream="user") as own, \
            SSE(house.stream, "/user", house.token("Inès")) as named:  # fmt: skip
        house.post("Julien", "@ines.caron où en est-on ?", visibility="direct")
        assert named.next()[0] in ("update", "notification")
        assert all_of_it.nothing()
        assert own.nothing(0.1)


@pytest.mark.row(82)
def test_a_block_counts_from_the_next_post_on(house: Streaming):
    with SSE(house.stream, "/public/local", house.token("Oscar")) as ear:
        house.post("Julien", "avant")
        assert said(ear.next()) == ("update", "<p>avant</p>")
        before = house.post("Julien", "effacé")
        ear.next()
        house.sh("following.block(who('Julien'), who('Oscar'))")
        house.post("Julien", "après")
        house.api("DELETE", f"statuses/{before['id']}", "Julien")
        assert ear.nothing()
        house.sh("following.unblock(who('Julien'), who('Oscar'))")
