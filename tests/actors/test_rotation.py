"""Keys are replaced by a command: the new one signs at once, the old one is believed for a while, and signs no more."""

import base64
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from actors.models import Actor
from federation import keys
from federation.models import Key
from outbox import publishing
from outbox.audience import Reach
from tests.neighbour import key_pair

pytestmark = pytest.mark.django_db


def rotate(*arguments):
    said = StringIO()
    call_command("keys", "rotate", *arguments, stdout=said)
    return said.getvalue().splitlines()


def published(client, actor):
    """What anybody may read of the keys of one of ours, without a signature."""
    found = client.get(actor.uri.removeprefix("http://localhost:8000"), headers={"accept": "application/activity+json"})
    shown = found.json()["publicKey"]
    return shown if isinstance(shown, list) else [shown]


def signed_by(letter, public_pem):
    """Whether a letter that a neighbour was brought was signed by this key, as it would find out."""
    path, headers, _ = letter
    said = dict(re.findall(r'([a-zA-Z]+)="([^"]*)"', headers["signature"]))
    values = {"(request-target)": f"post {path}", **headers}
    text = "\n".join(f"{name}: {values[name]}" for name in said["headers"].split()).encode()
    key: Any = serialization.load_pem_public_key(public_pem.encode())
    try:
        key.verify(base64.b64decode(said["signature"]), text, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def test_the_new_key_signs_and_both_are_published(vernay, julien, work, client):
    (old,) = published(client, julien)
    assert rotate(julien.handle) == [f"{julien.handle}\t{julien.uri}#key-2"]
    publishing.publish(julien, publishing.Draft("bonjour"), Reach("partners"))
    work()
    new, former = published(client, julien)
    assert (new["id"], former) == (f"{julien.uri}#key-2", old)
    (letter,) = vernay.received
    assert f'keyId="{new["id"]}"' in letter[1]["signature"]
    assert signed_by(letter, new["publicKeyPem"])
    assert not signed_by(letter, "".join(old["publicKeyPem"]))


def test_the_old_key_can_sign_nothing_any_more_and_goes_after_two_days(julien, client, time_machine):
    rotate(julien.handle)
    old = Key.objects.get(uri=f"{julien.uri}#main-key")
    assert old.sealed_private == ""
    time_machine.move_to(now() + keys.HONOURED + timedelta(minutes=1))
    assert [key["id"] for key in published(client, julien)] == [f"{julien.uri}#key-2"]


def test_a_key_is_replaced_again_and_again(julien, client):
    for _ in range(3):
        rotate(julien.handle)
    assert keys.of(julien.uri).uri == f"{julien.uri}#key-4"


def test_the_house_signs_what_it_asks_with_its_new_key(vernay, julien, client):
    assert rotate("--house")[0].endswith("/ap/instance#key-2")
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    _, headers = vernay.asked[-1]
    assert 'keyId="http://localhost:8000/ap/instance#key-2"' in headers["signature"]


def test_after_a_leak_everybody_has_a_new_key(julien, helene):
    before = set(Key.objects.values_list("public_pem", flat=True))
    rotated = rotate("--all")
    assert len(rotated) == Key.objects.filter(retired_at=None).count() == Key.objects.exclude(retired_at=None).count()
    assert not Key.objects.exclude(retired_at=None).exclude(sealed_private="").exists()
    assert before == set(Key.objects.exclude(retired_at=None).values_list("public_pem", flat=True))


def test_nobody_s_key_is_not_replaced(julien):
    with pytest.raises(CommandError, match="Personne ne s’appelle personne ici"):
        rotate("personne")


def test_a_neighbour_that_rotates_is_believed_with_either_key_while_it_publishes_both(vernay, julien, arrives):
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"
    document = vernay.documents["/users/lucie"]
    old = document["publicKey"]
    private, public = key_pair(60)
    document["publicKey"] = [{"id": f"{vernay.lucie}#key-2", "owner": vernay.lucie, "publicKeyPem": public}, old]
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"
    former, vernay.keys[vernay.lucie] = vernay.keys[vernay.lucie], private
    vernay.key_names = {vernay.lucie: f"{vernay.lucie}#key-2"}
    Actor.objects.filter(uri=vernay.lucie).update(fetched_at=now() - timedelta(minutes=2))
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"
    vernay.keys[vernay.lucie], vernay.key_names = former, {}
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"
