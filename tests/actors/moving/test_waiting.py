"""What is said under a name that a partner does not know yet waits for it."""

import pytest

from actors import (
    directory,
    partnerships,
)
from actors.models import Actor
from federation.models import Delivery, Peer
from tests.actors.moving.telling import NEW, OLD, formerly, signer_of, write
from tests.actors.talking import letters

pytestmark = pytest.mark.django_db


class TestWhatWaits:
    def test_what_is_written_now_until_the_partner_knows_the_name(self, vernay, lucie, julien, take_name, hears, work):
        take_name()
        julien.refresh_from_db()
        post = write(julien, "Après")
        work()
        assert not letters(vernay, "Create")
        assert Delivery.objects.get(dispatch__object_uri=post.uri, host=vernay.host).state == "waiting"
        hears()
        work()
        (create,) = letters(vernay, "Create")
        assert create["actor"] == julien.uri and signer_of(vernay, create) == f"{julien.uri}#main-key"
        assert create["object"]["to"] == [f"http://{NEW}/ap/instance/followers"]

    def test_what_we_ask_meanwhile_is_signed_as_it_knows_us(self, vernay, lucie, julien, take_name, hears):
        take_name()
        directory.fetch(vernay.lucie)
        assert f'keyId="http://{OLD}/ap/instance#main-key"' in vernay.asked[-1][1]["signature"]
        hears()
        directory.fetch(vernay.lucie)
        assert f'keyId="http://{NEW}/ap/instance#main-key"' in vernay.asked[-1][1]["signature"]

    def test_the_house_is_told_at_once_and_its_people_after(
        self, vernay, lucie, julien, follows, take_name, hears, work
    ):
        follows(lucie, julien)
        take_name()
        work()
        (move,) = letters(vernay, "Move")
        house = f"http://{OLD}/ap/instance"
        assert (move["actor"], move["object"], move["target"]) == (house, house, f"http://{NEW}/ap/instance")
        assert signer_of(vernay, move) == f"{house}#main-key"
        hears()
        work()
        (_, move) = letters(vernay, "Move")
        julien.refresh_from_db()
        assert (move["actor"], move["target"]) == (formerly(julien.uri), julien.uri)
        assert signer_of(vernay, move) == f"{formerly(julien.uri)}#main-key"

    def test_the_end_of_the_partnership_does_not(self, vernay, aubin, take_name, work):
        take_name()
        partnerships.revoke(Peer.objects.get(), "Adieu")
        work()
        (undo,) = letters(vernay, "Undo")
        assert undo["actor"] == f"http://{OLD}/ap/instance" and vernay.house in str(undo["object"])
        assert NEW not in str(undo)

    def test_who_is_no_preau_waits_for_nothing(self, vernay, lucie, julien, follows, take_name, work):
        Peer.objects.update(speaks_preau=False)
        follows(lucie, julien)
        take_name()
        work()
        (move,) = letters(vernay, "Move")
        assert move["actor"] == formerly(Actor.objects.get(pk=julien.pk).uri)
