"""The account of an agent of this house: how one signs in, with what role.

No date of last visit is kept.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

ROLES = ("agent", "facilitator", "moderator", "admin")


class AgentManager(BaseUserManager["Agent"]):
    """Every page shows who reads it: the person and her service come with the account, in one query."""

    def get_queryset(self) -> "models.QuerySet[Agent]":
        return super().get_queryset().select_related("actor__service")

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(login=(username or "").strip().lower())


class Agent(AbstractBaseUser):
    """Who may sign in here. The person that others see is `actor`."""

    last_login = None

    login = models.CharField(max_length=64, unique=True)
    actor = models.OneToOneField("actors.Actor", on_delete=models.CASCADE, related_name="agent")
    role = models.CharField(max_length=20, default="agent")
    language = models.CharField(max_length=5, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # what she kept for herself goes some time later
    app_audience = models.CharField(max_length=20, default="organisation", db_default="organisation")
    app_sensitive = models.BooleanField(default=False, db_default=False)
    app_language = models.CharField(max_length=12, blank=True, default="", db_default="")
    quiet = models.JSONField(null=True, blank=True)  # her own hours; None: the organisation's

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AgentManager()

    class Meta:
        app_label = "actors"

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"

    @property
    def moderates(self) -> bool:
        return self.role in ("moderator", "admin")
