"""What monitoring asks is answered, and tells nobody more than it must."""

import pytest
from django.db import connection
from django.db.utils import OperationalError


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
