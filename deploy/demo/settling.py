"""A house is founded: its organisation, its agents and their portraits, its partners, and who follows whom."""

import json
import random
from collections.abc import Iterator
from contextlib import suppress

from actors import arrivals, following, neighbours, profiles, terms
from actors.models import Actor, Agent, Approach, Service, SignInLink
from deploy.demo import cast, portraits
from deploy.demo.cast import Person
from deploy.demo.parts import Part
from deploy.demo.steps import Tell
from federation import peers
from federation.errors import FederationError
from federation.models import Peer


def found(part: Part, tell: Tell) -> None:
    """The organisation with its arms, its services, its agents; the other houses are put on the allow-list."""
    told = cast.house(part.town.key)
    arrivals.settle_organisation(told["name"], told["short_name"], told["siren"], told["kind"], **told["arms"])
    services = {name: arrivals.open_service(name) for name in told["services"]}
    for done, person in enumerate(part.ours, 1):
        welcome(person, services[person.service])
        tell(done, len(part.ours))
    for other in part.others:
        peers.add(other.host)
    ring()


def ring() -> None:
    """A fourth town has asked to be a partner, and nobody has verified it: it does not run, so it will not answer."""
    host, said = cast.FOURTH
    house = f"http://{host}/ap/instance"
    offer = terms.offer(house, arrivals.instance_actor().uri, terms.Terms(**said)) | {"id": f"{house}/1"}
    body = json.dumps(offer, ensure_ascii=False)
    Approach.objects.create(host=host, actor_uri=house, target="/ap/instance/inbox", headers={}, body=body)


def welcome(person: Person, service: Service) -> None:
    actor = arrivals.invite(person.name, person.occupation, service, person.role).actor
    words = profiles.Words(person.occupation, person.words, approves_followers=False, discoverable=True)
    profiles.describe(actor, words, portraits.portrait(person.name, person.look) if person.look else None)


def meet(part: Part, tell: Tell) -> None:
    """Ask each partner who it is. Twice: what a house shows to its partners only, it shows once it knows them too."""
    for done, other in enumerate(part.others, 1):
        with suppress(FederationError):
            neighbours.learn(Peer.objects.get(host=other.host))
        tell(done, len(part.others))


def meet_again(part: Part, tell: Tell) -> None:
    for done, other in enumerate(part.others, 1):
        neighbours.learn(Peer.objects.get(host=other.host))
        tell(done, len(part.others))


def follow(part: Part, tell: Tell) -> None:
    """Each agent of this house asks to follow colleagues, here and next door."""
    pairs = list(wishes(part))
    for done, (one, other) in enumerate(pairs, 1):
        following.ask(actor(part, one), actor(part, other))
        tell(done, len(pairs))


def wishes(part: Part) -> Iterator[tuple[Person, Person]]:
    """What the files say for some; a few of the service, of the house and of elsewhere for the others."""
    chosen, everyone = cast.house(part.town.key)["follows"], part.plan.people
    for one in part.ours:
        names = chosen.get(one.name) or some(one, list(everyone.values()))
        yield from ((one, everyone[name]) for name in names if name in everyone)


def some(one: Person, everyone: list[Person]) -> list[str]:
    dice = random.Random(one.name)  # noqa: S311  the same for the same name, and guards nothing
    service = [each for each in everyone if each.town == one.town and each.service == one.service and each != one]
    house = [each for each in everyone if each.town == one.town and each.service != one.service]
    elsewhere = [each for each in everyone if each.town != one.town]
    drawn = dice.sample(service, min(3, len(service))) + dice.sample(house, min(2, len(house)))
    return [each.name for each in drawn + dice.sample(elsewhere, min(2, len(elsewhere)))]


def actor(part: Part, person: Person) -> Actor:
    """The person as this house knows her: its own agent, or one whom it learned from a partner."""
    return Actor.objects.get(name=person.name, kind="Person", host=part.plan.towns[person.town].host)


def ways_in(part: Part) -> Iterator[dict[str, str]]:
    """The agents whose place a visitor may take, each with a new single-use link; the former ones are void."""
    for name, shows in cast.house(part.town.key)["ways_in"].items():
        agent = Agent.objects.filter(actor__name=name).select_related("actor").first()
        if agent is not None:
            SignInLink.objects.filter(agent=agent).delete()
            link = arrivals.sign_in_link(agent)
            yield {"shows": shows, "name": name, "occupation": agent.actor.occupation, "link": link}
