"""A wrong or missing setting refuses to start, with a sentence that names it and says what to do."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from instance import configuration
from tests import servers

RIGHT = {
    "PREAU_HOST": "rsi.saint-aubin.example",
    "PREAU_SECRET_KEY": "x" * 40,
    "PREAU_KEYS_SECRET": base64.urlsafe_b64encode(b"x" * 32).decode(),
}
WRONG = [
    ("PREAU_HOST", "", "rsi.saint-aubin.fr"),
    ("PREAU_HOST", "https://rsi.saint-aubin.example/", "without https://"),
    ("PREAU_FORMER_HOSTS", "rsi.saint-aubin.example", "not PREAU_HOST itself"),
    ("PREAU_FORMER_HOSTS", "a.example, b.example a.example", "each former name once"),
    ("PREAU_FORMER_HOSTS", "https://a.example", "without https://"),
    ("PREAU_ACCOUNT_DOMAIN", "@saint-aubin.example", "PREAU_ACCOUNT_DOMAIN"),
    ("PREAU_SECRET_KEY", "", "secrets.token_urlsafe"),
    ("PREAU_SECRET_KEY", "x" * 39, "40 random characters"),
    ("PREAU_KEYS_SECRET", "", "base64.urlsafe_b64encode"),
    ("PREAU_KEYS_SECRET", base64.urlsafe_b64encode(b"x" * 31).decode(), "32 random bytes"),
    ("PREAU_KEYS_SECRET", "é" * 44, "32 random bytes"),
    ("PREAU_DEVELOPMENT", "maybe", "1 (yes) or 0 (no)"),
    ("PREAU_PUBLIC_POSTS", "oui", "1 (yes) or 0 (no)"),
    ("PREAU_LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
    ("PREAU_SIGNATURE_WINDOW", "0", "from 1 to 720"),
    ("PREAU_SIGNATURE_WINDOW", "une heure", "60"),
    ("PREAU_INBOX_DEPTH", "-1", "from 100 to"),
    ("PREAU_HOUSE_RATE", "0", "from 1 to"),
    ("PREAU_KEEP_LETTERS", "29", "from 30 to 3650"),
    ("PREAU_KEEP_TRACES", "toujours", "from 90 to 3650"),
    ("PREAU_ADMIN_EMAIL", "dsi", "dsi@exemple.fr"),
    ("PREAU_SMTP_URL", "mail.exemple.fr", "smtp://localhost"),
    ("PREAU_SMTP_URL", "smtp://[", "smtp://localhost"),
    ("PREAU_LANGUAGE", "de", "fr or en"),
    ("PREAU_PROXIES", "nginx", "such as 10.0.0.1"),
    ("PREAU_METRICS_TOKEN", "secret", "24 random characters"),
    ("PREAU_FEDERATION", "closed", "allowlist"),
    ("PREAU_WORK", "nobody", "thread"),
    ("PREAU_WORK", "celery", "REDIS_URL"),
    ("REDIS_URL", "localhost:6379", "redis://"),
    ("DATABASE_DIRECT_URL", "postgres://preau@localhost/preau", "with the same database"),
    ("PREAU_MEDIA_URL", "https://cle:secret@s3.exemple.fr/medias", "s3://KEY:SECRET@machine/bucket"),
    ("PREAU_MEDIA_URL", "s3://s3.exemple.fr/medias", "s3://KEY:SECRET"),
    ("PREAU_MEDIA_URL", "s3://cle:se/cret@s3.exemple.fr/medias", "%2F"),
    ("PREAU_MEDIA_URL", "s3://cle:secret@s3.exemple.fr/", "/bucket"),
    ("PREAU_MEDIA_URL", "s3://cle:secret@s3.exemple.fr/medias?acl=public", "region=fr-par"),
    ("PREAU_MEDIA_URL", "s3://cle:secret@s3.exemple.fr/medias?ca=/dev/null/ca.pem", "ca="),
    ("PREAU_MEDIA_URL", "s3+http://cle:secret@s3.exemple.fr/medias", "only for this machine"),
    ("PREAU_MEDIA_URL", "s3://cle:secret@s3.exemple.fr/medias/../autre", "folder"),
    ("PREAU_BACKUP_URL", "s3://cle:secret@s3.exemple.fr:x/b", "s3://KEY:SECRET"),
    ("DATABASE_URL", "mysql://preau@localhost/preau", "postgres://"),
    ("DATABASE_URL", "postgres://localhost", "postgres://"),
    ("DATABASE_URL", "postgres://preau:pa/ss@localhost/preau", "%2F"),
]
ONE_OF_EACH = list({name: (name, value, remedy) for name, value, remedy in WRONG}.values())


def read(tmp_path: Path, **changes: str) -> configuration.Configuration:
    return configuration.read({**RIGHT, "PREAU_DATA": str(tmp_path / "data"), **changes})


@pytest.mark.parametrize(("name", "value", "remedy"), WRONG)
def test_a_wrong_setting_is_named_with_its_remedy(tmp_path, name, value, remedy):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(tmp_path, **{name: value})
    assert name in str(refusal.value) and remedy in str(refusal.value)
    assert "cle:" not in str(refusal.value) and "cret@" not in str(refusal.value)


def test_the_data_folder_must_be_one(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(ImproperlyConfigured, match="PREAU_DATA"):
            read(tmp_path, PREAU_DATA=str(path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_the_data_folder_must_be_open_to_us(tmp_path):
    (tmp_path / "data").mkdir(mode=0o500)
    with pytest.raises(ImproperlyConfigured, match="PREAU_DATA"):
        read(tmp_path)


def test_a_small_town_sets_three_things_and_gets_sqlite_and_threads(tmp_path):
    found = read(tmp_path)
    assert found.origin == "https://rsi.saint-aubin.example"
    assert found.account_domain == found.host
    assert (found.work, found.redis_url, found.database_url) == (
        "thread",
        "",
        f"sqlite:///{tmp_path}/data/preau.sqlite3",
    )
    assert (found.development, found.public_posts, found.log_level) == (False, False, "INFO")
    assert found.federation == "allowlist"
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o750


def test_a_large_town_sets_more(tmp_path):
    found = read(
        tmp_path,
        REDIS_URL="rediss://localhost:6379/0",
        DATABASE_URL="postgres://preau:pa%2Fss@localhost/preau",
        PREAU_ACCOUNT_DOMAIN="Saint-Aubin.example.",
        PREAU_PUBLIC_POSTS="Yes",
        PREAU_LOG_LEVEL="warning",
    )
    assert (found.work, found.account_domain) == ("celery", "saint-aubin.example")
    assert (found.public_posts, found.log_level) == (True, "WARNING")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://localhost", ("localhost", 25, "", False, False)),
        ("smtps://dsi:m%40t@mail.exemple.fr", ("mail.exemple.fr", 465, "m@t", True, False)),
        ("smtp+tls://dsi:mot@mail.exemple.fr:2587", ("mail.exemple.fr", 2587, "mot", False, True)),
    ],
)
def test_e_mail_is_handed_over_in_the_way_that_is_said(tmp_path, url, found):
    smtp = read(tmp_path, PREAU_SMTP_URL=url).smtp
    assert (smtp.host, smtp.port, smtp.password, smtp.tls, smtp.starttls) == found


@pytest.mark.parametrize(
    ("url", "shown", "endpoint"),
    [
        (
            "s3://cle:se%2Fcret@S3.fr-par.exemple.fr/medias",
            "s3://s3.fr-par.exemple.fr/medias",
            "https://s3.fr-par.exemple.fr",
        ),
        ("s3://cle:se%2Fcret@s3.exemple.fr:9000/m/a/b/", "s3://s3.exemple.fr:9000/m/a/b", "https://s3.exemple.fr:9000"),
        ("s3://cle:se%2Fcret@s3.exemple.fr/m?style=host&region=gra", "s3://s3.exemple.fr/m", "https://m.s3.exemple.fr"),
        ("s3+http://cle:se%2Fcret@localhost:8333/m", "s3+http://localhost:8333/m", "http://localhost:8333"),
    ],
)
def test_a_bucket_is_named_in_one_setting_and_its_secret_is_shown_nowhere(tmp_path, url, shown, endpoint):
    found = read(tmp_path, PREAU_MEDIA_URL=url, PREAU_BACKUP_URL=url)
    assert found.media == found.backups and found.media
    assert (found.media.shown, found.media.endpoint) == (shown, endpoint)
    assert (found.media.key, found.media.secret) == ("cle", "se/cret")
    assert "se/cret" not in repr(found) and "cle" not in repr(found.media)


def test_redis_may_stand_by_while_threads_do_the_work(tmp_path):
    assert read(tmp_path, REDIS_URL="unix:///run/redis.sock", PREAU_WORK="thread").work == "thread"


def test_development_needs_nothing_but_never_takes_a_weak_secret(tmp_path):
    found = configuration.read({"PREAU_DEVELOPMENT": "1", "PREAU_DATA": str(tmp_path)})
    assert found.origin == "http://localhost:8000"
    with pytest.raises(ImproperlyConfigured, match="PREAU_SECRET_KEY"):
        read(tmp_path, PREAU_DEVELOPMENT="1", PREAU_SECRET_KEY="weak")
    with pytest.raises(ImproperlyConfigured, match="PREAU_KEYS_SECRET"):
        read(tmp_path, PREAU_DEVELOPMENT="1", PREAU_KEYS_SECRET="weak")


def serve(tmp_path: Path, **changes: str) -> tuple[int, str]:
    """The status and the words of an instance that is started so."""
    env = servers.environment(**{**RIGHT, "PREAU_DATA": str(tmp_path), **changes})
    command = [sys.executable, "manage.py", "serve", "--port", str(servers.free_port())]
    done = subprocess.run(command, cwd=servers.ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout == ""
    return done.returncode, done.stderr.strip()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value", "remedy"), [*ONE_OF_EACH, ("PREAU_DATA", "/dev/null/preau", "folder")])
def test_an_instance_refuses_to_start_and_says_one_sentence(tmp_path, name, value, remedy):
    status, words = serve(tmp_path, **{name: value})
    assert status == 1
    assert words.startswith(f"preau: {name}") and remedy in words
    assert len(words.splitlines()) == 1 and "preau doctor" in words


@pytest.mark.slow
@pytest.mark.parametrize("url", ["postgres://preau@127.0.0.1:1/preau", "sqlite:////nowhere/preau.sqlite3"])
def test_an_instance_says_when_its_database_does_not_open(tmp_path, url):
    status, words = serve(tmp_path, DATABASE_URL=url)
    assert status == 1
    assert words.startswith("La base de données que DATABASE_URL nomme ne s’ouvre pas : ")
    assert words.endswith("preau doctor") and len(words.splitlines()) == 1
