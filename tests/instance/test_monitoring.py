"""What monitoring asks is answered, and tells nobody more than it must."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.utils.timezone import now

from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.instance.broken_houses import owe


@pytest.mark.django_db
class TestHealth:
    def test_a_house_that_serves_says_so_in_one_question(self, client, django_assert_num_queries):
        with django_assert_num_queries(1):
            answer = client.get("/health")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "secure": False})

    def test_it_says_whether_one_came_by_https(self, client):
        assert client.get("/health", headers={"x-forwarded-proto": "https"}).json()["secure"] is True

    def test_a_house_without_its_database_says_no_more_than_that(self, client, monkeypatch):
        def refuse():
            raise OperationalError("password authentication failed for user preau")

        monkeypatch.setattr(connection, "ensure_connection", refuse)
        monkeypatch.setattr(connection, "cursor", refuse)
        answer = client.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "secure": False})

    def test_a_house_under_maintenance_says_when_to_ask_again(self, client, settings, tmp_path):
        settings.MAINTENANCE = tmp_path / "maintenance"
        settings.MAINTENANCE.touch()
        answer = client.get("/health")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
        assert answer.headers["content-type"] == "application/json"


def read(answer):
    """By name with its labels, the value of each sample; every family is described."""
    lines = answer.content.decode().splitlines()
    samples = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    described = {line.split(" ")[2] for line in lines if line.startswith("# TYPE")}
    bare = {re.sub(r"(_bucket|_sum|_count)$", "", name.partition("{")[0]) for name in samples}
    assert bare <= described and len(described) == len({line for line in lines if line.startswith("# HELP")})
    return {name: float(value) for name, value in samples.items()}


@pytest.fixture
def counted(settings, tmp_path):
    settings.TALLIES = tmp_path / "tallies"


@pytest.mark.usefixtures("counted")
class TestMetrics:
    def test_what_waits_and_what_was_given_up(self, client, vernay, aubin):
        owe(vernay, state_since=now() - timedelta(hours=1))
        owe(vernay, state="abandoned")
        found = read(client.get("/metrics"))
        assert found["preau_deliveries_waiting"] == found["preau_deliveries_abandoned"] == 1
        assert 3600 <= found["preau_deliveries_oldest_seconds"] < 3700
        assert found['preau_peers{state="active"}'] == 1
        assert (found["preau_receipts_waiting"], found["preau_receipts_oldest_seconds"]) == (0, 0)

    def test_letters_that_come_and_go_are_counted(
        self, client, vernay, stranger, lucie, julien, arrives, follows, work
    ):
        follows(lucie, julien)
        publishing.publish(julien, Draft("Bonjour"), Reach("partners"))
        work()
        assert arrives(vernay, vernay.activity("Like", vernay.lucie, "https://nowhere.example/1")) == "ignored"
        assert arrives(stranger, stranger.activity("Like", stranger.mallory, "https://nowhere.example/1")) == 403
        found = read(client.get("/metrics"))
        assert found['preau_attempts_total{result="taken"}'] >= 1
        assert found["preau_letters_total"] == 1
        assert found['preau_refusals_total{rule="UnknownPeer"}'] == 1

    def test_how_long_answers_take_by_face_and_never_by_address(self, client, julien, sign_in):
        for path in ("/api/v1/instance", "/ap/instance", "/aide/"):
            client.get(path)
        answer = client.get("/metrics")
        found = read(answer)
        for face in ("applications", "letters", "pages"):
            assert found[f'preau_request_seconds_count{{face="{face}"}}'] == 1
            assert found[f'preau_request_seconds_bucket{{face="{face}",le="+Inf"}}'] == 1
            assert 0 < found[f'preau_request_seconds_sum{{face="{face}"}}'] < 10
        assert "aide" not in answer.content.decode()

    def test_a_fault_is_counted(self, client, db, settings, tmp_path):
        settings.MAINTENANCE = tmp_path / "maintenance"
        settings.MAINTENANCE.touch()
        client.get("/aide/")
        settings.MAINTENANCE.unlink()
        assert read(client.get("/metrics"))['preau_faults_total{face="pages"}'] == 1

    def test_the_page_for_admins_explains_each_figure(self, client, db):
        explained = (Path(__file__).parents[2] / "docs" / "operations" / "surveiller.md").read_text()
        client.get("/aide/")
        families = re.findall(r"# TYPE (\w+)", client.get("/metrics").content.decode())
        assert len(families) > 10
        assert [name for name in families if f"`{name}" not in explained] == []

    def test_they_are_asked_for_by_the_address_of_the_machine(self, db):
        """As Prometheus does. Everything else is asked for by name."""
        by_address = Client(headers={"host": "127.0.0.1:8000"})
        assert read(by_address.get("/metrics"))["preau_maintenance"] == 0
        through_the_proxy = {"x-forwarded-for": "192.0.2.7"}
        assert by_address.get("/metrics", headers=through_the_proxy).status_code == 400
        assert [by_address.get(path).status_code for path in ("/health", "/aide/")] == [400, 400]
        assert by_address.post("/metrics").status_code == 400

    def test_they_tell_of_a_maintenance_and_not_without_a_database(self, client, db, settings, tmp_path, monkeypatch):
        settings.MAINTENANCE = tmp_path / "maintenance"
        settings.MAINTENANCE.touch()
        assert read(client.get("/metrics"))["preau_maintenance"] == 1

        def refuse():
            raise OperationalError("no")

        with monkeypatch.context() as away:
            away.setattr(connection, "cursor", refuse)
            assert client.get("/metrics").status_code == 503

    def test_nobody_is_named(self, client, julien, vernay, lucie, follows):
        follows(lucie, julien)
        owe(vernay)
        said = client.get("/metrics").content.decode().lower()
        assert not [each for each in ("julien", "lucie", vernay.host, "vernay", julien.ulid) if each.lower() in said]

    @pytest.mark.parametrize(
        ("token", "headers", "address", "status"),
        [
            ("", {}, "127.0.0.1", 200),
            ("", {}, "192.0.2.7", 404),
            ("", {"x-forwarded-for": "127.0.0.1"}, "127.0.0.1", 404),
            ("", {"x-forwarded-proto": "https"}, "127.0.0.1", 404),
            ("", {"authorization": "Bearer "}, "192.0.2.7", 404),
            ("t" * 24, {}, "127.0.0.1", 404),
            ("t" * 24, {"authorization": "Bearer é"}, "127.0.0.1", 404),
            ("t" * 24, {"authorization": "Bearer " + "t" * 24}, "192.0.2.7", 200),
        ],
    )
    def test_they_are_for_monitoring_only(self, client, db, settings, token, headers, address, status):
        settings.METRICS_TOKEN = token
        assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status
