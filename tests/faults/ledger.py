"""What letters did at a house next door: each activity has its effect once, by its id; the effects can be counted."""

import re
import threading
from collections import Counter
from typing import Any

from tests.faults.plan import Effect

VERSION = re.compile(r"version (\d+)")


def version_of(content: str) -> str:
    found = VERSION.search(content)
    return f"version {found[1]}" if found else f"unreadable: {content[:40]}"


def id_of(value: Any) -> str:
    return value["id"] if isinstance(value, dict) else value


class Ledger:
    def __init__(self, house: Any) -> None:
        self.house, self.lock = house, threading.Lock()
        self.taken: Counter[str] = Counter()
        self.posts: dict[str, str] = {}
        self.creates: Counter[str] = Counter()
        self.edits: Counter[str] = Counter()
        self.dead: set[str] = set()
        self.likes: dict[str, tuple[str, str]] = {}
        self.follows: dict[str, tuple[str, str]] = {}
        self.accepts: Counter[str] = Counter()
        self.early: set[str] = set()  # what was undone before it came

    def take(self, activity: dict[str, Any], signer: str) -> None:
        with self.lock:
            self.taken[activity["id"]] += 1
            if self.taken[activity["id"]] > 1:
                return
            if activity["actor"] != signer:
                self.house.tally.wrong(f"{signer} signed for {activity['actor']}")
            getattr(self, activity["type"].lower(), self.other)(activity)

    def repeats(self) -> int:
        return sum(self.taken.values()) - len(self.taken)

    def other(self, activity: dict[str, Any]) -> None:
        self.house.tally.wrong(f"{self.house.name} was brought a {activity['type']}")

    def create(self, activity: dict[str, Any]) -> None:
        post = activity["object"]
        self.creates[post["id"]] += 1
        if post["id"] not in self.dead:
            self.posts[post["id"]] = version_of(post["content"])

    def update(self, activity: dict[str, Any]) -> None:
        post = activity["object"]
        if post["id"] in self.posts:
            self.edits[post["id"]] += 1
            self.posts[post["id"]] = version_of(post["content"])
        elif post["id"] not in self.dead:
            self.house.tally.wrong(f"{self.house.name} was brought an Update before its Create: {post['id']}")

    def delete(self, activity: dict[str, Any]) -> None:
        uri = id_of(activity["object"])
        self.dead.add(uri)
        self.posts.pop(uri, None)

    def like(self, activity: dict[str, Any]) -> None:
        if activity["id"] not in self.early:
            self.likes[activity["id"]] = (activity["actor"], id_of(activity["object"]))

    def follow(self, activity: dict[str, Any]) -> None:
        """Answered at once, by letter."""
        if activity["id"] not in self.early:
            self.follows[activity["id"]] = (activity["actor"], id_of(activity["object"]))
        self.house.outgoing.accept(self.house, activity)

    def accept(self, activity: dict[str, Any]) -> None:
        self.accepts[id_of(activity["object"])] += 1

    def undo(self, activity: dict[str, Any]) -> None:
        uri = id_of(activity["object"])
        if self.likes.pop(uri, None) is None and self.follows.pop(uri, None) is None:
            self.early.add(uri)

    def effects(self) -> list[Effect]:
        """Posts, edits, likes, follows and answers, as the audit compares them."""
        host = self.house.host
        found = [Effect(host, "post", uri, state, self.creates[uri]) for uri, state in self.posts.items()]
        found += [Effect(host, "post", uri, "withdrawn") for uri in self.dead]
        found += [Effect(host, "edits", uri, str(count)) for uri, count in self.edits.items() if uri in self.posts]
        for what, rows in (("like", self.likes), ("follow", self.follows)):
            times = Counter(rows.values())
            found += [Effect(host, what, f"{one} {other}", "there", count) for (one, other), count in times.items()]
        return found + [Effect(host, "accept", uri, "there", count) for uri, count in self.accepts.items()]
