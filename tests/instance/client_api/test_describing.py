"""The published description of the API says what its routes are, and what they read."""

from django.core.management import call_command

from instance.client_api import describing
from instance.client_api.asked_for import asked_by
from instance.client_api.door import PUBLIC
from instance.management.commands import openapi

BY_NAME = {each.name: each for each in describing.operations()}


def test_what_is_published_is_what_the_routes_say():
    said = "docs/api/openapi.json is of other routes: write it anew with `python manage.py openapi`"
    assert openapi.PUBLISHED.read_bytes() == openapi.written(), said


def test_each_operation_has_a_name_of_its_own_and_says_what_it_needs():
    described = [each for path in describing.description()["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in described}) == len(described) == len(BY_NAME)
    for each in described:
        scope = BY_NAME[each["operationId"]].view.scope
        assert each["security"] == [{}] if scope == PUBLIC else {"agent": [scope]} in each["security"]


def test_what_is_passed_on_within_the_api_is_followed():
    """To another function, through a word that it is given, into a form, and through a list of names."""
    status = asked_by(BY_NAME["post_v1_statuses"].view)
    assert status["visibility"].words == ["public", "unlisted", "private", "direct"]
    assert status["poll"].parts == {"options", "expires_in", "multiple", "hide_totals"}
    assert {"client_name", "redirect_uris", "scopes", "website"} == set(asked_by(BY_NAME["post_v1_apps"].view))
    assert asked_by(BY_NAME["post_v1_markers"].view)["home"].parts == {"last_read_id"}
    assert asked_by(BY_NAME["post_v1_accounts_pk_mute"].view)["duration"].kind == "integer"
    assert {"exclude_replies", "pinned"} < set(asked_by(BY_NAME["get_v1_accounts_pk_statuses"].view))


def test_it_can_be_written_elsewhere(tmp_path, capsys):
    call_command("openapi", to=tmp_path / "api" / "openapi.json")
    assert (tmp_path / "api" / "openapi.json").read_bytes() == openapi.written()
    assert f"{len(BY_NAME)} operations" in capsys.readouterr().out
