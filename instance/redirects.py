"""Where an application may be answered: addresses that it registered, compared byte for byte and never mended."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from oauthlib.uri_validate import is_absolute_uri

from federation.errors import Forbidden

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MOST, LONGEST = 20, 2000
PLAIN = re.compile(r"[!-~]+")  # no space, no control, nothing but ASCII
HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")  # it will stand in a policy, where a semicolon ends a sentence
# A browser would run these, read files by them, or open something else than an application.
REFUSED = {
    "about", "blob", "chrome", "content", "data", "file", "filesystem", "ftp", "intent", "jar", "javascript", "mailto",
    "resource", "sms", "tel", "urn", "vbscript", "view-source", "ws", "wss",
}  # fmt: skip


def check(redirects: list[str]) -> list[str]:
    """Those that can be registered; Forbidden when one cannot, or when there are none or too many."""
    wanted = list(dict.fromkeys(redirects))
    if not 0 < len(wanted) <= MOST or not all(map(may_be, wanted)):
        raise Forbidden(_("Cette adresse de retour ne peut pas être enregistrée."))
    return wanted


def may_be(uri: str) -> bool:
    if uri == OUT_OF_BAND:
        return True
    if len(uri) > LONGEST or not PLAIN.fullmatch(uri) or "#" in uri or "\\" in uri or not is_absolute_uri(uri):
        return False
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if "@" in parts.netloc:
        return False
    if parts.scheme == "https":
        return bool(HOST.fullmatch(host or ""))
    if parts.scheme == "http":
        return host in LOOPBACK
    return parts.scheme not in REFUSED


def policy_source(uri: str) -> str:
    """How a `form-action` names it: browsers hold a form to its policy even when its answer redirects."""
    parts = urlsplit(uri)
    if parts.scheme in ("http", "https") and "[" not in parts.netloc:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"


def answered(uri: str, parameters: str) -> str:
    """The address with the answer at its end; nothing of what the application registered is touched."""
    return f"{uri}{'&' if '?' in uri else '?'}{parameters}"


def place(uri: str) -> str:
    """Where it leads, for people: a host, or nothing when it is an application of the device."""
    parts = urlsplit(uri)
    return parts.netloc if parts.scheme in ("http", "https") else ""
