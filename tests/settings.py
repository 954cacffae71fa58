"""The settings under test: the real ones, in an environment that says only what a test must decide."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".test" / str(os.getpid())
os.environ.setdefault("PREAU_DEVELOPMENT", "1")
os.environ["PREAU_WORK"] = "manual"
os.environ["PREAU_DATA"] = str(DATA)

from instance.settings import *  # noqa: E402, F403
from instance.settings import DATABASES, SQLITE  # noqa: E402

if SQLITE:
    # A file, as in a real instance: an in-memory database knows neither WAL nor waiting for a lock.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
