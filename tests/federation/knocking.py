"""How a neighbour knocks: honestly, or with one thing wrong."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from federation.errors import BadSignature
from federation.knock import Knock
from federation.verification import claim_of

BODY = b'{"type":"Create"}'
INBOX = "/ap/actors/01JULIEN/inbox"
URL = f"https://beauval.example{INBOX}"
OURS = "beauval.example"
POST_COVERS = ("(request-target)", "host", "date", "digest")
GET_COVERS = ("(request-target)", "host", "date")


def digest(body: bytes, name: str = "SHA-256") -> str:
    return f"{name}={base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def date(offset: timedelta = timedelta()) -> str:
    return format_datetime(datetime.now(UTC) + offset, usegmt=True)


def epoch(offset: timedelta = timedelta()) -> int:
    return int((datetime.now(UTC) + offset).timestamp())


def knock(
    pair: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey,
    *,
    method: str = "POST",
    target: str = INBOX,
    signed_target: str | None = None,
    body: bytes = BODY,
    covers: Sequence[str] | None = None,
    headers: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
    sha: hashes.HashAlgorithm | None = None,
    separator: str = ",",
) -> Knock:
    """A request signed by an independent hand (draft-cavage-12): `headers` and `parameters` change what is signed."""
    covers = covers or (POST_COVERS if method == "POST" else GET_COVERS)
    values = {"host": OURS, "date": date()} | ({"digest": digest(body)} if body and method == "POST" else {})
    values |= headers or {}
    said = {"keyId": '"https://martel.example/ap/actors/01LUCIE#main-key"', "algorithm": '"rsa-sha256"'}
    said |= {"headers": f'"{" ".join(covers)}"'} | (dict(parameters) if parameters else {})
    special = {"(request-target)": f"{method.lower()} {signed_target or target}"}
    special |= {f"({name})": said[name] for name in ("created", "expires") if name in said}
    text = "\n".join(f"{name}: {(special | values).get(name, '')}" for name in covers).encode()
    if isinstance(pair, rsa.RSAPrivateKey):
        signature = pair.sign(text, padding.PKCS1v15(), sha or hashes.SHA256())
    else:
        signature = pair.sign(text)
    said = {name: value for name, value in said.items() if value} | {
        "signature": f'"{base64.b64encode(signature).decode()}"'
    }
    written = separator.join(f"{name}={value}" for name, value in said.items())
    return Knock(method, target, {**values, "signature": written}, body if method == "POST" else b"", OURS)


def taken(knocked: Knock, pem: str) -> None:
    claim_of(knocked).check(pem)


def refused(knocked: Knock, pem: str, reason: str | None = None) -> None:
    with pytest.raises(BadSignature, match=reason) as refusal:
        taken(knocked, pem)
    assert refusal.value.status == 401


def with_headers(knocked: Knock, **headers: str | None) -> Knock:
    changed = {**knocked.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return replace(knocked, headers={name: value for name, value in changed.items() if value is not None})
