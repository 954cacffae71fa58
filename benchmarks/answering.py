"""The process of the partner houses: it answers with their actors' documents."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from aiohttp import web


def application(pages: dict[str, Any]) -> web.Application:
    async def page(request: web.Request) -> web.Response:
        found = pages.get(request.path)
        body, status = json.dumps(found or {}), 200 if found else 404
        return web.Response(text=body, status=status, content_type="application/activity+json")

    house = web.Application()
    house.router.add_get("/{path:.*}", page)
    return house


async def answer(houses: dict[str, dict[str, Any]]) -> None:
    for port, pages in houses.items():
        runner = web.AppRunner(application(pages), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(answer(json.loads(Path(sys.argv[1]).read_text())))
