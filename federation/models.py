"""The houses we know, the keys that prove who speaks, and what we owe to whom."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from federation import among as among  # registers the lookup
from federation.states import Stateful

PATIENCE = timedelta(days=7)


class Peer(Stateful):
    """A house that we exchange with, talk with, or want nothing to do with. A host that is not here does not exist.

    `offered`: we asked it to be our partner; `requested`: it asked us; `active`: it is on the list, and the only state
    that `peers.admit` takes; `suspended`: not for the moment; `declined`: we said no; `refused`: it said no; `revoked`:
    either ended it; `blocked`: never. `guest`: nobody accepted it, federation is open (`PREAU_FEDERATION=open`).
    """

    STEPS = {
        "guest": {"offered", "requested", "active", "blocked"},
        "offered": {"active", "refused", "revoked", "blocked"},
        "requested": {"active", "declined", "revoked", "blocked"},
        "active": {"suspended", "revoked", "blocked"},
        "suspended": {"active", "revoked", "blocked"},
        "declined": {"offered", "requested", "active", "blocked"},
        "refused": {"offered", "requested", "active", "blocked"},
        "revoked": {"offered", "requested", "active", "blocked"},
        "blocked": {"revoked"},
    }

    host = models.CharField(max_length=260, unique=True)
    account_domain = models.CharField(max_length=260, blank=True)
    name = models.CharField(max_length=200, blank=True)
    speaks_preau = models.BooleanField(default=False)
    agent_count = models.PositiveIntegerField(default=0)
    instance_actor_uri = models.CharField(max_length=500, blank=True)
    shared_inbox = models.CharField(max_length=500, blank=True)
    followers_uri = models.CharField(max_length=500, blank=True)
    partner_hosts = models.JSONField(default=list)
    learned_at = models.DateTimeField(null=True, blank=True)
    learn_at = models.DateTimeField(default=now)
    knows_us_as = models.CharField(max_length=260, blank=True, default="", db_default="")  # a former name, if it does
    # How letters to it fare: nothing of this is about people.
    knocks_with = models.CharField(max_length=10, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    try_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.host

    @property
    def paused(self) -> bool:
        """Silent for a week: its letters are kept, and it is asked once a day, until there is a sign of life."""
        return self.failing_since is not None and now() - self.failing_since > PATIENCE


class Absence(models.Model):
    """An address of another house that could not be fetched: it is not asked again before `until`."""

    uri = models.CharField(max_length=500, unique=True)
    failures = models.PositiveSmallIntegerField(default=1)
    believed = models.BooleanField(default=True)  # False: it answered, with what proves nothing
    until = models.DateTimeField(db_index=True)


class Key(models.Model):
    """The public key an actor signs with; its private half too, sealed, when the actor is ours."""

    uri = models.CharField(max_length=500, unique=True)
    owner_uri = models.CharField(max_length=500, db_index=True)
    public_pem = models.TextField()
    sealed_private = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(default=now)


class Dispatch(models.Model):
    """A document that leaves, written once for all the inboxes it is owed to; emptied once nobody waits for it."""

    activity_uri = models.CharField(max_length=500, unique=True)
    object_uri = models.CharField(max_length=500, db_index=True)
    sender_uri = models.CharField(max_length=500)
    document = models.JSONField(default=dict)


class Delivery(Stateful):
    """One document owed to one inbox, in the order of the news of one object. What became of it is kept: the ledger."""

    STEPS = {"waiting": {"sent", "abandoned"}, "abandoned": {"waiting"}}

    # No index of its own: the constraint below has one.
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    inbox = models.CharField(max_length=500)
    host = models.CharField(max_length=260)
    urgency = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    leased_until = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dispatch", "inbox"], name="one_delivery_per_inbox")]
        # What waits is looked up house by house, so that houses that are down or closed cost nothing.
        indexes = [
            models.Index(
                fields=["host", "urgency", "due_at", "id"], name="delivery_next", condition=Q(state="waiting")
            ),
            models.Index(fields=["host", "due_at"], name="delivery_oldest", condition=Q(state="waiting")),
            models.Index(fields=["dispatch", "host"], name="delivery_order", condition=Q(state="waiting")),
            models.Index(fields=["state_since"], name="delivery_dead", condition=Q(state="abandoned")),
        ]
