"""Walking a list by `max_id`, by `min_id` and by Link headers meets each readable thing once, while new ones arrive."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outbox import numbered, publishing, reactions
from outbox.audience import Reach
from outbox.models import Boost, Post
from outbox.publishing import Draft

HOME, LOCAL = "/api/v1/timelines/home", "/api/v1/timelines/public?local=true"

pytestmark = pytest.mark.sqlite
NEXT = re.compile(r'^<([^>]+)>; rel="next"')  # as toot reads it: at the very beginning
PREVIOUS = re.compile(r'<([^>]+)>; rel="prev"')
DEEDS = ("organisation", "followers", "partners", "service", "named", "boost")


def do(deed, julien, helene):
    """One thing more that Hélène may, or may not, find in her timelines."""
    if deed == "boost":
        post = publishing.publish(helene, Draft("à partager"), Reach("organisation"))
        reactions.boost(julien, post)
        return
    named = (julien,) if deed == "named" else ()
    service = julien.service if deed == "service" else None
    publishing.publish(julien, Draft(f"pour {deed}"), Reach(deed, named=named, service=service))


def expected(viewer, timeline):
    """What is there, by the slow way: everything, asked one by one."""
    posts = [post.number for post in Post.objects.all() if readable(viewer, post)]
    boosts = [boost.number for boost in Boost.objects.exclude(actor=viewer)] if timeline == HOME else []
    return sorted([*posts, *boosts], reverse=True)


def readable(viewer, post):
    try:
        return bool(numbered.written(viewer, post.number))
    except Exception:  # noqa: BLE001
        return False


def step(pattern, link):
    found = pattern.search(link)
    return found[1] if found else ""


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [int(each["id"]) for each in answer.json()]


@pytest.fixture
def reader(api, julien, helene, follows):
    follows(helene, julien)
    return api(helene)


def by_max_id(reader, first, arrives):
    found: list[int] = []
    last = ""
    while page := ids(reader.get(f"{first}{last}")):
        found += page
        last = f"&max_id={page[-1]}"
        arrives()
    return found


def by_link(reader, first, arrives):
    found: list[int] = []
    address = first
    while address:
        answer = reader.get(address)
        found += ids(answer)
        address = step(NEXT, answer.headers.get("Link", ""))
        arrives()
    return found


def by_min_id(reader, first, arrives):
    found: list[int] = []
    last = 0
    while page := ids(reader.get(f"{first}&min_id={last}")):
        assert page == sorted(page, reverse=True), "newest first, always"
        found = page + found
        last = page[0]
        arrives()
    return found


SOME = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
stories = st.lists(st.sampled_from(DEEDS), min_size=1, max_size=14)


@pytest.mark.parametrize("timeline", [HOME, LOCAL])
@SOME
@given(before=stories, meanwhile=st.lists(st.sampled_from(DEEDS), max_size=4), limit=st.integers(1, 5))
def test_a_walk_meets_each_line_once(reader, julien, helene, timeline, before, meanwhile, limit):
    Post.objects.all().delete()
    for deed in before:
        do(deed, julien, helene)
    there, coming = expected(helene, timeline), iter(meanwhile)
    first = f"{timeline}{'&' if '?' in timeline else '?'}limit={limit}"

    def arrives():
        if deed := next(coming, None):
            do(deed, julien, helene)

    for walk in (by_max_id, by_link):
        walked = walk(reader, first, arrives)
        assert [each for each in walked if each in there] == there, walk.__name__
        assert len(set(walked)) == len(walked), walk.__name__
    assert by_min_id(reader, first, arrives) == expected(helene, timeline)


def test_what_is_newer_is_the_newest_page(reader, julien, helene):
    for _ in range(5):
        do("organisation", julien, helene)
    every = expected(helene, LOCAL)
    assert ids(reader.get(f"{LOCAL}&since_id={every[-1]}&limit=2")) == every[:2]
    assert ids(reader.get(f"{LOCAL}&min_id={every[-1]}&limit=2")) == every[2:4]


def test_a_page_says_how_one_goes_on_and_keeps_what_was_asked(reader, julien, helene):
    for _ in range(3):
        do("organisation", julien, helene)
    first = reader.get(f"{LOCAL}&limit=2&only_media=false")
    link = first.headers["Link"]
    assert step(NEXT, link) and "only_media=false" in link and "local=true" in link and "http" in link
    assert "min_id=" in step(PREVIOUS, link) and "max_id" not in step(PREVIOUS, link)
    assert ids(reader.get(step(PREVIOUS, link))) == []
    last = reader.get(step(NEXT, link))
    assert len(ids(last)) == 1 and 'rel="next"' not in last.headers["Link"]
    assert "Link" not in reader.get(f"{LOCAL}&max_id=1")


@pytest.mark.parametrize("asked", ["limit=0", "limit=-3", "limit=99999", "limit=abc", "max_id=abc", "min_id=-1",
                                   "since_id=9999999999999999999999", "max_id=", "limit=2&max_id=%20"])  # fmt: skip
def test_odd_limits_and_ids_are_clamped_or_ignored(reader, julien, helene, asked):
    do("organisation", julien, helene)
    assert len(ids(reader.get(f"{HOME}?{asked}"))) == 1


PEOPLE = ["/api/v1/accounts/{julien}/followers", "/api/v1/favourites", "/api/v1/notifications"]


@pytest.mark.parametrize("address", PEOPLE)
def test_other_lists_are_walked_by_link_alone(api, aubin, julien, follows, work, address):
    from actors import arrivals

    fans = [arrivals.invite(f"Agent {number}").actor for number in range(7)]
    post = publishing.publish(julien, Draft("Bonjour"), Reach("organisation"))
    for fan in fans:
        follows(fan, julien)
        reactions.like(fan, post)
        reactions.like(julien, publishing.publish(fan, Draft("Salut"), Reach("organisation")))
    work()
    mine, at = api(julien), f"{address.format(julien=julien.pk)}?limit=3"
    found: list[str] = []
    while at:
        answer = mine.get(at)
        found += [each["id"] for each in answer.json()]
        at = step(NEXT, answer.headers.get("Link", ""))
    assert len(found) == len(set(found)) >= 7
