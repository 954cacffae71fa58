"""Inside the instance: its people are made ready, and the database is asked what became of each document."""

from typing import Any

from actors import arrivals, directory, following
from actors.models import Actor, Follow
from federation.errors import FederationError
from federation.models import Peer
from inbox.models import Receipt, Report
from outbox import audience, publishing
from outbox.models import Boost, Like, Post
from tests.replay.expected import letters

Said = dict[str, Any]
AGENT = "julien.mercier"


def settle() -> list[str]:
    agent = Actor.objects.get(handle=AGENT)
    post = publishing.publish(agent, publishing.Draft("Bonjour à tous"), audience.Reach("public"))
    return [agent.uri, post.uri]


def list_houses(hosts: list[str]) -> int:
    """Allowed, and not asked who they are: they are old servers of other kinds."""
    far = "2999-01-01T00:00:00Z"
    rows = [Peer(host=host, name=host[:200], state="active", learn_at=far) for host in hosts]
    return len(Peer.objects.bulk_create(rows, ignore_conflicts=True))


def meet(uri: str, *, follow: bool = True) -> str:
    """Our agent follows this author; or why nobody here can."""
    try:
        actor = directory.find(uri)
    except FederationError as reason:
        return str(reason) or type(reason).__name__
    agent = Actor.objects.get(handle=AGENT)
    if follow:
        following.ask(agent, actor)
        Follow.objects.filter(follower=agent, followed=actor).update(state="accepted")
    return ""


def ask(uri: str) -> str:
    """The id of a request to follow that waits for an answer."""
    if meet(uri, follow=False):
        return ""
    return following.ask(Actor.objects.get(handle=AGENT), Actor.objects.get(uri=uri)).uri


def receipts(uris: list[str]) -> dict[str, list[str]]:
    rows = Receipt.objects.filter(uri__in=uris).values_list("uri", "state", "reason")
    return {uri: [state, reason] for uri, state, reason in rows}


def missing(said: Said) -> str:
    """What of the expected effect is not in the database; empty when all of it is."""
    return str(EFFECTS[said["effect"]](said))


def post(said: Said) -> str:
    found = Post.objects.filter(uri=said["uri"]).select_related("author").first()
    if found is None:
        return "no post"
    options = found.details.get("poll", {}).get("options", [])
    text = letters(f"{found.title} {found.html} {' '.join(options)}")
    seen = {
        "author": found.author.uri == said["author"],
        "audience": found.audience == said["audience"],
        "words": all(each in text for each in said["words"]),
        "thread": found.in_reply_to_uri == said["in_reply_to"],
        "files": found.attachments.count() == said["files"],
        "title": not found.title or letters(found.title) != "",
    }
    wrong = [name for name, right in seen.items() if not right]
    return f"wrong {', '.join(wrong)}" if wrong else ""


def revised(said: Said) -> str:
    if not Post.objects.filter(uri=said["uri"]).exclude(edited_at=None).exists():
        return "not revised"
    return post(said)


def gone(said: Said) -> str:
    return "" if Post.objects.filter(uri=said["uri"]).exclude(withdrawn_at=None).exists() else "still there"


def like(said: Said) -> str:
    return "" if Like.objects.filter(actor__uri=said["actor"], post__uri=said["post"]).exists() else "no like"


def boost(said: Said) -> str:
    return "" if Boost.objects.filter(actor__uri=said["actor"], post__uri=said["post"]).exists() else "no share"


def follow(said: Said) -> str:
    rows = Follow.objects.filter(follower__uri=said["actor"], followed__handle=AGENT, state=said["state"])
    return "" if rows.exists() else "does not follow"


def answered(said: Said) -> str:
    rows = Follow.objects.filter(follower__handle=AGENT, followed__uri=said["followed"], state=said["state"])
    return "" if rows.exists() else f"not {said['state']}"


def undone(said: Said) -> str:
    if said["verb"] == "Follow":
        return follow(said | {"state": "undone"}) and "still follows"
    still = {"Announce": boost}.get(said["verb"], like)(said) == ""
    return "still there" if still else ""


def actor(said: Said) -> str:
    found = Actor.objects.filter(uri=said["uri"]).first()
    if found is None:
        return "no actor"
    return "" if letters(said["name"])[:20] in letters(f"{found.name} {found.handle}") else "wrong name"


def departed(said: Said) -> str:
    return "" if Actor.objects.filter(uri=said["uri"]).exclude(gone_at=None).exists() else "still there"


def moved(said: Said) -> str:
    return "" if Actor.objects.filter(uri=said["actor"], moved_to=said["to"]).exists() else "not moved"


def pinned(said: Said) -> str:
    found = Post.objects.filter(uri=said["uri"]).first()
    return "" if found and bool(found.pinned_at) == said["pinned"] else "not so"


def report(said: Said) -> str:
    return "" if Report.objects.filter(uri=said["uri"]).exists() else "no report"


EFFECTS = {
    each.__name__: each
    for each in (post, revised, gone, like, boost, follow, answered, undone, actor, departed, moved, pinned, report)
}


def prepare(authors: list[str], asks: list[str]) -> dict[str, str]:
    """Why someone could not be met, and the ids of the requests that wait."""
    unmet = {uri: meet(uri) for uri in authors}
    return {uri: why for uri, why in unmet.items() if why} | {f"ask {uri}": ask(uri) for uri in asks}


def judge(expectations: list[Said]) -> list[str]:
    return [missing(each) if each else "" for each in expectations]


def open_house() -> list[str]:
    """Found the house; the ids of its agent and of her public post."""
    arrivals.settle_organisation("Ville de Saint-Aubin", "Saint-Aubin", "210101010", "commune")
    arrivals.invite("Julien Mercier", "Jardinier")
    return settle()
