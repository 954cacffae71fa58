"""Editing one's profile and preferences from an application, whatever form it sends."""

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.instance.web.conftest import picture

PATH = "/api/v1/accounts/update_credentials"


@pytest.fixture
def phone(api, julien):
    return api(julien)


def urlencoded(phone, said):
    return phone.patch(PATH, said, content_type="application/x-www-form-urlencoded")


def json(phone, **said):
    return phone.patch(PATH, said, content_type="application/json")


def multipart(phone, **said):
    return phone.patch(PATH, encode_multipart(BOUNDARY, said), content_type=MULTIPART_CONTENT)


def test_a_verified_name_is_not_changed_and_said_so(phone, julien):
    answer = json(phone, display_name="Le Maire", note="Moi")
    assert answer.status_code == 422 and "vérifié" in answer.json()["error"]
    julien.refresh_from_db()
    assert (julien.name, julien.summary) == ("Julien Mercier", "")
    assert json(phone, display_name="Julien Mercier").status_code == 200


def test_too_much_or_nonsense_is_refused_and_changes_nothing(phone, julien):
    assert json(phone, note="x" * 2_001).status_code == 422
    assert json(phone, fields_attributes=[{"name": "a", "value": "b"}] * 9).status_code == 422
    assert json(phone, note="Moi", source={"privacy": "everyone"}).status_code == 422
    assert json(phone, source={"language": "klingon!"}).status_code == 422
    assert multipart(phone, avatar=picture(kind="PNG", size=(3, 3)), note="x" * 2_001).status_code == 422
    assert json(phone, fields_attributes=[{"name": "a\0", "value": "b"}]).status_code == 422
    julien.refresh_from_db()
    assert (julien.summary, julien.fields, julien.avatar.name) == ("", [], "")


def test_lines_come_as_a_list_or_as_a_map_of_numbers(phone, julien):
    said = json(phone, fields_attributes=[{"name": "Site", "value": "https://saint-aubin.fr"}]).json()
    assert said["source"]["fields"] == [{"name": "Site", "value": "https://saint-aubin.fr", "verified_at": None}]
    assert said["fields"][-1]["value"].startswith("<a href=")
    said = json(phone, fields_attributes={"1": {"name": "B", "value": "2"}, "0": {"name": "A", "value": "1"}}).json()
    assert [each["name"] for each in said["source"]["fields"]] == ["A", "B"]
    sent = "fields_attributes[0][name]=C&fields_attributes[0][value]=3"
    sent += "&fields_attributes[1][name]=&fields_attributes[1][value]="
    assert [each["name"] for each in urlencoded(phone, sent).json()["source"]["fields"]] == ["C"]
    said = multipart(phone, **{"fields_attributes[0][name]": "D", "fields_attributes[0][value]": "4"}).json()
    assert [each["value"] for each in said["source"]["fields"]] == ["4"]


def test_what_is_not_said_stays(phone, julien):
    json(phone, note="Vingt ans de <serres>.", locked=True, fields_attributes=[{"name": "A", "value": "1"}])
    said = urlencoded(phone, "discoverable=false").json()
    assert said["note"] == "<p>Vingt ans de &lt;serres&gt;.</p>" and said["source"]["note"] == "Vingt ans de <serres>."
    assert (said["locked"], said["discoverable"], len(said["source"]["fields"])) == (True, False, 1)
    julien.refresh_from_db()
    assert julien.occupation == "Jardinier"


def test_a_portrait_is_sent_and_removed_and_a_header_is_the_house_s(phone, julien):
    said = multipart(phone, avatar=picture(), header=picture()).json()
    julien.refresh_from_db()
    drawn, header = said["avatar"], said["header"]
    assert julien.avatar and header == phone.get("/api/v1/accounts/verify_credentials").json()["header"]
    assert multipart(phone, avatar=b"not a file").status_code == 200
    assert phone.delete("/api/v1/profile/header").json()["avatar"].partition("?")[0] == drawn.partition("?")[0]
    phone.delete("/api/v1/profile/avatar")
    julien.refresh_from_db()
    assert not julien.avatar


def test_neighbours_are_told_of_a_profile_and_not_of_preferences(phone, vernay, work):
    json(phone, source={"sensitive": True})
    work()
    assert vernay.received == []
    json(phone, note="Bonjour")
    work()
    assert [body["type"] for _path, _headers, body in vernay.received] == ["Update"]


def test_a_client_s_preference_never_widens_what_public_means(phone, julien):
    agent = julien.agent
    json(phone, source={"privacy": "public"})
    agent.refresh_from_db()
    assert agent.app_audience == "organisation"
    said = json(phone, source={"privacy": "private", "sensitive": "true", "language": "br"}).json()["source"]
    assert (said["privacy"], said["sensitive"], said["language"]) == ("private", True, "br")
    assert phone.get("/api/v1/preferences").json() == {
        "posting:default:visibility": "private",
        "posting:default:sensitive": True,
        "posting:default:language": "br",
        "posting:default:quote_policy": "nobody",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }
    json(phone, source={"privacy": "unlisted"})
    agent.refresh_from_db()
    assert agent.app_audience == "organisation"
