"""The page that `preau --help` shows: Préau's own commands, by what one wants to do; it needs no settings."""

import gettext
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from django.core.management import find_commands

from instance.configuration import ROOT
from instance.place import at


def gettext_noop(text: str) -> str:
    """Marks for the catalogue what is translated without Django's settings, which may be wrong."""
    return text


TITLE = gettext_noop("preau COMMANDE [OPTIONS], en root ; pour une ville parmi d’autres : preau @VILLE COMMANDE")
INSTALLING = {
    "upgrade": gettext_noop("met Préau à jour, et remet tout comme avant si quelque chose échoue"),
    "move-domain": gettext_noop("donne un autre nom à l’instance, en root, et garde l’ancien"),
    "domain": gettext_noop("les noms de l’instance, et quels partenaires ne savent pas encore le dernier"),
    "setup": gettext_noop("fonde la collectivité, ou change son nom complet, son nom court, son SIREN"),
    "migrate": gettext_noop("met le schéma de la base de données à jour"),
    "serve": gettext_noop("sert dans ce terminal, jusqu’à Ctrl-C ; d’ordinaire un service le fait"),
    "night": gettext_noop("efface ce qui ne se garde plus ; d’ordinaire un service le fait chaque nuit"),
    "size": gettext_noop("dit quelle machine il faut à tant d’agents et de partenaires"),
}
WATCHING = {
    "doctor": gettext_noop("examine le serveur : ce qui ne va pas, et quoi taper ensuite"),
    "queue": gettext_noop("ce qui attend ; dead : ce qui a été abandonné ; replay : un nouvel essai"),
    "maintenance": gettext_noop("on : ferme toutes les portes, le temps d’un travail ; off : les rouvre"),
}
KEEPING = {
    "backup": gettext_noop("sauvegarde tout, pendant que le serveur sert"),
    "restore": gettext_noop("vérifie une sauvegarde, ou en refait le serveur"),
    "export": gettext_noop("écrit tout, pour changer de machine ou de forme"),
    "import": gettext_noop("refait le serveur d’un export"),
    "media": gettext_noop("upload, download : copie les photos vers le stockage S3, ou les en ramène"),
}
PEOPLE = {
    "agents": gettext_noop("invite : ouvre un compte ; list ; link : un lien pour entrer ; close : ferme un compte"),
}
PARTNERS = {
    "peers": gettext_noop("list, requests, show ; offer, verify, accept, decline ; suspend, resume, revoke, block…"),
    "trust": gettext_noop("registre des échanges, données personnelles, nomenclature du logiciel"),
    "keys": gettext_noop("rotate : remplace une clé de signature, après une fuite"),
}
TRYING = {
    "demo": gettext_noop("montre trois collectivités d’essai, sur cette machine seulement"),
    "translations": gettext_noop("met les catalogues de traductions à jour"),
    "openapi": gettext_noop("récrit la description de l’API des applications"),
}
GROUPS = {
    gettext_noop("Installer, mettre à jour"): INSTALLING,
    gettext_noop("Voir si tout va bien"): WATCHING,
    gettext_noop("Sauvegarder, restaurer, déménager"): KEEPING,
    gettext_noop("Les personnes"): PEOPLE,
    gettext_noop("Les partenaires, la confiance"): PARTNERS,
    gettext_noop("Essayer Préau, ou le développer"): TRYING,
}
OTHERS = gettext_noop("Et encore")
CLOSING = (
    gettext_noop("preau COMMANDE --help : ses options. preau --help --all : les commandes de Django aussi."),
    gettext_noop("Les pages pour qui administre sont dans docs/operations/README.md."),
)


def language(environment: Mapping[str, str] = os.environ) -> str:
    """Of whoever types: French, but for those whose terminal speaks English."""
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "en" if said.startswith("en") else "fr"


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("django", ROOT / "locale", [code], fallback=True)


def page(code: str, town: str = "") -> str:
    text = "\n".join(lines(catalogue(code).gettext))
    return (at(town, text) if town else text) + "\n"


def lines(said: Callable[[str], str]) -> Iterator[str]:
    yield said(TITLE)
    there = set(ours())
    for title, group in GROUPS.items():
        yield f"\n{said(title)}"
        for name, text in group.items():
            yield f"  preau {name:<13}{said(text)}"
    if others := sorted(there.difference(*GROUPS.values())):
        yield f"\n{said(OTHERS)}"
        yield from (f"  preau {name}" for name in others)
    yield ""
    yield from map(said, CLOSING)


def ours() -> list[str]:
    return find_commands(str(ROOT / "instance" / "management"))
