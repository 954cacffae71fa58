"""Applications that agents let act for them."""

from django.conf import settings
from django.db import models
from oauth2_provider.models import AbstractApplication


class Application(AbstractApplication):  # type: ignore[misc]
    """One that registered itself at `/api/v1/apps`, with the scopes that it may ever ask for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    website = models.CharField(max_length=500, blank=True)
    scopes = models.TextField(default="read")

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]
        pass

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Clients ask for tokens of their own before an agent signs in, and refresh those that they were given."""
        return bool({"authorization_code", "client_credentials", "refresh_token"} & set(grant_types))

    def clean(self) -> None:
        """Redirects are compared byte for byte with what was registered; `urn:ietf:wg:oauth:2.0:oob` is one of them."""
