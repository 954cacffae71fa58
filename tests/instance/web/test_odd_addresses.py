"""Whatever stands in an address or a form, the house answers, and never with a fault of its own (rows 56, 101, 102)."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import get_resolver

pytestmark = pytest.mark.django_db
PLACES = re.compile(r"<[^>]+>")
ODD = ("x%00y", "é", "..", "lucie@127.0.0.1:1%00", "x" * 600, "0" * 26, "%F0%9F%92%A9", "9" * 24, "' OR 1=1 --")
NAMES = ("q", "avant", "page", "next", "onglet", "audience", "source", "title", "name", "login", "password", "to")


def routes(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, prefix + str(pattern.pattern))
        else:
            yield f"/{prefix}{pattern.pattern}"


ROUTES = sorted(set(routes(get_resolver())))


def test_every_address_survives_whatever_stands_in_it(julien, client, sign_in):
    signed_in, faults = sign_in(julien), []
    for browser in (signed_in, client):
        browser.raise_request_exception = False
        for route in ROUTES:
            for odd in ODD if "<" in route else ODD[:1]:
                answer = browser.get(PLACES.sub(odd, route))
                faults += [(route, odd)] if answer.status_code >= 500 else []
    assert faults == []


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "9999", "x"])
def test_a_moment_before_or_after_all_years_begins_the_page_anew(julien, sign_in, moment):
    assert sign_in(julien).get(f"/notifications/?avant={moment}").status_code == 200


@pytest.mark.row(101)
@pytest.mark.parametrize("value", ["\0", "x" * 100_000, "\ud800"], ids=["NUL", "long", "half a character"])
def test_every_address_survives_whatever_it_is_asked(julien, sign_in, value):
    browser, faults = sign_in(julien), []
    browser.raise_request_exception = False
    form = urlencode(dict.fromkeys(NAMES, value), errors="surrogatepass")
    for path in {PLACES.sub("1", route) for route in ROUTES} - {"/deconnexion/"}:
        asked = browser.get(f"{path}?{form[:4_000]}")
        posted = browser.post(path, form, content_type="application/x-www-form-urlencoded")
        faults += [path for answer in (asked, posted) if answer.status_code >= 500]
    assert faults == []
