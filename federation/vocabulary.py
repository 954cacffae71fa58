"""The one door to the ActivityPub toolkit: the terms we write and read, as plain JSON."""

from typing import Any

from activitypub.core.contexts import AS2, AS2_CONTEXT, SEC_V1_CONTEXT

PUBLIC = f"{AS2}Public"
PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})
AUTHENTICATED_AGENT = "https://w3id.org/fep/7502/AuthenticatedAgent"
NAMESPACE = "https://preau.example/ns#"
ACTIVITY_JSON = "application/activity+json"
LD_JSON = f'application/ld+json; profile="{str(AS2).rstrip("#")}"'
LONGEST = 500  # characters of an address: half of one would lead elsewhere, so a longer one is none
RECIPIENTS = 2048
GTS = "https://gotosocial.org/ns"
TERMS = {
    "preau": NAMESPACE,
    "toot": "http://joinmastodon.org/ns#",
    "schema": "http://schema.org#",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "Hashtag": "as:Hashtag",
    "Emoji": "toot:Emoji",
    "discoverable": "toot:discoverable",
    "blurhash": "toot:blurhash",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    "votersCount": "toot:votersCount",
    "featured": {"@id": "toot:featured", "@type": "@id"},
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "sensitive": "as:sensitive",
    "kind": "preau:kind",
    "occupation": "preau:occupation",
    "service": {"@id": "preau:service", "@type": "@id"},
    "organisation": {"@id": "preau:organisation", "@type": "@id"},
    "directory": {"@id": "preau:directory", "@type": "@id"},
    "siren": "preau:siren",
    "arms": "preau:arms",
    "shortName": "preau:shortName",
    "profile": "preau:profile",
    "purpose": "preau:purpose",
    "dataProtectionContact": "preau:dataProtectionContact",
    "charter": "preau:charter",
}
CONTEXT: list[Any] = [AS2_CONTEXT.url, SEC_V1_CONTEXT.url, GTS, TERMS]
PROFILE = f"{NAMESPACE}profile-1"
MUST_MEAN_ITSELF = {
    "id", "type", "actor", "object", "target", "to", "cc", "attributedTo", "content", "inReplyTo", "publicKey", "owner",
    "inbox", "url", "name", "preferredUsername", "endpoints", "sharedInbox",
}  # fmt: skip


def as_list(value: object) -> list[Any]:
    """A property that may be absent, one value, or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def id_of(value: object) -> str:
    """The id of a reference given as a URI or as an embedded object; empty when there is none that we could keep."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and len(value) <= LONGEST else ""


def ids_of(value: object) -> list[str]:
    return [found for found in map(id_of, as_list(value)) if found]


def addressed(document: dict[str, Any]) -> set[str]:
    """Those to whom something is addressed; to be named in a text is not to be addressed."""
    return set((ids_of(document.get("to")) + ids_of(document.get("cc")))[:RECIPIENTS])


def link_of(value: object) -> str:
    """The first web address of a `url` property: a string, a Link, or a list of them."""
    for each in as_list(value):
        address = each.get("href") if isinstance(each, dict) else each
        if isinstance(address, str) and address.startswith(("https://", "http://")) and len(address) <= LONGEST:
            return address
    return ""


def text_of(value: object, limit: int) -> str:
    return value[:limit] if isinstance(value, str) else ""


def with_context(document: dict[str, Any]) -> dict[str, Any]:
    return {"@context": CONTEXT, **document}


def reads_plainly(document: dict[str, Any]) -> bool:
    """Whether the keys mean what they say: AS2 is named, and no inline context redefines a term we read.

    Where no context stands at all, that of AS2 is meant (Activity Streams 2.0, section 2.1).
    """
    contexts = as_list(document.get("@context", AS2_CONTEXT.url))
    if {"@id", "@type"} & document.keys():
        return False
    if not any(isinstance(each, str) and each.rstrip("#") == AS2_CONTEXT.url for each in contexts):
        return False
    inline = [each for each in contexts if isinstance(each, dict)]
    return not any(MUST_MEAN_ITSELF & each.keys() for each in inline) and not has_graph(document)


def has_graph(value: object) -> bool:
    """JSON-LD constructs that can carry hidden statements are refused wherever they stand."""
    if isinstance(value, dict):
        return bool({"@graph", "@included", "@reverse"} & value.keys()) or any(map(has_graph, value.values()))
    return isinstance(value, list) and any(map(has_graph, value))
