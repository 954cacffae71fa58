"""The one door out: who may be asked, where, and what we say of ourselves."""

import asyncio

import pytest

from federation import http
from federation.errors import GiveUp, Held, Malformed, NotFetched, TryLater, UnknownPeer
from federation.http import Answer
from federation.knock import Knock
from federation.lanes import Letter
from federation.models import Peer
from federation.verification import claim_of
from tests.federation.hostile import AS2, document, post_many, reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(monkeypatch):
    """A canary in the resolver: the names that were looked up."""
    asked, real = [], asyncio.BaseEventLoop.getaddrinfo

    async def getaddrinfo(self, host, *args, **kwargs):
        asked.append(host)
        return await real(self, host, *args, **kwargs)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_a_document_is_fetched_signed_by_the_house(martel, key):
    martel.pages["/a"] = reply(body=document(martel, "/a", content="été"))
    assert http.get_document(f"{martel.origin}/a", signer_key=key)["content"] == "été"
    method, path, headers, body = martel.asked[-1]
    claim = claim_of(Knock(method, path, headers, body, martel.host))
    assert claim.key_uri == key.uri
    claim.check(key.public_pem)


def test_we_say_who_we_are_and_carry_nothing_else(martel, settings, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    martel.pages["/a"] = reply(body=b"x", Set_Cookie="followed=1")
    for _ in range(2):
        assert http.get(f"{martel.origin}/a", accept="text/plain").body == b"x"
    _, _, headers, _ = martel.asked[-1]
    assert headers == {
        "host": martel.host,
        "accept": "text/plain",
        "accept-encoding": "identity",
        "user-agent": f"Preau/{settings.VERSION} (+{settings.ORIGIN}/)",
    }


def test_whatever_the_status_an_answer_is_an_answer(martel):
    answer = http.get(f"{martel.origin}/nothing", accept="*/*")
    assert answer == Answer(404, answer.headers, b"", f"{martel.origin}/nothing")
    assert answer.headers["content-type"] == AS2


def test_the_same_connection_serves_again(martel):
    martel.pages["/a"] = reply(body=b"x")
    for _ in range(5):
        http.get(f"{martel.origin}/a", accept="*/*")
    assert len(martel.connections) == 1


# --- Who may be asked, and where ---


@pytest.mark.parametrize("call", ["get", "get_document", "post", "carry"])
def test_row_32_a_house_that_is_not_listed_is_not_even_looked_up(names, call, key):
    url = "http://stranger.localhost:1/inbox"
    refused = {
        "get": lambda: http.get(url, accept="*/*"),
        "get_document": lambda: http.get_document(url),
        "post": lambda: http.post(url, b"", {}),
    }
    if call == "carry":
        (answer,) = post_many([Letter(1, url, b"", key)])
        assert isinstance(answer, Held)
    else:
        with pytest.raises(UnknownPeer):
            refused[call]()
    assert names == []


def test_the_canary_sings(names, martel):
    """A listed name is looked up: the silence above means something."""
    port = martel.host.partition(":")[2]
    Peer.objects.create(host=f"martel.localhost:{port}", state="active")
    assert http.get(f"http://martel.localhost:{port}/a", accept="*/*").status == 404
    assert names == ["127.0.0.1"]
    assert martel.asked[-1][2]["host"] == f"martel.localhost:{port}"


def test_a_suspended_house_is_not_called(martel):
    Peer.objects.update(state="suspended")
    with pytest.raises(UnknownPeer):
        http.get(f"{martel.origin}/a", accept="*/*")
    assert martel.asked == []


@pytest.mark.parametrize(
    "url", ["http://martel.example\\@evil.example/", "ftp://martel.example/", "", "//x", "http://a b/"]
)
def test_row_33_what_is_no_web_address_is_not_called(url, key):
    with pytest.raises(Malformed):
        http.get(url, accept="*/*")
    (answer,) = post_many([Letter(1, url, b"", key)])
    assert isinstance(answer, GiveUp)


@pytest.mark.parametrize("name", ["127.0.0.1", "martel.localhost"])
def test_row_26_a_private_address_is_not_called_outside_development(martel, settings, name, key):
    """Neither in the URL itself nor behind a name, even of a listed house."""
    settings.ALLOW_PRIVATE = False
    host = martel.host.replace("127.0.0.1", name)
    Peer.objects.get_or_create(host=host, state="active")
    with pytest.raises(NotFetched, match="not a public address"):
        http.get(f"http://{host}/a", accept="*/*")
    (answer,) = post_many([Letter(1, f"http://{host}/inbox", b"", key)])
    assert isinstance(answer, TryLater)
    assert martel.connections == set()


def test_plain_http_is_for_development_only(martel, settings):
    settings.DEVELOPMENT = False
    with pytest.raises(Malformed):
        http.get(f"{martel.origin}/a", accept="*/*")
    assert martel.asked == []


def test_a_house_that_is_away_is_told_apart(martel):
    martel.stop()
    with pytest.raises(NotFetched):
        http.get(f"{martel.origin}/a", accept="*/*")
    with pytest.raises(TryLater):
        http.post(f"{martel.origin}/inbox", b"", {})
