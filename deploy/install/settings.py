"""Writes the settings of a new instance, with secrets that nothing else has seen; or changes some of them later."""

import base64
import os
import re
import secrets
import sys
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "env.sample"


def settings(host: str, email: str, database: str) -> dict[str, str]:
    """`database`: its address, or "" for SQLite and one process."""
    found = {
        "PREAU_HOST": host,
        "PREAU_ADMIN_EMAIL": email,
        "PREAU_SECRET_KEY": secrets.token_urlsafe(48),
        "PREAU_KEYS_SECRET": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    return found | ({"DATABASE_URL": database, "REDIS_URL": "redis://localhost:6379/0"} if database else {})


def filled(sample: str, chosen: dict[str, str]) -> str:
    for name, value in chosen.items():
        line = f"{name}={value}".replace("\\", r"\\")
        sample, times = re.subn(rf"^#?{name}=.*$", line, sample, flags=re.MULTILINE)
        if times != 1:
            raise SystemExit(f"{SAMPLE} names {name} {times} times")
    return sample


def changed(text: str, chosen: dict[str, str]) -> str:
    """Each in its line, be it a comment so far; or at the end."""
    for name, value in chosen.items():
        line = f"{name}={value}".replace("\\", r"\\")
        text, times = re.subn(rf"^#?{name}=.*$", line, text, count=1, flags=re.MULTILINE)
        text += "" if times else f"{line}\n"
    return text


def write(path: Path, text: str) -> None:
    """All of it or nothing, and for nobody else's eyes at any moment; who could read it before still can."""
    before = path.stat() if path.exists() else None
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        if before is not None:
            os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), before.st_mode & 0o777)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


if __name__ == "__main__" and sys.argv[1] == "--change":
    file, changes = Path(sys.argv[2]), dict(each.split("=", 1) for each in sys.argv[3:])
    write(file, changed(file.read_text(), changes))
elif __name__ == "__main__":
    chosen = settings(*(os.environ[name] for name in ("PREAU_HOST", "PREAU_ADMIN_EMAIL", "DATABASE_URL")))
    chosen |= {name: os.environ[name] for name in ("PREAU_DATA", "PREAU_SETTINGS") if os.environ.get(name)}
    write(Path(sys.argv[1]), filled(SAMPLE.read_text(), chosen))
