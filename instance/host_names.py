"""The names of this instance, as an admin writes them in the settings."""

import re

from django.core.exceptions import ImproperlyConfigured

AUTHORITY = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


def authority(value: str, name: str) -> str:
    value = value.strip().lower().rstrip(".")
    if not AUTHORITY.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name} must be the name under which this instance is reached, such as rsi.saint-aubin.fr"
            f" (without https:// and without a slash); it is {value!r}."
        )
    return value


def domain(value: str, host: str) -> str:
    """Of the agents' addresses: the host, unless it is said."""
    return authority(value or host, "PREAU_ACCOUNT_DOMAIN")


def former(value: str, host: str) -> tuple[str, ...]:
    """The latest first."""
    found = tuple(authority(each, "PREAU_FORMER_HOSTS") for each in value.replace(",", " ").split())
    if host in found or len(set(found)) < len(found):
        raise ImproperlyConfigured("PREAU_FORMER_HOSTS names each former name once, and not PREAU_HOST itself.")
    return found
