"""The process of the partner houses: it answers with their actors' documents."""

import json
import sys
from pathlib import Path
from typing import Any

from aiohttp import web


def application(houses: dict[str, dict[str, Any]]) -> web.Application:
    async def page(request: web.Request) -> web.Response:
        found = houses.get(request.headers.get("host", ""), {}).get(request.path)
        body, status = json.dumps(found or {}), 200 if found else 404
        return web.Response(text=body, status=status, content_type="application/activity+json")

    house = web.Application()
    house.router.add_get("/{path:.*}", page)
    return house


if __name__ == "__main__":
    known = json.loads(Path(sys.argv[1]).read_text())
    web.run_app(application(known), host="127.0.0.1", port=int(sys.argv[2]), access_log=None, print=None)
