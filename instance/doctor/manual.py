"""The page « Que faire si… », made of the ailments as they are declared, so that it cannot grow old."""

import re
from collections.abc import Iterator
from textwrap import fill

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from instance.doctor.examination import CUT_SHORT, load_checks
from instance.doctor.findings import CHECKS, Ailment, Level

OTHER_LANGUAGE = {"fr": "[In English](en/what-to-do-if.md)", "en": "[En français](../que-faire-si.md)"}
TITLE = _("Que faire si…")
OPENING = _(
    "`preau doctor` examine le serveur et dit, pour chaque chose qui ne va pas, quoi faire ensuite. Cette page les"
    " rassemble toutes. Elle est écrite par `preau doctor --page` : ne la modifiez pas à la main."
)
LIST = (
    _(
        "`preau doctor` : tout, en moins d’une minute ; `--offline` sans appeler d’autres machines ;"
        " `--only certificat` un seul examen ; `--free-disk 20` prévient quand il reste moins d’un cinquième du disque"
        " (un dixième d’ordinaire)."
    ),
    _(
        "`preau doctor --json` : la même chose pour un outil de surveillance ; `preau doctor --language en` : la même"
        " chose en anglais."
    ),
    _(
        "`preau doctor --mail` écrit à PREAU_ADMIN_EMAIL quand quelque chose demande une personne : une fois, puis"
        " chaque semaine, et quand c’est fini. `preau-doctor.timer` le fait toutes les heures."
    ),
    _(
        "Il finit par 0 quand tout va bien, 1 quand il y a des avertissements, 2 quand il y a une panne, comme les"
        " greffons de Nagios. Ce qui n’a pas pu être comparé (l’horloge, faute de voisins) est dit et ne compte pas."
    ),
    _(
        "Il marche aussi quand Préau ne démarre pas : les réglages faux sont nommés tous ensemble, et le reste est"
        " examiné autant qu’il se peut."
    ),
)
CLOSING = (
    _(
        "Les mots en CAPITALES sont remplacés par ce qui a été trouvé. Les commandes se tapent comme root ; `preau`"
        " prend de lui-même l’identité de l’utilisateur preau."
    ),
    _(
        "La page *Administration, Santé* dit les mêmes phrases, pour ce qui se vérifie vite et sans appeler d’autres"
        " collectivités : la base, le disque, les lettres, les sauvegardes, le courrier."
    ),
)
FACTS = {
    "count": _("NOMBRE"), "date": _("DATE"), "domain": _("DOMAINE"), "endpoint": _("ADRESSE"),
    "file": _("FICHIER"), "folder": _("DOSSIER"),
    "host": _("NOM"), "houses": _("COLLECTIVITÉS"), "language": _("LANGUE"), "left": _("PLACE"), "limit": _("LIMITE"),
    "line": _("NUMÉRO"), "login": _("IDENTIFIANT"), "missing": _("FICHIER"), "name": _("NOM"),
    "nearest": _("RÉGLAGE"), "owner": _("UTILISATEUR"),
    "percent": _("POURCENTAGE"), "port": _("PORT"), "reason": _("RAISON"), "said": _("PHRASE"),
    "seconds": _("SECONDES"), "status": _("STATUT"), "to": _("ADRESSE"), "units": _("SERVICES"), "url": _("ADRESSE"),
    "variable": _("RÉGLAGE"), "version": _("VERSION"),
}  # fmt: skip
WORDS = {Level.FINE: _("À savoir"), Level.WARNING: _("Avertissement"), Level.FAULT: _("Panne")}
EVERY = _("Tous les examens")


def page() -> str:
    """In the language that is active."""
    load_checks()
    return "\n\n".join(parts()) + "\n"


def parts() -> Iterator[str]:
    yield f"# {TITLE}"
    yield OTHER_LANGUAGE[(get_language() or "fr")[:2]]
    yield wrapped(str(OPENING))
    yield "\n".join(wrapped(f"- {each}", "  ") for each in LIST)
    yield from (wrapped(str(each)) for each in CLOSING)
    for each in CHECKS:
        yield f"## {heading(each.title, each.name)}"
        yield from map(entry, each.finds)
    yield f"## {EVERY}"
    yield entry(CUT_SHORT)


def heading(title: str, name: str) -> str:
    """With the name to type after `--only`, where it is another word."""
    return title[0].upper() + title[1:] + ("" if title == name else f" (`{name}`)")


def entry(ailment: Ailment) -> str:
    said, do = shown(str(ailment.says)), shown(str(ailment.do))
    command = f"\n\n```sh\n{shown(str(ailment.command))}\n```" if ailment.command else ""
    return f"### {said}\n\n{WORDS[ailment.level]} `{ailment.code}`. {do}{command}"


def shown(text: str) -> str:
    """`%(file)s` is written FICHIER."""
    return re.sub(r"%\((\w+)\)s", lambda found: str(FACTS[found[1]]), text).replace("%%", "%")


def wrapped(text: str, indent: str = "") -> str:
    return fill(text, 120, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
