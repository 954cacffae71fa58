"""A body is here, whole, before a thread is given to it; who sends too much, too slowly, or hangs up, gets none."""

import asyncio

import pytest

from instance import gathering
from instance.server import House


def scope(length):
    headers = [] if length is None else [(b"content-length", length)]
    return {"type": "http", "path": "/publier/", "headers": headers}


def pieces(*bodies, last="http.request"):
    """What a server hands over, piece by piece; then nothing more comes, or the connection ends."""
    left = [{"type": "http.request", "body": body, "more_body": True} for body in bodies]

    async def receive():
        if left:
            return left.pop(0)
        if last == "http.disconnect":
            return {"type": last}
        return await asyncio.sleep(60, {"type": "http.request", "body": b"too late"})

    return receive


async def read(length, receive):
    found = b""
    async with gathering.gathered(scope(length), receive) as whole:
        while True:
            message = await whole()
            found += message["body"]
            if not message["more_body"]:
                return found


def test_what_comes_in_pieces_is_handed_over_whole():
    body = bytes(range(256)) * 1_000
    cut = [body[at : at + 10_000] for at in range(0, len(body), 10_000)]
    assert asyncio.run(read(str(len(body)).encode(), pieces(*cut))) == body


@pytest.mark.parametrize("length", [None, b"", b"-1", b"x", b"0"])
def test_a_body_of_no_said_length_is_not_waited_for(length):
    assert asyncio.run(read(length, pieces(b"unread"))) == b""


class Threads:
    """Stands where the threads are: they must not be asked."""

    async def __call__(self, scope, receive, send):
        pytest.fail("a thread was given to it")


@pytest.mark.row(64)
@pytest.mark.parametrize(
    ("length", "receive", "status"),
    [
        (b"145000001", pieces(), [413]),
        (b"1000", pieces(b"slow"), [408]),
        (b"1000", pieces(b"gone", last="http.disconnect"), []),
    ],
)
def test_who_sends_too_much_or_too_slowly_or_hangs_up_takes_no_thread(monkeypatch, length, receive, status):
    monkeypatch.setattr(gathering, "PATIENCE", 0.1)
    said, house = [], House()
    house.pages = Threads()

    async def send(message):
        said.append(message)

    asyncio.run(house(scope(length), receive, send))
    assert [message["status"] for message in said if "status" in message] == status
