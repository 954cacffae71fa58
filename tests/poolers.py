"""A PgBouncer of the tests' own in transaction pooling, before the PostgreSQL of `tests.servers`.

`python -m tests.poolers -- pytest ...` runs a command whose DATABASE_URL goes through it.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from tests import servers

# As the page for admins shows them; what the tests need otherwise is said after, and holds.
SHOWN = re.compile(r"```ini\n\[databases\]\n.*?\n\n(.*?)```", re.DOTALL)
PAGE = servers.ROOT / "docs" / "operations" / "scaling.md"
OURS = """
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = trust
auth_file = {home}/users
default_pool_size = {size}
server_lifetime = {lifetime}
server_idle_timeout = 5
[databases]
* = host={host} port={port} connect_query='SET TimeZone TO ''Pacific/Auckland'''
"""


class Pooler(NamedTuple):
    """Where the database is reached through it, and its process."""

    address: str
    pid: int


@contextmanager
def pgbouncer(direct: str, *, size: int = 20, forgetful: bool = False) -> Iterator[Pooler]:
    """The same database through PgBouncer. `forgetful`: each transaction has a session of its own, which ends with it,
    so that nothing which was left in a session is ever found again."""
    server, owner = urlsplit(direct), servers.unprivileged()
    with servers.scratch(owner) as home:
        own, lifetime = servers.free_port(), 0 if forgetful else 3600
        shown = SHOWN.search(PAGE.read_text())
        assert shown and "pool_mode = transaction" in shown[1]
        values = {"host": server.hostname, "port": server.port, "own": own, "home": home, "size": size}
        said = shown[1] + OURS.format(**values, lifetime=lifetime)
        (home / "users").write_text(f'"{server.username}" ""\n')
        (home / "pgbouncer.ini").write_text(said)
        pooled = f"postgres://{server.username}@127.0.0.1:{own}{server.path}"
        command = ["/usr/sbin/pgbouncer", str(home / "pgbouncer.ini")]
        ready, stop = (lambda: servers.answers(pooled)), signal.SIGINT
        with servers.running(command, home / "log", ready, user=owner, stop=stop) as process:
            yield Pooler(pooled, process.pid)


def main(arguments: list[str]) -> int:
    """Run a command whose database is reached through a pooler that forgets; its status is ours."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with (
        servers.postgres() as direct,
        servers.redis_server() as redis_url,
        pgbouncer(direct, forgetful=True) as pooled,
    ):
        env = {"DATABASE_URL": pooled.address, "DATABASE_DIRECT_URL": direct, "REDIS_URL": redis_url}
        env["TESTS_PAST_THE_POOLER"] = direct.rpartition("/")[0]  # for houses in processes of their own
        return subprocess.run(command, env={**os.environ, **env}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
