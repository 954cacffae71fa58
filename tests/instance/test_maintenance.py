"""While an admin works on the instance nobody comes in: people read a page, machines are told to come again."""

import json

import pytest
from django.core.management import call_command

from inbox.models import Receipt
from instance import maintenance
from instance.management.commands.maintenance import Command
from tests.towns import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    maintenance.turn_on()
    yield
    maintenance.turn_off()


def test_a_person_reads_a_french_page_and_when_to_come_again(closed, client, julien, sign_in):
    for address in ("/", "/connexion/", "/personnes/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
        assert "en maintenance" in answer.content.decode()
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    "address", ["/api/v1/timelines/home", "/.well-known/webfinger", "/nodeinfo/2.0", "/ap/instance"]
)
def test_a_machine_is_told_so_as_json(closed, client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    assert "maintenance" in json.loads(answer.content)["error"]


def test_a_letter_of_a_partner_is_not_taken_and_taken_when_it_comes_again(vernay, lucie, julien, client):
    letter = vernay.create(vernay.lucie, [julien.uri])
    maintenance.turn_on()
    try:
        assert vernay.post(client, letter).status_code == 503
        assert not Receipt.objects.exists()
    finally:
        maintenance.turn_off()
    assert vernay.post(client, letter).status_code == 202


def test_commands_work_and_say_what_to_type_next(closed, capsys):
    call_command("maintenance")
    call_command("queue")
    assert "preau maintenance off" in capsys.readouterr().out


def test_it_is_turned_on_and_off_by_a_command(capsys, settings):
    call_command("maintenance", "on")
    assert maintenance.is_on()
    assert settings.MAINTENANCE.stat().st_mode & 0o007 == 0
    call_command("maintenance", "off")
    assert not maintenance.is_on()
    assert "Ouverte" in capsys.readouterr().out
    assert Command.requires_system_checks == []  # it must work whatever is broken


@pytest.mark.slow
def test_every_process_of_a_running_instance_sees_it_at_once(tmp_path):
    with Town("saint-aubin", tmp_path) as town:
        town.manage("maintenance", "on")
        assert [town.call("GET", path)[0] for path in ("/", "/ap/instance", "/api/v1/instance")] == [503] * 3
        assert town.call("GET", "/api/v1/streaming/user")[0] == 503
        assert town.call("GET", "/static/css/preau.css")[0] == 200  # the page needs it
        town.manage("maintenance", "off")
        assert town.call("GET", "/ap/instance")[0] != 503
