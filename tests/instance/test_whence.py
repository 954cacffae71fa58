"""Where a request comes from is believed of a proxy of this machine, and of those that the settings name."""

import pytest
from django.test import RequestFactory

from instance import proxies
from instance.whence import address_of


@pytest.mark.parametrize(
    ("known", "by", "said", "found"),
    [
        ("", "203.0.113.9", "192.0.2.1", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.2", "192.0.2.1", "10.0.0.2"),
        ("10.0.0.1", "unix:", "192.0.2.1", "unix:"),
        ("", "127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.1", "198.51.100.7, 192.0.2.1", "192.0.2.1"),
        ("fd00::/8, 10.0.0.0/24", "10.0.0.77", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_one_cannot_say_where_one_comes_from_but_through_a_proxy_that_is_believed(settings, known, by, said, found):
    settings.PROXIES = proxies.read(known)
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=by, HTTP_X_FORWARDED_FOR=said)) == found
