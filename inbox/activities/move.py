"""Someone now acts under another name, maybe in another house: those who followed follow on; a house only says so."""

from typing import Any

from actors import directory, follow_arrivals, former_names, renaming
from actors.models import Actor
from federation import peers
from federation.vocabulary import id_of
from inbox import fetching, rules


def prepare(actor: Actor, activity: dict[str, Any]) -> None:
    """The house of the new name is asked whether it is the same person; not for somebody else's sake."""
    (rules.it_is_the_actor & rules.the_target_is_another_name)(actor, activity)
    uri = id_of(activity.get("target"))
    if not peers.is_ours(uri) and not renaming.is_a_partners_voice(actor):
        if not former_names.became(actor.host, peers.authority_of(uri)):
            fetching.count(actor)
        directory.learn(uri)


def handle(actor: Actor, activity: dict[str, Any]) -> None:
    if renaming.is_a_partners_voice(actor):
        renaming.hear(actor, activity)
    else:
        follow_arrivals.move(actor, directory.find(id_of(activity.get("target"))))
