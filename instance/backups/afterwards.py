"""What an instance that was restored must do before its doors open: it may have forgotten what others remember."""

from collections.abc import Callable

from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.timezone import now
from oauth2_provider.models import get_access_token_model, get_grant_model, get_refresh_token_model

from actors import arrivals, profiles, recounting
from actors.models import SignInLink
from federation import keys
from federation.models import Absence, Delivery, Key, Peer
from inbox.models import Push, PushSubscription
from outbox import scheduling

Tell = Callable[[str], None]


@transaction.atomic
def settle(secret: str) -> None:
    """All that takes no question to another house."""
    seal_again(secret)
    end_ways_in()
    scheduling.hold_what_is_due()
    Push.objects.all().delete()  # to ring now for what happened then helps nobody
    Delivery.objects.filter(state="waiting", leased_until__gt=now()).update(leased_until=None)
    Absence.objects.all().delete()
    Peer.objects.exclude(knows_us_as="").update(learn_at=now())  # some may know our present name since
    recounting.doubt()


@transaction.atomic
def go_on(secret: str) -> None:
    """Nothing has happened since, anywhere: what was owed leaves, and who was signed in by an application still is."""
    seal_again(secret)
    Delivery.objects.filter(state="waiting", leased_until__gt=now()).update(leased_until=None)
    if secret != settings.KEYS_SECRET:  # the key by which push services know this house is made of it
        PushSubscription.objects.all().delete()


def seal_again(secret: str) -> None:
    """The private keys, by the secret of this machine's settings; new ones for everybody when theirs is lost."""
    if secret == settings.KEYS_SECRET:
        return
    if not secret:
        for owner in set(Key.objects.exclude(sealed_private="").values_list("owner_uri", flat=True)):
            keys.rotate(owner)
        return
    former, present = Fernet(secret), Fernet(settings.KEYS_SECRET)
    for key in Key.objects.exclude(sealed_private=""):
        key.sealed_private = present.encrypt(former.decrypt(key.sealed_private)).decode()
        key.save(update_fields=["sealed_private"])


def end_ways_in() -> None:
    """What was ended since the backup (a lost phone, a link that was used) must not live again: all sign in anew."""
    for kind in (get_grant_model(), get_refresh_token_model(), get_access_token_model()):
        kind.objects.filter(user__isnull=False).delete()
    Session.objects.all().delete()
    SignInLink.objects.all().delete()


def ask_around(tell: Tell) -> None:
    """Who is still a partner, and who still follows whom. Houses that do not answer are asked later."""
    for peer in recounting.strangers():
        tell(
            f"{peer.host} ne nous compte plus parmi ses partenaires : les échanges sont suspendus."
            f" Pour les reprendre : preau peers resume {peer.host} ; pour les finir : preau peers revoke {peer.host}"
        )
    recounting.ask_everybody(lambda host: tell(f"Abonnés de {host} : vérifiés auprès de leur maison."))
    if left := recounting.unsure().count():
        tell(
            f"{left} abonnements attendent la réponse de leur instance : ce qui est réservé aux abonnés attend aussi,"
            " et partira ensuite de soi-même."
        )
    profiles.announce(arrivals.instance_actor())  # a sign of life: what waits for us elsewhere comes
