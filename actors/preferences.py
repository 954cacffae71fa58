"""What an agent wants of the applications that she uses: to whom their posts go, in which language."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from actors.models import Agent
from federation.errors import Forbidden

AUDIENCES = ("organisation", "partners", "public", "followers")  # that an application's "public" may mean
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


def allowed() -> list[str]:
    """Those of the audiences that this house opens."""
    return [each for each in AUDIENCES if each != "public" or settings.PUBLIC_POSTS]


def choose_audience(agent: Agent, audience: str) -> None:
    """Forbidden for what the house does not open."""
    if audience not in AUDIENCES:
        raise Forbidden(_("Cette audience n’existe pas."))
    if audience not in allowed():
        raise Forbidden(_("Votre collectivité n’ouvre pas ses publications à tout internet."))
    agent.app_audience = audience
    agent.save(update_fields=["app_audience"])


def choose_sensitive(agent: Agent, sensitive: bool) -> None:
    """Whether what her applications send is sensitive as a rule."""
    agent.app_sensitive = sensitive
    agent.save(update_fields=["app_sensitive"])


def choose_language(agent: Agent, language: str) -> None:
    """That her applications write in as a rule; none is theirs to guess. The pages keep their own."""
    if language and not LANGUAGE.fullmatch(language):
        raise Forbidden(_("Cette langue n’existe pas."))
    agent.app_language = language
    agent.save(update_fields=["app_language"])


def language_of(agent: Agent) -> str:
    """That of her posts when an application does not say: hers, else that of her pages, else French."""
    return agent.app_language or agent.language or "fr"
