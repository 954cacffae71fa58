"""Applications on the line: memory at rest, and how soon all of them hear of a post, in the production form."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from benchmarks import houses, runtime, table
from benchmarks.houses import Production
from benchmarks.listeners import Listeners
from benchmarks.processes import Memory, Meter, memory
from tests import servers
from tests.towns import TROUBLE

SETTLES = 5.0  # seconds after which nothing is allocated any more


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--listeners", type=int, default=1000)
    options.add_argument("--sockets", type=int, default=200, help="of these, how many by WebSocket")
    options.add_argument("--posts", type=int, default=10)
    chosen = options.parse_args()
    servers_limit()
    with servers.scratch() as folder, houses.founded("production") as house, ExitStack() as stack:
        assert isinstance(house, Production)
        house.env |= runtime.only(folder) | {"PREAU_WORK": "manual"}
        house.sh(f"from benchmarks import crowd\nsecrets = crowd.agents({chosen.listeners})")
        roots = stack.enter_context(house.serving(work=False))
        port = servers.free_port()
        command = [sys.executable, "-m", "instance.streaming", "--port", str(port)]
        command += ["--house", f"http://127.0.0.1:{house.port}"]
        process = stack.enter_context(
            servers.running(command, house.folder / "streaming", lambda: answers(house, port), env=house.env)
        )
        asyncio.run(measure(house, port, {"streaming": process.pid, **roots}, chosen))


def servers_limit() -> None:
    """Each of us is an open file, here too."""
    from instance.streaming import serving

    serving.raise_limit_of_files()


def answers(house: Production, port: int) -> bool:
    own, house.port = house.port, port
    try:
        return house.call("GET", "/api/v1/streaming/health")[0] == 200
    except TROUBLE:
        return False
    finally:
        house.port = own


async def measure(house: Production, port: int, roots: dict[str, int], chosen: Any) -> None:
    secrets = house.ask("secrets")
    alone = memory([roots["streaming"]])
    async with Listeners(port, secrets, chosen.sockets) as listeners:
        await asyncio.sleep(SETTLES)
        at_rest = memory([roots["streaming"]])
        resting = Meter(roots, house.onlookers)
        await asyncio.sleep(SETTLES)
        rest = {name: each / SETTLES for name, each in resting.used().items()}
        await listeners.told(saying(house, secrets[0], 0))  # the caches are warm, as in a house in use
        meter, found = Meter(roots, house.onlookers), []
        for number in range(1, chosen.posts + 1):
            found.append(await listeners.told(saying(house, secrets[0], number)))
        used = {name: each / chosen.posts for name, each in meter.used().items()}
        after = memory([roots["streaming"]])
    tell(house, chosen, [alone, at_rest, after], rest, used, found)


def saying(house: Production, secret: str, number: int) -> Callable[[], None]:
    def say() -> None:
        headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
        body = json.dumps({"status": f"Réunion de chantier numéro {number}, mardi à 9 h, salle des fêtes."}).encode()
        status, said = house.call("POST", "/api/v1/statuses", body, headers)
        assert status == 200, said

    return say


def tell(
    house: Production, chosen: Any, found: list[Memory], rest: dict[str, float], used: dict[str, float],
    told: list[list[float]],
) -> None:  # fmt: skip
    count = chosen.listeners
    table.title(f"{count:,} on the line, {chosen.sockets:,} of them by WebSocket", house.database)
    names = ("nobody on the line", f"{count:,} at rest", "after the posts")
    lines = [
        (name, *(f"{getattr(each, of):.1f}" for of in ("rss", "pss", "private")))
        for name, each in zip(names, found, strict=True)
    ]
    table.rows(("MB of the streaming process", "RSS", "PSS", "private (USS)"), lines)
    at = (("half of them", 0.5), ("95 %", 0.95), ("all", 1.0))
    moments = [(name, table.middle([each[int(share * count) - 1] for each in told])) for name, share in at]
    table.rows((f"seconds from the request that posts until it was heard by, {len(told)} posts", ""), moments)
    total = sum(used.values())
    cost = [(name, f"{used[name]:.0f}", f"{rest[name]:.1f}") for name in used]
    cost.append(("together", f"{total:.0f}", f"{sum(rest.values()):.1f}"))
    table.rows(("CPU", "ms a post", "ms a second at rest"), cost)
    own = used["streaming"]
    table.rows(
        ("events told per CPU-second", ""),
        [("streaming", a_second(count, own)), ("the whole house", a_second(count, total))],
    )


def a_second(count: int, used: float) -> str:
    """How many of these there are for a second of what was used, milliseconds; short runs use less than is counted."""
    return f"{1000 * count / used:,.0f}" if used else "too few to tell"


if __name__ == "__main__":
    main()
