"""Those whom a house's people follow are asked anew; and what a partner does when a house moves."""

import pytest

from actors import directory, follow_arrivals, following, former_names, partnerships, synchronisation
from actors.models import Actor
from actors.terms import Terms
from federation.models import Peer
from outbox import audience, posts
from tests.actors.moving.telling import NEW, OLD, formerly, write, yes
from tests.actors.talking import letters
from tests.neighbour import AS2

pytestmark = pytest.mark.django_db


class TestWhomWeFollow:
    def test_is_asked_anew_and_left_under_the_former_name_once_she_said_yes(
        self, vernay, lucie, julien, follows, take_name, hears, arrives, work
    ):
        follow = following.ask(julien, lucie)
        assert arrives(vernay, yes(vernay, follow)) == "handled"
        then, former_id = julien.uri, follow.uri
        take_name()
        work()
        assert len(letters(vernay, "Follow")) == 1  # Vernay would not know who asks
        hears()
        work()
        julien.refresh_from_db()
        anew = next(each for each in letters(vernay, "Follow") if each["actor"] == julien.uri)
        assert (anew["actor"], anew["object"]) == (julien.uri, vernay.lucie) and anew["id"] != former_id
        follow.refresh_from_db()
        assert (follow.state, follow.uri) == ("accepted", former_id)
        said = vernay.activity("Accept", vernay.lucie, anew)
        assert arrives(vernay, said, host=NEW) == "handled"
        follow.refresh_from_db()
        assert (follow.state, follow.uri) == ("accepted", anew["id"])
        (undo,) = letters(vernay, "Undo")
        assert (undo["actor"], undo["object"]["id"]) == (then, former_id)

    def test_is_left_under_both_meanwhile(self, vernay, lucie, julien, take_name, hears, arrives, work):
        follow = following.ask(julien, lucie)
        arrives(vernay, yes(vernay, follow))
        take_name()
        hears()
        julien.refresh_from_db()
        following.leave(julien, lucie)
        work()
        assert {each["actor"] for each in letters(vernay, "Undo")} == {julien.uri, formerly(julien.uri)}

    def test_said_yes_by_the_former_name_only(self, vernay, lucie, julien, take_name, hears, arrives, work):
        follow = following.ask(julien, lucie)
        work()
        take_name()
        hears()
        assert arrives(vernay, yes(vernay, follow), host=OLD) == "handled"
        work()
        julien.refresh_from_db()
        assert julien.uri in {each["actor"] for each in letters(vernay, "Follow")}

    def test_a_list_that_names_us_as_we_were_ends_nothing(self, vernay, lucie, julien, take_name, arrives, work):
        follow = following.ask(julien, lucie)
        arrives(vernay, yes(vernay, follow))
        url = f"{vernay.lucie}/followers_synchronization"
        listed = {"@context": AS2, "id": url, "type": "OrderedCollection", "orderedItems": [julien.uri]}
        vernay.documents["/users/lucie/followers_synchronization"] = listed
        take_name()
        synchronisation.compare_soon(lucie, url)
        work()
        follow.refresh_from_db()
        assert follow.state == "accepted" and not letters(vernay, "Undo")

    def test_reads_go_on_meanwhile(self, vernay, lucie, julien, follows, take_name, arrives):
        follow = following.ask(julien, lucie)
        arrives(vernay, yes(vernay, follow))
        take_name()
        to = [f"{vernay.lucie}/followers"]
        note = vernay.note(vernay.lucie, to, "Pour qui me suit")
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, note, to=to), host=OLD) == "handled"
        assert posts.find_by_uri(julien, note["id"]).author == lucie


class TestAHouseThatTookAnotherNameItself:
    """What we do as the partner of one: see also test_renaming."""

    @pytest.fixture
    def renamed(self, vernay, lucie):
        house = Peer.objects.create(host="127.0.0.1:1", state="active", speaks_preau=True)
        partnerships.note(house, "move", "http://127.0.0.1:1/1", Terms("", charter="", words=vernay.host), ours=True)
        there = {"handle": "lucie", "host": house.host, "domain": house.host, "also_known_as": [lucie.uri]}
        house.lucie = Actor.objects.create(uri="http://127.0.0.1:1/users/lucie", **there)
        return house

    @pytest.mark.row(42)
    @pytest.mark.parametrize("seen_before", [True, False])
    def test_whoever_was_kept_away_is_kept_away_by_either_name(self, vernay, lucie, julien, renamed, seen_before):
        following.block(julien, lucie)
        if seen_before:
            vernay.documents["/users/lucie"]["movedTo"] = renamed.lucie.uri
            directory.learn(vernay.lucie)
        follow_arrivals.recognise(renamed)
        assert following.has_blocked(julien, renamed.lucie)
        following.unblock(julien, renamed.lucie)
        assert not following.has_blocked(julien, lucie)
        following.block(julien, renamed.lucie)
        assert following.has_blocked(julien, lucie)

    def test_she_still_reads_what_was_for_her_and_nobody_else_does(self, lucie, julien, renamed, follows):
        post = write(julien, "Pour Lucie", "named", named=(lucie,))
        assert not posts.readable_by(renamed.lucie).filter(pk=post.pk).exists()
        follow_arrivals.recognise(renamed)
        assert posts.readable_by(renamed.lucie).filter(pk=post.pk).exists()
        elsewhere = {"uri": "https://mallory.example/1", "handle": "mallory", "host": "mallory.example", "domain": "x"}
        mallory = Actor.objects.create(**elsewhere, also_known_as=[lucie.uri])
        Actor.objects.filter(pk=lucie.pk).update(moved_to=mallory.uri)
        assert not posts.readable_by(mallory).filter(pk=post.pk).exists()

    def test_her_house_is_a_partner_once(self, vernay, lucie, renamed):
        """In the list of partners to choose from, and among those that a post for partners is sent to."""
        assert list(former_names.partners()) == [renamed]
        Peer.objects.filter(pk=renamed.pk).update(shared_inbox="http://127.0.0.1:1/inbox")
        assert audience.to_partners(posts.Post()) == {"http://127.0.0.1:1/inbox"}

    def test_she_is_found_once(self, lucie, renamed, aubin):
        Actor.objects.filter(handle="lucie").update(discoverable=True, name="Lucie Ferrand")
        assert len(directory.search("ferrand")) == 2
        follow_arrivals.recognise(renamed)
        assert [each.pk for each in directory.search("ferrand")] == [renamed.lucie.pk]
