"""Agents at their browsers: they sign in, publish, edit, withdraw, like and follow by the pages, faults or not.

A post is acknowledged when its answer came. What can be said twice without harm (all but publishing) is said until it
is answered.
"""

import re
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlencode

from tests.faults.house import House
from tests.faults.plan import Owed, Plan, Tally
from tests.towns import TROUBLE

DEEDS = {"publish": 72, "edit": 12, "withdraw": 6, "like": 7, "follow": 3}
AUDIENCES = {"partners": 55, "chosen_partners": 20, "named": 10, "organisation": 5, "followers": 10}
PATIENCE = 25.0


class Card(NamedTuple):
    """How an agent's house knows somebody elsewhere."""

    address: str
    uri: str
    host: str
    ours: bool


@dataclass
class Written:
    """A post, as its author knows it."""

    houses: list[str]
    reader: Card | None = None
    version: int = 1
    uri: str = ""
    withdrawn: bool = False


class Browser:
    """One session. CSRF is answered as Django asks: the same secret in the cookie and in the form."""

    def __init__(self, house: House, link: str) -> None:
        self.house, self.csrf = house, secrets.token_hex(16)
        self.cookies = {"csrftoken": self.csrf}
        path = "/" + link.split("/", 3)[3]
        status, headers = self.post(path, {})
        assert status == 303, f"the link does not open: {status}"
        self.cookies["preau"] = re.findall(r"preau=([^;]+)", headers)[0]

    def post(self, path: str, form: Mapping[str, object]) -> tuple[int, str]:
        """Status, and the cookies that were set. OSError or HTTPException when there is no answer."""
        body = urlencode({"csrfmiddlewaretoken": self.csrf, **form}, doseq=True)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"host": self.house.host, "cookie": cookies, "content-type": "application/x-www-form-urlencoded"}
        connection = HTTPConnection("127.0.0.1", self.house.port, timeout=PATIENCE)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, " ".join(answer.headers.get_all("set-cookie") or [])
        finally:
            connection.close()


