"""What two houses said to each other about being partners, what our admins noted of it, and unverified offers."""

from django.db import models
from django.utils.timezone import now

VERBS = ("offer", "withdraw", "accept", "decline", "ask", "answer", "revoke", "move")


class Exchange(models.Model):
    """One letter about the partnership with a house, ours or theirs; whoever of us decided is nobody's business."""

    peer = models.ForeignKey("federation.Peer", on_delete=models.CASCADE, related_name="exchanges")
    verb = models.CharField(max_length=10)
    ours = models.BooleanField()
    uri = models.CharField(max_length=500, db_index=True)
    purpose = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=254, blank=True)
    charter = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    said_at = models.DateTimeField(default=now)

    class Meta:
        app_label = "actors"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["peer", "ours", "uri"], name="said_once")]


class Convention(models.Model):
    """What an admin wrote down about the exchange with a house, for the record of processing; blank: as it was said."""

    peer = models.OneToOneField("federation.Peer", on_delete=models.CASCADE, related_name="convention")
    purpose = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=254, blank=True)
    annex = models.CharField(max_length=300, blank=True)
    since = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "actors"


class Approach(models.Model):
    """An offer from a house that is not on the list, as it knocked: no call was made, so who wrote it is not known.

    What verifying its signature will take is kept with it: see `actors.approaches`.
    """

    host = models.CharField(max_length=260, unique=True)
    actor_uri = models.CharField(max_length=500)
    target = models.CharField(max_length=500)
    headers = models.JSONField()
    body = models.TextField()
    knocked_at = models.DateTimeField(default=now)

    class Meta:
        app_label = "actors"
        ordering = ("knocked_at", "pk")

    def __str__(self) -> str:
        return self.host
