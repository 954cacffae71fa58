"""The questions that the table of rights asks: each a small rule of origin or ownership, which passes or says why not.

The terms are those of FEP-fe34 (origin-based security model), and stricter where it says SHOULD: the owner acts, not
just somebody of the same house.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actors import directory, renaming
from actors.documents import KINDS
from actors.models import Actor
from federation import peers
from federation.errors import Ignored, Malformed, WrongActor
from federation.vocabulary import id_of, ids_of, text_of
from outbox import posts, reading

Activity = dict[str, Any]
Question = Callable[[Actor, Activity], None]
NO = (Ignored, Malformed, WrongActor)


@dataclass(frozen=True)
class Rule:
    """Called with an actor and what it sent. `a & b` asks both, in this order; `a | b` is content with either."""

    ask: Question

    def __call__(self, actor: Actor, activity: Activity) -> None:
        self.ask(actor, activity)

    def __and__(self, other: "Rule") -> "Rule":
        def both(actor: Actor, activity: Activity) -> None:
            self(actor, activity)
            other(actor, activity)

        return Rule(both)

    def __or__(self, other: "Rule") -> "Rule":
        def either(actor: Actor, activity: Activity) -> None:
            try:
                self(actor, activity)
            except NO:
                other(actor, activity)

        return Rule(either)


# --- What the activity is about ---


@Rule
def it_names_one_thing(actor: Actor, activity: Activity) -> None:
    if not id_of(activity["object"]):
        raise Ignored("it is about nothing that has a name")


@Rule
def it_comes_whole(actor: Actor, activity: Activity) -> None:
    if not isinstance(activity["object"], dict):
        raise Ignored("the post must come whole")


@Rule
def it_is_only_named(actor: Actor, activity: Activity) -> None:
    if isinstance(activity["object"], dict):
        raise Ignored("it comes whole")


@Rule
def it_is_the_actor(actor: Actor, activity: Activity) -> None:
    if id_of(activity["object"]) != actor.uri:
        raise WrongActor(f"{actor.uri} does this to itself only")


@Rule
def it_is_no_actor(actor: Actor, activity: Activity) -> None:
    if text_of(activity["object"].get("type"), 50) in KINDS:
        raise WrongActor("one only describes oneself")


@Rule
def it_lives_in_the_actors_house(actor: Actor, activity: Activity) -> None:
    if not peers.lives_at(id_of(activity["object"]), actor.host):
        raise WrongActor(f"{actor.uri} speaks for another house")


@Rule
def it_is_attributed_to_the_actor(actor: Actor, activity: Activity) -> None:
    """Alone, or beside co-authors of the same house."""
    reading.check_author(actor, activity["object"])


@Rule
def it_is_not_said_to_be_anothers(actor: Actor, activity: Activity) -> None:
    """A Tombstone need not say whose it was."""
    about = activity["object"]
    authors = ids_of(about.get("attributedTo")) if isinstance(about, dict) else []
    if authors and actor.uri not in authors:
        raise WrongActor(f"{actor.uri} does not speak for {authors[:3]}")


@Rule
def it_is_not_known_as_anothers(actor: Actor, activity: Activity) -> None:
    """Asks the database: same house is not same hand."""
    uri = id_of(activity["object"])
    if posts.written_by_another(actor, uri) or Actor.objects.filter(uri=uri).exclude(pk=actor.pk).exists():
        raise WrongActor(f"{uri} is not {actor.uri}'s")


@Rule
def it_is_of_our_house(actor: Actor, activity: Activity) -> None:
    if not peers.is_ours(id_of(activity["object"])):
        raise Ignored("it is about nobody of this house")


@Rule
def some_of_it_is_ours(actor: Actor, activity: Activity) -> None:
    if not any(peers.is_ours(uri) for uri in ids_of(activity["object"])[:50]):
        raise Ignored("nothing of ours is reported")


# --- What was done before, by whom ---


@Rule
def the_actor_did_it(actor: Actor, activity: Activity) -> None:
    """What is taken back has its id in the actor's house, and its own actor, as far as it says."""
    undone = activity["object"]
    doer = undone.get("actor") if isinstance(undone, dict) else None
    if doer and id_of(doer) != actor.uri:
        raise WrongActor("one only undoes one's own")
    if id_of(undone) and not peers.lives_at(id_of(undone), actor.host):
        raise WrongActor("one only undoes one's own")


@Rule
def one_of_us_asked_the_actor(actor: Actor, activity: Activity) -> None:
    """A request made here, and to whoever answers; `following.answered` looks for the very row."""
    asked = activity["object"]
    inner = asked if isinstance(asked, dict) else {}
    if not peers.is_ours(id_of(asked)) and not peers.is_ours(id_of(inner.get("actor"))):
        raise WrongActor(f"{actor.uri} answers what nobody here asked")
    if text_of(inner.get("type"), 50) == "Follow" and id_of(inner.get("object")) not in ("", actor.uri):
        raise WrongActor(f"{actor.uri} answers for another")


# --- Where it goes ---


@Rule
def the_list_is_the_actors(actor: Actor, activity: Activity) -> None:
    if not id_of(activity.get("target")).startswith(f"{actor.uri}/"):
        raise WrongActor("one only changes lists of one's own")


@Rule
def the_target_is_another_name(actor: Actor, activity: Activity) -> None:
    if id_of(activity.get("target")) in ("", actor.uri):
        raise Ignored("one moves somewhere, and elsewhere")


@Rule
def the_target_confirms_it(actor: Actor, activity: Activity) -> None:
    """What its own house said of it just now (`move.prepare`): the other half of the proof."""
    target = directory.find(id_of(activity.get("target")))
    if actor.uri not in target.also_known_as or not target.active:
        raise Ignored("the new name does not confirm the old one")
    if target.moved_to:
        raise Ignored("the new name has moved on itself")


@Rule
def a_partners_house_says_so(actor: Actor, activity: Activity) -> None:
    """The other half of its proof is asked for when an admin wants it (`actors.renaming`)."""
    if not renaming.is_a_partners_voice(actor):
        raise WrongActor(f"{actor.uri} is no partner's house")
