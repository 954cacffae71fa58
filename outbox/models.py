"""Posts as lines in their authors' outboxes, and what hangs from them.

Read them through `outbox.posts`.
"""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.timezone import now

from actors.models import Actor
from federation.ids import new_ulid, number_of
from federation.states import Stateful
from outbox.vote_models import Tally as Tally
from outbox.vote_models import Vote as Vote

if TYPE_CHECKING:
    from outbox.counting import Results


def new_number() -> int:
    return number_of(new_ulid())


class Number(models.BigIntegerField):  # type: ignore[type-arg]
    """Digits that sort by time, by which clients know a post: those of its ULID."""

    def pre_save(self, post: "Post", add: bool) -> int:  # type: ignore[override]
        number = post.number or number_of(post.ulid)
        post.number = number
        return number


class Hashtag(models.Model):
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


READ_BY_FOLLOWERS = ("public", "partners", "chosen_partners", "followers")
FOR_FOLLOWERS = models.Q(audience__in=READ_BY_FOLLOWERS)
BEGUN = models.Q(in_reply_to_uri="", withdrawn_at=None)  # by no answer, and still there


class Post(models.Model):
    """A line in its author's outbox, whichever house that outbox lives in."""

    uri = models.CharField(max_length=500, unique=True)
    ulid = models.CharField(max_length=26, unique=True)
    number = Number(unique=True)  # a boost has one too, since clients list both
    author = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="posts")
    local = models.BooleanField(default=False)
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=300, blank=True)
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    sensitive = models.BooleanField(default=False, db_default=False)
    details = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="fr")
    audience = models.CharField(max_length=20)
    service = models.ForeignKey("actors.Actor", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    named = models.ManyToManyField("actors.Actor", related_name="posts_naming")
    houses = models.ManyToManyField("federation.Peer", related_name="+")
    in_reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    in_reply_to_uri = models.CharField(max_length=500, blank=True)
    root = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="thread")
    hashtags = models.ManyToManyField(Hashtag, related_name="posts")
    shareable = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)

    # What a card shows to the one who looks: set by `outbox.posts.decorate`, `inbox.timelines` and
    # `inbox.bookmarks`.
    like_count: int
    boost_count: int
    reply_count: int
    liked: bool
    boosted: bool
    mine: bool
    kept: bool  # among her bookmarks
    can_boost: bool
    can_reply: bool
    can_like: bool
    poll: "Results | None"
    files: "list[Attachment]"
    hanging: "list[Any]"  # whom it names, and its hashtags: see `outbox.trimmings`
    emojis: "list[Emoji]"
    boosted_by: Actor | None
    answered: "Post | None"

    # What will hang from a post that arrives, until it is written: set by `outbox.keeping`.
    readers_named: list[Actor]
    houses_named: list[int]
    subjects_said: set[str]
    attached: dict[str, dict[str, Any]]

    is_news: bool  # whether an Update tells readers anything but numbers: set by `outbox.arriving`

    class Meta:
        indexes = [
            models.Index(fields=["author", "-number"], name="post_by_author"),
            models.Index(fields=["author", "-number"], name="post_for_followers", condition=BEGUN & FOR_FOLLOWERS),
            models.Index(fields=["audience", "-number"], name="post_by_audience", condition=BEGUN),
            models.Index(fields=["-number"], name="post_of_ours", condition=BEGUN & models.Q(local=True)),
            models.Index(fields=["in_reply_to_uri"], name="post_awaited"),
        ]

    def __str__(self) -> str:
        return self.uri

    @property
    def path(self) -> str:
        return f"/p/{self.ulid}/"

    @property
    def is_poll(self) -> bool:
        return "poll" in self.details


class Version(models.Model):
    """What a post said before an edit; everyone who reads the post may read it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    title = models.CharField(max_length=300, blank=True)
    html = models.TextField()
    sensitive = models.BooleanField(default=False, db_default=False)
    options = models.JSONField(default=list, db_default=[])  # of a poll
    attachments = models.JSONField(default=list, db_default=[])  # as they were described: see `outbox.versions`
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at"]


class Tombstone(models.Model):
    """A post of a peer that its author withdrew, maybe before it arrived: it stays dead. Nobody buries another's."""

    uri = models.CharField(max_length=500)
    author = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["uri", "author"], name="one_tombstone")]


class Attachment(Stateful):
    """An image or a document. It has the audience of its post, and no other life."""

    STEPS = {"waiting": {"kept", "missing"}, "missing": {"waiting"}}

    ulid = models.CharField(max_length=26, unique=True, default=new_ulid)
    owner = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=1500, blank=True)
    media_type = models.CharField(max_length=100)
    file = models.FileField(upload_to="files", blank=True)
    thumbnail = models.FileField(upload_to="thumbnails", blank=True)
    size = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    blurhash = models.CharField(max_length=60, blank=True)
    focus_x = models.FloatField(default=0, db_default=0)  # from -1, left, to 1
    focus_y = models.FloatField(default=0, db_default=0)  # from -1, bottom, to 1
    remote_url = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["due_at"], name="attachment_due", condition=models.Q(state="waiting"))]

    @property
    def path(self) -> str:
        return f"/medias/{self.ulid}/"


class Like(models.Model):
    """`actor` found `post` useful."""

    uri = models.CharField(max_length=500, unique=True)
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="likes")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="likes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "post"], name="one_like")]


class Boost(models.Model):
    """`actor` shared `post` with those who may read it anyway."""

    uri = models.CharField(max_length=500, unique=True)
    number = models.BigIntegerField(unique=True, default=new_number)
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="boosts")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="boosts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "post"], name="one_boost")]
        indexes = [models.Index(fields=["actor", "-number"], name="boost_by_actor")]


class Scheduled(models.Model):
    """What will be published at `due_at`: `wish` is what was asked for, checked again then."""

    author = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_index=True)
    wish = models.JSONField()
    attachments = models.ManyToManyField(Attachment, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why it could not be published then


class Asked(models.Model):
    """A request to publish that its author's application named by a key: asked twice, it is written once."""

    author = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)  # a hash
    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="+")
    scheduled = models.ForeignKey(Scheduled, null=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="asked_once")]


class FeaturedTag(models.Model):
    """A hashtag that an author shows on her profile."""

    author = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="featured_tags")
    hashtag = models.ForeignKey(Hashtag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "hashtag"], name="featured_once")]


class Emoji(models.Model):
    """A small picture of the organisation's own, written `:shortcode:`."""

    shortcode = models.CharField(max_length=40, unique=True)
    file = models.FileField(upload_to="emoji")
    category = models.CharField(max_length=60, blank=True)

    @property
    def path(self) -> str:
        return f"/emojis/{self.shortcode}/?v={(self.file.name or '')[-12:-4]}"  # another picture, another address