class Agent(threading.Thread):
    """Writes `target` posts that are acknowledged, and does some other things in between."""

    def __init__(
        self, name: str, uri: str, house: House, plan: Plan, tally: Tally, *, target: int, followed: list[str],
        houses: list[str], people: list[Card],
    ) -> None:  # fmt: skip
        super().__init__(name=name, daemon=True)
        self.uri, self.house, self.plan, self.tally, self.target = uri, house, plan, tally, target
        self.followed, self.houses, self.people = followed, houses, people
        self.luck = plan.luck("agent", name)
        self.browser = Browser(house, house.sign_in_link(name))
        self.written: dict[str, Written] = {}  # by the words that tell them apart
        self.doubtful: dict[str, Written] = {}
        self.liked: set[str] = set()
        self.following: dict[Card, bool] = {}
        self.stopping, self.enough = threading.Event(), threading.Event()

    def run(self) -> None:
        begun, pause = time.monotonic(), self.plan.seconds / self.target
        while len(self.written) < self.target and not self.enough.is_set():
            (deed,) = self.luck.choices([*DEEDS], [*DEEDS.values()])
            if deed != "publish" and len(self.written) < 3:
                continue
            try:
                getattr(self, deed)()
            except Exception as error:  # noqa: BLE001  a mistake of this file, shown at the end
                self.tally.wrong(f"{self.name}, {deed}: {error!r}")
            self.enough.wait(begun + len(self.written) * pause - time.monotonic())

    # --- Said once ---

    def publish(self) -> None:
        lasting = "passager" if self.luck.random() < 0.15 else "durable"
        marker = f"{self.house.port}-{self.name.split()[0]}-{len(self.written) + len(self.doubtful)} {lasting}"
        form, houses, reader = self.addressed()
        try:
            status, _ = self.browser.post("/publier/", {"kind": "note", "text": self.text(marker, 1), **form})
        except TROUBLE:
            status = 0
        self.tally.add(f"page {status or 'no answer'}")
        if status == 303:
            self.written[marker] = Written(houses, reader)
            self.tally.add("acknowledged posts")
        elif 0 < status < 500:
            self.tally.wrong(f"{self.name} is refused a post for {form}: {status}")
        else:
            self.doubtful[marker] = Written(houses, reader)
            self.tally.add("posts without an answer")
            time.sleep(0.3)

    def text(self, marker: str, version: int) -> str:
        return f"essai {marker} version {version} fin"

    def addressed(self) -> tuple[dict[str, object], list[str], Card | None]:
        """The fields that choose an audience, the houses that it reaches, and whom it names."""
        kinds = AUDIENCES if self.followed else {name: n for name, n in AUDIENCES.items() if name != "followers"}
        (audience,) = self.luck.choices([*kinds], [*kinds.values()])
        form: dict[str, object] = {"audience": audience}
        if audience == "partners":
            return form, self.houses, None
        if audience == "followers":
            return form, self.followed, None
        if audience == "chosen_partners":
            chosen = sorted(self.luck.sample(self.houses, self.luck.randint(1, len(self.houses))))
            return {**form, "houses": chosen}, chosen, None
        if audience == "named":
            person = self.luck.choice(self.people)
            return {**form, "named": person.address}, [person.host], person
        return form, [], None

    # --- Said until it is answered ---

    def insist(self, path: str, form: Mapping[str, object]) -> int:
        while not self.stopping.is_set():
            try:
                status, _ = self.browser.post(path, form)
            except TROUBLE:
                status = 0
            self.tally.add(f"page {status or 'no answer'}")
            if 0 < status < 500:
                return status
            time.sleep(0.3)
        return 0

    def own(self, words: str) -> tuple[str, Written] | None:
        """One's own post that still stands, and where its page is."""
        standing = [marker for marker, known in self.written.items() if words in marker and not known.withdrawn]
        if not standing:
            return None
        marker = self.luck.choice(standing[-20:])
        post = self.written[marker]
        post.uri = post.uri or self.uri_of(marker)
        return marker, post

    def edit(self) -> None:
        if found := self.own(""):
            marker, post = found
            words = {"text": self.text(marker, post.version + 1)}
            if self.insist(f"/p/{ulid_of(post.uri)}/modifier/", words) == 303:
                post.version += 1
                self.tally.add("acknowledged edits")

    def withdraw(self) -> None:
        if found := self.own("passager"):
            _, post = found
            if self.insist(f"/p/{ulid_of(post.uri)}/retirer/", {}) in (303, 404):  # 404: done, its answer was lost
                post.withdrawn = True
                self.tally.add("acknowledged withdrawals")

    def like(self) -> None:
        rows = self.house.query(
            "SELECT ulid, uri FROM outbox_post WHERE NOT local AND withdrawn_at IS NULL AND html LIKE '%%durable%%'"
            " AND audience = 'partners' ORDER BY random() LIMIT 1"
        )
        for ulid, uri in rows:
            for wanted in ("oui", "non", "oui")[: 3 if self.luck.random() < 0.4 else 1]:
                self.insist(f"/p/{ulid}/utile/", {"etat": wanted})
            self.liked.add(uri)
            self.tally.add("acknowledged likes")

    def follow(self) -> None:
        person = self.luck.choice(self.people)
        verb = "ne-plus-suivre" if self.following.get(person) else "suivre"
        if self.insist(f"/personnes/{person.address.lstrip('@')}/{verb}/", {}) == 303:
            self.following[person] = verb == "suivre"
            self.tally.add("acknowledged follows and unfollows")

    # --- What must be there in the end ---

    def owed(self) -> list[Owed]:
        found: list[Owed] = []
        written: defaultdict[str, list[str]] = defaultdict(list)
        for source, uri in self.house.query("SELECT source, uri FROM outbox_post WHERE local"):
            written[source.partition(" version ")[0]].append(uri)
        for marker, post in {**self.written, **self.doubtful}.items():
            there = written[f"essai {marker}"]
            if len(there) > 1:
                self.tally.wrong(f"written {len(there)} times: {marker}")
            post.uri = post.uri or "".join(there[:1])
            if post.uri:
                found += self.owed_of(post)
                self.tally.add("of which were written", marker in self.doubtful)
            elif marker in self.written:
                found.append(Owed(self.house.host, "post", marker, "version 1"))
        for uri in self.liked:
            hosts = (self.house.host, uri.split("/")[2])
            found += [Owed(host, "like", f"{self.uri} {uri}", "there") for host in hosts]
        for person in [each for each, wanted in self.following.items() if wanted]:
            hosts = (self.house.host, person.host)
            found += [Owed(host, "follow", f"{self.uri} {person.uri}", "there") for host in hosts]
        return found

    def uri_of(self, marker: str) -> str:
        rows = self.house.query("SELECT uri FROM outbox_post WHERE local AND source LIKE %s", [f"essai {marker} %"])
        return str(rows[0][0]) if rows else ""

    def owed_of(self, post: Written) -> list[Owed]:
        everywhere = [self.house.host, *post.houses]
        state = "withdrawn" if post.withdrawn else f"version {post.version}"
        found = [Owed(host, "post", post.uri, state) for host in everywhere]
        if post.version > 1 and not post.withdrawn:
            found += [Owed(host, "edits", post.uri, str(post.version - 1)) for host in everywhere]
        if post.reader and post.reader.ours and not post.withdrawn:
            found.append(Owed(post.reader.host, "mention", f"{post.reader.uri} {post.uri}", "there"))
        return found


def ulid_of(uri: str) -> str:
    return uri.rpartition("/")[2]
