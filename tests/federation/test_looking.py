"""What others see of a house is asked side by side, and nothing of it is waited for in vain."""

import asyncio

from federation import hints, looking
from federation.errors import NotBelieved
from tests.neighbour import Neighbour


async def slow():
    await asyncio.sleep(30)


async def wrong():
    raise NotBelieved("no")


async def quick():
    return 1


def test_each_call_brings_something_or_the_reason_why_not():
    found = looking.side_by_side({"slow": slow(), "wrong": wrong(), "quick": quick()}, 0.1)
    assert isinstance(found["slow"], TimeoutError) and isinstance(found["wrong"], NotBelieved)
    assert found["quick"] == 1


def test_a_clock_that_is_not_told_is_not_guessed():
    def no_date(request):
        request.send_response_only(200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    house = Neighbour()
    house.documents["/now"] = no_date
    told = looking.side_by_side(
        {"none": looking.clock(f"{house.origin}/now"), "some": looking.clock(f"{house.origin}/")}
    )
    house.stop()
    assert isinstance(told["none"], NotBelieved)
    assert abs(told["some"]) < 3


def test_redis_is_there_or_it_is_not(with_redis, settings):
    assert hints.is_there()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert not hints.is_there()
