"""Our audiences in Mastodon's four words, and back: no word of a client ever means more than its agent decided.

`direct` is for named people, `private` for followers; `public` and `unlisted` reach our organisation, or what the agent
chose in her settings. An application that knows us may say `audience`, with the code of one of ours.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from actors.models import Agent
from federation import peers
from federation.models import Peer
from instance.client_api.call import Call, Invalid
from outbox import audience
from outbox.audience import Reach
from outbox.posts import Post

WORDS = ("public", "unlisted", "private", "direct")
READ_AS = {
    "public": "public",
    "organisation": "public",
    "partners": "private",
    "chosen_partners": "private",
    "service": "private",
    "followers": "private",
    "named": "direct",
}


def read_as(post: Post) -> str:
    """The word that lets a client offer what is allowed: only what may be shared is `public`."""
    return READ_AS[post.audience] if post.audience != "public" or post.shareable else "unlisted"


def usual(agent: Agent) -> str:
    """What a post of this agent begins with."""
    return {"followers": "private", "named": "direct"}.get(agent.app_audience, "public")


def of_public(agent: Agent) -> str:
    """The audience that "public" means for this agent: her organisation, unless she chose, and her house allows."""
    wished = agent.app_audience
    if wished == "public" and not settings.PUBLIC_POSTS:
        return "organisation"
    return wished if wished in ("organisation", "partners", "public") else "organisation"


def reach(call: Call) -> Reach:
    """To whom the post that a client sends goes. Invalid: a word or a code that is none."""
    word = call.choice("visibility", WORDS, usual(call.agent))
    code = call.text("audience", 30) or {"direct": "named", "private": "followers"}.get(word, of_public(call.agent))
    if code not in audience.AUDIENCES:
        raise Invalid(_("Cette audience n’existe pas."))
    service = call.me.service if code == "service" else None
    return Reach(code, houses=tuple(chosen(call.words("audience_houses"))), service=service)


def chosen(hosts: Sequence[str]) -> list[Peer]:
    return list(peers.partners().filter(host__in=hosts[:100])) if hosts else []
