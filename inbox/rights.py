"""Who may do what about what: one row for each activity that we understand (security rows 34 to 45, FEP-fe34).

The gate has already proven that the signer is the actor, that the activity's id is of the actor's own house, and so is
what a Create or an Update is about. What is not in this table, or breaks its row, is ignored; the receipt keeps why.
Rules that ask nothing of the database come first.
"""

from actors.models import Actor
from federation.errors import FederationError, Ignored
from inbox.rules import (
    Activity,
    Rule,
    a_partners_house_says_so,
    it_comes_whole,
    it_is_attributed_to_the_actor,
    it_is_no_actor,
    it_is_not_known_as_anothers,
    it_is_not_said_to_be_anothers,
    it_is_of_our_house,
    it_is_only_named,
    it_is_the_actor,
    it_lives_in_the_actors_house,
    it_names_one_thing,
    one_of_us_asked_the_actor,
    some_of_it_is_ours,
    the_actor_did_it,
    the_list_is_the_actors,
    the_target_confirms_it,
    the_target_is_another_name,
)

its_own_post = it_lives_in_the_actors_house & it_is_not_said_to_be_anothers & it_is_not_known_as_anothers
its_own_words = it_comes_whole & it_is_no_actor & it_is_attributed_to_the_actor & it_is_not_known_as_anothers
# What is only named is asked for in its house (`inbox.fetching`).
its_own_name = it_is_only_named & it_lives_in_the_actors_house & it_is_not_known_as_anothers

# "it" is the activity's object.
RIGHTS: dict[str, Rule] = {
    "Accept": one_of_us_asked_the_actor,
    "Add": the_list_is_the_actors & it_names_one_thing & it_lives_in_the_actors_house,
    "Announce": it_names_one_thing,  # what may be shared at all: `posts.can_boost`
    "Block": it_is_of_our_house,
    "Create": its_own_name | it_comes_whole & it_is_attributed_to_the_actor,
    "Delete": it_is_the_actor | its_own_post,
    "EmojiReact": it_names_one_thing,  # and what one may read: `posts.find_by_uri`
    "Flag": some_of_it_is_ours,
    "Follow": it_is_of_our_house,
    "Like": it_names_one_thing,
    "Move": it_is_the_actor & the_target_is_another_name & (a_partners_house_says_so | the_target_confirms_it),
    "Reject": one_of_us_asked_the_actor,
    "Remove": the_list_is_the_actors & it_names_one_thing & it_lives_in_the_actors_house,
    "Undo": the_actor_did_it,
    "Update": it_is_the_actor | its_own_words,
}


def refusal(actor: Actor, activity: Activity) -> FederationError | None:
    """Why the actor may not, for those who ask about many at once."""
    try:
        check(actor, activity)
    except FederationError as reason:
        return reason
    return None


def check(actor: Actor, activity: Activity) -> None:
    """Ignored, WrongActor or Malformed, with the reason, when the actor may not. Never for a colleague of the house:
    her letter crossed no wire, and was written by our own verbs, which asked her."""
    rule = RIGHTS.get(activity["type"])
    if rule is None:
        raise Ignored(f"nobody has a right to {activity['type'][:50]} here")
    if not actor.local:
        if not actor.active:
            raise Ignored(f"{actor.uri} does not act here any more")
        rule(actor, activity)
