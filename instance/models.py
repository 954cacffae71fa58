"""Applications that agents let act for them, and files that wait to be erased."""

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
        return bool({self.GRANT_AUTHORIZATION_CODE, self.GRANT_CLIENT_CREDENTIALS} & set(grant_types))

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Byte for byte: what is mended before it is compared is another address."""
        return uri in self.redirects

    @property
    def redirects(self) -> list[str]:
        return str(self.redirect_uris).split("\n")

    def clean(self) -> None:
        """What may be registered is decided in `instance.redirects`."""


class SpentCode(models.Model):
    """A code that was exchanged, by its hash, and the token that it gave: shown once more, it takes that token back."""

    code_hash = models.CharField(max_length=64, unique=True)
    token = models.OneToOneField(
        settings.OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL, on_delete=models.CASCADE, related_name="spent_code"
    )


class Unerased(models.Model):
    """A file that nothing names any more, in a bucket that did not answer when it was to go."""

    name = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField(db_index=True)
