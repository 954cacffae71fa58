"""The language in which the instance itself writes, to whoever runs it; agents choose theirs."""

from django.core.exceptions import ImproperlyConfigured

CODES = ("fr", "en")


def read(value: str) -> str:
    if value not in CODES:
        raise ImproperlyConfigured(f"PREAU_LANGUAGE must be {' or '.join(CODES)}; it is {value!r}.")
    return value
