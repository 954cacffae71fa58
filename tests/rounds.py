"""Canaries of every audience, and what each looker was answered about them: shared by the tests that ask everything."""

import pytest

from tests.addresses import ABSENT
from tests.canaries import CODES, LEAVING, People, publish_here, publish_next_door, react

ON_PAGES = {"former", "text", "title", "tag", "alt", "file", "reply", "post id", "reply id", "photo id", "paper id"}
ON_THE_WIRE = ON_PAGES - {"former"}
BYTES = {"image", "thumbnail", "document"}


@pytest.fixture
def people(aubin, julien, vernay):
    found = People(aubin, julien, vernay)
    yield found
    found.stop()


@pytest.fixture
def canaries(people, follows, arrives, work, settings):
    settings.PUBLIC_POSTS = True
    people.tie(follows)
    found = [publish_here(people, code) for code in CODES]
    found += [publish_next_door(people, code, arrives) for code in LEAVING]
    react(people, found)
    people.untie()
    work()
    return found


class Round:
    """What one looker was answered, everywhere."""

    def __init__(self, looker, canaries):
        self.looker, self.canaries = looker, canaries
        self.hidden = [each for each in canaries if not looker.may_read(each)]
        ids = [word.decode() for each in self.hidden for name, word in each.parts.items() if name.endswith(" id")]
        self.nothing = {ABSENT, *ids}
        self.leaks, self.seen, self.alike = [], set(), {}

    def note(self, address, answer, asked, kind=""):
        """What it shows that the question did not hold; and, where there is nothing for her, how that reads."""
        found = {
            (canary.home, canary.code, name)
            for canary in self.canaries
            for name, betrays in canary.parts.items()
            if betrays in answer.whole and betrays not in asked.encode()
        }
        self.seen |= found
        secret = {(each.home, each.code) for each in self.hidden}
        self.leaks += [(str(self.looker), address.path, *each) for each in found if each[:2] in secret]
        if address.filled in self.nothing:
            place = (address.path.replace(address.filled, "*"), kind)
            self.alike.setdefault(place, {})[answer.without(address.filled)] = address.path

    def told(self):
        """Where what is hidden answers otherwise than what does not exist: status, headers or body (row 78)."""
        return [(str(self.looker), *answers.values()) for answers in self.alike.values() if len(answers) > 1]

    def missing(self):
        """All parts for an agent; from another house, all that our own people wrote but the former words."""
        agent = self.looker.agent
        hers = [each for each in self.canaries if self.looker.may_read(each) and (agent or each.home == "here")]
        parts = (ON_PAGES if agent else ON_THE_WIRE) | BYTES
        expected = {(each.home, each.code, part) for each in hers for part in parts}
        return [(str(self.looker), *each) for each in sorted(expected - self.seen)]


def none_of(faults):
    lines = [str(each) for each in faults]
    assert not lines, "\n".join(lines)
