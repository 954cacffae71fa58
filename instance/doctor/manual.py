"""The page « Que faire si… », made of the ailments as they are declared, so that it cannot grow old."""

import re
from itertools import chain

from instance.doctor.examination import CUT_SHORT, load_checks
from instance.doctor.findings import CHECKS, Ailment, Level

OPENING = """# Que faire si…

`preau doctor` examine le serveur et dit, pour chaque chose qui ne va pas, quoi faire ensuite. Cette page les rassemble
toutes. Elle est écrite par `preau doctor --page` : ne la modifiez pas à la main.

- `preau doctor` : tout, en moins d’une minute ; `--offline` sans appeler d’autres machines ; `--only certificat` un
  seul examen ; `--free-disk 20` prévient quand il reste moins de 20 % du disque (10 % d’ordinaire).
- `preau doctor --json` : la même chose pour un outil de surveillance.
- `preau doctor --mail` écrit à PREAU_ADMIN_EMAIL quand quelque chose demande une personne : une fois, puis chaque
  semaine, et quand c’est fini. `preau-doctor.timer` le fait toutes les heures.
- Il finit par 0 quand tout va bien, 1 quand il y a des avertissements, 2 quand il y a une panne, comme les greffons de
  Nagios. Ce qui n’a pas pu être comparé (l’horloge, faute de voisins) est dit et ne compte pas.
- Il marche aussi quand Préau ne démarre pas : les réglages faux sont nommés tous ensemble, et le reste est examiné
  autant qu’il se peut.

Les mots en CAPITALES sont remplacés par ce qui a été trouvé. Les commandes se tapent comme root ; `preau` prend de
lui-même l’identité de l’utilisateur preau.
La page *Administration, Santé* dit les mêmes phrases, pour ce qui se vérifie sans appeler d’autres machines.
"""
FACTS = {
    "count": "NOMBRE", "date": "DATE", "domain": "DOMAINE", "file": "FICHIER", "folder": "DOSSIER", "host": "NOM",
    "houses": "COLLECTIVITÉS", "language": "LANGUE", "left": "PLACE", "limit": "LIMITE", "login": "IDENTIFIANT",
    "missing": "FICHIER", "name": "NOM", "owner": "UTILISATEUR", "percent": "POURCENTAGE", "reason": "RAISON",
    "said": "PHRASE", "seconds": "SECONDES", "status": "STATUT", "to": "ADRESSE", "units": "SERVICES", "url": "ADRESSE",
    "variable": "RÉGLAGE", "version": "VERSION",
}  # fmt: skip
WORDS = {Level.FINE: "À savoir", Level.WARNING: "Avertissement", Level.FAULT: "Panne"}


def page() -> str:
    load_checks()
    sections = [(each.name, each.finds) for each in CHECKS] + [("tous les examens", (CUT_SHORT,))]
    lines = chain.from_iterable((f"\n## {name[0].upper()}{name[1:]}\n", *map(entry, finds)) for name, finds in sections)
    return re.sub(r"\n{3,}", "\n\n", OPENING + "\n".join(lines)).rstrip() + "\n"


def entry(ailment: Ailment) -> str:
    said, do = shown(str(ailment.says)), shown(str(ailment.do))
    command = f"\n```sh\n{shown(ailment.command)}\n```\n" if ailment.command else ""
    return f"### {said}\n\n{WORDS[ailment.level]} `{ailment.code}`. {do}\n{command}"


def shown(text: str) -> str:
    """`%(file)s` is written FICHIER."""
    return re.sub(r"%\((\w+)\)s", lambda found: FACTS[found[1]], text).replace("%%", "%")
