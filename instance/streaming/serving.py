"""How lines are served by uvicorn: small messages, pings, and clients that vanished are found out."""

import logging
import resource
import socket
import sys
from typing import Any

import uvicorn

from instance.streaming.hub import Hub

MESSAGE = 4096  # bytes in what a client says
PING, PONG = 25.0, 20.0  # seconds
STALLED = 30_000  # milliseconds after which one who takes nothing of what she is sent has lost the line
FILES = 16_384
RESTART = 1012  # code of WebSocket: come again

# Not compressed: it would cost each line ten times its memory. The log would hold tokens, which some put in addresses.
OPTIONS: dict[str, Any] = {
    "ws": "websockets-sansio", "ws_max_size": MESSAGE, "ws_ping_interval": PING, "ws_ping_timeout": PONG,
    "ws_per_message_deflate": False, "log_level": "warning", "access_log": False, "server_header": False,
    "lifespan": "off",
}  # fmt: skip


# What uvicorn takes for a fault of ours: one who is told no before her WebSocket opens, or takes nothing and is cut.
MEANT = ("ASGI callable returned without completing handshake.", "ASGI callable returned without completing response.")


def is_news(record: logging.LogRecord) -> bool:
    return record.msg not in MEANT


class Server(uvicorn.Server):
    """Lines are closed before it stops: they would last for ever."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self.hub = hub
        logging.getLogger("uvicorn.error").addFilter(is_news)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.hub.close_all(RESTART)
        await super().shutdown(sockets)


def listening(host: str, port: int) -> socket.socket:
    """Whoever is accepted here inherits its options. Where one may not listen, the program ends with a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED)
    try:
        found.bind((host, port))
    except OSError as error:
        sys.exit(f"preau: {host}:{port} cannot be listened on ({error.strerror}).")
    found.set_inheritable(True)
    return found


def raise_limit_of_files() -> None:
    """A line is an open file, and most systems begin with a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
