"""The file of settings, line by line: who may read it, what systemd makes of it, and names that mean nothing."""

import os
import re
import stat
from collections.abc import Iterator
from difflib import get_close_matches

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from instance import environment_file
from instance.configuration import ROOT, settings_file
from instance.doctor.examination import Examination
from instance.doctor.findings import Finding, check, fault, warning

SAMPLE = ROOT / "deploy" / "env.sample"
ALIKE = 0.8  # from which on a name that is not ours was meant to be one
READABLE = fault(
    "reglages-lisibles",
    _("Tous les utilisateurs de la machine peuvent lire les secrets de %(file)s."),
    _("Retirez-leur ce droit ; si d’autres personnes ont un compte sur la machine, remplacez aussi PREAU_SECRET_KEY."),
    "chmod 640 %(file)s",
)
NOT_UNDERSTOOD = fault(
    "ligne-incomprise",
    _("La ligne %(line)s de %(file)s ne se comprend pas : %(reason)s."),
    _(
        "Écrivez-la NOM=valeur, ou NOM='valeur', puis redémarrez les services : jusque-là systemd la laisse de côté, ou"
        " la lit autrement qu’elle n’est écrite."
    ),
    "systemctl restart 'preau*'",
)
UNKNOWN = warning(
    "reglage-inconnu",
    _("%(variable)s, dans %(file)s, n’est le nom d’aucun réglage : la ligne ne fait rien."),
    _(
        "Ôtez-la, ou corrigez le nom : le plus ressemblant est %(nearest)s (deploy/env.sample explique chaque réglage)."
        " Puis redémarrez les services."
    ),
    "systemctl restart 'preau*'",
)


def is_in_sight() -> bool:
    """The settings may come from elsewhere, or whoever asks may not read them."""
    return os.access(settings_file(), os.R_OK)


@check(
    gettext_noop("fichier des réglages"),
    _("Le fichier des réglages se comprend, et n’est lu que par qui le doit."),
    [READABLE, NOT_UNDERSTOOD, UNKNOWN],
    concerns=is_in_sight,
)
def file_of_settings(examination: Examination) -> Iterator[Finding]:
    path = settings_file()
    if path.stat().st_mode & stat.S_IRWXO:
        yield READABLE(file=path)
    found, wrong = environment_file.read(path.read_bytes())
    for line, why in wrong:
        yield NOT_UNDERSTOOD(line=line, file=path, reason=gettext(why))
    for name in found:
        if nearest := meant(name):
            yield UNKNOWN(variable=name, file=path, nearest=nearest)


def known() -> list[str]:
    """Every setting: the sample explains them all, and a test compares it with what is read."""
    return re.findall(r"^#?([A-Z_]+)=", SAMPLE.read_text(), re.MULTILINE)


def meant(name: str) -> str:
    """The setting that an unknown name is most like; "" for a name that is known, or for other programs."""
    names = known()
    if name in names:
        return ""
    ours = name.upper().startswith("PREAU")
    return next(iter(get_close_matches(name.upper(), names, n=1, cutoff=0.0 if ours else ALIKE)), "")
