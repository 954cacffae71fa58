"""`python -m instance.streaming`: the streaming of a large instance, in a light process of its own."""

import argparse
import os
import sys

from django.core.exceptions import ImproperlyConfigured


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
    parser = argparse.ArgumentParser(prog="python -m instance.streaming", description=__doc__)
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8001, help="port to listen on (8001)")
    parser.add_argument("--house", default="http://127.0.0.1:8000", help="where the web processes listen")
    options = parser.parse_args()
    try:
        serve(options.address, options.port, options.house)
    except ImproperlyConfigured as error:
        sys.exit(f"preau: {error}")


def serve(address: str, port: int, house: str) -> None:
    import uvicorn
    from django.conf import settings

    from instance import log
    from instance.streaming import feed, serving
    from instance.streaming.application import Streaming
    from instance.streaming.asking import Over
    from instance.streaming.hub import Hub

    log.set_up()
    serving.raise_limit_of_files()
    hub = Hub(Over(house, settings.HOST))
    if settings.SQLITE:
        raise ImproperlyConfigured("streaming has a process of its own with PostgreSQL only; `preau serve` streams.")
    feed.start(hub)
    config = uvicorn.Config(Streaming(hub), **serving.OPTIONS)
    serving.Server(config, hub).run([serving.listening(address, port)])


if __name__ == "__main__":
    main()
