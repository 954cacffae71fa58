"""The former names of the instance, which it still answers to, and who does not know the present one yet."""

import json
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from actors import own_names
from actors.models import Actor
from federation import ids, looking, names
from federation.documents import Answer
from instance.doctor.examination import Examination
from instance.doctor.findings import DATABASE, Finding, check, fault, warning

PATIENCE = timedelta(days=3)
LOST = fault(
    "ancien-nom-perdu",
    _(
        "%(name)s, un ancien nom de ce serveur, ne mène plus à lui (%(reason)s) : ce qui a été publié sous ce nom ne"
        " peut plus être corrigé ni retiré ailleurs."
    ),
    _(
        "Faites-le mener à cette machine, avec un certificat valable ; s’il est à quelqu’un d’autre, demandez à vos"
        " partenaires de le bloquer."
    ),
    "curl -sI https://%(name)s/health",
)
UNKNOWN = warning(
    "nom-non-confirme",
    _("%(host)s ne sait pas que ce serveur s’appelle maintenant %(name)s : ce qui est pour elle attend."),
    _("Téléphonez : sa page Partenaires l’annonce, et il suffit de confirmer. Si elle n’y voit rien, redites-le-lui."),
    "preau domain tell %(host)s",
)


def has_former_names() -> bool:
    return bool(settings.FORMER_HOSTS)


@check(
    gettext_noop("anciens noms"),
    _("Les anciens noms mènent à ce serveur."),
    [LOST],
    ["PREAU_HOST"],
    True,
    has_former_names,
)
def former_names(_examination: Examination) -> Iterator[Finding]:
    """Each shows an instance actor that moved to ours."""
    asked = {host: looking.answer(ids.instance_actor_uri(names.origin_at(host))) for host in settings.FORMER_HOSTS}
    for host, found in looking.side_by_side(asked).items():
        if reason := why_not_ours(found):
            yield LOST(name=host, reason=reason)


def why_not_ours(found: Answer | Exception) -> str:
    if isinstance(found, Exception):
        return str(found) or type(found).__name__
    try:
        said = json.loads(found.body)
    except ValueError:
        said = {}
    ours = isinstance(said, dict) and said.get("movedTo") == ids.instance_actor_uri()
    return "" if ours else f"{found.status}"


@check(
    gettext_noop("nom présent"),
    _("Les collectivités partenaires connaissent le nom de ce serveur."),
    [UNKNOWN],
    ["PREAU_HOST", DATABASE],
    concerns=has_former_names,
)
def present_name(_examination: Examination) -> Iterator[Finding]:
    house = Actor.objects.filter(uri=ids.instance_actor_uri()).first()
    if house is not None and ids.moment_of(house.ulid) < now() - PATIENCE:
        for peer in own_names.waiting():
            yield UNKNOWN(host=peer.host, name=settings.HOST)
