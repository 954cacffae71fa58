"""One run from beginning to end: found, befriend, storm, calm, drain, audit, and what to print."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.faults.agents import Agent, Card
from tests.faults.audit import Findings, audit, left_in
from tests.faults.house import House
from tests.faults.killing import Killer
from tests.faults.letters import Outgoing, Writer
from tests.faults.machines import Supervisor
from tests.faults.moody import MoodyHouse
from tests.faults.passing import Passing, Weather
from tests.faults.plan import Owed, Plan, Tally

NAMES = {
    "saint-aubin": ("Saint-Aubin", "210101010", ("Julien Mercier", "Karim Haddad", "Diane Morel")),
    "vernay": ("Vernay", "210202020", ("Lucie Ferrand", "Nadia Perrin", "Paul Garnier")),
}
PEERS = ("montclar", "villebrac", "arlande")


class Story:
    """Two houses of ours, three neighbours; in two of these somebody follows the first agent of each house."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.tally = plan, Tally()
        self.houses = [House(name, folder / name, disk=name == "saint-aubin") for name in NAMES]
        self.peers = [MoodyHouse(name, plan, self.tally) for name in PEERS]
        self.supervisor = Supervisor([machine for house in self.houses for machine in house.machines])
        self.outgoing = Outgoing(plan, self.tally, self.houses)
        for peer in self.peers:
            peer.outgoing = self.outgoing
        self.people: dict[str, list[str]] = {}
        self.thirds: dict[str, str] = {}  # the address of the one whom the other house follows
        self.agents: list[Agent] = []

    # --- Before ---

    def found(self) -> None:
        """The kernel ends a machine with the thread that started it: so this thread and the supervisor's start them."""
        for house in self.houses:
            house.start_stores()
        with ThreadPoolExecutor() as both:
            for done in [both.submit(house.found, *NAMES[house.name]) for house in self.houses]:
                done.result()
        for house in self.houses:
            house.open()
        for house in self.houses:
            house.web.wait_ready()
        self.supervisor.start()

    def side_by_side(self, do: Callable[[House, House], None]) -> None:
        """For each house, and the other one."""
        with ThreadPoolExecutor() as both:
            for done in [both.submit(do, *pair) for pair in (self.houses, self.houses[::-1])]:
                done.result()

    def befriend(self) -> None:
        instance_actors = [house.ask("__import__('federation.ids').ids.instance_actor_uri()") for house in self.houses]
        for peer in self.peers:
            peer.befriend(instance_actors)
        for house in self.houses:  # before two hands share one shell
            self.thirds[house.host] = house.ask(f"Actor.objects.get(name={NAMES[house.name][2][2]!r}).address")
        self.side_by_side(self.add_partners)
        self.side_by_side(self.learn_partners)

    def add_partners(self, house: House, other: House) -> None:
        hosts = [other.host, *(peer.host for peer in self.peers)]
        house.sh(f"for host in {hosts!r}: call_command('peers', 'add', host)")

    def learn_partners(self, house: House, other: House) -> None:
        """The other house tells who it is once it has us on its own list; of each, one person is known by name."""
        house.sh(f"call_command('peers', 'refresh', {other.host!r})")
        partners = house.ask("Peer.objects.filter(speaks_preau=True).exclude(shared_inbox='').count()")
        assert partners == 1 + len(self.peers), f"{house.host} has {partners} partners"
        handles = dict(house.ask("list(Actor.objects.filter(local=True).values_list('name', 'uri'))"))
        self.people[house.host] = [handles[name] for name in NAMES[house.name][2]]
        known = [*(f"@marc@{peer.host}" for peer in self.peers), self.thirds[other.host]]
        house.sh(f"from actors import directory\nfor address in {known!r}: directory.by_address(address)")

    def invite(self) -> None:
        for house, other in (self.houses, self.houses[::-1]):
            known = [Card(f"@marc@{peer.host}", peer.people[1], peer.host, ours=False) for peer in self.peers]
            known.append(Card(self.thirds[other.host], self.people[other.host][2], other.host, ours=True))
            names = NAMES[house.name][2]
            for place, name in enumerate(names):
                followed = [peer.host for peer in self.peers[:2]] if place == 0 else []
                share = self.plan.posts // (2 * len(names)) + (place < self.plan.posts // 2 % len(names))
                self.agents.append(Agent(
                    name, self.people[house.host][place], house, self.plan, self.tally, target=max(1, share),
                    followed=followed, houses=[other.host, *(peer.host for peer in self.peers)], people=known,
                ))  # fmt: skip
        for house in self.houses:
            house.stop()  # the shell: it would not survive its database

    def follow(self) -> None:
        for house in self.houses:
            for peer in self.peers[:2]:
                person, agent = peer.people[0], self.people[house.host][0]
                follow = peer.activity("Follow", person, agent)
                owed = [Owed(house.host, "follow", f"{person} {agent}", "there")]
                owed.append(Owed(peer.host, "accept", follow["id"], "there"))
                self.outgoing.post(peer, house, [follow], owed)
        accepted = "SELECT count(*) FROM actors_follow WHERE state = 'accepted'"
        self.wait(lambda: all(house.query(accepted) == [(2,)] for house in self.houses), 60, "follows are not accepted")

    # --- Storm and calm ---

    def storm(self) -> None:
        passing = Passing(self.houses, self.tally)
        weather = Weather(self.plan, self.tally, passing, self.peers)
        killer = Killer(self.plan, self.tally, self.houses, passing)
        writers = [
            threading.Thread(target=self.writer(peer, house).write, args=[self.plan.seconds], daemon=True)
            for peer in self.peers for house in self.houses
        ]  # fmt: skip
        self.tally.storm.set()
        for each in (passing, weather, killer, *self.agents, *writers):
            each.start()
        try:
            self.watch([*self.agents, *writers], killer)
        finally:
            weather.stopping.set()
            killer.stop()
            weather.join()
            self.tally.storm.clear()
        if self.tally.counts["acknowledged posts"] < self.plan.least:
            self.tally.wrong("too few posts were acknowledged for this run to prove anything")
        self.tally.say("calm: nothing is killed any more, everyone answers")
        self.drain()
        passing.stop()

    def writer(self, peer: MoodyHouse, house: House) -> Writer:
        return Writer(self.outgoing, peer, house, self.people[house.host][1:], self.plan)

    def watch(self, threads: list[threading.Thread], killer: Killer) -> None:
        """Until everyone has written, or it takes too long."""
        end, told = time.monotonic() + self.plan.limit, time.monotonic()
        while any(each.is_alive() for each in threads):
            time.sleep(0.2)
            if time.monotonic() > end:
                for enough in (killer.stopping, *(agent.enough for agent in self.agents)):
                    enough.set()
            if time.monotonic() - told > 15:
                told = time.monotonic()
                self.tally.say(self.progress())

    def progress(self) -> str:
        counts = self.tally.counts
        kills, taken = sum(self.tally.family("kill ").values()), sum(len(peer.ledger.taken) for peer in self.peers)
        return (
            f"{counts['acknowledged posts']} posts acknowledged, {counts['arrival 202']} arrivals acknowledged,"
            f" {taken} letters taken, {kills} kills, {counts['posts without an answer']} posts without an answer"
        )

    def drain(self) -> None:
        """Twice in a row nothing waits, nobody is bringing anything."""
        quiet, told = 0, time.monotonic()
        end = time.monotonic() + self.plan.drain
        while quiet < 2:
            left = left_in(self.houses)
            busy = (
                self.outgoing.under_way + left["deliveries waiting"] + left["receipts waiting"] + left["rows on lease"]
            )
            quiet = 0 if busy else quiet + 1
            if time.monotonic() > end:
                self.tally.wrong(f"not drained: {left}, {self.outgoing.under_way} chains under way")
                return
            if time.monotonic() - told > 10:
                told = time.monotonic()
                self.tally.say(f"draining: {left}, {self.outgoing.under_way} chains under way")
            time.sleep(1)

    def wait(self, holds, seconds: float, otherwise: str) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, otherwise
            time.sleep(0.2)

    def audit(self) -> Findings:
        owed = [*self.outgoing.owed, *(each for agent in self.agents for each in agent.owed())]
        return audit(owed, self.houses, self.peers)

    def close(self) -> None:
        self.outgoing.stop()
        self.supervisor.stop()
        for house in self.houses:
            house.stop()
        for peer in self.peers:
            peer.stop()


def forget_databases(folder: Path) -> None:
    for each in folder.glob("*/postgres"):
        shutil.rmtree(each)


def run(plan: Plan) -> tuple[Findings, Tally, Story]:
    """Logs stay where they are when something was found; databases never do."""
    folder = Path(tempfile.mkdtemp(prefix="preau-faults-"))
    folder.chmod(0o755)  # PostgreSQL has a user of its own
    with ExitStack() as closing:
        closing.callback(forget_databases, folder)
        story = Story(plan, folder)
        closing.callback(story.close)
        tell = story.tally.say
        tell(f"seed {plan.seed}; two houses and three neighbours, whose logs are in {folder}")
        for chapter in (story.found, story.befriend, story.invite, story.follow):
            chapter()
        tell(f"storm: {plan.posts} posts in {plan.seconds:.0f} s")
        story.storm()
        findings = story.audit()
        tell("audited")
    if findings.clean and not story.tally.mistakes:
        shutil.rmtree(folder, ignore_errors=True)
    return findings, story.tally, story
