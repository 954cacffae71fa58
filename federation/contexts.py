"""Checks what a stranger's context may say, and finds the bundled contexts: none is ever fetched."""

from collections.abc import Iterator
from typing import Any

from activitypub.core import contexts as toolkit

from federation.errors import Malformed
from federation.vocabulary import GTS, TERMS, as_list

CONTEXTS, TERMS_IN_ALL, LONGEST = 16, 500, 500
# Words whose effect reaches beyond the value that they stand on, or that hide statements: never from a stranger.
REFUSED = {
    "@graph",
    "@included",
    "@reverse",
    "@nest",
    "@import",
    "@propagate",
    "@protected",
    "@base",
    "@index",
    "@json",
}
OF_A_CONTEXT = {"@vocab", "@language", "@version"}
OF_A_TERM = {"@id", "@type", "@container"}
CONTAINERS = {"@set", "@list", "@language"}
POLICY = ("interactionPolicy", "canAnnounce", "canReply", "canLike", "always", "approvalRequired",
          "automaticApproval", "manualApproval")  # fmt: skip
GOTOSOCIAL = {"gts": f"{GTS}#", **{term: {"@id": f"gts:{term}", "@type": "@id"} for term in POLICY}}
KNOWN = [each for each in vars(toolkit).values() if isinstance(each, toolkit.Context)]
OURS: list[Any] = [toolkit.AS2_CONTEXT.url, toolkit.SEC_V1_CONTEXT.url, TERMS, GOTOSOCIAL]
ASSUMED: list[Any] = [toolkit.AS2_CONTEXT.url, GOTOSOCIAL]  # of whoever does not name them


def bundled(url: str) -> dict[str, Any]:
    """The context that we carry under this address; for any other, one that says nothing."""
    wanted = url.rstrip("#").replace("http://www.w3.org/", "https://www.w3.org/", 1)
    if wanted == GTS:
        return {"@context": GOTOSOCIAL}
    return next((each.document for each in KNOWN if each.matches(wanted)), {"@context": {}})


def must_be_simple(document: Any) -> None:
    """Malformed unless its contexts, wherever they stand, are few and do nothing but name terms."""
    found = list(inside(document))
    inline = [each for each in found if isinstance(each, dict)]
    if len(found) > CONTEXTS or sum(map(len, inline)) > TERMS_IN_ALL:
        raise Malformed("too many contexts, or terms within them")
    for each in found:
        if isinstance(each, dict):
            must_only_name(each)
        elif each is not None and not isinstance(each, str):
            raise Malformed("a context is an address or an object")


def inside(value: Any) -> Iterator[Any]:
    """Every context of a document; a key that begins with @ and is refused ends the search."""
    if isinstance(value, list):
        for each in value:
            yield from inside(each)
    elif isinstance(value, dict):
        if REFUSED & value.keys():
            raise Malformed("JSON-LD that hides statements, or acts at a distance")
        for key, each in value.items():
            if key == "@context":
                yield from each if isinstance(each, list) else [each]
            else:
                yield from inside(each)


def must_only_name(context: dict[str, Any]) -> None:
    for term, said in context.items():
        if term.startswith("@"):
            if term not in OF_A_CONTEXT:
                raise Malformed(f"{term[:20]} in a context")
        elif isinstance(said, dict):
            must_name_a_term(said)
        elif said is not None and not is_name(said):
            raise Malformed("a term is named by an address")


def must_name_a_term(said: dict[str, Any]) -> None:
    """Neither a context of its own (which would be read again at each use) nor anything that moves values elsewhere."""
    named = is_name(said.get("@id", "")) and is_name(said.get("@type", ""))
    if said.keys() - OF_A_TERM or not named or set(map(str, as_list(said.get("@container")))) - CONTAINERS:
        raise Malformed("a term that does more than name")


def is_name(said: object) -> bool:
    return isinstance(said, str) and len(said) <= LONGEST and said not in REFUSED
