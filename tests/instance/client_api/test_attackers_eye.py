"""What somebody who means ill would try: what counts tell, what a lookup sets off, what an address can smuggle."""

import pytest

from actors import arrivals, following
from outbox import publishing
from outbox.audience import Reach
from outbox.drafts import Draft
from tests.instance.client_api.asking import ask


def test_no_count_tells_of_somebody_whom_one_may_not_meet(api, julien, helene, follows):
    """Row 84: a list of one beside a count of two would say that somebody blocked her."""
    oscar = arrivals.invite("Oscar Petit").actor
    for one, other in ((oscar, julien), (helene, julien), (julien, oscar), (julien, helene)):
        follows(one, other)
    hers = api(helene)
    assert counts(hers, julien) == (2, 2)
    following.block(oscar, helene)
    assert counts(hers, julien) == (1, 1)
    assert len(hers.get(f"/api/v1/accounts/{julien.pk}/followers").json()) == 1


def counts(client, person):
    said = client.get(f"/api/v1/accounts/{person.pk}").json()
    return said["followers_count"], said["following_count"]


def test_looking_somebody_up_asks_no_other_house(api, julien, vernay, lucie):
    vernay.add_actor("nouvelle")
    lookup, mine = "/api/v1/accounts/lookup", api(julien)
    before = len(vernay.asked)
    assert mine.get(lookup, {"acct": f"nouvelle@{lucie.domain}"}).status_code == 404
    assert mine.get(lookup, {"acct": f"lucie@{lucie.domain}"}).json()["id"] == str(lucie.pk)
    assert mine.get(lookup, {"acct": f"@{julien.handle}"}).json()["id"] == str(julien.pk)
    assert mine.get(lookup, {"acct": f"{julien.handle}@localhost:8000"}).json()["id"] == str(julien.pk)
    assert len(vernay.asked) == before


@pytest.mark.parametrize("name", ["élus", "œuvre"])
def test_how_one_goes_on_is_an_address_in_ascii_whatever_the_subject(api, julien, name):
    publishing.publish(julien, Draft(f"Bonjour #{name}"), Reach("organisation"))
    link = api(julien).get(f"/api/v1/timelines/tag/{name}?limit=1")["Link"]
    assert link.isascii() and link.startswith("<http://localhost:8000/api/v1/timelines/tag/%C") and "max_id" in link


@pytest.mark.parametrize("host", ["evil.test", "localhost:8000@evil.test", "localhost:8000\r\nX: y"])
def test_another_host_is_in_no_link(api, julien, host):
    publishing.publish(julien, Draft("Bonjour"), Reach("organisation"))
    said = ask("GET", "/api/v1/timelines/home", secret=api(julien).secret, host=host, x_forwarded_host=host)
    assert "evil" not in said.headers.get("Link", "") and said.status in (200, 400)


def test_a_web_page_elsewhere_is_sent_no_cookie_and_nothing_is_kept_on_the_way(api, julien):
    answer = api(julien).get("/api/v1/timelines/home", headers={"origin": "https://evil.test"})
    assert answer["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in answer
    assert answer["Cache-Control"] == "private, no-store"


def test_reporting_tells_nothing_of_what_one_may_not_read(api, julien, helene):
    """Row 77: neither that it exists, nor what it says; and nothing is kept."""
    hidden = publishing.publish(julien, Draft("Entre nous"), Reach("followers"))
    said = [
        api(helene).post("/api/v1/reports", {"account_id": julien.pk, "status_ids[]": number})
        for number in (hidden.number, hidden.number + 1)
    ]
    assert {(answer.status_code, answer.content) for answer in said} == {(404, said[0].content)}
