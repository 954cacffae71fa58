"""What is drawn once and sealed for each is what is drawn for each."""

import orjson
import pytest

from actors import arrivals, following
from actors.models import Actor
from inbox.models import Bookmark, Filter
from instance.client_api.entities import statuses
from instance.client_api.telling import happened
from outbox import audience, media, publishing, reactions
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def agents(aubin, julien, helene):
    """Many enough for several groups; Julien has a portrait."""
    Actor.objects.filter(pk=julien.pk).update(avatar="avatars/julien-abcdefgh.png")
    julien.refresh_from_db()
    return [julien, helene, *(arrivals.invite(name).actor for name in ("Inès Caron", "Oscar Petit", "Awa Diop"))]


def told(kind, key, agents, channel="home"):
    """What each is told, by her key."""
    found = {}
    for each in happened.tell([(kind, [key])], {channel: [agent.pk for agent in agents]}):
        for reader in each["to"][channel]:
            assert reader not in found
            found[reader] = (each["event"], orjson.loads(each["payload"]))
    return found


def drawn_for(post, agents):
    shown = {each.pk: statuses.status(post, each, "home") for each in agents}
    return {pk: orjson.loads(orjson.dumps(each)) for pk, each in shown.items()}


def test_each_is_told_what_she_would_read(agents, julien, helene):
    photo = media.take_image(julien, "rosier.png", picture(), "Un rosier")
    post = publishing.publish(julien, Draft("les rosiers #voirie", attachments=(photo,)), Reach("organisation"))
    Filter.objects.create(owner=helene, title="Rosiers", context=["home"])
    assert told("written", post.pk, agents) == {
        pk: ("update", status) for pk, status in drawn_for(post, agents).items()
    }


@pytest.mark.parametrize("name", ["avatars/julien-abcdefgh.png", "avatars/j", "avatars/a b.c/d.e.png"])
def test_no_address_that_is_sealed_for_another_is_told(agents, julien, name):
    Actor.objects.filter(pk=julien.pk).update(avatar=name)
    julien.refresh_from_db()
    words = f"voir http://localhost:8000/medias/{'0' * 26}/?pour={agents[1].pk}&fin=1&sceau=x"
    post = publishing.publish(julien, Draft(words), Reach("organisation"))
    found = told("written", post.pk, agents)
    assert {pk: status for pk, (_, status) in found.items()} == drawn_for(post, agents)
    assert len({status["account"]["avatar"] for _, status in found.values()}) == len(agents)


def test_marks_answers_and_what_is_answered_are_each_one_s_own(agents, julien, helene):
    _, _, ines, oscar, awa = agents
    parent = publishing.publish(ines, Draft("qui vient ?"), Reach("organisation"))
    following.block(ines, awa)
    post = publishing.publish(julien, Draft("moi"), audience.of_reply(parent, julien), parent)
    reply = publishing.publish(oscar, Draft("moi aussi"), audience.of_reply(post, oscar), post)
    following.block(oscar, helene)
    reactions.like(helene, post)
    Bookmark.objects.create(reader=ines, post=post)
    publishing.edit(julien, post, Draft("moi, mardi"))
    found = told("edited", post.pk, agents, "hashtag/voirie") or told("edited", post.pk, [julien, helene])
    expected = drawn_for(post, [julien])
    assert found[julien.pk] == ("status.update", expected[julien.pk])
    publishing.edit(julien, post, Draft("moi, mardi #voirie"))
    found = told("edited", post.pk, agents, "hashtag/voirie")
    assert found == {pk: ("status.update", status) for pk, status in drawn_for(post, agents).items()}
    assert reply.pk
    assert found[awa.pk][1]["in_reply_to_id"] is None
    assert [found[each.pk][1]["replies_count"] for each in (awa, helene)] == [1, 0]


def test_how_many_listen_changes_nothing_in_the_number_of_questions(agents, julien, django_assert_max_num_queries):
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    crowd = [*(each.pk for each in agents), *range(10_000, 11_000)]
    with django_assert_max_num_queries(45):
        happened.tell([("written", [post.pk])], {"home": crowd, "public": crowd})


