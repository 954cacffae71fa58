"""Runs in the instance's own shell: the same work in one thread, first by the clock of the processor, then profiled."""

import cProfile
import io
import pickle
import pstats
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import get_path_info  # noqa: F401  loads the handler before the clock runs
from django.db import connection

ROOT = str(Path(__file__).resolve().parent.parent)
AREAS = {
    "cryptography": "cryptography", "sqlite3": "the driver of the database", "psycopg": "the driver of the database",
    "django/db": "django.db", "django/template": "django.template", "django": "the rest of Django",
    "celery": "celery and kombu", "kombu": "celery and kombu", "redis": "celery and kombu", "amqp": "celery and kombu",
    "structlog": "structlog", "json": "json", "nh3": "nh3", "activitypub": "the toolkit",
}  # fmt: skip


def arrivals(file: str) -> None:
    from instance.wsgi import application

    requests = pickle.loads(Path(file).read_bytes())
    third = len(requests) // 3
    first, second, rest = requests[:third], requests[third : 2 * third], requests[2 * third :]
    report("accepting", partial(knock_all, application), first, second, rest)
    report("processing", lambda part: work(len(part)), first, second, rest)


def deliveries(author: str, count: int) -> None:
    """Paying in this thread, while the calls are made in the loop's: both are profiled."""
    from benchmarks import stock
    from federation import loop

    calls = cProfile.Profile(time.thread_time)

    async def switch(*, on: bool) -> None:
        calls.enable() if on else calls.disable()

    def pay(letters: list[bytes]) -> None:
        stock.owe(author, len(letters))
        work(len(letters), "deliveries")
        if letters[0] == b"profiled":
            loop.run(switch(on=False))

    pay([b"first"] * count)
    with statements() as made:
        begun = time.process_time()
        pay([b"second"] * count)
        cpu_ms = 1000 * (time.process_time() - begun) / count
    print(f"### delivering: {cpu_ms:.2f} ms CPU of this process, {sum(made.values()) / count:.1f} statements")
    loop.run(switch(on=True))
    profile = cProfile.Profile(time.thread_time)  # what a thread waits for is not its own
    profile.runcall(pay, [b"profiled"] * count)
    print("the thread that pays")
    show(profile, count)
    print("the thread that calls")
    show(calls, count)
    tell(made, count)


def report(name: str, act: Callable[[list[bytes]], Any], *parts: list[bytes]) -> None:
    """Warm up with the first part, take the processor's time with the second, profile the third."""
    act(parts[0])
    with statements() as made:
        begun = time.process_time()
        act(parts[1])
        cpu_ms = 1000 * (time.process_time() - begun) / len(parts[1])
    print(f"### {name}: {cpu_ms:.2f} ms CPU of this process, {sum(made.values()) / len(parts[1]):.1f} statements")
    profile = cProfile.Profile(time.thread_time)  # what a thread waits for is not its own
    profile.runcall(act, parts[2])
    show(profile, len(parts[2]))
    tell(made, len(parts[1]))


def tell(made: Counter[str], count: int) -> None:
    for statement, times in made.most_common(45):
        print(f"    {times / count:5.2f} × {statement}")


@contextmanager
def statements() -> Iterator[Counter[str]]:
    made: Counter[str] = Counter()

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        made[outline(sql)] += 1
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield made


def outline(sql: str) -> str:
    """Enough to recognise a statement by."""
    if "SAVEPOINT" in sql:
        return sql.partition("SAVEPOINT")[0] + "SAVEPOINT"
    head, _, tail = sql.partition(" FROM ")
    return sql[:110] if not tail else f"{head[:24]} … FROM {tail[:150]}"


def work(count: int, drain: str = "receipts") -> None:
    from federation.hallway import DRAINS

    done = 0
    while done < count and (moved := DRAINS[drain]()):
        done += moved


def knock_all(application: Any, requests: list[bytes]) -> None:
    for each in requests:
        knock(application, each)


def knock(application: Any, request: bytes) -> None:
    answers: list[str] = []
    list(application(environ(request), lambda status, headers, *rest: answers.append(status)))
    if not answers[0].startswith("202"):
        raise SystemExit(f"not accepted: {answers[0]}")


def environ(request: bytes) -> dict[str, Any]:
    head, _, body = request.partition(b"\r\n\r\n")
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    special = {"CONTENT_TYPE": headers.pop("content-type"), "CONTENT_LENGTH": headers.pop("content-length")}
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        "REQUEST_METHOD": method, "PATH_INFO": target, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": settings.HOST.rpartition(":")[2], "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), **special, **named,
    }  # fmt: skip


def show(profile: cProfile.Profile, count: int) -> None:
    """Shares by area, then our own functions with all that they call."""
    found = pstats.Stats(profile).stats
    areas: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in found.items():
        areas[area(file, name)] += own
    whole = sum(areas.values())
    print(f"profiled (slower than life): {1000 * whole / count:.2f} ms; the areas' own time:")
    for name, own in areas.most_common():
        print(f"    {100 * own / whole:5.1f} %  {name}")
    print("our functions with all that they call, and what of others costs most:")
    for (file, line, name), (_, calls, _, total, _) in sorted(found.items(), key=lambda each: -each[1][3])[:90]:
        if total / whole > 0.012:
            where = file.removeprefix(ROOT + "/").rpartition("site-packages/")[2]
            print(f"    {100 * total / whole:5.1f} %  {calls / count:6.2f} ×  {where}:{line} {name}")


def area(file: str, name: str) -> str:
    if file.startswith(ROOT) and "site-packages" not in file:
        return "ours: " + file.removeprefix(ROOT + "/").split("/")[0]
    text = file.rpartition("site-packages/")[2] if "site-packages" in file else name if file == "~" else file
    return next((area for part, area in AREAS.items() if part in text), "Python")
