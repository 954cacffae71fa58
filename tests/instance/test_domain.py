"""`preau domain`: which names this instance has, and who does not know the present one."""

import pytest
from django.core.management import CommandError, call_command

from federation.models import Delivery, Peer
from tests.actors.moving.conftest import hears, take_name  # noqa: F401  fixtures
from tests.actors.moving.telling import NEW, OLD
from tests.actors.talking import letters

pytestmark = pytest.mark.django_db


def said(capsys, *words):
    call_command("domain", *words)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("name", "why"), [("rsi.é..fr", "ne peut pas être"), (OLD, "ne peut pas être")])
def test_a_name_that_cannot_be_taken_is_refused_with_a_sentence(aubin, name, why):
    with pytest.raises(CommandError, match=why):
        call_command("domain", "check", name)


def test_nor_one_that_another_house_has(aubin, vernay):
    with pytest.raises(CommandError, match="autre collectivité"):
        call_command("domain", "check", vernay.host)
    call_command("domain", "check", "rsi.libre.example")


def test_who_waits_is_shown_and_may_be_told_again(aubin, vernay, take_name, hears, work, capsys):  # noqa: F811
    assert said(capsys) == [f"{OLD}\tpresent"]
    with pytest.raises(CommandError, match="n’attend rien"):
        call_command("domain", "tell", vernay.host)
    take_name()
    assert said(capsys, "list") == [f"{NEW}\tpresent", f"{OLD}\tformer", f"{vernay.host}\twaits\t{OLD}"]
    work()
    said(capsys, "tell", vernay.host)
    work()
    assert [each["actor"] for each in letters(vernay, "Move")] == [f"http://{OLD}/ap/instance"] * 2
    hears()
    assert said(capsys) == [f"{NEW}\tpresent", f"{OLD}\tformer"]


def test_an_admin_who_knows_better_has_what_waits_leave(aubin, vernay, take_name, capsys):  # noqa: F811
    take_name()
    said(capsys, "heard", vernay.host)
    assert Peer.objects.get(host=vernay.host).knows_us_as == ""
    assert not Delivery.objects.filter(state="abandoned").exists()


def test_to_take_it_twice_is_to_take_it_once(aubin, take_name, capsys):  # noqa: F811
    take_name()
    assert said(capsys, "take") == [f"0 comptes portent le nom {NEW}."]
