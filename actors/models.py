"""Everyone who acts, here or elsewhere, and what ties them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.timezone import now

from actors.accounts import Agent
from actors.exchanges import Approach, Convention, Exchange
from federation.ids import new_ulid
from federation.states import Stateful

__all__ = ["Actor", "Agent", "Approach", "Block", "Convention", "Exchange", "Follow", "Mute", "Organisation", "Service"]


class Actor(models.Model):
    """Someone who acts: an agent, an organisation, a service, a house; ours or a peer's."""

    uri = models.CharField(max_length=500, unique=True)
    ulid = models.CharField(max_length=26, unique=True, default=new_ulid)
    kind = models.CharField(max_length=20, default="Person")
    handle = models.CharField(max_length=64)
    host = models.CharField(max_length=260, db_index=True)
    domain = models.CharField(max_length=260)
    local = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    occupation = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=list, db_default=[])  # of the profile: {"name": text, "value": HTML}
    service = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    inbox = models.CharField(max_length=500)
    shared_inbox = models.CharField(max_length=500, blank=True)
    outbox = models.CharField(max_length=500, blank=True)
    followers_uri = models.CharField(max_length=500, blank=True)
    following_uri = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=500, blank=True)
    icon_url = models.CharField(max_length=500, blank=True)
    avatar = models.FileField(upload_to="avatars", blank=True)
    approves_followers = models.BooleanField(default=False)
    discoverable = models.BooleanField(default=True)
    also_known_as = models.JSONField(default=list)
    moved_to = models.CharField(max_length=500, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handle"], name="one_handle", condition=Q(local=True)),
        ]
        indexes = [models.Index(fields=["kind", "id"], name="groups", condition=Q(kind="Group"))]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """`@julie.martin@saint-aubin.fr`, as one would write it to a colleague elsewhere."""
        return f"@{self.handle}@{self.domain}"

    @property
    def path_name(self) -> str:
        return self.handle if self.local else f"{self.handle}@{self.domain}"

    @property
    def profile_path(self) -> str:
        return f"/personnes/{self.path_name}/"

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def initials(self) -> str:
        words = [word for word in self.name.replace("-", " ").split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"

    @property
    def avatar_url(self) -> str:
        """The portrait, always served by our own house."""
        version = f"?v={(self.avatar.name or '')[-13:-5]}" if self.avatar else ""  # a new portrait has a new address
        return f"/portraits/{self.ulid}/{version}" if self.avatar or self.icon_url else ""

    @cached_property
    def organisation(self) -> "Organisation | None":
        return Organisation.objects.filter(host=self.host).first()

    @property
    def active(self) -> bool:
        return self.suspended_at is None and self.gone_at is None


class Organisation(models.Model):
    """A local authority or grouping, ours or a neighbour; its shield is drawn from partition, colour and metal."""

    host = models.CharField(max_length=260, unique=True)
    actor = models.OneToOneField(Actor, null=True, blank=True, on_delete=models.CASCADE, related_name="speaks_for")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    siren = models.CharField(max_length=9, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    partition = models.CharField(max_length=20, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    metal = models.CharField(max_length=20, blank=True)
    reversed = models.BooleanField(default=False)
    quiet = models.JSONField(default=dict, db_default={})  # when devices are not rung: see `inbox.quiet`

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A unit of our organisation (direction, service); its Group actor can be followed."""

    actor = models.OneToOneField(Actor, on_delete=models.CASCADE, related_name="unit")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="units")

    def __str__(self) -> str:
        return self.actor.name


class Follow(Stateful):
    """`follower` reads `followed`, once `followed` said yes. `unsure`: she did, before our house was restored."""

    STEPS = {
        "asked": {"accepted", "refused", "undone"},
        "accepted": {"refused", "undone", "unsure"},
        "unsure": {"accepted", "refused", "undone", "asked"},
        "refused": {"asked", "undone"},
        "undone": {"asked"},
    }

    follower = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="follows_out")
    followed = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="follows_in")
    uri = models.CharField(max_length=500, unique=True)
    boosts = models.BooleanField(default=True, db_default=True)  # what the other shares is shown to me too
    notify = models.BooleanField(default=False, db_default=False)  # tell me of each new post
    under = models.CharField(max_length=260, blank=True, default="", db_default="")  # the former name of ours it asked

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "followed"], name="one_follow")]
        indexes = [
            models.Index(fields=["followed", "state"], name="followers"),
            models.Index(fields=["id"], name="follow_unsure", condition=Q(state="unsure")),
        ]


class Comparison(Stateful):
    """Another house counts the followers of its `actor` here otherwise than we do: it is asked for its list."""

    STEPS = {"waiting": {"done"}, "done": {"waiting"}}

    actor = models.OneToOneField(Actor, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    due_at = models.DateTimeField(default=now)


class Block(models.Model):
    """Neither reads the other any more."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="blocks_out")
    target = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="blocks_in")
    uri = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "target"], name="one_block")]


class Mute(models.Model):
    """Out of my sight; the other never knows."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="mutes_out")
    target = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="mutes_in")
    notifications = models.BooleanField(default=True, db_default=True)  # out of these too
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "target"], name="one_mute")]


class Remark(models.Model):
    """What an agent noted for herself about someone; nobody else reads it."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "target"], name="one_remark")]


class Endorsement(models.Model):
    """Someone whom an agent shows on her profile."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="endorsements")
    target = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "target"], name="one_endorsement")]


class SignInLink(models.Model):
    """A single-use way in; only a hash of its secret is kept."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class Attempt(models.Model):
    """How often a door was tried lately; the key is a hash, and the row is swept within a day."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=now)
