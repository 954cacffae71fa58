"""Stands for a command that is forked elsewhere (tests/warm.py): it asks for it, with its own files, and ends as it."""

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence


def ask(
    listening: str, arguments: Sequence[str], environment: Mapping[str, str], folder: str, files: Sequence[int]
) -> tuple[socket.socket, int]:
    """Who tells how the command ended, once, and its process id; whoever closes the socket kills the command."""
    asking = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asking.connect(bytes.fromhex(listening))
    said = {"arguments": arguments, "environment": dict(environment), "folder": folder}
    socket.send_fds(asking, [json.dumps(said).encode()], files)
    return asking, int(asking.recv(16))


def main(listening: str, arguments: Sequence[str]) -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # until it is known to whom it is to be passed on
    asking, command = ask(listening, arguments, os.environ, os.getcwd(), [0, 1, 2])
    signal.signal(signal.SIGTERM, lambda *_: os.kill(command, signal.SIGTERM))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    status = int(asking.recv(16))
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
