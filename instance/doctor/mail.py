"""E-mail to whoever runs this house, when something needs a person: once, again after a week, and when it is over."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from instance.configuration import settings_file
from instance.doctor import words
from instance.doctor.examination import CUT_SHORT, Examination, Result
from instance.doctor.findings import Finding, check, fault

AGAIN = timedelta(days=7)
NO_MAIL = fault(
    "courrier-muet",
    _("Le serveur de courrier ne prend rien (%(reason)s) : les avertissements n’arrivent pas à %(to)s."),
    _(
        "Donnez dans %(file)s le serveur de courrier, comme"
        " PREAU_SMTP_URL='smtp+tls://preau:mot-de-passe@smtp.exemple.fr', et vérifiez qu’il accepte le courrier de"
        " cette machine."
    ),
    "preau doctor --only courrier",
)


def wanted() -> bool:
    return bool(settings.ADMIN_EMAIL)


@check(gettext_noop("courrier"), _("Le serveur de courrier répond."), [NO_MAIL], outside=True, concerns=wanted)
def mail_is_taken(examination: Examination) -> Iterator[Finding]:
    connection = get_connection(timeout=examination.patience)
    try:
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        yield NO_MAIL(reason=type(error).__name__, to=settings.ADMIN_EMAIL, file=settings_file())


def tell(results: list[Result]) -> bool:
    """Send a letter if there is news; whether one left. OSError or SMTPException when it was not taken: next time."""
    found, (told, at) = words.to_do(results), last_told()
    codes = {each.code for each in found}
    wrong = codes | (told - looked_for(results))
    again = bool(codes) and now() - at > AGAIN
    if codes - told or (told and not wrong) or again:
        send(found)
        remember(wrong, now())
        return True
    if wrong != told:  # what is over, and comes again, is news
        remember(wrong, at)
    return False


def looked_for(results: list[Result]) -> set[str]:
    """What would have been found: of a check that was left out, nothing is known."""
    return {CUT_SHORT.code, *(each.code for one in results if not one.skipped for each in one.check.finds)}


def send(found: list[Finding]) -> None:
    text = "\n\n".join([*map(words.of, found), f"{settings.ORIGIN} : preau doctor"])
    subject = f"[Préau {settings.HOST}] {words.summary(found)}"
    EmailMessage(subject, text, f"Préau <preau@{settings.HOST.split(':')[0]}>", [settings.ADMIN_EMAIL]).send()


def remember(codes: set[str], at: datetime) -> None:
    with suppress(OSError):  # on a full disk, say: it is told again in an hour
        memory().write_text(json.dumps({"codes": sorted(codes), "at": at.isoformat()}))


def memory() -> Path:
    """What was told last, so that nobody is told every hour."""
    return Path(settings.DATA) / "doctor.json"


def last_told() -> tuple[set[str], datetime]:
    """Which ailments, and when."""
    try:
        found = json.loads(memory().read_text())
        return set(found["codes"]), datetime.fromisoformat(found["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return set(), now()