def test_what_was_withdrawn_is_told_by_its_number_alone_to_those_who_might_have_read_it(agents, julien):
    post = publishing.publish(julien, Draft("à Hélène"), Reach("named", named=(agents[1],)))
    publishing.withdraw(julien, post)
    listening = {"home": [each.pk for each in agents], "notifications": [agents[1].pk]}
    (found,) = happened.tell([("withdrawn", [post.pk])], listening)
    assert (found["event"], found["payload"]) == ("delete", str(post.number))
    assert {name: set(each) for name, each in found["to"].items()} == {"home": {julien.pk, agents[1].pk}}


def test_what_was_written_long_ago_is_no_news(agents, julien):
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    type(post).objects.filter(pk=post.pk).update(published_at="2020-01-01T00:00Z")
    assert told("written", post.pk, agents) == {}


def test_one_fault_holds_up_nothing_else(agents, julien):
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    listening = {"home": [julien.pk]}
    found = happened.tell([("nonsense", [1]), ("written", [10**9]), ("written", [post.pk])], listening)
    assert [each["event"] for each in found] == ["update"]


def test_a_notification_about_what_its_reader_may_not_read_any_more_is_not_told(agents, julien, helene):
    from inbox import notifications

    post = publishing.publish(helene, Draft("un"), Reach("organisation"))
    notifications.tell(helene, julien, "like", post)
    row = helene.notifications.get()
    assert len(happened.tell([("told", [row.pk])], {"notifications": [helene.pk, julien.pk]})) == 1
    following.block(julien, helene)
    assert happened.tell([("told", [row.pk])], {"notifications": [helene.pk]}) == []


def test_filters_that_changed_are_told_to_their_owner(julien, helene):
    listening = {"home": [julien.pk, helene.pk]}
    assert happened.tell([("filters_changed", [julien.pk])], listening) == [
        {"event": "filters_changed", "payload": None, "to": {"home": [julien.pk]}}
    ]


def test_a_share_is_told_as_it_is_read(agents, julien, helene, follows):
    follows(helene, julien)
    post = publishing.publish(agents[2], Draft("kermesse"), Reach("organisation"))
    reactions.boost(julien, post)
    share = julien.boosts.get()
    ((reader, (event, status)),) = told("shared", share.pk, agents).items()
    assert (reader, event, status["id"], status["reblog"]["id"]) == (
        helene.pk, "update", str(share.number), str(post.number),
    )  # fmt: skip
    Actor.objects.filter(pk=julien.pk).update(suspended_at="2026-01-01T00:00Z")
    assert told("shared", share.pk, agents) == {}


def test_talk_is_told_to_each_of_those_who_are_part_of_it(agents, julien, helene, work):
    from inbox.models import Conversation

    publishing.publish(julien, Draft("on se voit ?"), Reach("named", named=(helene,)))
    work()
    rows = list(Conversation.objects.values_list("pk", flat=True))
    listening = {"direct": [each.pk for each in agents]}
    found = [told for key in rows for told in happened.tell([("conversed", [key])], listening)]
    assert {each["event"] for each in found} == {"conversation"}
    said = {reader: orjson.loads(each["payload"]) for each in found for reader in each["to"]["direct"]}
    assert set(said) == {julien.pk, helene.pk}
    assert [each["username"] for each in said[helene.pk]["accounts"]] == [julien.handle]
    following.block(julien, helene)
    assert happened.tell([("conversed", rows)], {"direct": [helene.pk]}) == []


def test_announcements_are_told_to_all_agents_and_what_is_not_shown_yet_is_not(agents, julien):
    from inbox.models import Announcement

    row = Announcement.objects.create(words="Coupure d’eau jeudi")
    Actor.objects.filter(pk=agents[-1].pk).update(suspended_at="2026-01-01T00:00Z")
    listening = {"home": [each.pk for each in agents]}
    (found,) = happened.tell([("announced", [row.pk])], listening)
    assert (found["event"], set(found["to"]["home"])) == ("announcement", {each.pk for each in agents[:-1]})
    (found,) = happened.tell([("unannounced", [row.pk])], listening)
    assert (found["event"], found["payload"]) == ("announcement.delete", str(row.pk))
    Announcement.objects.filter(pk=row.pk).update(starts_at="2100-01-01T00:00Z")
    assert happened.tell([("announced", [row.pk])], listening) == []


def test_what_several_things_at_once_changed_is_told_once(julien):
    hints = [("filters_changed", [julien.pk])] * 3
    assert len(happened.tell(hints, {"home": [julien.pk]})) == 1
