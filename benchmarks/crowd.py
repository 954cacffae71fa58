"""Agents who let an application act for them, by the thousand; runs in the instance's own shell."""

from actors.models import Actor, Agent
from instance import applications, registering


def agents(count: int) -> list[str]:
    """The secrets of their tokens. They have no keys: whoever only listens signs nothing."""
    pattern = Actor.objects.filter(local=True, kind="Person").order_by("pk")[0]
    application, _ = registering.register("Banc d’essai", ["https://phanpy.test/"], "read write", "")
    people = [like(pattern, number) for number in range(count - 1)]
    Actor.objects.bulk_create(people)
    accounts = [Agent(login=each.handle, actor=each, password="!") for each in people]
    Agent.objects.bulk_create(accounts)
    return [applications.give(application, "read write", agent) for agent in [pattern.agent, *accounts]]


def like(pattern: Actor, number: int) -> Actor:
    handle = f"lectrice.{number}"
    uri = f"{pattern.uri}/{number}"
    return Actor(
        uri=uri, handle=handle, host=pattern.host, domain=pattern.domain, local=True, kind="Person",
        name=f"Agent numéro {number}", inbox=f"{uri}/inbox",
    )  # fmt: skip
