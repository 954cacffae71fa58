"""Notes in Redis that a hint is on its way, so that a thousand rows are not announced by a thousand tasks; and that
work rests on all machines of the house.

Imported only by houses that have Redis: its client is as large as a tenth of a small house.
"""

from functools import cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

NOTE = "preau:hint:"
REST = "preau:maintenance"
LASTS = 2_000  # milliseconds, after which a hint that was lost is given again


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


def is_news(name: str) -> bool:
    """Whether no hint of this kind is on its way already. ConnectionError when Redis does not answer."""
    try:
        return bool(_redis(settings.REDIS_URL).set(NOTE + name, 1, nx=True, px=LASTS))
    except RedisError as error:
        raise ConnectionError(str(error)) from error


def heard(name: str) -> None:
    """A worker has come: what is written from now on is worth another hint."""
    try:
        _redis(settings.REDIS_URL).delete(NOTE + name)
    except RedisError:
        return


def is_there() -> bool:
    """Whether Redis answers."""
    try:
        return bool(_redis(settings.REDIS_URL).ping())
    except RedisError:
        return False


def rests() -> bool:
    """Whether another machine of the house was told to rest. ConnectionError when Redis does not answer."""
    try:
        return bool(_redis(settings.REDIS_URL).exists(REST))
    except RedisError as error:
        raise ConnectionError(str(error)) from error


def rest(*, now: bool) -> None:
    """Tell all machines of the house to rest, or to work again. ConnectionError when Redis does not answer."""
    try:
        _redis(settings.REDIS_URL).set(REST, 1) if now else _redis(settings.REDIS_URL).delete(REST)
    except RedisError as error:
        raise ConnectionError(str(error)) from error
