"""The houses we know, the keys that prove who speaks, and what we owe to whom."""

from django.db import models
from django.utils.timezone import now

from federation.states import Stateful


class Peer(Stateful):
    """A house on the allow-list. A host that is not here does not exist."""

    STEPS = {"active": {"suspended"}, "suspended": {"active"}}

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

    def __str__(self) -> str:
        return self.host


class Key(models.Model):
    """The public key an actor signs with; its private half too, sealed, when the actor is ours."""

    uri = models.CharField(max_length=500, unique=True)
    owner_uri = models.CharField(max_length=500, db_index=True)
    public_pem = models.TextField()
    sealed_private = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(default=now)


class Delivery(Stateful):
    """One document owed to one inbox, in the order of the news of one `object_uri`. Once sent, its text is gone."""

    STEPS = {"waiting": {"sent", "abandoned"}, "abandoned": {"waiting"}}

    document = models.JSONField()
    activity_uri = models.CharField(max_length=500)
    object_uri = models.CharField(max_length=500, db_index=True)
    inbox = models.CharField(max_length=500)
    host = models.CharField(max_length=260)
    sender_uri = models.CharField(max_length=500)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    leased_until = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity_uri", "inbox"], name="one_delivery_per_inbox")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="delivery_due"),
            models.Index(fields=["host", "object_uri", "state"], name="delivery_order"),
        ]
