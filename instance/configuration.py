"""Reads the environment once, and refuses to start with a sentence that says what to do."""

import base64
import binascii
import hashlib
import logging
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from instance import bucket_address, host_names, keep, languages, proxies
from instance.bucket_address import BucketAddress
from instance.database_urls import database_direct_url, database_url

ROOT = Path(__file__).resolve().parent.parent
YES_AND_NO = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Smtp:
    """Where e-mail to the admin is handed over: `tls` from the first byte, or `starttls`."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False


SMTP_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


@dataclass(frozen=True)
class Configuration:
    """What an admin may choose. `deploy/env.sample` explains each variable."""

    development: bool
    host: str
    former_hosts: tuple[str, ...]
    account_domain: str
    network_name: str
    secret_key: str
    keys_secret: str
    data: Path
    database_url: str
    database_direct_url: str
    redis_url: str
    work: str
    public_posts: bool
    federation: str
    log_level: str
    signature_window: timedelta
    inbox_depth: int
    house_rate: int
    proxies: tuple[proxies.Network, ...]
    metrics_token: str
    admin_email: str
    language: str
    smtp: "Smtp"
    media: BucketAddress | None
    backups: BucketAddress | None
    keep: keep.Keep

    @property
    def origin(self) -> str:
        return f"{'http' if self.development else 'https'}://{self.host}"


def read(source: "os._Environ[str] | dict[str, str]" = os.environ) -> Configuration:
    """The configuration, or ImproperlyConfigured with the name of the variable and the remedy."""
    env = environ.Env()
    env.ENVIRON = source
    development = yes_or_no(env.str("PREAU_DEVELOPMENT", default=""), "PREAU_DEVELOPMENT")
    data = folder(Path(env.str("PREAU_DATA", default=str(ROOT / "data"))).expanduser())
    host = host_names.authority(env.str("PREAU_HOST", default="localhost:8000" if development else ""), "PREAU_HOST")
    redis_url = env.str("REDIS_URL", default="")
    database = database_url(env.str("DATABASE_URL", default=f"sqlite:///{data}/preau.sqlite3"))
    return Configuration(
        development=development,
        host=host,
        former_hosts=host_names.former(env.str("PREAU_FORMER_HOSTS", default=""), host),
        account_domain=host_names.domain(env.str("PREAU_ACCOUNT_DOMAIN", default=""), host),
        network_name=env.str("PREAU_NETWORK_NAME", default="les collectivités partenaires"),
        secret_key=secret(env.str("PREAU_SECRET_KEY", default=""), development),
        keys_secret=keys_secret(env.str("PREAU_KEYS_SECRET", default=""), development),
        data=data,
        database_url=database,
        database_direct_url=database_direct_url(env.str("DATABASE_DIRECT_URL", default=""), database),
        redis_url=redis(redis_url),
        work=work(env.str("PREAU_WORK", default="celery" if redis_url else "thread"), redis_url),
        public_posts=yes_or_no(env.str("PREAU_PUBLIC_POSTS", default=""), "PREAU_PUBLIC_POSTS"),
        federation=federation(env.str("PREAU_FEDERATION", default="allowlist")),
        log_level=log_level(env.str("PREAU_LOG_LEVEL", default="INFO")),
        signature_window=timedelta(minutes=number(env, "PREAU_SIGNATURE_WINDOW", 60, range(1, 721))),
        inbox_depth=number(env, "PREAU_INBOX_DEPTH", 20_000, range(100, 10_000_001)),
        house_rate=number(env, "PREAU_HOUSE_RATE", 100, range(1, 100_001)),
        proxies=proxies.read(env.str("PREAU_PROXIES", default="")),
        metrics_token=metrics_token(env.str("PREAU_METRICS_TOKEN", default="")),
        admin_email=admin_email(env.str("PREAU_ADMIN_EMAIL", default="")),
        language=languages.read(env.str("PREAU_LANGUAGE", default="fr")),
        smtp=smtp(env.str("PREAU_SMTP_URL", default="smtp://localhost")),
        media=bucket_address.read(env.str("PREAU_MEDIA_URL", default=""), "PREAU_MEDIA_URL", development),
        backups=bucket_address.read(env.str("PREAU_BACKUP_URL", default=""), "PREAU_BACKUP_URL", development),
        keep=keep.read(partial(number, env)),
    )


def settings_file(source: "os._Environ[str] | dict[str, str]" = os.environ) -> Path:
    """Where an admin writes the settings: what `deploy/preau` and the units read, and the remedies name."""
    return Path(source.get("PREAU_SETTINGS", "/etc/preau/preau.env"))


def yes_or_no(value: str, name: str) -> bool:
    try:
        return YES_AND_NO[value.strip().lower() or "no"]
    except KeyError as error:
        raise ImproperlyConfigured(f"{name} must be 1 (yes) or 0 (no); it is {value!r}.") from error


def number(env: environ.Env, name: str, usual: int, allowed: range) -> int:
    value = env.str(name, default=str(usual)).strip()
    if not value.isdecimal() or int(value) not in allowed:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {allowed[0]} to {allowed[-1]} (left out, it is {usual});"
            f" it is {value!r}."
        )
    return int(value)


def folder(path: Path) -> Path:
    """Where the database of a small town, and all media, are kept; made when it is missing."""
    try:
        path.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"PREAU_DATA must name a folder that this user may write in; {path} cannot be made ({error.strerror})."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"PREAU_DATA must name a folder that this user may write in; {path} is not.")
    return path


def secret(value: str, development: bool) -> str:
    if len(value) >= 40:
        return value
    if development and not value:
        return "development only: " + hashlib.sha256(str(ROOT).encode()).hexdigest()
    raise ImproperlyConfigured(
        "PREAU_SECRET_KEY must hold at least 40 random characters."
        " Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    )


def keys_secret(value: str, development: bool) -> str:
    """The key that seals private keys at rest: 32 bytes in URL-safe base64, kept outside the database."""
    if development and not value:
        return base64.urlsafe_b64encode(hashlib.sha256(b"development only").digest()).decode()
    with suppress(binascii.Error, ValueError):
        if len(base64.urlsafe_b64decode(value)) == 32:
            return value
    raise ImproperlyConfigured(
        "PREAU_KEYS_SECRET must hold 32 random bytes in URL-safe base64; keep a copy apart from the database's backups."
        " Make one with: python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
    )


def redis(value: str) -> str:
    if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ImproperlyConfigured(
            "REDIS_URL must begin with redis://, rediss:// or unix://; leave it out to run without Redis."
        )
    return value


def work(value: str, redis_url: str) -> str:
    if value not in ("thread", "celery", "manual"):
        raise ImproperlyConfigured("PREAU_WORK must be thread (one process does all) or celery (workers on Redis).")
    if value == "celery" and not redis_url:
        raise ImproperlyConfigured("PREAU_WORK=celery needs REDIS_URL, for example redis://localhost:6379/0.")
    return value


def federation(value: str) -> str:
    if value not in ("allowlist", "open"):
        raise ImproperlyConfigured(
            "PREAU_FEDERATION must be allowlist (only the houses that an admin accepted) or open (any house that is not"
            f" blocked); it is {value!r}."
        )
    return value


def metrics_token(value: str) -> str:
    if value and not re.fullmatch(r"[\x21-\x7e]{24,}", value):
        raise ImproperlyConfigured(
            "PREAU_METRICS_TOKEN must hold at least 24 random characters, or be left out: /metrics then answers this"
            " machine only."
        )
    return value


def admin_email(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", value.strip()):
        raise ImproperlyConfigured(f"PREAU_ADMIN_EMAIL must be one address, such as dsi@exemple.fr; it is {value!r}.")
    return value.strip()


def smtp(value: str) -> Smtp:
    with suppress(ValueError):
        parts = urlsplit(value)
        if parts.scheme in SMTP_PORTS and parts.hostname:
            user, password = unquote(parts.username or ""), unquote(parts.password or "")
            kind = {"tls": parts.scheme == "smtps", "starttls": parts.scheme == "smtp+tls"}
            return Smtp(parts.hostname, parts.port or SMTP_PORTS[parts.scheme], user, password, **kind)
    raise ImproperlyConfigured(
        "PREAU_SMTP_URL must be smtp://localhost, smtps://user:password@machine or smtp+tls://user:password@machine."
    )


def log_level(value: str) -> str:
    level = value.strip().upper()
    if level not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"PREAU_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR; it is {value!r}.")
    return level
