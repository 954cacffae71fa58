"""What a hostile house may make us do, and for how long: redirects, time and size."""

import gzip
import time

import pytest

from federation import http
from federation.errors import NotFetched
from federation.knock import Knock
from federation.verification import claim_of
from tests.federation.hostile import document, drip, elapsed, reply

# --- Redirects ---


def test_a_redirect_within_the_house_is_followed_and_signed_anew(martel, key):
    martel.pages["/old"] = reply(302, Location="/new?v=2")
    martel.pages["/new"] = reply(body=document(martel, "/new?v=2"))
    assert http.get_document(f"{martel.origin}/old", signer_key=key)["id"] == f"{martel.origin}/new?v=2"
    for method, path, headers, body in martel.asked:
        claim_of(Knock(method, path, headers, body, martel.host)).check(key.public_pem)


def test_row_17_a_redirect_loop_ends(martel):
    martel.pages["/a"] = reply(301, Location="/b")
    martel.pages["/b"] = reply(301, Location="/a")
    with pytest.raises(NotFetched, match="too often"):
        http.get(f"{martel.origin}/a", accept="*/*")
    assert martel.paths() == ["/a", "/b"]


def test_row_17_three_redirects_are_enough(martel):
    martel.pages |= {f"/{number}": reply(307, Location=f"/{number + 1}") for number in range(20)}
    with pytest.raises(NotFetched, match="too often"):
        http.get(f"{martel.origin}/0", accept="*/*")
    assert martel.paths() == ["/0", "/1", "/2", "/3"]
    martel.pages["/3"] = reply(body=b"here")
    assert http.get(f"{martel.origin}/0", accept="*/*").url == f"{martel.origin}/3"


@pytest.mark.parametrize("where", ["http://{other}/a", "//{other}/a", "https://{host}/a", "http://127.0.0.1/a"])
def test_row_16_a_redirect_to_another_origin_is_not_followed(martel, vernay, where):
    martel.pages["/a"] = reply(302, Location=where.format(other=vernay.host, host=martel.host))
    with pytest.raises(NotFetched, match="another house"):
        http.get(f"{martel.origin}/a", accept="*/*")
    assert vernay.asked == []


@pytest.mark.parametrize("where", ["ftp://x/", "http://[", "http://a@b/", "mailto:x"])
def test_a_redirect_to_nowhere_is_not_followed(martel, where):
    martel.pages["/a"] = reply(302, Location=where)
    with pytest.raises(NotFetched, match="nowhere"):
        http.get(f"{martel.origin}/a", accept="*/*")


def test_a_redirect_without_an_address_leads_in_a_circle(martel):
    martel.pages["/a"] = reply(302)
    with pytest.raises(NotFetched, match="too often"):
        http.get(f"{martel.origin}/a", accept="*/*")


# --- Time and size ---


def test_row_19_who_drips_is_left_at_the_deadline(martel, hurried):
    martel.pages["/a"] = drip()

    def ask():
        with pytest.raises(NotFetched):
            http.get(f"{martel.origin}/a", accept="*/*")

    assert 0.9 < elapsed(ask) < 3


def test_row_19_redirects_share_one_deadline(martel, hurried):
    def slow(request):
        time.sleep(0.4)
        reply(302, Location=f"{request.path}x")(request)

    martel.pages |= {"/a" + "x" * number: slow for number in range(9)}
    with pytest.raises(NotFetched, match="Timeout"):
        http.get(f"{martel.origin}/a", accept="*/*")
    assert len(martel.asked) <= 3


def test_row_19_the_second_knock_and_the_own_address_share_it_too(martel, key, hurried):
    def slow(*, status=200, names=""):
        def answer(request):
            time.sleep(0.4)
            reply(status, body=document(martel, names or request.path))(request)

        return answer

    martel.pages |= {"/a": slow(names="/b"), "/b": slow(status=401)}

    def ask():
        with pytest.raises(NotFetched, match="Timeout"):
            http.get_document(f"{martel.origin}/a", signer_key=key)

    assert elapsed(ask) < 1.5


def test_row_20_two_megabytes_are_too_many(martel):
    martel.pages["/big"] = reply(body=b"x" * 2_000_000)
    with pytest.raises(NotFetched, match="larger than 1000000"):
        http.get(f"{martel.origin}/big", accept="*/*")
    assert len(http.get(f"{martel.origin}/big", accept="*/*", limit=2_000_000).body) == 2_000_000


def test_row_20_an_endless_body_is_too_large(martel):
    def endless(request):
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        while True:
            request.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    martel.pages["/a"] = endless
    with pytest.raises(NotFetched, match="larger"):
        http.get(f"{martel.origin}/a", accept="*/*")


def test_row_20_a_compressed_answer_is_refused_not_inflated(martel):
    martel.pages["/a"] = reply(body=gzip.compress(bytes(100_000_000), 1), Content_Encoding="gzip")
    with pytest.raises(NotFetched, match="compressed"):
        http.get(f"{martel.origin}/a", accept="*/*")


@pytest.mark.parametrize("bytes_sent", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", b""])
def test_a_broken_answer_is_no_answer(martel, bytes_sent):
    def broken(request):
        request.wfile.write(bytes_sent)
        request.close_connection = True

    martel.pages["/a"] = broken
    with pytest.raises(NotFetched):
        http.get(f"{martel.origin}/a", accept="*/*")
