"""How a partnership reads on the wire (see FEDERATION.md, Partners): the letters that we write, those that we read."""

from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from federation import ids, words
from federation.errors import Forbidden, Malformed
from federation.vocabulary import NAMESPACE, id_of

Document = dict[str, Any]
PARTNERSHIP = f"{NAMESPACE}Partnership"
CHARTER = "1"  # of the page `charte/`
PURPOSE, CONTACT, VERSION, WORDS = 500, 254, 40, 2_000  # characters


@dataclass(frozen=True)
class Terms:
    """What a house says when it offers, or accepts: what for, and whom to write to about personal data."""

    contact: str
    purpose: str = ""
    charter: str = CHARTER
    words: str = ""


def ours(contact: str, purpose: str = "", charter: str = CHARTER, said: str = "") -> Terms:
    """What an admin typed; Forbidden, with a sentence, when something is missing."""
    terms = Terms(contact.strip(), words.line(purpose, PURPOSE), words.line(charter, VERSION), words.line(said, WORDS))
    if not is_address(terms.contact):
        raise Forbidden(_("Écrivez l’adresse électronique de votre délégué à la protection des données."))
    return terms


def is_address(contact: str) -> bool:
    try:
        validate_email(contact)
    except ValidationError:
        return False
    return len(contact) <= CONTACT


def offer(house: str, other: str, terms: Terms) -> Document:
    """`house` offers `other` to be partners (both instance actors), in words for people and in terms for machines."""
    uri = ids.activity_uri()
    facts = [terms.purpose, f"Protection des données : {terms.contact}", f"Charte : {terms.charter}"]
    relationship = {
        "id": f"{uri}#relationship",
        "type": "Relationship",
        "subject": house,
        "object": other,
        "relationship": PARTNERSHIP,
        "summary": "".join(f"<p>{escape(fact)}</p>" for fact in facts if fact),
        **said_of(terms),
    }
    return {"id": uri, "type": "Offer", "actor": house, "to": [other], **content(terms.words), "object": relationship}


def reply(verb: str, house: str, other: str, about: Document, said: str = "", terms: Terms | None = None) -> Document:
    """`Accept`, `Reject` or `Undo` of an offer."""
    more = said_of(terms) if terms else {}
    letter = {"id": ids.activity_uri(), "type": verb, "actor": house, "to": [other], **content(said), **more}
    return letter | {"object": about}


def note(house: str, other: str, offer_uri: str, said: str) -> Document:
    """A question about an offer, or the answer to one."""
    uri = ids.activity_uri()
    inner = {"id": f"{uri}#note", "type": "Note", "attributedTo": house, "to": [other], "inReplyTo": offer_uri}
    return {"id": uri, "type": "Create", "actor": house, "to": [other], "object": inner | content(said)}


def reference(offer_uri: str, house: str, other: str) -> Document:
    """An offer, or without one the partnership itself, as the object of a reply."""
    relationship = {"type": "Relationship", "subject": house, "object": other, "relationship": PARTNERSHIP}
    if not offer_uri:
        return relationship
    return {"id": offer_uri, "type": "Offer", "actor": house, "object": relationship}


def said_of(terms: Terms) -> Document:
    said = {"purpose": terms.purpose, "dataProtectionContact": terms.contact, "charter": terms.charter}
    return {name: value for name, value in said.items() if value}


def content(said: str) -> Document:
    return {"content": f"<p>{escape(said)}</p>"} if said else {}


def read(document: Document, said: object = None) -> Terms:
    """The terms in a Relationship, or in an Accept; what is no address is no contact."""
    contact = words.line(document.get("dataProtectionContact"), 2 * CONTACT).removeprefix("mailto:")
    contact = contact if is_address(contact) else ""
    purpose = words.line(document.get("purpose"), PURPOSE) or words.line(document.get("summary"), PURPOSE)
    return Terms(contact, purpose, words.line(document.get("charter"), VERSION), words.line(said, WORDS))


def asked(activity: Document) -> str:
    """Whom an Offer is made to: the name of ours that its house knows."""
    relationship = activity.get("object")
    return id_of(relationship.get("object")) if isinstance(relationship, dict) else ""


def offered(activity: Document, others: Collection[str]) -> Terms:
    """What an arriving Offer says; Malformed unless its actor offers itself to one of `others`, and to nobody else."""
    relationship = activity.get("object")
    if activity.get("type") != "Offer" or not isinstance(relationship, dict):
        raise Malformed("not an offer of partnership")
    if relationship.get("type") != "Relationship" or relationship.get("relationship", PARTNERSHIP) != PARTNERSHIP:
        raise Malformed("not an offer of partnership")
    if id_of(relationship.get("subject")) != id_of(activity.get("actor")) or asked(activity) not in others:
        raise Malformed("an offer is made for oneself, and to us")
    said = read(relationship, activity.get("content"))
    if not said.contact:
        raise Malformed("no contact for data protection")
    return said
