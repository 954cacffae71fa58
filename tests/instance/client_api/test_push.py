"""The push subscription of a token, as clients ask for it."""

import json
from urllib.parse import urlencode

import pytest
from django.conf import settings
from mastodon import Mastodon

from inbox import notifications, push_keys, quiet
from inbox.models import Push, PushSubscription
from inbox.push import ALERTS
from instance import applications
from tests.inbox.push_service import PushService

AT = "/api/v1/push/subscription"


@pytest.fixture
def service(aubin):
    quiet.decide(aubin, quiet.NEVER)
    found = PushService(push_keys.public_key())
    yield found
    found.stop()
    assert found.refused == []


@pytest.fixture
def phone(service):
    return service.telephone(standard=False)


def flat(phone, **more):
    return {
        "subscription[endpoint]": phone.endpoint,
        "subscription[keys][p256dh]": phone.p256dh,
        "subscription[keys][auth]": phone.auth,
        **more,
    }


def nested(phone, **data):
    keys = {"p256dh": phone.p256dh, "auth": phone.auth}
    return {"subscription": {"endpoint": phone.endpoint, "keys": keys, "standard": phone.standard}, "data": data}


def send(api, body, method="post"):
    return getattr(api, method)(AT, json.dumps(body), content_type="application/json")


# --- Refusals ---


def test_without_a_token_or_with_another_scope_there_is_none(client, api, julien):
    for method in ("get", "post", "put", "delete"):
        assert getattr(client, method)(AT).status_code == 401
        assert getattr(api(julien, "read write follow"), method)(AT).status_code == 403


def test_an_application_alone_has_no_device(api, phone):
    assert api(None).post(AT, flat(phone)).status_code == 403


def test_who_has_none_is_told_so(api, julien):
    for method in ("get", "put"):
        answer = getattr(api(julien), method)(AT)
        assert answer.status_code == 404 and "error" in answer.json()
    assert api(julien).delete(AT).json() == {}


def test_the_device_of_another_token_is_not_shown_nor_changed(api, julien, helene, phone):
    api(julien).post(AT, flat(phone, **{"data[alerts][mention]": "true"}))
    for other in (api(helene), api(julien, "push")):
        assert other.get(AT).status_code == 404
        assert other.put(f"{AT}?data[policy]=none").status_code == 404
        other.delete(AT)
    assert PushSubscription.objects.get().policy == "all"


@pytest.mark.parametrize(
    "wrong",
    [
        {"subscription[endpoint]": ""},
        {"subscription[endpoint]": "javascript:alert(1)"},
        {"subscription[endpoint]": "https://push.example/" + "a" * 2000},
        {"subscription[endpoint]": "https://push.example/\0"},
        {"subscription[endpoint][x]": "https://push.example/"},
        {"subscription[keys][p256dh]": "AAAA"},
        {"subscription[keys][p256dh]": "é"},
        {"subscription[keys][auth]": "AAAA"},
        {"subscription[keys]": "AAAA"},
        {"subscription": "AAAA"},
        {"data[policy]": "everyone"},
    ],
)
def test_what_is_no_device_is_refused_in_words(wrong, api, julien, phone):
    given = flat(phone)
    if "subscription" in wrong or "subscription[keys]" in wrong:
        given = {"subscription[endpoint]": phone.endpoint}
    answer = api(julien).post(AT, given | wrong)
    assert answer.status_code == 422 and answer.json()["error"]
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [{}, [], {"subscription": []}, {"subscription": {"keys": 1, "endpoint": 2}}, {"data": {"alerts": [1]}},
     {"subscription": None, "data": None},
     {"subscription": {"endpoint": {"a": 1}, "keys": {"p256dh": [], "auth": {}}}}],
)  # fmt: skip
def test_odd_forms_are_refused_like_others(odd, api, julien):
    assert send(api(julien), odd).status_code == 422
    assert send(api(julien), odd, "put").status_code == 404


def test_outside_development_only_named_https_services_are_taken(api, julien, phone, settings):
    client = api(julien)
    settings.DEVELOPMENT = settings.ALLOW_PRIVATE = False
    for endpoint in (phone.endpoint, "https://127.0.0.1/x", "https://localhost/x", "https://169.254.169.254/x"):
        answer = client.post(AT, flat(phone) | {"subscription[endpoint]": endpoint})
        assert answer.status_code == 422, endpoint
    answer = client.post(AT, flat(phone) | {"subscription[endpoint]": "https://fcm.googleapis.com/fcm/send/x:y"})
    assert answer.status_code == 200 and answer.json()["endpoint"] == "https://fcm.googleapis.com/fcm/send/x:y"


