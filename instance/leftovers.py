"""Applications that registered themselves and hold nothing of anybody's."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from federation.night import chore
from instance.models import Application

UNUSED = timedelta(days=30)  # some applications register well before anybody signs in


@chore("applications")
def applications() -> QuerySet[Application]:
    """They register again, without a word, when somebody signs in by them."""
    found: QuerySet[Application] = Application.objects.filter(created__lt=now() - UNUSED)
    for kind in (AccessToken, Grant, RefreshToken):
        found = found.filter(~Exists(kind.objects.filter(application=OuterRef("pk"))))
    return found
