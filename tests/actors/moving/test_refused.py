"""What a house that goes by several names refuses, and what it does not mix up."""

import json

import pytest

from actors import (
    arrivals,
    moving,
    neighbours,
    partnerships,
)
from actors.models import Approach, Organisation
from actors.terms import Terms
from federation.errors import Forbidden
from federation.models import Dispatch, Peer
from tests.actors.moving.telling import NEW, OLD, formerly, write
from tests.actors.talking import knock, offer

pytestmark = pytest.mark.django_db


class TestWhatIsRefused:
    def test_the_name_of_another_house(self, aubin, vernay, lucie, take_name):
        with pytest.raises(Forbidden, match="autre collectivité"):
            take_name(vernay.host)
        assert Organisation.objects.get(pk=aubin.pk).host == OLD
        assert not Dispatch.objects.filter(document__type="Move").exists()

    def test_twice(self, aubin, take_name):
        take_name()
        with pytest.raises(Forbidden, match="rien n’est changé"):
            moving.take_name()

    @pytest.mark.row(42)
    def test_a_letter_that_was_signed_for_a_name_that_is_none_of_ours(
        self, vernay, julien, take_name, client, settings
    ):
        take_name()
        settings.ALLOWED_HOSTS = ["*"]
        like = vernay.activity("Like", vernay.lucie, "https://rsi.example/1")
        assert vernay.post(client, like, host="rsi.autre.example:8000").status_code == 401
        there = vernay.sign("POST", "/ap/inbox", b"{}", vernay.lucie, NEW) | {"host": OLD}  # signed for the other
        kind = there.pop("content-type")
        assert client.post("/ap/inbox", b"{}", content_type=kind, headers=there).status_code == 401

    @pytest.mark.row(42)
    def test_a_house_does_not_speak_for_our_former_name(self, vernay, julien, take_name, arrives):
        take_name()
        ours = vernay.activity("Update", vernay.lucie, {"id": formerly(julien.uri), "type": "Person"})
        assert arrives(vernay, ours, host=NEW) == 403

    def test_a_post_is_not_shown_by_an_id_that_it_never_had(self, vernay, lucie, julien, take_name, client, hears):
        post = write(julien, "d’avant")
        take_name()
        path = post.uri.removeprefix(f"http://{OLD}")
        assert vernay.get(client, f"http://{OLD}{path}", host=OLD).status_code == 200
        assert vernay.get(client, f"http://{NEW}{path}", host=NEW).status_code == 404

    @pytest.mark.row(42)
    def test_a_house_with_which_it_is_over_under_one_name_only(self, vernay, aubin, take_name, hears):
        """Ours too ends it with a house, not with one of its former names."""
        new = Peer.objects.create(host="rsi.vernay.example", state="active")
        partnerships.note(
            new, "move", "https://rsi.vernay.example/1", Terms("", charter="", words=vernay.host), ours=True
        )
        with pytest.raises(Forbidden, match="ancien nom"):
            partnerships.revoke(Peer.objects.get(host=vernay.host))

    @pytest.mark.row(32)
    def test_an_offer_from_a_name_of_ours(self, stranger, aubin, take_name, client):
        take_name()
        made = json.loads(json.dumps(offer(stranger)).replace(stranger.origin, f"http://{OLD}"))
        made["object"]["object"] = f"http://{NEW}/ap/instance"
        stranger.key_names[stranger.house] = f"{made['actor']}#main-key"
        assert knock(stranger, client, made, signer=stranger.house, host=NEW).status_code == 403
        assert not Approach.objects.exists()

    def test_an_account_that_came_after_the_name(self, aubin, take_name, client):
        take_name()
        marie = arrivals.invite("Marie Neuve").actor
        path = marie.uri.removeprefix(f"http://{NEW}")
        assert [client.get(path, headers={"host": host}).status_code for host in (OLD, NEW)] == [404, 200]

    def test_the_handles_of_a_domain_that_was_ours(self, aubin, settings):
        settings.FORMER_HOSTS = ("epci.example",)
        assert not neighbours.may_go_by(Peer(host="vernay.epci.example", state="active"), "epci.example")
