"""How the interface says dates, sizes, audiences, and where French wants a space that does not break."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from html import unescape

from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime, now
from django.utils.translation import get_language, gettext, ngettext

from outbox.emoji import NAMED, Emoji

# U+202F would be finer before ; ? ! but neither of our fonts has it.
NBSP = "\u00a0"
BEFORE = re.compile(r"[ \u202f](?=[:;?!»%]+(?:[\s,.)»]|$))")
AFTER = re.compile(r"(?<=«)[ \u202f]|(?<=\d)[ \u202f](?=(?:h|min|km)\b)")
PICTURE = '<img class="emoji" src="{path}" alt=":{name}:" title=":{name}:" width="20" height="20">'
# A tag, or a passage whose spaces are the author's own business.
UNTOUCHED = re.compile(r"(<(?:pre|code)\b.*?</(?:pre|code)>|<[^>]*>)", re.DOTALL | re.IGNORECASE)


def spaced(text: str) -> str:
    """Plain text with unbreakable spaces at double punctuation, guillemets and hours; no space is added."""
    return AFTER.sub(NBSP, BEFORE.sub(NBSP, text))


def spaced_html(html: str) -> str:
    """The same for HTML: only what the reader sees as running text."""
    return "".join(part if part.startswith("<") else spaced(part) for part in UNTOUCHED.split(html))


def pictured(html: str, emojis: Iterable[Emoji]) -> str:
    """With small pictures where their names stand in what the reader sees as running text."""
    pictures = {f":{each.shortcode}:": PICTURE.format(name=each.shortcode, path=each.path) for each in emojis}
    if not pictures:
        return html
    draw = partial(NAMED.sub, lambda found: pictures.get(found[0], found[0]))
    return "".join(part if part.startswith("<") else draw(part) for part in UNTOUCHED.split(html))


def since(moment: datetime, at: datetime | None = None) -> str:
    """`il y a 2 h` today, `hier, 17 h 20` yesterday, then the day; in local time."""
    there, here = localtime(moment), localtime(at or now())
    minutes = int((here - there).total_seconds() // 60)
    days = (here.date() - there.date()).days
    if minutes < 1:
        return gettext("à l’instant")
    if minutes < 60:
        return gettext("il y a %(count)s min") % {"count": minutes}
    if days == 0:
        return gettext("il y a %(count)s h") % {"count": minutes // 60}
    if days == 1:
        return gettext("hier, %(time)s") % {"time": clock(there)}
    return gettext("le %(day)s") % {"day": day(there, with_year=there.year != here.year)}


def clock(moment: datetime) -> str:
    """`17 h 20` in French, `17:20` elsewhere."""
    local = localtime(moment)
    french = (get_language() or "fr").startswith("fr")
    return f"{local.hour}{NBSP}h{NBSP}{local:%M}" if french else f"{local:%H:%M}"


def day(moment: datetime, with_year: bool = True) -> str:
    """`3 octobre 2025`; the first of a month is ordinal in French."""
    local = localtime(moment)
    words = date_format(local, "j F Y" if with_year else "j F")
    french = (get_language() or "fr").startswith("fr")
    return re.sub(r"^1 ", "1er ", words) if french else words


def moment(at: datetime) -> str:
    """`le 3 octobre 2025 à 17 h 20`: for what must be exact."""
    return gettext("le %(day)s à %(time)s") % {"day": day(at), "time": clock(at)}


def moment_alone(at: datetime) -> str:
    """`3 octobre 2025 à 17 h 20`: after a word that has its own article."""
    return gettext("%(day)s à %(time)s") % {"day": day(at), "time": clock(at)}


def weight(size: int) -> str:
    """Of a file, as a colleague would say it: `240 Ko`, `1,2 Mo`."""
    if size < 1_000_000:
        return gettext("%(count)s Ko") % {"count": max(1, round(size / 1000))}
    shown = f"{size / 1_000_000:.1f}".removesuffix(".0")
    french = (get_language() or "fr").startswith("fr")
    return gettext("%(count)s Mo") % {"count": shown.replace(".", ",") if french else shown}


def kind_of_file(name: str, media_type: str) -> str:
    """`PDF`, `ODT`: the letters that people know, from the name or else from the type."""
    letters = name.rpartition(".")[2] if "." in name else media_type.rpartition("/")[2]
    return letters[:8].upper()


def excerpt(html: str, words: int) -> str:
    """The first words of sanitised HTML, as plain text."""
    return Truncator(unescape(strip_tags(html.replace("</p>", " </p>").replace("<br>", " ")))).words(
        words, truncate="…"
    )


def audience(code: str, organisation: str, network: str, service: str = "", author: str = "") -> str:
    """Who can read, named as people, never as protocol."""
    words = {
        "service": service or gettext("Mon service"),
        "organisation": gettext("Tout %(organisation)s") % {"organisation": organisation},
        "chosen_partners": gettext("Collectivités choisies"),
        "partners": capfirst(network),
        "followers": gettext("Collègues qui suivent %(author)s") % {"author": author},
        "named": gettext("Personnes choisies"),
        "public": gettext("Tout internet"),
    }
    return words.get(code, "")


def deed(verb: str) -> str:
    """What a house did about a partnership."""
    words = {
        "offer": gettext("propose un partenariat"),
        "withdraw": gettext("retire sa proposition"),
        "accept": gettext("accepte"),
        "decline": gettext("refuse"),
        "ask": gettext("demande une précision"),
        "answer": gettext("répond"),
        "revoke": gettext("met fin au partenariat"),
        "move": gettext("dit un autre nom"),
    }
    return words.get(verb, verb)


def to_correct(count: int) -> str:
    """The title over the mistakes of a form."""
    if count == 2:
        return gettext("Deux champs à corriger")
    return ngettext("Un champ à corriger", "%(count)s champs à corriger", count) % {"count": count}
