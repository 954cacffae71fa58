"""What is kept of a device: only what can ring, and only for the token that asked."""

from base64 import b64encode

import pytest

from federation.errors import Forbidden, NotHere
from inbox import notifications, push, push_keys
from inbox.models import Push, PushSubscription
from inbox.push import ALERTS, Device
from tests.inbox.push_service import PushService, raw
from tests.inbox.pushing import EVERYTHING, carries, device_of, never_quiet, news, token_of


@pytest.fixture
def phone(service):
    return service.telephone()


OFF_THE_CURVE = push_keys.as_text(b"\x04" + b"\x01" * 64)
INFINITY = push_keys.as_text(b"\x00")


@pytest.mark.parametrize(
    "key", ["", "x", "é", OFF_THE_CURVE, INFINITY, "A" * 5000, "BAAA", "\x00" * 87, "A" * 87 + "B"]
)
def test_a_key_that_is_no_point_of_the_curve_is_refused(key, julien, phone):
    with pytest.raises(Forbidden, match="P-256"):
        push.subscribe(julien, token_of(julien), Device(phone.endpoint, key, phone.auth), EVERYTHING, "all")
    assert not PushSubscription.objects.exists()


def test_a_compressed_point_is_refused(julien, phone):
    short = push_keys.as_text(b"\x02" + raw(phone.p256dh)[1:33])
    with pytest.raises(Forbidden):
        push.subscribe(julien, token_of(julien), Device(phone.endpoint, short, phone.auth), EVERYTHING, "all")


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_secret_has_sixteen_bytes(size, julien, phone):
    device = Device(phone.endpoint, phone.p256dh, push_keys.as_text(b"x" * size))
    with pytest.raises(Forbidden, match="seize"):
        push.subscribe(julien, token_of(julien), device, EVERYTHING, "all")


@pytest.mark.parametrize("endpoint", ["", "push.example", "ftp://push.example/", "https://p.example/" + "é" * 1990])
def test_an_address_that_is_none_is_refused(endpoint, julien, phone):
    with pytest.raises(Forbidden):
        push.subscribe(julien, token_of(julien), Device(endpoint, phone.p256dh, phone.auth), EVERYTHING, "all")


def test_outside_development_a_loopback_address_is_refused(julien, phone, settings):
    settings.DEVELOPMENT = settings.ALLOW_PRIVATE = False
    with pytest.raises(Forbidden):
        carries(julien, phone)


def test_a_rule_that_is_none_is_refused(julien, phone):
    token = token_of(julien)
    with pytest.raises(Forbidden):
        push.subscribe(julien, token, device_of(phone), EVERYTHING, "everyone")
    push.subscribe(julien, token, device_of(phone), EVERYTHING, "all")
    with pytest.raises(Forbidden):
        push.change(token, policy="")


def test_a_token_without_a_device_has_none(julien, telephone):
    other = token_of(julien)
    for deed in (push.read, push.change):
        with pytest.raises(NotHere):
            deed(other)
    push.unsubscribe(other)
    assert PushSubscription.objects.count() == 1


def test_a_token_has_one_device_and_its_own(julien, helene, service):
    token, first, second = token_of(julien), service.telephone(), service.telephone(standard=False)
    one = push.subscribe(julien, token, device_of(first), {"mention": True}, "followed")
    carries(helene, service.telephone())
    two = push.subscribe(julien, token, device_of(second), {"follow": True, "unknown": True}, "all")
    assert one.pk == two.pk and push.read(token).endpoint == second.endpoint and not push.read(token).standard
    assert push.read(token).alerts == dict.fromkeys(ALERTS, False) | {"follow": True}
    assert PushSubscription.objects.count() == 2


def test_two_people_who_share_a_telephone_keep_it_both(julien, helene, phone):
    carries(julien, phone)
    carries(helene, phone)
    assert PushSubscription.objects.filter(endpoint=phone.endpoint).count() == 2


def test_what_is_changed_is_changed_and_nothing_else(julien, phone):
    token = carries(julien, phone, {"mention": True}, "followed").token
    assert push.change(token, policy="none").alerts["mention"]
    changed = push.change(token, alerts={"poll": True})
    assert (changed.policy, changed.alerts["mention"], changed.alerts["poll"]) == ("none", False, True)


def test_with_a_device_goes_what_was_owed_to_it(julien, helene, phone):
    token = carries(julien, phone).token
    notifications.tell_all([news(julien, helene, "follow")])
    assert Push.objects.count() == 1
    push.unsubscribe(token)
    assert not Push.objects.exists() and not PushSubscription.objects.exists()


def test_a_reader_has_so_many_devices_and_no_more(julien, service):
    first = carries(julien, service.telephone())
    for _ in range(push.MOST):
        carries(julien, service.telephone())
    assert PushSubscription.objects.count() == push.MOST
    assert not PushSubscription.objects.filter(pk=first.pk).exists()


def test_keys_are_read_as_clients_write_them(julien, service, phone):
    padded = Device(phone.endpoint, b64encode(raw(phone.p256dh)).decode(), phone.auth + "==")
    kept = push.subscribe(julien, token_of(julien), padded, EVERYTHING, "all")
    assert (kept.p256dh, kept.auth) == (phone.p256dh, phone.auth)


# --- The key of the house ---


def test_the_key_of_the_house_is_made_of_its_secret(settings):
    before = push_keys.public_key()
    assert before == push_keys.public_key() and len(before) == 87 and raw(before)[0] == 4
    settings.KEYS_SECRET = "another" + settings.KEYS_SECRET[7:]
    assert push_keys.public_key() != before


def test_the_key_is_not_the_secret_that_seals_others(settings):
    secret = raw(settings.KEYS_SECRET)
    private = push_keys.private_key().private_numbers().private_value.to_bytes(32, "big")
    assert private not in (secret, secret[:32]) and secret[:16] not in private


def test_a_service_believes_nobody_else(julien, helene, aubin, work, settings):
    """The service of these tests can tell: under another secret, a house is another one."""
    found = PushService(push_keys.public_key())
    carries(julien, found.telephone())
    settings.KEYS_SECRET = "Z" * 43 + "="
    notifications.tell_all([news(julien, helene, "follow")])
    Push.objects.update(due_at="2026-01-01T00:00Z")
    never_quiet(aubin)
    work()
    found.stop()
    assert found.refused == ["another key than the device was subscribed with"]
