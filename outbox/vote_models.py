"""Who chose what in a poll, shown to nobody, and when its results are told."""

from django.db import models


class Vote(models.Model):
    """`actor` chose the option `choice` (from 0) of a poll; who chose what is shown to nobody."""

    post = models.ForeignKey("outbox.Post", on_delete=models.CASCADE, related_name="votes")
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    choice = models.PositiveSmallIntegerField()
    uri = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "actor", "choice"], name="one_vote")]


class Tally(models.Model):
    """When the results of a poll are to be told next: a moment after a vote, and at its end. None once all is told."""

    post = models.OneToOneField("outbox.Post", primary_key=True, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_index=True)
