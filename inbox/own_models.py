"""What a reader keeps for herself, lists, filters, marks: nobody else reads it, and none says when she was here."""

from django.conf import settings
from django.db import models
from django.utils.timezone import now


class Bookmark(models.Model):
    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("outbox.Post", on_delete=models.CASCADE, related_name="bookmarks")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "post"], name="one_bookmark")]


class MutedThread(models.Model):
    """A conversation, known by its first post, of which `reader` is told no more."""

    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    root = models.ForeignKey("outbox.Post", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "root"], name="one_muted_thread")]


class List(models.Model):
    """Some of those whom `owner` follows, read apart; `exclusive`: and not in the home timeline."""

    owner = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    replies_policy = models.CharField(max_length=10, default="list")  # none, list, followed
    exclusive = models.BooleanField(default=False)
    members = models.ManyToManyField("actors.Actor", related_name="+")


class FollowedTag(models.Model):
    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    hashtag = models.ForeignKey("outbox.Hashtag", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "hashtag"], name="tag_followed_once")]


class Filter(models.Model):
    """What `owner` would rather not see, where (`context`) and how (`action`: warn, hide, blur)."""

    owner = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    context = models.JSONField(default=list)
    action = models.CharField(max_length=10, default="warn")
    expires_at = models.DateTimeField(null=True, blank=True)


class FilterKeyword(models.Model):
    filter = models.ForeignKey(Filter, on_delete=models.CASCADE, related_name="keywords")
    keyword = models.CharField(max_length=200)
    whole_word = models.BooleanField(default=False)


class FilterPost(models.Model):
    filter = models.ForeignKey(Filter, on_delete=models.CASCADE, related_name="posts")
    post = models.ForeignKey("outbox.Post", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filter", "post"], name="filtered_once")]


class Marker(models.Model):
    """How far `reader` has read (the id of a status or notification), for her other devices. Not when."""

    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    timeline = models.CharField(max_length=20)  # home, notifications, announcements
    last_read = models.BigIntegerField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "timeline"], name="one_marker")]


class Conversation(models.Model):
    """Posts to named people, gathered by their first one; `number` is that of the last."""

    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    root = models.ForeignKey("outbox.Post", on_delete=models.CASCADE, related_name="+")
    last = models.ForeignKey("outbox.Post", on_delete=models.CASCADE, related_name="+")
    number = models.BigIntegerField()
    unread = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "root"], name="one_conversation")]
        indexes = [models.Index(fields=["reader", "-number"], name="conversation_page")]


class NotificationPolicy(models.Model):
    """From whom notifications are set apart or dropped: each accept, filter or drop."""

    reader = models.OneToOneField("actors.Actor", on_delete=models.CASCADE, related_name="+")
    for_not_following = models.CharField(max_length=10, default="accept")
    for_not_followers = models.CharField(max_length=10, default="accept")
    for_new_accounts = models.CharField(max_length=10, default="accept")
    for_private_mentions = models.CharField(max_length=10, default="accept")
    for_limited_accounts = models.CharField(max_length=10, default="accept")


class NotificationPermission(models.Model):
    """Notifications from `actor` are never set apart."""

    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "actor"], name="one_permission")]


class PushSubscription(models.Model):
    """A device that wants to be rung; it goes with the token by which its application signed in."""

    token = models.OneToOneField(
        settings.OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL, on_delete=models.CASCADE, related_name="push_subscription"
    )
    reader = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=2000)
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=60)
    standard = models.BooleanField(default=False)  # RFC 8291 (aes128gcm), or the older draft (aesgcm)
    alerts = models.JSONField(default=dict)
    policy = models.CharField(max_length=10, default="all")  # all, followed, follower, none


class Push(models.Model):
    """A ring that is owed to a device."""

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="+")
    notification = models.ForeignKey("inbox.Notification", on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(default=now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "notification"], name="one_push")]


class Announcement(models.Model):
    """What the organisation tells all of its agents, for a time. Who has read it is written nowhere."""

    words = models.TextField()  # Markdown
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    all_day = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True, blank=True)
