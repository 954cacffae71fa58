"""HTTP Message Signatures (RFC 9421), both ways: the library builds and proves, coverage is checked here."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import http_sf
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings
from django.utils.timezone import now
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256

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

LABEL = "preau"
ALGORITHMS = ("rsa-v1_5-sha256", "ed25519")


def sign(
    method: str, url: str, body: bytes | None, key: Key, more: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """The headers of the second knock, for a peer that did not take the first (draft-cavage) one."""
    url = addresses.as_sent(url)
    headers = {"host": peers.authority_of(url), **({} if body is None else {"content-type": ACTIVITY_JSON}), **more}
    resolver = MappingKeyResolver(public_keys={}, private_keys={key.uri: keys.private(key)})
    HTTPMessageSigner(signature_algorithm=RSA_V1_5_SHA256, key_resolver=resolver).sign(
        SimpleNamespace(method=method, url=url, headers=headers),
        key_id=key.uri,
        created=now(),
        label=LABEL,
        covered_component_ids=("@method", "@target-uri", *more),
        body=body,
    )
    return {name.lower(): value for name, value in headers.items()}


class TheirKey(HTTPSignatureKeyResolver):
    """The one key that was asked for."""

    def __init__(self, key: keys.PublicKey) -> None:
        self.key = key

    def resolve_public_key(self, key_id: str) -> keys.PublicKey:
        return self.key


@dataclass(frozen=True)
class MessageClaim:
    key_uri: str
    knock: Knock
    covered: frozenset[str] = frozenset()

    def check(self, key_pem: str) -> None:
        key = keys.public(key_pem)
        algorithm = RSA_V1_5_SHA256 if isinstance(key, RSAPublicKey) else ED25519
        verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=TheirKey(key))
        verifier.max_clock_skew = settings.SIGNATURE_WINDOW
        try:
            verifier.verify(as_message(self.knock), max_age=None)
        except HTTPMessageSignaturesException as error:
            raise BadSignature("the signature does not match") from error


def as_message(knock: Knock) -> SimpleNamespace:
    """The request with the address that we answer for, whatever the other says."""
    url = f"{urlsplit(settings.ORIGIN).scheme}://{knock.host}{knock.target}"
    return SimpleNamespace(method=knock.method, url=url, headers=knock.headers)


def read(knock: Knock) -> MessageClaim:
    """The claim of the one signature of this request, with all checked that needs no key."""
    components, said = signature_input(knock.headers["signature-input"])
    must_cover_enough(components, knock)
    must_be_for_us(knock)
    must_be_recent(knock, number(said, "created"))
    if "expires" in said:
        must_not_have_expired(knock, number(said, "expires"))
    if said.get("alg", ALGORITHMS[0]) not in ALGORITHMS:
        raise BadSignature("an algorithm that proves nothing here")
    if "content-digest" in components:
        must_match(knock.headers.get("content-digest", ""), knock.body)
    return MessageClaim(key_uri(said.get("keyid")), knock, frozenset(components))


def signature_input(header: str) -> tuple[set[str], dict[str, Any]]:
    """The components covered as they are (parameters such as `sf` or `req` make them something else), and the rest."""
    members = structured(header)
    if len(members) != 1:
        raise BadSignature("more than one signature")
    (value, said), *_ = members.values()
    if not isinstance(value, list):
        raise BadSignature("the signature's input cannot be read")
    return {name for name, parameters in value if isinstance(name, str) and not parameters}, said


def structured(header: str) -> dict[str, Any]:
    """A dictionary of RFC 8941, no key of which stands twice."""
    try:
        return http_sf.parse(header.encode("ascii"), tltype="dictionary", on_duplicate_key=refuse)  # type: ignore[return-value]
    except ValueError as error:
        raise BadSignature("a structured header cannot be read") from error


def refuse(key: str, context: str) -> None:
    raise BadSignature(f"{key} stands twice in a {context}")


def must_cover_enough(components: set[str], knock: Knock) -> None:
    """A body's signature covers the whole address and the digest; a reader's may name path and authority instead."""
    if knock.carries_something:
        must_cover({"@method", "@target-uri", "content-digest"}, components)
    elif "@target-uri" in components:
        must_cover({"@method"}, components)
    else:
        query = {"@query"} if "?" in knock.target else set()
        must_cover({"@method", "@path", "@authority"} | query, components)


def number(said: dict[str, Any], name: str) -> int:
    if type(said.get(name)) is not int:
        raise BadSignature(f"no {name} in the signature")
    return int(said[name])


def must_match(header: str, body: bytes) -> None:
    """RFC 9530. Another digest beside the SHA-256 one counts for nothing."""
    value, _ = structured(header).get("sha-256", (None, None))
    if value != sha256(body).digest():
        raise BadSignature("the body is not the one that was signed")
