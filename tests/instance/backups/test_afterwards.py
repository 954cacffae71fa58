"""What a restored instance does before its doors open: nothing twice, and no way in that was closed since."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from actors import arrivals
from actors.models import SignInLink
from federation import keys
from federation.models import Delivery, Key
from instance.backups import afterwards
from outbox import publishing, scheduling
from outbox.audience import Reach
from outbox.publishing import Draft
from outbox.scheduling import Scheduled
from outbox.wishes import Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored():
    return lambda secret=settings.KEYS_SECRET: afterwards.settle(secret)


def test_what_was_to_leave_meanwhile_is_left_to_its_author(restored, julien, work, time_machine):
    """It may have left, under an id that is forgotten here."""
    row = scheduling.schedule(julien, Wish(Draft("Demain, marché"), Reach("organisation")), now() + timedelta(hours=1))
    later = scheduling.schedule(julien, Wish(Draft("Jeudi"), Reach("organisation")), now() + timedelta(days=3))
    time_machine.move_to(now() + timedelta(hours=2), tick=True)
    restored()
    work()
    assert "restaurée" in Scheduled.objects.get(pk=row.pk).reason
    assert Scheduled.objects.get(pk=later.pk).reason == ""


def test_what_was_sent_is_not_sent_again_and_what_waited_leaves_once(restored, vernay, lucie, julien, work):
    publishing.publish(julien, Draft("Envoyé"), Reach("partners"))
    work()
    publishing.publish(julien, Draft("En attente"), Reach("partners"))
    Delivery.objects.filter(state="waiting").update(leased_until=now() + timedelta(minutes=1))  # as it was copied
    restored()
    work()
    sent = [body["object"]["content"] for _, _, body in vernay.received if body["type"] == "Create"]
    assert [words.count("En attente") for words in sent] == [0, 1]


def test_every_way_in_that_stood_open_is_closed(restored, julien, api, sign_in):
    api(julien)
    sign_in(julien)
    arrivals.sign_in_link(julien.agent)
    assert AccessToken.objects.exists() and Session.objects.exists() and SignInLink.objects.exists()
    restored()
    assert not AccessToken.objects.exists() and not Session.objects.exists() and not SignInLink.objects.exists()


def test_keys_whose_secret_is_lost_are_made_anew(restored, vernay, lucie, julien, work):
    """Whoever reads a letter asks our house for the key that it does not know."""
    Key.objects.exclude(sealed_private="").update(sealed_private=Fernet(Fernet.generate_key()).encrypt(b"").decode())
    restored("")
    publishing.publish(julien, Draft("Avec une autre clé"), Reach("partners"))
    work()
    assert ["#key-2" in headers["signature"] for _, headers, _ in vernay.received] == [True]


def test_private_keys_are_sealed_by_the_secret_of_the_new_machine(restored, julien):
    former = Fernet.generate_key().decode()
    key = Key.objects.get(owner_uri=julien.uri)
    opened = keys.unseal(key.sealed_private)
    Key.objects.exclude(sealed_private="").update(sealed_private=Fernet(former).encrypt(opened).decode())
    restored(former)
    key.refresh_from_db()
    assert keys.unseal(key.sealed_private) == opened
