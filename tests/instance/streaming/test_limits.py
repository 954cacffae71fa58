"""How much anybody on the line may ask for; and that nothing of who listens is written down."""

import pytest

from tests.instance.streaming.conftest import Streaming, log_of
from tests.listeners import SSE, Refused, Socket

pytestmark = pytest.mark.slow


def test_one_agent_holds_so_many_lines_and_no_more(house: Streaming):
    secret, ears = house.token("Inès", "read"), []
    try:
        for _ in range(24):
            ears.append(Socket(house.stream, secret))
        with pytest.raises(Refused) as error:
            Socket(house.stream, secret)
        assert error.value.status == 429
    finally:
        for ear in ears:
            ear.hang_up()


def test_a_long_message_ends_a_socket_and_nonsense_does_not(house: Streaming):
    with Socket(house.stream, house.token("Hélène"), stream="user") as socket:
        for nonsense in ("", "nul", "[]", '{"type": 1}', '{"type": "subscribe"}'):
            socket.socket.send(nonsense)
        house.post("Julien", "toujours là")
        found = [socket.next() for _ in range(3)]
        assert "update" in {event for event, _ in found}
        socket.socket.send("x" * 10_000)
        assert socket.next() is None


def test_a_socket_listens_to_so_many_streams_and_no_more(house: Streaming):
    with Socket(house.stream, house.token("Hélène")) as socket:
        for number in range(33):
            socket.say(type="subscribe", stream="hashtag", tag=f"sujet{number}")
        assert socket.next() == ("error", "Too many streams")


def test_no_token_is_written_down(house: Streaming):
    secret = house.new_token("Julien", "read")
    with Socket(house.stream, access_token=secret, stream="user"), SSE(house.stream, "/user", access_token=secret):
        pass
    assert secret not in log_of(house)
