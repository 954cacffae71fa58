"""Who is meant by a name that an agent typed, or the sentence that says why nobody was found."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from actors import directory
from actors.models import Actor, Organisation
from federation import names as own_names
from federation import peers
from federation.errors import FederationError, Malformed, NotHere, UnknownPeer
from federation.models import Peer

SEPARATORS = re.compile(r"[\s,;]+")


class Nobody(Exception):
    """Carries the sentence for whoever typed the name."""


def find(typed: str) -> Actor:
    """`@julie.martin`, `@julie.martin@vernay.fr`, with or without the first @. Nobody, with a sentence."""
    _handle, _at, domain = typed.strip().lstrip("@").partition("@")
    facts = {"name": typed.strip(), "house": name_of(domain)}
    try:
        if domain and domain.lower() not in own_names.domains():
            peers.admit(peers.origin_of(peers.house_of_domain(domain)))
        return directory.by_address(typed)
    except (UnknownPeer, Malformed) as error:
        raise Nobody(_("%(house)s n’est pas une collectivité partenaire.") % facts) from error
    except NotHere as error:
        raise Nobody(_("Personne ne porte le nom %(name)s à %(house)s.") % facts) from error
    except FederationError as error:
        raise Nobody(_("%(house)s ne répond pas pour le moment. Réessayez plus tard.") % facts) from error


def find_all(typed: str) -> tuple[list[Actor], list[str]]:
    """The people of a list separated by spaces or commas, and one sentence for each name that is nobody's."""
    found, sentences = [], []
    for name in list(dict.fromkeys(filter(None, SEPARATORS.split(typed))))[:50]:
        try:
            found.append(find(name))
        except Nobody as error:
            sentences.append(str(error))
    return found, sentences


def name_of(domain: str) -> str:
    """The name of the organisation that goes by a domain, ours when there is none; the domain itself for strangers."""
    domain = domain.lower()
    host = settings.HOST if domain in ("", *own_names.domains()) else peers_host(domain)
    organisation = Organisation.objects.filter(host=host).first()
    return organisation.short_name if organisation else domain or settings.HOST


def peers_host(domain: str) -> str:
    peer = Peer.objects.filter(account_domain=domain).first()
    return peer.host if peer else domain


def looks_like_address(typed: str) -> bool:
    return bool(re.fullmatch(r"@?[\w.-]+@[\w.-]+(:\d+)?|@[\w.-]+", typed.strip()))
