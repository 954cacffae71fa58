"""After our house was restored: nothing private leaves for somebody who may have been removed since the backup."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors import directory, follow_arrivals, following, recounting, synchronisation
from actors.models import Comparison, Follow
from federation.models import Absence, Delivery, Peer
from outbox import posts, publishing
from outbox.audience import Reach
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored(vernay, lucie, julien, follows):
    """Lucie followed Julien when the backup was taken; her house was not asked yet."""
    follow = follows(lucie, julien)
    assert recounting.doubt() == 1
    follow.refresh_from_db()
    return follow


def lists(vernay, *followed):
    """Lucie's house says whom of ours she follows."""
    url = f"{vernay.lucie}/following"
    whole = {"@context": "https://www.w3.org/ns/activitystreams", "id": url, "type": "OrderedCollection"}
    vernay.documents["/users/lucie/following"] = whole | {"orderedItems": [each.uri for each in followed]}


def lists_in_part(vernay, *followed):
    """Her house shows the beginning, and its next page fails."""
    lists(vernay, *followed)
    vernay.documents["/users/lucie/following"]["next"] = f"{vernay.lucie}/following2"
    vernay.documents["/users/lucie/following2"] = out_of_order


def days_go_by(days):
    Follow.objects.filter(state="unsure").update(state_since=now() - timedelta(days=days))
    time_goes_by()


def out_of_order(request):
    return request.reply(503, "application/json", b"{}")


def silent(vernay):
    vernay.documents["/users/lucie/following"] = out_of_order


def time_goes_by():
    Absence.objects.all().delete()
    Delivery.objects.filter(state="waiting").update(due_at=now())
    synchronisation.digests.cache_clear()


def write(author):
    return publishing.publish(author, Draft("À qui me suit"), Reach("followers"))


def sent(vernay, kind):
    return [body for _, _, body in vernay.received if body["type"] == kind]


def state_of(follow):
    follow.refresh_from_db()
    return follow.state


def test_nothing_leaves_for_followers_while_their_house_is_silent(vernay, restored, lucie, julien, work):
    silent(vernay)
    post = write(julien)
    work()
    assert (state_of(restored), sent(vernay, "Create")) == ("unsure", [])
    assert not posts.readable_by(lucie).filter(pk=post.pk).exists()
    lists(vernay, julien)
    time_goes_by()
    work()
    time_goes_by()
    work()
    assert state_of(restored) == "accepted"
    assert [body["object"]["id"] for body in sent(vernay, "Create")] == [post.uri]
    assert posts.readable_by(lucie).filter(pk=post.pk).exists()


def test_whoever_was_removed_since_is_sent_nothing_and_both_houses_agree(vernay, restored, lucie, julien, work):
    silent(vernay)
    post = write(julien)
    work()
    lists(vernay)
    time_goes_by()
    work()
    time_goes_by()
    work()
    assert (state_of(restored), sent(vernay, "Create"), len(sent(vernay, "Reject"))) == ("refused", [], 1)
    row = Delivery.objects.get(host=vernay.host, dispatch__object_uri=post.uri)
    assert (row.state, row.answer) == ("abandoned", "nobody there follows any more")


@pytest.mark.parametrize("said", ["nothing", "no list", "not here"])
def test_a_house_that_does_not_tell_leaves_nobody_in_doubt_for_ever(vernay, restored, work, said):
    url = f"{vernay.lucie}/following"
    answers = {"nothing": {"id": url, "type": "OrderedCollection"}, "no list": {"id": url, "type": "Note"}}
    vernay.documents["/users/lucie/following"] = answers.get(said)
    work()
    if said == "no list":  # it may be put right
        assert state_of(restored) == "unsure"
    else:
        assert state_of(restored) == "refused"


@pytest.mark.parametrize("said", ["no list", "page 2 fails"])
def test_a_list_that_cannot_be_read_is_read_again_after_a_while_and_not_for_ever(vernay, restored, work, said):
    lists_in_part(vernay)
    if said == "no list":
        vernay.documents["/users/lucie/following"]["type"] = "Note"
    assert recounting.ask_next() == 1
    assert (recounting.ask_next(), state_of(restored)) == (0, "unsure")
    days_go_by(13)
    assert (recounting.ask_next(), recounting.ask_next(), state_of(restored)) == (1, 0, "unsure")
    days_go_by(15)
    work()
    assert (state_of(restored), len(sent(vernay, "Reject"))) == ("refused", 1)


def test_a_house_that_is_out_of_order_for_weeks_ends_nothing(vernay, restored, work):
    silent(vernay)
    days_go_by(60)
    work()
    assert (state_of(restored), sent(vernay, "Reject")) == ("unsure", [])


def test_a_list_that_was_read_in_part_says_yes_and_not_no(vernay, restored, lucie, helene, julien, follows, work):
    other = follows(lucie, helene)
    recounting.doubt()
    lists(vernay, helene)
    vernay.documents["/users/lucie/following"]["next"] = "http://127.0.0.1:1/elsewhere"
    work()
    assert (state_of(other), state_of(restored), sent(vernay, "Reject")) == ("accepted", "unsure", [])