# --- What clients do ---


def test_a_device_is_kept_and_shown(api, client, julien, phone):
    answer = api(julien).post(AT, flat(phone, **{"data[alerts][mention]": "true", "data[policy]": "followed"}))
    row = PushSubscription.objects.get()
    assert answer.json() == {
        "id": str(row.pk),
        "endpoint": phone.endpoint,
        "standard": False,
        "alerts": dict.fromkeys(ALERTS, False) | {"mention": True},
        "policy": "followed",
        "server_key": push_keys.public_key(),
    }


def test_the_key_of_the_house_is_the_same_wherever_it_is_told(api, client, julien, phone):
    """Phanpy compares them."""
    subscribed = api(julien).post(AT, flat(phone)).json()["server_key"]
    instance = client.get("/api/v2/instance").json()["configuration"]["vapid"]["public_key"]
    introduced = client.post("/api/v1/apps", {"client_name": "Phanpy", "redirect_uris": "https://phanpy.test/"}).json()
    assert subscribed == instance == introduced["vapid_key"] == push_keys.public_key()


@pytest.mark.parametrize("form", ["json", "form", "multipart", "query"])
def test_every_form_in_which_clients_ask_is_read(form, api, julien, phone):
    client, given = api(julien), flat(phone, **{"subscription[standard]": "1", "data[alerts][poll]": "on"})
    phone.standard = True
    if form == "json":
        answer = send(client, nested(phone, alerts={"poll": True, "follow": False}))
    elif form == "query":
        answer = client.post(AT, query_params=given)
    else:
        answer = client.post(AT, given) if form == "multipart" else post_form(client, given)
    assert answer.json()["standard"] is True
    assert answer.json()["alerts"] == dict.fromkeys(ALERTS, False) | {"poll": True}


def post_form(client, given, method="post"):
    return getattr(client, method)(AT, urlencode(given), content_type="application/x-www-form-urlencoded")


def test_alerts_and_policy_are_changed_and_the_device_stays(api, julien, phone):
    client = api(julien)
    client.post(AT, flat(phone, **{"data[alerts][mention]": "true"}))
    changed = post_form(client, {"data[alerts][reblog]": "true"}, "put").json()
    assert changed["alerts"]["reblog"] and not changed["alerts"]["mention"] and changed["policy"] == "all"
    changed = send(client, {"policy": "none"}, "put").json()
    assert changed["policy"] == "none" and changed["alerts"]["reblog"]
    assert client.get(AT).json() == changed


def test_a_device_is_given_up(api, julien, phone):
    client = api(julien)
    client.post(AT, flat(phone))
    assert client.delete(AT).json() == {}
    assert client.get(AT).status_code == 404


def test_a_device_goes_with_its_application(api, julien, helene, phone, service, work):
    client = api(julien)
    client.post(AT, flat(phone, **{"data[alerts][follow]": "true"}))
    notifications.tell(julien, helene, "follow")
    applications.end(julien.agent)
    assert not PushSubscription.objects.exists() and not Push.objects.exists()
    work()
    assert service.asked == []


def test_a_client_of_the_field_opens_what_it_is_sent(api, julien, helene, service, work):
    """Mastodon.py makes the keys, and opens the message."""
    theirs = Mastodon(api_base_url=settings.ORIGIN, access_token="x", version_check_mode="none")
    private, public = theirs.push_subscription_generate_keys()
    phone = service.telephone(standard=False)
    service.answers[phone.endpoint.removeprefix(service.origin)] = (201, {})
    keys = {"p256dh": push_keys.as_text(public["pubkey"]), "auth": push_keys.as_text(public["auth"])}
    said = {"subscription": {"endpoint": phone.endpoint, "keys": keys}, "data": {"alerts": {"follow": True}}}
    assert send(api(julien), said).status_code == 200
    notifications.tell(julien, helene, "follow")
    work()
    _path, headers, body = service.asked[0]
    opened = theirs.push_subscription_decrypt_push(body, private, headers["encryption"], headers["crypto-key"])
    assert opened["title"] == "Hélène Vasseur vous suit" and opened["notification_type"] == "follow"
