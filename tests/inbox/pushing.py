"""Devices of our people, and news for them."""

from oauth2_provider.models import AccessToken

from inbox import push, quiet
from inbox.models import Notification
from inbox.push import ALERTS, Device
from instance import applications, registering
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft

EVERYTHING = dict.fromkeys(ALERTS, True)


def token_of(actor):
    """Of an application that an agent let in; `secret` is told once."""
    application, _secret = registering.register("Phanpy", ["https://phanpy.test/"], "read write follow push", "")
    secret = applications.give(application, application.scopes, actor.agent)
    token = AccessToken.objects.latest("pk")
    token.secret = secret
    return token


def device_of(telephone):
    return Device(telephone.endpoint, telephone.p256dh, telephone.auth, telephone.standard)


def carries(actor, telephone, alerts=EVERYTHING, policy="all"):
    """A telephone in an agent's pocket."""
    return push.subscribe(actor, token_of(actor), device_of(telephone), alerts, policy)


def never_quiet(organisation):
    quiet.decide(organisation, quiet.NEVER)


def news(reader, actor, reason="mention", post=None):
    return Notification(reader=reader, actor=actor, reason=reason, post=post)


def say(author, words, audience="organisation", **more):
    return publishing.publish(author, Draft(words), Reach(audience, **more))
