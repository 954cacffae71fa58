"""What people next door write to the two houses: chains of signed letters, each brought until it is acknowledged.

Some come five times over, shuffled; some Deletes come before their Create, some Undos before what they undo.
"""

import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.faults.house import House
from tests.faults.moody import MoodyHouse
from tests.faults.plan import Owed, Plan, Tally
from tests.towns import TROUBLE

Activity = dict[str, Any]
Chain = list[Activity]
HANDS = 8
SHARE = 0.05  # chains of each kind of person, house and peer, for one post of the plan
COPIES = 4  # besides the first


class Outgoing:
    """`owed` grows when a whole chain was acknowledged."""

    def __init__(self, plan: Plan, tally: Tally, houses: list[House]) -> None:
        self.tally, self.houses = tally, houses
        self.luck = plan.luck("letters")
        self.owed: list[Owed] = []
        self.lock = threading.Lock()
        self.hands = ThreadPoolExecutor(HANDS)
        self.answering = ThreadPoolExecutor(3)
        self.under_way = 0
        self.stopping = threading.Event()

    def bring(self, peer: MoodyHouse, house: House, activity: Activity) -> bool:
        """Until 202. False when everything stops first, or it is refused."""
        body, times = json.dumps(activity).encode(), 0
        while not self.stopping.is_set():
            headers = peer.sign("POST", "/ap/inbox", body, activity["actor"], house.host)
            try:
                status, said = house.call("POST", "/ap/inbox", body, headers)
            except TROUBLE:
                status, said = 0, b""
            self.tally.add(f"arrival {status or 'no answer'}")
            if status == 202:
                return True
            if status in (400, 401, 403, 404, 405, 413, 415):
                self.tally.wrong(f"{house.host} refused {activity['id']}: {status} {said[:200]!r}")
                return False
            times += 1
            time.sleep(min(0.2 * times, 2.0))
        return False

    def follow_through(self, peer: MoodyHouse, house: House, chain: Chain, owed: list[Owed]) -> None:
        try:
            done = all(self.bring(peer, house, activity) for activity in chain)
            if done:
                with self.lock:
                    self.owed += owed
        finally:
            with self.lock:
                self.under_way -= 1

    def post(self, peer: MoodyHouse, house: House, chain: Chain, owed: list[Owed], pool: Any = None) -> None:
        with self.lock:
            self.under_way += 1
        (pool or self.hands).submit(self.follow_through, peer, house, chain, owed)

    def accept(self, peer: MoodyHouse, follow: Activity) -> None:
        """A person next door says yes."""
        house = next(each for each in self.houses if follow["actor"].startswith(f"{each.url}/"))
        inner = {name: follow[name] for name in ("id", "type", "actor", "object")}
        self.post(peer, house, [peer.activity("Accept", follow["object"], inner)], [], self.answering)

    def stop(self) -> None:
        self.stopping.set()
        for pool in (self.hands, self.answering):
            pool.shutdown(cancel_futures=True)


