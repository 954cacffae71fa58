"""The table of rights, walked through the door: every activity by the right person, then by wrong ones."""

from types import SimpleNamespace

import pytest

from actors import following
from inbox import receiving
from inbox.activities import HANDLERS
from inbox.models import Receipt
from inbox.rights import RIGHTS
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(vernay, stranger, julien, lucie, settings, arrives):
    """Lucie wrote a note, likes Julien's post, follows him, and he asked to follow her; Malo works beside her."""
    settings.PUBLIC_POSTS = True
    w = SimpleNamespace(house=vernay, lucie=vernay.lucie, malo=vernay.add_actor("malo"), julien=julien.uri)
    w.stranger, w.elsewhere = stranger.mallory, f"{stranger.origin}/notes/1"
    w.post = publishing.publish(julien, Draft("à tous"), Reach("public")).uri
    w.asked = following.document(following.ask(julien, lucie))
    created, w.malos = (vernay.create(author, [julien.uri]) for author in (w.lucie, w.malo))
    w.note, w.created, w.malos_note = created["object"], created, w.malos["object"]["id"]
    w.like = vernay.activity("Like", w.lucie, w.post)
    w.follow = vernay.activity("Follow", w.lucie, w.julien)
    for each in (created, w.malos, w.like, w.follow):
        assert arrives(vernay, each) == "handled"
    w.new = vernay.add_actor("lucie2", alsoKnownAs=[w.lucie])
    w.other = vernay.add_actor("other")
    return w


def new_note(w, **more):
    return w.house.note(w.lucie, [w.julien], **more)


def edited(w, **more):
    return w.note | {"content": "<p>autre</p>", "updated": "2026-11-01T10:00:00Z"} | more


def profile(w):
    return w.house.documents["/users/lucie"]


def without_id(whole):
    return {name: value for name, value in whole.items() if name != "id"}


# By type: what Lucie may send, as (object, further properties).
RIGHT = {
    "Accept": [lambda w: (w.asked, {}), lambda w: (w.asked["id"], {}), lambda w: (without_id(w.asked), {})],
    "Add": [lambda w: (w.note["id"], {"target": f"{w.lucie}/featured"})],
    "Announce": [lambda w: (w.post, {})],
    "Block": [lambda w: (w.julien, {})],
    "Create": [
        lambda w: (new_note(w), {}),
        lambda w: (new_note(w, attributedTo=[w.malo, w.lucie]), {}),
        lambda w: (new_note(w, attributedTo=[{"type": "Person", "id": w.lucie}]), {}),
    ],
    "Delete": [
        lambda w: (w.note["id"], {}),
        lambda w: ({"id": w.note["id"], "type": "Tombstone"}, {}),
        lambda w: (w.note, {}),
        lambda w: (f"{w.house.origin}/notes/not-yet-come", {}),
        lambda w: (w.lucie, {}),
    ],
    "EmojiReact": [lambda w: (w.post, {"content": "👍"})],
    "Flag": [lambda w: ([w.post, w.elsewhere], {}), lambda w: (w.julien, {})],
    "Follow": [lambda w: (w.julien, {})],
    "Like": [lambda w: (w.post, {})],
    "Move": [lambda w: (w.lucie, {"target": w.new})],
    "Reject": [lambda w: (w.asked, {})],
    "Remove": [lambda w: (w.note["id"], {"target": f"{w.lucie}/featured"})],
    "Undo": [lambda w: (w.like, {}), lambda w: (w.follow["id"], {}), lambda w: (without_id(w.follow), {})],
    "Update": [
        lambda w: (edited(w), {}),
        lambda w: (edited(w, attributedTo=[w.malo, w.lucie]), {}),
        lambda w: (profile(w), {}),
        lambda w: (w.lucie, {}),
    ],
}
NOBODY, ANOTHER, ELSEWHERE = "of this house", "does not|did not|is not|itself only|oneself", "another house"

