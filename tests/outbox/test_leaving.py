"""What leaves our house: to whom, signed, once a house, and never further than its audience."""

from pathlib import Path

import pytest

from actors import directory, following
from actors.models import Block
from federation.errors import Forbidden
from federation.models import Delivery, Peer
from inbox import timelines
from inbox.models import Notification
from outbox import audience, media, publishing, reactions
from outbox.audience import Reach
from outbox.models import Attachment, Boost, Post
from outbox.publishing import Draft
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db


def activities(house, type=None):
    return [body for _, _, body in house.received if type in (None, body["type"])]


def test_a_post_to_all_partners_leaves_once_to_each_house(vernay, julien, work):
    post = publishing.publish(julien, Draft("conseil à 18 h"), Reach("partners"))
    work()
    [(path, headers, activity)] = vernay.received
    assert path == "/inbox"
    assert (activity["type"], activity["object"]["id"]) == ("Create", post.uri)
    assert activity["to"] == ["http://localhost:8000/ap/instance/followers"]
    assert activity["object"]["interactionPolicy"]["canAnnounce"]["always"] == []
    assert "digest" in headers["signature"]
    assert Delivery.objects.exclude(host="localhost:8000").get().state == "sent"


@pytest.mark.parametrize("code", ["organisation", "service"])
def test_what_is_for_our_own_house_never_leaves(vernay, julien, lucie, follows, work, code):
    follows(lucie, julien)
    publishing.publish(julien, Draft("entre nous @lucie@" + vernay.host), Reach(code, service=julien.service))
    work()
    assert vernay.received == []
    assert not Delivery.objects.exclude(host="localhost:8000").exists()


def test_a_house_that_does_not_hold_to_our_audiences_is_no_partner(vernay, julien, work):
    Peer.objects.update(speaks_preau=False)
    publishing.publish(julien, Draft("à tous"), Reach("partners"))
    work()
    assert vernay.received == []


def test_a_post_to_followers_goes_to_the_followers_houses(vernay, julien, lucie, follows, work):
    publishing.publish(julien, Draft("un"), Reach("followers"))
    work()
    assert vernay.received == []
    follows(lucie, julien)
    publishing.publish(julien, Draft("deux"), Reach("followers"))
    work()
    assert activities(vernay)[0]["to"] == [julien.followers_uri]


def test_a_post_to_named_people_goes_to_them_alone(vernay, julien, helene, lucie, work):
    publishing.publish(julien, Draft("à toi"), Reach("named", named=(lucie,)))
    work()
    assert activities(vernay)[0]["to"] == [lucie.uri]
    assert timelines.page(helene, "")[0] == []


def test_a_colleague_is_told_without_the_wire(julien, helene, work):
    publishing.publish(julien, Draft("@helene.vasseur, c’est fait"), Reach("organisation"))
    work()
    told = Notification.objects.get()
    assert (told.reader, told.reason) == (helene, "mention")


def test_one_who_may_not_read_is_not_told(julien, helene, work):
    publishing.publish(julien, Draft("@helene.vasseur"), Reach("service", service=julien.service))
    work()
    assert not Notification.objects.exists()


def test_a_house_that_sleeps_is_tried_later_and_loses_nothing(vernay, julien, work, time_machine):
    vernay.status = 503
    publishing.publish(julien, Draft("bonjour"), Reach("partners"))
    work()
    owed = Delivery.objects.exclude(host="localhost:8000").get()
    assert (owed.state, owed.attempts, owed.answer) == ("waiting", 1, "503")
    vernay.status = 202
    time_machine.move_to(owed.due_at)
    work()
    assert len(activities(vernay)) == 1


def test_retry_after_is_heeded(vernay, julien, work):
    vernay.status, vernay.answer_headers = 429, {"Retry-After": "7200"}
    publishing.publish(julien, Draft("bonjour"), Reach("partners"))
    work()
    owed = Delivery.objects.exclude(host="localhost:8000").get()
    assert (owed.due_at - owed.state_since).total_seconds() >= 7000


def test_a_refusal_for_good_is_not_tried_again(vernay, julien, work):
    vernay.status = 410
    publishing.publish(julien, Draft("bonjour"), Reach("partners"))
    work()
    assert Delivery.objects.exclude(host="localhost:8000").get().state == "abandoned"


