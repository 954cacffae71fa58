"""Signatures in headers as the fediverse has long spoken them (draft-cavage-http-signatures-12), both ways."""

import base64
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.utils.http import http_date, parse_http_date
from django.utils.timezone import now

from federation import addresses, keys, peers
from federation.errors import BadSignature
from federation.knock import (
    Knock,
    key_uri,
    must_be_for_us,
    must_be_recent,
    must_cover,
    must_not_have_expired,
)
from federation.models import Key
from federation.vocabulary import ACTIVITY_JSON

PARAMETER = r'([A-Za-z]{1,20})=(?:"([ !#-\[\]-~]*)"|([0-9]{1,12}))'
PARAMETERS = re.compile(rf"{PARAMETER}(?:[ \t]*,[ \t]*{PARAMETER})*")
ONE = re.compile(PARAMETER)

# The key decides; what the header says of the algorithm is only held to agree. Ed25519 has no choice of hash.
RSA_HASHES: dict[str, tuple[hashes.HashAlgorithm, ...]] = {
    "rsa-sha256": (hashes.SHA256(),),
    "rsa-sha512": (hashes.SHA512(),),
    "hs2019": (hashes.SHA256(), hashes.SHA512()),
}
ED25519_NAMES = ("hs2019", "ed25519")
UNSAID = "hs2019"


def sign(
    method: str, url: str, body: bytes | None, key: Key, more: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """The headers that make this request ours, `more` (lower-case names) among what is signed."""
    url = addresses.as_sent(url)
    headers = {"host": peers.authority_of(url), "date": http_date(now().timestamp())}
    if body is not None:
        headers |= {"digest": digest_of(body), "content-type": ACTIVITY_JSON}
    headers |= more
    values = {"(request-target)": f"{method.lower()} {addresses.target_of(url)}", **headers}
    signature = keys.private(key).sign(text_to_sign(values, values), PKCS1v15(), hashes.SHA256())
    headers["signature"] = (
        f'keyId="{key.uri}",algorithm="rsa-sha256",headers="{" ".join(values)}",'
        f'signature="{base64.b64encode(signature).decode()}"'
    )
    return headers


@dataclass(frozen=True)
class CavageClaim:
    """The texts are those that the signature may have been made of: some peers leave the query out of theirs."""

    key_uri: str
    algorithm: str
    signature: bytes
    texts: tuple[bytes, ...]
    covered: frozenset[str] = frozenset()

    def check(self, key_pem: str) -> None:
        for attempt in self.attempts(keys.public(key_pem)):
            with suppress(InvalidSignature):
                attempt()
                return
        raise BadSignature("the signature does not match")

    def attempts(self, key: keys.PublicKey) -> Iterator[Callable[[], None]]:
        """Calls that raise InvalidSignature; none where the header names an algorithm that is not the key's."""
        for text in self.texts:
            if isinstance(key, RSAPublicKey):
                for each in RSA_HASHES.get(self.algorithm, ()):
                    yield partial(key.verify, self.signature, text, PKCS1v15(), each)
            elif self.algorithm in ED25519_NAMES:
                yield partial(key.verify, self.signature, text)


def read(knock: Knock) -> CavageClaim:
    """The claim of a `Signature` header (or `Authorization: Signature`), with all checked that needs no key."""
    said = parameters(header_of(knock))
    covered = said.get("headers", "").split(" ")
    if len(set(covered)) != len(covered):
        raise BadSignature("a header is covered twice")
    needed = {"(request-target)", "host"} | ({"digest"} if knock.carries_something else set())
    must_cover(needed, set(covered))
    claim = claim_from(said, covered, knock)
    must_be_for_us(knock)
    check_time(said, covered, knock)
    if "digest" in covered:
        must_match(knock.headers["digest"], knock.body)
    return claim


def header_of(knock: Knock) -> str:
    scheme, _, credentials = knock.headers.get("authorization", "").partition(" ")
    header = knock.headers.get("signature") or (credentials if scheme.lower() == "signature" else "")
    if not header:
        raise BadSignature("not signed")
    return header


def parameters(header: str) -> dict[str, str]:
    """Each once, plainly quoted, without escapes: whatever two parsers could read apart is refused."""
    if not PARAMETERS.fullmatch(header):
        raise BadSignature("the signature header cannot be read")
    found = [(name, quoted or number) for name, quoted, number in ONE.findall(header)]
    if len({name.lower() for name, _ in found}) != len(found):
        raise BadSignature("a parameter of the signature stands twice")
    return dict(found)


def claim_from(said: Mapping[str, str], covered: Collection[str], knock: Knock) -> CavageClaim:
    algorithm = said.get("algorithm", UNSAID).lower()
    if algorithm not in RSA_HASHES and algorithm not in ED25519_NAMES:
        raise BadSignature("an algorithm that proves nothing here")
    targets = dict.fromkeys((knock.target, knock.target.partition("?")[0]))
    special = {f"({name})": said[name] for name in ("created", "expires") if name in said}
    try:
        signature = base64.b64decode(said.get("signature", ""), validate=True)
        texts = tuple(
            text_to_sign(covered, {**knock.headers, **special, "(request-target)": f"{knock.method.lower()} {target}"})
            for target in targets
        )
    except ValueError as error:
        raise BadSignature("the signature header cannot be read") from error
    return CavageClaim(key_uri(said.get("keyId")), algorithm, signature, texts, frozenset(covered))


def text_to_sign(names: Iterable[str], values: Mapping[str, str]) -> bytes:
    """One line for each covered header, as the bytes that travelled (section 2.3)."""
    lines = []
    for name in names:
        if name not in values or "\n" in values[name]:
            raise BadSignature(f"covered, but absent: {name}")
        lines.append(f"{name}: {values[name]}")
    return "\n".join(lines).encode("latin-1")


def check_time(said: Mapping[str, str], covered: Collection[str], knock: Knock) -> None:
    """A date that the signature covers, of whichever of the two kinds, and every one that it covers."""
    moments = []
    try:
        if "date" in covered:
            moments.append(parse_http_date(knock.headers["date"]))
        if "(created)" in covered:
            moments.append(seconds(said.get("created", "")))
        if "expires" in said:
            must_not_have_expired(knock, seconds(said["expires"]))
    except ValueError as error:
        raise BadSignature("not a date") from error
    if not moments:
        raise BadSignature("not covered: date")
    for moment in moments:
        must_be_recent(knock, moment)


def seconds(said: str) -> int:
    """A moment as it is counted in headers; ValueError for what is none, or too far away to count with."""
    if not re.fullmatch("[0-9]{1,12}", said):
        raise ValueError(said[:20])
    return int(said)


def digest_of(body: bytes) -> str:
    return f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def must_match(header: str, body: bytes) -> None:
    """Exactly one SHA-256 digest (RFC 3230), in the one way that base64 writes it."""
    digests = [each.strip().partition("=")[::2] for each in header.split(",")]
    ours = [value for name, value in digests if name.lower() == "sha-256"]
    if ours != [digest_of(body).partition("=")[2]]:
        raise BadSignature("the body is not the one that was signed")
