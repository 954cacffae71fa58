"""The secrets of this instance, kept apart from its backups and closed with a passphrase.

A text file of two lines: how it is closed, in JSON, and what is closed, in base64 (scrypt, AES-256-GCM; the first line
is authenticated with it).
"""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings
from django.utils.timezone import now

from instance.backups import Unusable, files

FORMAT = "preau-keys-1"
SCRYPT = {"n": 2**16, "r": 8, "p": 1}  # 64 MB and a quarter of a second for each guess
SHORTEST = 12
OURS = ("PREAU_", "DATABASE_URL", "REDIS_URL")
ENDING = ".cles"


def secrets_of_ours() -> dict[str, str]:
    """Every setting of this instance; the two secrets too where they are only what development takes for granted."""
    said = {name: value for name, value in os.environ.items() if name.startswith(OURS)}
    known = {"PREAU_HOST": settings.HOST, "PREAU_KEYS_SECRET": settings.KEYS_SECRET}
    return said | known | {"PREAU_SECRET_KEY": settings.SECRET_KEY}


def store(to: Path, passphrase: str) -> Path:
    """A new file below `to`. Unusable."""
    if len(passphrase) < SHORTEST:
        raise Unusable(f"La phrase de passe doit avoir au moins {SHORTEST} caractères.")
    path = to / f"preau-{settings.HOST.replace(':', '_')}-{now():%Y%m%dT%H%M%SZ}{ENDING}"
    try:
        to.mkdir(mode=files.OWN_FOLDER, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        files.write(path, closed(secrets_of_ours(), passphrase))
    except OSError as error:
        raise Unusable(f"Les clés n’ont pas pu être écrites dans {to} ({error.strerror}).") from error
    return path


def closed(said: dict[str, str], passphrase: str) -> bytes:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    head = {"format": FORMAT, "salt": salt.hex(), "nonce": nonce.hex(), **SCRYPT}
    line = json.dumps(head).encode()
    body = AESGCM(key(passphrase, salt)).encrypt(nonce, json.dumps(said).encode(), line)
    return line + b"\n" + base64.b64encode(body) + b"\n"


def opened(path: Path, passphrase: str) -> dict[str, str]:
    """The settings in the file. Unusable when it cannot be read, or not with this passphrase."""
    try:
        line, body = path.read_bytes().split(b"\n")[:2]
        head: dict[str, Any] = json.loads(line)
        salt, nonce = bytes.fromhex(head["salt"]), bytes.fromhex(head["nonce"])
        cipher = base64.b64decode(body, validate=True)
    except OSError as error:
        raise Unusable(f"{path} ne se lit pas ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{path} n’est pas un fichier de clés de Préau, ou il est abîmé.") from error
    if head.get("format") != FORMAT or any(head.get(name) != value for name, value in SCRYPT.items()):
        raise Unusable(f"{path} a été fermé par une autre version de Préau. Mettez Préau à jour, puis recommencez.")
    try:
        found: dict[str, str] = json.loads(AESGCM(key(passphrase, salt)).decrypt(nonce, cipher, line))
    except InvalidTag as error:
        raise Unusable(f"La phrase de passe n’ouvre pas {path} : ce n’est pas la bonne, ou il est abîmé.") from error
    return found


def key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode())
