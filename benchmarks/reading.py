"""Pages of the home timeline, timed; runs in the instance's own shell."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actors.models import Actor
from inbox import timelines
from instance import applications, registering


def pages(reader_name: str, calls: int, deep: int) -> dict[str, Any]:
    """Wall and processor milliseconds of `timelines.page`, after `deep` pages; what it asks of the database."""
    before = ""
    for _ in range(deep):
        before = timelines.page(reader(reader_name), "", before)[1]
    ms, used = [], 0.0
    for _ in range(calls):
        viewer = reader(reader_name)
        begun, cpu = time.perf_counter(), time.process_time()
        timelines.page(viewer, "", before)
        used += time.process_time() - cpu
        ms.append(1000 * (time.perf_counter() - begun))
    viewer = reader(reader_name)
    with CaptureQueriesContext(connection) as queries:
        shown = timelines.page(viewer, "", before)[0]
    return {"ms": ms, "cpu_ms": 1000 * used / calls, "queries": len(queries), "posts": len(shown)}


def tokens(reader_name: str, count: int) -> list[str]:
    """Secrets by which an application acts for the reader."""
    application, _secret = registering.register("Mesure", ["https://mesure.test/"], "read", "")
    return [applications.give(application, "read", reader(reader_name).agent) for _ in range(count)]


def asked(secret: str, path: str) -> int:
    """How many queries the second such request asks."""
    client = Client(headers={"host": settings.HOST, "authorization": f"Bearer {secret}"})
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def least(threads: int = 8, times: int = 2000) -> float:
    """Processor milliseconds of this process for the least that Django can ask, over connections that stay open."""

    def ask(_number: int) -> None:
        for _ in range(times):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchone()

    used = time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(ask, range(threads)))
    return 1000 * (time.process_time() - used) / (threads * times)


def reader(name: str) -> Actor:
    return Actor.objects.get(local=True, name=name)