def test_a_long_list_is_read_further_than_that_of_followers(vernay, restored, julien, work):
    url = f"{vernay.lucie}/following"
    lists(vernay)
    vernay.documents["/users/lucie/following"]["next"] = f"{url}1"
    for number in range(1, 21):
        page = {"id": f"{url}{number}", "type": "OrderedCollectionPage", "orderedItems": []}
        onward = {"next": f"{url}{number + 1}"} if number < 20 else {"orderedItems": [julien.uri]}
        vernay.documents[f"/users/lucie/following{number}"] = page | onward
    work()
    assert state_of(restored) == "accepted"


def test_a_house_that_compares_before_it_was_asked_is_not_led_to_end_its_follows(
    vernay, restored, lucie, julien, client, work
):
    """What names somebody there does not wait: it says nothing of how many we count, and the list counts her."""
    silent(vernay)
    publishing.publish(julien, Draft(f"Pour {lucie.address} aussi"), Reach("followers"))
    work()
    [envelope] = [headers for _, headers, body in vernay.received if body["type"] == "Create"]
    assert synchronisation.HEADER not in envelope
    assert vernay.get(client, synchronisation.address(julien.uri)).json()["orderedItems"] == [lucie.uri]
    assert follow_arrivals.left(lucie, "", julien.uri)  # who does not follow there takes it back
    assert state_of(restored) == "undone"


def test_a_house_that_is_out_of_order_is_asked_again_later(vernay, restored, work):
    silent(vernay)
    work()
    assert state_of(restored) == "unsure"
    assert recounting.ask_next() == 0  # not at once


def test_a_house_that_is_not_on_the_list_is_not_asked(vernay, restored, work):
    Peer.objects.filter(host=vernay.host).update(state="suspended")
    vernay.asked.clear()
    work()
    assert (vernay.asked, state_of(restored)) == ([], "unsure")
    assert recounting.ask(restored.follower)
    assert state_of(restored) == "refused"


def test_what_names_somebody_there_or_takes_back_does_not_wait(vernay, restored, lucie, julien, work):
    silent(vernay)
    publishing.publish(julien, Draft(f"Pour {lucie.address} aussi"), Reach("followers"))
    work()
    [letter] = sent(vernay, "Create")
    publishing.withdraw(julien, posts.find_by_uri(julien, letter["object"]["id"]))
    work()
    assert len(sent(vernay, "Delete")) == 1


def test_one_who_asks_again_was_removed_or_left(restored, lucie, julien):
    julien.approves_followers = True
    julien.save()
    follow = follow_arrivals.arrived(lucie, julien, f"{lucie.uri}/again")
    assert follow.state == "asked"


@pytest.mark.parametrize("end", [following.block, following.remove_from_followers])
def test_one_who_is_blocked_or_removed_before_she_is_sure_stays_out(vernay, restored, lucie, julien, work, end):
    end(julien, lucie)
    lists(vernay, julien)
    work()
    assert state_of(restored) == "refused"


def test_whom_ours_follow_is_read_again_and_what_was_forgotten_learned(vernay, lucie, julien, helene, follows, work):
    """Lucie's house does not count Julien any more; it counts Hélène, of whom ours remembers nothing."""
    Follow.objects.filter(pk=follows(julien, lucie).pk).update(state_since=now().replace(year=2020))
    url = f"{vernay.lucie}/followers_synchronization"
    whole = {"@context": "https://www.w3.org/ns/activitystreams", "id": url, "type": "OrderedCollection"}
    vernay.documents["/users/lucie/followers_synchronization"] = whole | {"orderedItems": [helene.uri]}
    recounting.read_again()
    states = dict(Follow.objects.filter(followed=lucie).values_list("follower__handle", "state"))
    assert states == {"julien.mercier": "undone", "helene.vasseur": "accepted"}
    work()
    assert sent(vernay, "Undo") == []


def test_lists_that_cannot_be_read_now_are_compared_later(vernay, lucie, julien, follows):
    follows(julien, lucie)
    follows(julien, directory.find(vernay.add_actor("malo")))
    recounting.read_again()  # there are no such lists
    assert Comparison.objects.filter(state="waiting").count() == 2


def test_the_command_asks_each_house_and_goes_on_with_the_next(vernay, restored, julien):
    lists(vernay, julien)
    told: list[str] = []
    recounting.ask_everybody(told.append)
    assert (told, state_of(restored)) == ([vernay.host], "accepted")


def test_a_partner_that_has_ended_it_is_suspended(vernay, julien):
    assert recounting.strangers() == []  # it answers something, or nothing
    vernay.documents["/users/instance/following"] = lambda request: request.reply(403, "application/json", b"{}")
    assert [peer.host for peer in recounting.strangers()] == [vernay.host]
    assert Peer.objects.get(host=vernay.host).state == "suspended"
    Peer.objects.update(state="active")
    vernay.documents["/users/instance/following"] = lambda request: request.reply(503, "application/json", b"{}")
    assert recounting.strangers() == []
