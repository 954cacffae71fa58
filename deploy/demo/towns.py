"""The three houses of the demonstration: where each lives on this machine, and the environment it runs in."""

import os
from dataclasses import dataclass
from pathlib import Path

KEYS = ("saint-aubin", "vernay", "pays-arlande")
LOOPBACK = "127.0.0.1"
NETWORK = "Pays d’Arlande"
OTHERWISE = ("PREAU_", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True)
class Town:
    """One house: one process, one port, one folder, one SQLite file."""

    key: str
    port: int
    folder: Path

    @property
    def host(self) -> str:
        return f"{self.key}.localhost:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def database(self) -> Path:
        return self.folder / "preau.sqlite3"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def environment(self) -> dict[str, str]:
        """That of whoever starts us, without what concerns another instance."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERWISE)}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "instance.settings",
            "PREAU_DEVELOPMENT": "1",
            "PREAU_HOST": self.host,
            "PREAU_NETWORK_NAME": NETWORK,
            "PREAU_DATA": str(self.folder),
        }


def all_of(folder: Path, first_port: int) -> tuple[Town, ...]:
    return tuple(Town(key, first_port + number, folder / key) for number, key in enumerate(KEYS))
