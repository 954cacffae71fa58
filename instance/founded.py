"""The name that a database was founded under: all its addresses are made of it."""

from django.conf import settings

from actors.models import Organisation
from federation.errors import Forbidden
from instance.configuration import settings_file


def other_name() -> str:
    """That of the database, when PREAU_HOST says another; or ""."""
    ours = Organisation.objects.filter(actor__local=True)
    if ours.filter(host=settings.HOST).exists():
        return ""
    return ours.exclude(host=settings.HOST).order_by("pk").values_list("host", flat=True).first() or ""


def must_have_this_name() -> None:
    if name := other_name():
        raise Forbidden(
            f"Cette base est celle de {name}, et PREAU_HOST dit {settings.HOST} : rien n’est fondé. Remettez"
            f" PREAU_HOST={name} dans {settings_file()}, puis recommencez ; pour changer de nom : preau move-domain ;"
            " une autre collectivité a sa base à elle (PREAU_DATA ou DATABASE_URL)."
        )
