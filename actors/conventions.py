"""The record of exchanges with other houses, for the register of processing: what for, since when, whom to write to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from actors import former_names, partnerships, terms
from actors.models import Convention, Exchange, Organisation
from federation import words
from federation.errors import Forbidden
from federation.models import Peer

ANNEX = 300  # characters
BEGUN, OVER = ("active", "suspended", "guest"), ("revoked", "blocked")


@dataclass(frozen=True)
class Link:
    """An exchange of personal data with a house, as it is or as it was; what nobody has said is empty."""

    host: str
    name: str
    siren: str
    state: str
    purpose: str
    their_contact: str
    our_contact: str
    charter: str
    since: date | None
    until: date | None
    annex: str

    @property
    def missing(self) -> bool:
        return not (self.purpose and self.their_contact and self.since)


def record(peer: Peer, purpose: str = "", contact: str = "", since: str = "", annex: str = "") -> Convention:
    """What an admin knows better than the letters, or that none of them said. Forbidden, with a sentence."""
    contact = contact.strip()
    if contact and not terms.is_address(contact):
        raise Forbidden(_("Écrivez une adresse électronique, ou rien."))
    try:
        begun = date.fromisoformat(since.strip()) if since.strip() else None
    except ValueError as error:
        raise Forbidden(_("Écrivez la date comme 2026-11-26, ou rien.")) from error
    said = {"purpose": words.line(purpose, terms.PURPOSE), "contact": contact, "annex": words.line(annex, ANNEX)}
    written, _new = Convention.objects.update_or_create(peer=peer, defaults=said | {"since": begun})
    return written


def links() -> list[Link]:
    """Every house with which something is or was exchanged, by name; none of those with which nothing ever was."""
    ever = Q(exchanges__verb__in=("accept", "revoke", former_names.MOVE)) | Q(convention__isnull=False)
    rows = Peer.objects.filter(Q(state__in=BEGUN) | Q(state__in=OVER) & ever).distinct()
    known = {each.host: each for each in Organisation.objects.all()}
    whole = rows.select_related("convention").prefetch_related("exchanges")
    found = [link(each, known.get(each.host)) for each in whole]
    return sorted(found, key=lambda each: (each.name.casefold(), each.host))


def of(peer: Peer) -> Link:
    return link(peer, Organisation.objects.filter(host=peer.host).first())


def noted(peer: Peer) -> dict[str, object]:
    """What an admin wrote down, to correct it."""
    said = Convention.objects.filter(peer=peer).values("purpose", "contact", "since", "annex").first()
    return {**said} if said else {}


def link(peer: Peer, house: Organisation | None) -> Link:
    ours: Convention = getattr(peer, "convention", None) or Convention(peer=peer)
    said = said_with(peer)
    theirs = next((each for each in said if each.contact and not each.ours), None)
    return Link(
        host=peer.host,
        name=house.name if house else peer.name or peer.host,
        siren=house.siren if house else "",
        state=str(partnerships.STATES[peer.state]),
        purpose=ours.purpose or next((each.purpose for each in said if each.purpose), ""),
        their_contact=ours.contact or (theirs.contact if theirs else ""),
        our_contact=next((each.contact for each in said if each.contact and each.ours), ""),
        charter=theirs.charter if theirs else "",
        since=ours.since or agreed(said),
        until=localtime(peer.state_since).date() if peer.state in OVER else None,
        annex=ours.annex,
    )


def said_with(peer: Peer) -> list[Exchange]:
    """The newest first; what was said under former names comes after all that was said under this one."""
    said = [*reversed(peer.exchanges.all())]
    if any(each.verb == former_names.MOVE and each.ours for each in said):
        said += Exchange.objects.filter(peer__in=former_names.confirmed(peer)).order_by("-pk")
    return said


def agreed(said: list[Exchange]) -> date | None:
    """The day of the last agreement; a house that was put on the list by hand said nothing."""
    accepted = next((each for each in said if each.verb == "accept"), None)
    return localtime(accepted.said_at).date() if accepted else None