# By type: who sends it instead, about what, and the reason that an admin reads.
WRONG = {
    "Accept": [
        ("malo", lambda w: (w.asked, {}), "for another"),
        ("malo", lambda w: (w.asked["id"], {}), "nobody asked"),
        ("lucie", lambda w: (w.follow, {}), "nobody here asked"),
        ("lucie", lambda w: (without_id(w.asked) | {"object": w.malo}, {}), "for another"),
        ("lucie", lambda w: (w.elsewhere, {}), "nobody here asked"),
    ],
    "Add": [
        ("malo", lambda w: (w.note["id"], {"target": f"{w.lucie}/featured"}), "lists of one's own"),
        ("malo", lambda w: (w.note["id"], {"target": f"{w.malo}/featured"}), "no such post"),
        ("lucie", lambda w: (w.elsewhere, {"target": f"{w.lucie}/featured"}), ELSEWHERE),
        ("lucie", lambda w: (w.note["id"], {"target": f"{w.julien}/featured"}), "lists of one's own"),
        ("lucie", lambda w: (w.note["id"], {}), "lists of one's own"),
    ],
    "Announce": [("lucie", lambda w: ({}, {}), "nothing that has a name"), ("lucie", lambda w: (w.elsewhere, {}), "")],
    "Block": [("lucie", lambda w: (w.malo, {}), NOBODY), ("lucie", lambda w: (w.post, {}), "nobody here")],
    "Create": [
        ("lucie", lambda w: (new_note(w, attributedTo=w.malo), {}), ANOTHER),
        ("lucie", lambda w: (new_note(w, attributedTo=[w.lucie, w.stranger]), {}), ANOTHER),
        ("lucie", lambda w: (new_note(w, attributedTo=[]), {}), ANOTHER),
        ("lucie", lambda w: (w.malos_note, {}), "come whole"),
        ("malo", lambda w: (new_note(w), {}), ANOTHER),
        ("malo", lambda w: (w.note | {"attributedTo": w.malo}, {}), ANOTHER),
    ],
    "Delete": [
        ("malo", lambda w: (w.note["id"], {}), ANOTHER),
        ("malo", lambda w: ({"id": w.note["id"], "type": "Tombstone"}, {}), ANOTHER),
        ("malo", lambda w: (new_note(w), {}), ANOTHER),
        ("malo", lambda w: (w.lucie, {}), ANOTHER),
        ("lucie", lambda w: (w.post, {}), ELSEWHERE),
        ("lucie", lambda w: (w.julien, {}), ELSEWHERE),
        ("lucie", lambda w: (w.elsewhere, {}), ELSEWHERE),
    ],
    "EmojiReact": [("lucie", lambda w: (None, {}), "nothing that has a name")],
    "Flag": [
        ("lucie", lambda w: ([w.elsewhere, w.malo], {}), "nothing of ours"),
        ("lucie", lambda w: ([], {}), "ours"),
    ],
    "Follow": [("lucie", lambda w: (w.malo, {}), NOBODY), ("lucie", lambda w: (w.post, {}), "nobody here")],
    "Like": [("lucie", lambda w: ([w.post], {}), "nothing that has a name")],
    "Move": [
        ("malo", lambda w: (w.lucie, {"target": w.new}), "itself only"),
        ("malo", lambda w: (w.malo, {"target": w.new}), "does not confirm"),
        ("lucie", lambda w: (w.lucie, {"target": w.other}), "does not confirm"),
        ("lucie", lambda w: (w.lucie, {"target": w.lucie}), "elsewhere"),
        ("lucie", lambda w: (w.lucie, {}), "elsewhere"),
        ("lucie", lambda w: (w.julien, {"target": w.new}), "itself only"),
    ],
    "Reject": [
        ("malo", lambda w: (w.asked, {}), "for another"),
        ("lucie", lambda w: (w.follow, {}), "nobody here asked"),
        ("lucie", lambda w: (without_id(w.asked) | {"object": w.malo}, {}), "for another"),
    ],
    "Remove": [
        ("malo", lambda w: (w.note["id"], {"target": f"{w.lucie}/featured"}), "lists of one's own"),
        ("malo", lambda w: (w.note["id"], {"target": f"{w.malo}/featured"}), "no such post"),
    ],
    "Undo": [
        ("malo", lambda w: (w.like, {}), "one's own"),
        ("malo", lambda w: (w.like["id"], {}), "nothing of the sender's"),
        ("malo", lambda w: (w.follow | {"actor": w.malo}, {}), "nothing of the sender's"),
        ("lucie", lambda w: (w.asked | {"actor": w.lucie}, {}), "one's own"),
        ("lucie", lambda w: (w.elsewhere, {}), "one's own"),
        ("lucie", lambda w: ({}, {}), "nothing of the sender's"),
    ],
    "Update": [
        ("malo", lambda w: (edited(w), {}), ANOTHER),
        ("malo", lambda w: (edited(w, attributedTo=w.malo), {}), ANOTHER),
        ("malo", lambda w: (profile(w) | {"attributedTo": w.malo}, {}), ANOTHER),
        ("malo", lambda w: (profile(w) | {"attributedTo": w.malo, "type": "Note"}, {}), ANOTHER),
        ("lucie", lambda w: (edited(w, attributedTo=[w.lucie, w.stranger]), {}), ANOTHER),
        ("lucie", lambda w: (w.note["id"], {}), "come whole"),
    ],
}


def each(table):
    return [pytest.param(kind, case, id=f"{kind}-{at}") for kind in table for at, case in enumerate(table[kind])]


@pytest.mark.row(37)
@pytest.mark.parametrize(("kind", "case"), each(RIGHT))
def test_the_right_person_may(world, arrives, kind, case):
    about, more = case(world)
    assert arrives(world.house, world.house.activity(kind, world.lucie, about, **more)) == "handled"


@pytest.mark.row(34, 37, 39, 40, 41, 42, 43)
@pytest.mark.parametrize(("kind", "case"), each(WRONG))
def test_the_wrong_person_or_thing_is_ignored_and_an_admin_reads_why(world, arrives, kind, case):
    who, what, reason = case
    about, more = what(world)
    activity = world.house.activity(kind, getattr(world, who), about, **more)
    assert arrives(world.house, activity) == "ignored"
    written = Receipt.objects.get(uri=activity["id"]).reason
    assert any(part in written for part in reason.split("|")), written


def test_every_activity_that_is_handled_has_its_row_and_its_cases():
    assert set(RIGHTS) == set(HANDLERS) == set(RIGHT) == set(WRONG)


def test_what_is_not_in_the_table_is_ignored_even_if_somebody_could_handle_it(world, arrives, monkeypatch):
    monkeypatch.setitem(HANDLERS, "Arrive", lambda actor, activity: pytest.fail("handled"))
    activity = world.house.activity("Arrive", world.lucie, world.julien)
    assert arrives(world.house, activity) == "ignored"
    assert "nobody has a right to Arrive" in Receipt.objects.get(uri=activity["id"]).reason


def test_the_rule_for_a_post_asks_the_database_nothing(world, lucie, django_assert_num_queries):
    activity = world.house.create(world.lucie, [world.julien])
    with django_assert_num_queries(0):
        receiving.rights.check(lucie, activity)