def test_the_news_of_one_post_arrives_in_order(vernay, julien, work, time_machine):
    vernay.status = 503
    post = publishing.publish(julien, Draft("un"), Reach("partners"))
    work()
    publishing.edit(julien, post, Draft("deux"))
    vernay.status = 202
    work()
    assert vernay.received == []
    time_machine.move_to(Delivery.objects.filter(attempts=1).exclude(host="localhost:8000").get().due_at)
    work()
    assert [each["type"] for each in activities(vernay)] == ["Create", "Update"]


def test_nothing_leaves_for_a_suspended_house(vernay, julien, work):
    publishing.publish(julien, Draft("un"), Reach("partners"))
    Peer.objects.update(state="suspended")
    work()
    assert vernay.received == []
    assert Delivery.objects.exclude(host="localhost:8000").get().state == "waiting"


def test_a_withdrawn_post_is_erased_here_and_recalled_there(vernay, julien, work, django_capture_on_commit_callbacks):
    photo = media.take_image(julien, "p.jpg", picture(), "un pré")
    post = publishing.publish(julien, Draft("un", attachments=(photo,)), Reach("partners"))
    work()
    path = photo.file.path
    Peer.objects.update(speaks_preau=False)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.withdraw(julien, post)
    work()
    [gone] = activities(vernay, "Delete")
    assert gone["object"] == {"id": post.uri, "type": "Tombstone"}
    post.refresh_from_db()
    assert (post.source, post.html, Attachment.objects.count()) == ("", "", 0)
    assert post.withdrawn_at
    assert not Path(path).exists()


def test_another_s_post_is_not_mine_to_edit_or_withdraw(julien, helene):
    post = publishing.publish(julien, Draft("un"), Reach("organisation"))
    with pytest.raises(Forbidden):
        publishing.edit(helene, post, Draft("deux"))
    with pytest.raises(Forbidden):
        publishing.withdraw(helene, post)


@pytest.mark.parametrize(
    ("draft", "reach"),
    [
        (Draft("  "), Reach("organisation")),
        (Draft("x" * 5001), Reach("organisation")),
        (Draft("x", kind="article"), Reach("organisation")),
        (Draft("x", kind="poll"), Reach("organisation")),
        (Draft("x"), Reach("everyone")),
        (Draft("x"), Reach("public")),
        (Draft("x"), Reach("chosen_partners")),
        (Draft("x"), Reach("named")),
        (Draft("x"), Reach("service")),
    ],
)
def test_what_may_not_be_published_is_said_and_nothing_is_written(helene, draft, reach):
    with pytest.raises(Forbidden):
        publishing.publish(helene, draft, reach)
    assert not Post.objects.exists()


def test_a_reply_goes_no_further_than_what_it_answers(vernay, julien, helene, client, work):
    vernay.post(client, vernay.create(vernay.lucie, [vernay.followers()]))
    work()
    parent = Post.objects.get()
    reach = audience.of_reply(parent, julien)
    assert (reach.audience, [peer.host for peer in reach.houses]) == ("chosen_partners", [vernay.host])
    publishing.publish(julien, Draft("merci"), reach, parent)
    work()
    sent = activities(vernay)[0]["object"]
    assert (sent["inReplyTo"], sent["to"]) == (parent.uri, [vernay.house])


def test_sharing_never_shows_a_post_to_anyone_who_could_not_read_it(vernay, julien, helene, client, work):
    mine = publishing.publish(julien, Draft("un"), Reach("organisation"))
    reactions.boost(helene, mine)
    work()
    assert Boost.objects.count() == 1
    assert Notification.objects.get().reason == "boost"
    theirs = publishing.publish(julien, Draft("deux"), Reach("partners"))
    with pytest.raises(Forbidden):
        reactions.boost(helene, theirs)


def test_a_like_is_told_to_the_author_next_door_and_taken_back(vernay, julien, client, work):
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    work()
    post = Post.objects.get()
    reactions.like(julien, post)
    reactions.like(julien, post)
    reactions.unlike(julien, post)
    work()
    assert [each["type"] for each in activities(vernay)] == ["Like", "Undo"]


def test_blocking_ends_follows_and_reading_both_ways(julien, helene, work):
    following.ask(helene, julien)
    work()
    publishing.publish(julien, Draft("un"), Reach("organisation"))
    assert len(timelines.page(helene, "")[0]) == 1
    following.block(julien, helene)
    assert timelines.page(helene, "")[0] == []
    assert not following.followers(julien).exists()
    assert Block.objects.count() == 1


def test_a_name_next_door_is_found_by_its_handle(vernay):
    found = directory.by_address(f"@lucie@{vernay.host}")
    assert (found.uri, found.address) == (vernay.lucie, f"@lucie@{vernay.host}")