class Writer:
    """The chains of one peer towards one house, in an order drawn beforehand."""

    def __init__(self, outgoing: Outgoing, peer: MoodyHouse, house: House, people: list[str], plan: Plan) -> None:
        self.outgoing, self.peer, self.house, self.people = outgoing, peer, house, people
        self.luck: random.Random = plan.luck("letters", peer.name, house.host)
        self.kinds: list[Callable[[], None]] = [
            self.plain, self.edited, self.withdrawn, self.five_times, self.withdrawn_first, self.named, self.liked,
            self.unliked_first, self.unfollowed_first, self.followed,
        ]  # fmt: skip
        times = max(1, round(plan.posts * SHARE / 6))
        self.todo = self.kinds * times
        self.luck.shuffle(self.todo)
        self.passers_by = 0

    def write(self, seconds: float) -> None:
        """All of it, spread over so many seconds."""
        for kind in self.todo:
            if self.outgoing.stopping.wait(seconds / len(self.todo)):
                return
            kind()

    def create(self, to: str = "", words: str = "bonjour") -> Activity:
        author = self.luck.choice(self.peer.people)
        note = self.peer.create(author, [to or self.peer.followers()], f"<p>{words} version 1</p>")
        note["object"]["published"] = "2026-01-01T00:00:00Z"
        return note

    def send(self, chain: Chain, *owed: Owed) -> None:
        self.outgoing.post(self.peer, self.house, chain, list(owed))

    def owe(self, what: str, subject: str, state: str) -> Owed:
        return Owed(self.house.host, what, subject, state)

    def revision(self, create: Activity, version: int) -> Activity:
        at = f"2026-01-01T00:00:{version:02}Z"
        note = {**create["object"], "content": f"<p>bonjour version {version}</p>", "updated": at}
        return self.peer.activity("Update", create["actor"], note)

    def deletion(self, create: Activity) -> Activity:
        return self.peer.activity("Delete", create["actor"], {"id": create["object"]["id"], "type": "Tombstone"})

    def plain(self) -> None:
        create = self.create(words="durable")
        self.send([create], self.owe("post", create["object"]["id"], "version 1"))

    def edited(self) -> None:
        create = self.create()
        uri, versions = create["object"]["id"], self.luck.randint(2, 4)
        owed = [self.owe("post", uri, f"version {versions}"), self.owe("edits", uri, str(versions - 1))]
        self.send([create, *[self.revision(create, version) for version in range(2, versions + 1)]], *owed)

    def withdrawn(self) -> None:
        create = self.create()
        self.send([create, self.deletion(create)], self.owe("post", create["object"]["id"], "withdrawn"))

    def withdrawn_first(self) -> None:
        create = self.create()
        self.send([self.deletion(create), create], self.owe("post", create["object"]["id"], "withdrawn"))

    def five_times(self) -> None:
        """An edited post, every letter of it five times: one copy in order, the others whenever."""
        create = self.create()
        update, uri = self.revision(create, 2), create["object"]["id"]
        owed = [self.owe("post", uri, "version 2"), self.owe("edits", uri, "1")]
        self.send([create, update], *owed)
        for _ in range(COPIES):
            self.outgoing.tally.add("copies of arrivals")
            self.send([create])
        self.outgoing.post(self.peer, self.house, [create, *[update] * COPIES], [])
        self.outgoing.tally.add("copies of arrivals", COPIES + 1)

    def named(self) -> None:
        reader = self.luck.choice(self.people)
        create = self.create(reader)
        uri = create["object"]["id"]
        self.send([create], self.owe("post", uri, "version 1"), self.owe("mention", f"{reader} {uri}", "there"))

    def passer_by(self) -> str:
        """Somebody who was not heard of before: the house has to ask for the key."""
        self.passers_by += 1
        return self.peer.add_actor(f"passant{self.passers_by}-{self.house.port}")

    def lasting(self) -> str | None:
        """A post of the house that every partner has, and that nobody will take back."""
        found = self.house.query(
            "SELECT uri FROM outbox_post WHERE local AND audience = 'partners' AND source LIKE '%%durable%%'"
            " ORDER BY random() LIMIT 1"
        )
        return found[0][0] if found else None

    def liked(self) -> None:
        post, person = self.lasting(), self.passer_by()
        if post is None:
            return
        like, again = (self.peer.activity("Like", person, post) for _ in range(2))
        undo = self.peer.activity("Undo", person, {"id": like["id"], "type": "Like", "actor": person, "object": post})
        chain = [like, undo, again] if self.luck.random() < 0.5 else [like]
        self.send(chain, self.owe("like", f"{person} {post}", "there"))

    def unliked_first(self) -> None:
        post, person = self.lasting(), self.passer_by()
        if post is None:
            return
        like = self.peer.activity("Like", person, post)
        undo = self.peer.activity("Undo", person, {"id": like["id"], "type": "Like", "actor": person, "object": post})
        self.send([undo, like])

    def followed(self) -> None:
        person, agent = self.passer_by(), self.luck.choice(self.people)
        follow = self.peer.activity("Follow", person, agent)
        self.send([follow], self.owe("follow", f"{person} {agent}", "there"))
        with self.outgoing.lock:
            self.outgoing.owed.append(Owed(self.peer.host, "accept", follow["id"], "there"))

    def unfollowed_first(self) -> None:
        person, agent = self.passer_by(), self.luck.choice(self.people)
        follow = self.peer.activity("Follow", person, agent)
        undo = {"id": follow["id"], "type": "Follow", "actor": person, "object": agent}
        self.send([self.peer.activity("Undo", person, undo), follow])
