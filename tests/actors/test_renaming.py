"""A partner says it goes by another name: heard of its own voice alone, believed once an admin had it proven."""

import io

import pytest
from django.core.management import CommandError, call_command

from actors import arrivals, conventions, former_names, partnerships, renaming
from actors.models import Actor, Exchange, Follow
from actors.terms import Terms
from federation import peers
from federation.errors import Forbidden
from federation.models import Peer
from inbox.models import Receipt
from tests.actors.talking import letters, open_office, state_of
from tests.neighbour import Neighbour

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(vernay):
    """The house that Vernay says it is from now on: it says so too."""
    house = open_office(Neighbour())
    house.documents["/users/instance"]["alsoKnownAs"] = [vernay.house]
    house.lucie = house.add_actor("lucie", alsoKnownAs=[vernay.lucie])
    yield house
    house.stop()


def move(house, target, actor=None, **more):
    actor = actor or house.house
    return house.activity("Move", actor, actor, target=target, **more)


@pytest.fixture
def announced(vernay, renamed, arrives):
    assert arrives(vernay, move(vernay, renamed.house)) == "handled"
    return vernay.peer


@pytest.fixture
def at_marc(aubin, sign_in):
    return sign_in(arrivals.invite("Marc Vidal", role="admin").actor)


def preau(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


class TestWhatIsNotHeard:
    @pytest.mark.row(42)
    def test_by_another_than_the_voice_of_the_house(self, vernay, renamed, arrives):
        other = vernay.add_actor("robot", "Application")
        assert arrives(vernay, move(vernay, renamed.house, actor=other)) == "ignored"
        about_the_house = vernay.activity("Move", other, vernay.house, target=renamed.house)
        assert arrives(vernay, about_the_house) == "ignored"
        assert not former_names.announced() and renamed.asked == []

    @pytest.mark.row(42)
    def test_to_where_it_is_or_to_us_or_nowhere(self, vernay, arrives, aubin):
        ours = partnerships.our_house().uri
        for target in (vernay.house, f"{vernay.origin}/users/other", ours, "acct:rsi@vernay.fr", "", None):
            assert arrives(vernay, move(vernay, target)) == "ignored"
        assert not Exchange.objects.exists()

    @pytest.mark.row(32, 42)
    @pytest.mark.parametrize("state", ["active", "suspended", "revoked", "blocked", "declined", "requested"])
    def test_to_a_house_that_is_known_and_decided_about_as_such(self, vernay, renamed, arrives, state):
        Peer.objects.create(host=renamed.host, state=state)
        assert arrives(vernay, move(vernay, renamed.house)) == "ignored"
        assert state_of(renamed) == state and not Exchange.objects.exists()

    @pytest.mark.row(42)
    def test_of_a_house_that_is_no_partner(self, vernay, renamed, client, work):
        partnerships.suspend(vernay.peer)
        assert vernay.post(client, move(vernay, renamed.house)).status_code == 403
        assert not Receipt.objects.exists() and not Exchange.objects.exists()

    @pytest.mark.row(42)
    def test_over_and_over(self, vernay, announced, renamed, arrives):
        for number in range(renaming.OFTEN + 2):
            arrives(vernay, move(vernay, f"http://127.0.0.2:{4000 + number}/ap/instance"))
        assert Exchange.objects.filter(verb="move").count() == renaming.OFTEN


class TestWhatIsHeard:
    @pytest.mark.row(32)
    def test_it_is_written_down_and_nobody_is_called(self, vernay, announced, renamed):
        assert former_names.announced() == {vernay.peer: renamed.host}
        assert renamed.asked == [] and not Peer.objects.filter(host=renamed.host).exists()
        assert f"{vernay.host}\trenamed\t{renamed.host}" in preau("peers", "requests")
        with pytest.raises(peers.UnknownPeer):
            peers.admit(renamed.origin)

    @pytest.mark.row(42)
    def test_people_do_not_move_before_an_admin_has_confirmed(
        self, vernay, announced, renamed, julien, lucie, follows, arrives
    ):
        follows(julien, lucie)
        assert arrives(vernay, move(vernay, renamed.lucie, actor=vernay.lucie)) == "ignored"
        assert Follow.objects.get(follower=julien).state == "accepted" and renamed.asked == []


class TestWhatAnAdminConfirms:
    def test_the_new_name_is_a_partner_and_its_people_move(
        self, vernay, announced, renamed, julien, lucie, follows, arrives
    ):
        follows(julien, lucie)
        assert preau("peers", "renamed", vernay.host, renamed.host) == f"{renamed.host}\tactive\n"
        assert state_of(vernay) == state_of(renamed) == "active"
        assert not former_names.announced()
        assert arrives(vernay, move(vernay, renamed.lucie, actor=vernay.lucie)) == "handled"
        assert {letter["object"] for letter in letters(renamed, "Follow")} == {renamed.house, renamed.lucie}
        assert Actor.objects.get(uri=vernay.lucie).moved_to == renamed.lucie

    def test_the_record_of_processing_goes_on(self, vernay, announced, renamed):
        conventions.record(vernay.peer, "Massifs", "dpo@vernay.example", "2026-03-01", "DEL-2026-12")
        before, after = (conventions.of(each) for each in (announced, renaming.confirm(announced, renamed.host)))
        assert (after.purpose, after.their_contact, after.since, after.annex) == (
            before.purpose, before.their_contact, before.since, "DEL-2026-12",
        )  # fmt: skip

    def test_what_letters_said_counts_until_the_new_name_says_otherwise(self, vernay, announced, renamed):
        """And the address that we gave a house long ago is not the newest that we gave."""
        theirs = Terms("dpo@vernay.example", "Massifs")
        partnerships.note(announced, "accept", "https://vernay.example/1", theirs, ours=False)
        partnerships.note(announced, "offer", "https://aubin.example/1", Terms("ancien@aubin.example"), ours=True)
        elsewhere = Peer.objects.create(host="martel.example", state="offered")
        partnerships.note(elsewhere, "offer", "https://aubin.example/2", Terms("dpo@aubin.example"), ours=True)
        before, new = conventions.of(announced), renaming.confirm(announced, renamed.host)
        after = conventions.of(new)
        assert (after.purpose, after.their_contact, after.our_contact, after.since) == (
            "Massifs", "dpo@vernay.example", "ancien@aubin.example", before.since,
        )  # fmt: skip
        assert partnerships.our_contact() == "dpo@aubin.example" and conventions.noted(new)["contact"] == ""
        partnerships.note(new, "accept", "https://vernay.example/2", Terms("nouveau@vernay.example"), ours=False)
        later = conventions.of(Peer.objects.get(pk=new.pk))
        assert (later.their_contact, later.since) == ("nouveau@vernay.example", before.since)

    @pytest.mark.row(42)
    @pytest.mark.parametrize(
        "says",
        [
            {"alsoKnownAs": []},
            {"alsoKnownAs": ["https://rsi.autre.fr/ap/instance"]},
            {"movedTo": "https://rsi.autre.fr/ap/instance"},
        ],
    )
    def test_unless_the_new_name_says_otherwise(self, vernay, announced, renamed, says):
        renamed.documents["/users/instance"] |= says
        with pytest.raises(CommandError, match="rien n’est changé"):
            preau("peers", "renamed", vernay.host, renamed.host)
        assert not Peer.objects.filter(host=renamed.host).exists()

    @pytest.mark.row(42)
    def test_not_in_circles(self, vernay, announced, renamed, arrives, client, work):
        renaming.confirm(announced, renamed.host)
        back = move(renamed, vernay.house)
        assert renamed.post(client, back).status_code == 202
        work()
        assert Receipt.objects.get(uri=back["id"]).state == "ignored"
        assert not former_names.announced()

    def test_nor_what_nobody_announced_nor_a_house_that_does_not_answer(self, vernay, renamed, arrives):
        with pytest.raises(Forbidden, match="n’a pas annoncé"):
            renaming.confirm(vernay.peer, renamed.host)
        arrives(vernay, move(vernay, renamed.house))
        renamed.documents.clear()
        with pytest.raises(Forbidden):
            renaming.confirm(vernay.peer, renamed.host)
        assert not Peer.objects.filter(host=renamed.host).exists()

    def test_the_former_name_is_open_no_longer_than_the_new_one(self, vernay, announced, renamed):
        new = renaming.confirm(announced, renamed.host)
        partnerships.suspend(new)
        assert (state_of(vernay), state_of(renamed)) == ("suspended", "suspended")
        new.refresh_from_db()
        partnerships.resume(new)
        assert (state_of(vernay), state_of(renamed)) == ("active", "active")
        partnerships.revoke(new)
        assert (state_of(vernay), state_of(renamed)) == ("revoked", "revoked")
        partnerships.block(renamed.host)
        assert (state_of(vernay), state_of(renamed)) == ("blocked", "blocked")


def test_the_page_shows_the_announcement_and_has_it_confirmed(vernay, announced, renamed, at_marc):
    said = "dit s’appeler désormais"
    assert said in at_marc.get("/administration/").content.decode()
    there = f"/administration/collectivites/{vernay.host}/"
    assert said in at_marc.get(there).content.decode()
    shown = {"host": renamed.host}
    assert f'name="host" value="{renamed.host}"' in at_marc.get(there).content.decode()
    at_marc.post(f"{there}renommer/", shown)
    assert state_of(renamed) == "active"
    assert said not in at_marc.get(there).content.decode()


@pytest.mark.row(42)
def test_what_an_admin_has_not_read_is_not_confirmed(vernay, announced, renamed, arrives, at_marc):
    """She read one name; before she confirms it, the partner (or who holds its keys) announces another."""
    arrives(vernay, move(vernay, "http://127.0.0.2:4000/ap/instance"))
    there = f"/administration/collectivites/{vernay.host}/"
    for said in ({"host": renamed.host}, {}):
        page = at_marc.post(f"{there}renommer/", said, follow=True).content.decode()
        assert "dit maintenant s’appeler 127.0.0.2:4000, et non" in page
    with pytest.raises(CommandError, match="rien n’est changé"):
        preau("peers", "renamed", vernay.host, renamed.host)
    assert renamed.asked == [] and not Peer.objects.exclude(host=vernay.host).exists()
