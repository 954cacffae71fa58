"""A post in one call, by the verb that every face uses."""

from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft


def say(author, source="Bonjour", audience="organisation", parent=None, named=(), **draft):
    reach = Reach(audience, named=tuple(named), service=author.service if audience == "service" else None)
    return publishing.publish(author, Draft(source, **draft), reach, parent)
