"""Introducing an application: any may, and it may do nothing before an agent lets it in."""

import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from actors.arrivals import hash_of
from federation.errors import Forbidden
from instance import redirects
from instance.models import Application
from instance.scopes import DEFAULT, allowed, parse

NAME, WEBSITE = 200, 500


class Registered(NamedTuple):
    application: Application
    secret: str  # told once: only its hash is kept


def register(name: str, addresses: list[str], scopes: str = "", website: str = "") -> Registered:
    """A new application; Forbidden when its name, its site, its return addresses or its scopes cannot be."""
    name, wanted = " ".join(name.split()), parse(scopes) or [DEFAULT]
    if not name or len(name) > NAME or not name.isprintable():
        raise Forbidden(_("Le nom de l’application manque, ou est trop long."))
    if not allowed(wanted, " ".join(wanted)):
        raise Forbidden(_("Ces droits n’existent pas ici."))
    secret = secrets.token_urlsafe(32)
    application = Application.objects.create(
        client_id=secrets.token_urlsafe(32),
        client_secret=hash_of(secret),  # of 256 random bits: a slow hash would protect nothing more
        hash_client_secret=False,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        name=name,
        website=site(website),
        redirect_uris="\n".join(redirects.check(addresses)),
        scopes=" ".join(wanted),
    )
    return Registered(application, secret)


def site(website: str) -> str:
    """The application's own page, or nothing."""
    website = website.strip()
    try:
        parts = urlsplit(website)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and website.isprintable()
    except ValueError:
        good = False
    if website and (not good or len(website) > WEBSITE):
        raise Forbidden(_("Le site de l’application n’est pas une adresse web."))
    return website
