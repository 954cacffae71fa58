"""Who follows a house's people comes along to their new ids, and nobody gains by it."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors import (
    following,
    own_names,
    recounting,
)
from actors.models import Actor, Follow
from federation.models import Delivery, Peer
from tests.actors.moving.telling import NEW, OLD, formerly, write
from tests.actors.talking import letters
from tests.neighbour import AS2

pytestmark = pytest.mark.django_db


class TestWhoFollowsUs:
    def test_is_answered_under_the_name_that_was_asked(self, vernay, lucie, julien, take_name, arrives):
        take_name()
        julien.refresh_from_db()
        for host in (OLD, NEW):
            asked = vernay.activity("Follow", vernay.lucie, formerly(julien.uri, host))
            assert arrives(vernay, asked, host=host) == "handled"
            Peer.objects.update(knows_us_as="")
            own_names.unheard_then.cache_clear()
        accepts = letters(vernay, "Accept")
        assert [each["actor"] for each in accepts[:1]] == [formerly(julien.uri)]
        assert accepts[0]["object"]["object"] == formerly(julien.uri)
        assert Follow.objects.get(follower=lucie).under == ""

    def test_comes_along_without_being_approved_again(self, vernay, lucie, julien, follows, take_name, hears, arrives):
        Actor.objects.filter(pk=julien.pk).update(approves_followers=True)
        follow = follows(lucie, julien)
        take_name()
        hears()
        undo = vernay.activity("Undo", vernay.lucie, {"id": follow.uri, "type": "Follow", "object": julien.uri})
        assert arrives(vernay, undo, host=OLD) == "handled"
        julien.refresh_from_db()
        asks = vernay.activity("Follow", vernay.lucie, julien.uri)
        assert arrives(vernay, asks, host=NEW) == "handled"
        follow.refresh_from_db()
        assert (follow.state, follow.under, follow.uri) == ("accepted", "", asks["id"])

    def test_and_leaves_the_former_name_afterwards_without_leaving_us(
        self, vernay, lucie, julien, follows, take_name, hears, arrives
    ):
        follow = follows(lucie, julien)
        former_id, then = follow.uri, julien.uri
        take_name()
        hears()
        julien.refresh_from_db()
        assert arrives(vernay, vernay.activity("Follow", vernay.lucie, julien.uri), host=NEW) == "handled"
        undo = vernay.activity("Undo", vernay.lucie, {"id": former_id, "type": "Follow", "object": then})
        arrives(vernay, undo, host=OLD)
        follow.refresh_from_db()
        assert follow.state == "accepted"

    def test_may_leave_before_it_has_heard(self, vernay, lucie, julien, follows, take_name, arrives):
        follow = follows(lucie, julien)
        then = julien.uri
        take_name()
        undo = vernay.activity("Undo", vernay.lucie, {"id": "", "type": "Follow", "object": then})
        arrives(vernay, undo, host=OLD)
        follow.refresh_from_db()
        assert follow.state == "undone"

    def test_but_is_not_a_follower_again_whom_she_had_removed(
        self, vernay, lucie, julien, follows, take_name, arrives, hears
    ):
        Actor.objects.filter(pk=julien.pk).update(approves_followers=True)
        follows(lucie, julien)
        following.remove_from_followers(julien, lucie)
        take_name()
        hears()
        julien.refresh_from_db()
        arrives(vernay, vernay.activity("Follow", vernay.lucie, julien.uri), host=NEW)
        assert Follow.objects.get(follower=lucie, followed=julien).state == "asked"

    def test_is_removed_under_every_name(self, vernay, lucie, julien, follows, take_name, hears, work):
        follows(lucie, julien)
        take_name()
        hears()
        julien.refresh_from_db()
        following.remove_from_followers(julien, lucie)
        work()
        rejects = letters(vernay, "Reject")
        assert {each["actor"] for each in rejects} == {julien.uri, formerly(julien.uri)}
        assert all(each["object"]["object"] == each["actor"] for each in rejects)

    def test_what_is_for_followers_waits_for_those_who_come_along(
        self, vernay, lucie, julien, follows, take_name, hears, arrives, work, time_machine
    ):
        follows(lucie, julien)
        take_name()
        julien.refresh_from_db()
        hears()
        write(julien, "Pour qui me suit", "followers")
        work()
        assert not letters(vernay, "Create")
        arrives(vernay, vernay.activity("Follow", vernay.lucie, julien.uri), host=NEW)
        Delivery.objects.update(due_at="2020-01-01T00:00Z")
        time_machine.move_to(now() + timedelta(seconds=61))
        work()
        (create,) = letters(vernay, "Create")
        assert create["actor"] == julien.uri

    @pytest.mark.row(42)
    @pytest.mark.parametrize("removed", [True, False])
    def test_nobody_is_approved_by_going_through_the_former_name(
        self, vernay, lucie, julien, follows, take_name, hears, arrives, removed
    ):
        Actor.objects.filter(pk=julien.pk).update(approves_followers=True)
        if removed:
            follows(lucie, julien)
            following.remove_from_followers(julien, lucie)
        take_name()
        hears()
        julien.refresh_from_db()
        asks = vernay.activity("Follow", vernay.lucie, formerly(julien.uri))
        assert arrives(vernay, asks, host=OLD) == "handled"
        assert arrives(vernay, vernay.activity("Undo", vernay.lucie, asks), host=OLD) == "handled"
        arrives(vernay, vernay.activity("Follow", vernay.lucie, julien.uri), host=NEW)
        assert Follow.objects.get(follower=lucie, followed=julien).state == "asked"

    def test_by_the_former_name_meanwhile_is_told_the_present_one(
        self, vernay, lucie, julien, take_name, hears, arrives, work
    ):
        take_name()
        julien.refresh_from_db()
        asks = vernay.activity("Follow", vernay.lucie, formerly(julien.uri))
        assert arrives(vernay, asks, host=OLD) == "handled"
        hears()
        work()
        assert formerly(julien.uri) in {each["actor"] for each in letters(vernay, "Move")}

    def test_a_house_that_follows_the_former_one_is_answered_under_it(self, vernay, aubin, take_name, arrives, work):
        take_name()
        asks = vernay.activity("Follow", vernay.house, f"http://{OLD}/ap/instance")
        assert arrives(vernay, asks, host=OLD) == "handled"
        work()
        accept = letters(vernay, "Accept")[0]
        assert (
            accept["id"].startswith(f"http://{OLD}/")
            and accept["actor"] == accept["object"]["object"] == asks["object"]
        )

    def test_who_came_along_since_a_backup_is_counted_again(
        self, vernay, lucie, julien, follows, take_name, hears, work, time_machine
    ):
        follows(lucie, julien)
        take_name()
        hears()
        julien.refresh_from_db()
        recounting.doubt()
        listed = {"id": f"{vernay.lucie}/following", "type": "OrderedCollection", "orderedItems": [julien.uri]}
        vernay.documents["/users/lucie/following"] = {"@context": AS2, **listed}
        recounting.ask(lucie)
        assert [each.under for each in Follow.objects.filter(follower=lucie, state="accepted")] == [""]
