"""Each name of a house shows what it is called there, and leads to what it named."""

import pytest

from actors import (
    approaches,
    arrivals,
    directory,
    moving,
    own_names,
    partnerships,
)
from actors.models import Approach
from federation import keys, names
from federation.errors import Forbidden
from federation.models import Key, Peer
from inbox import moderation, search
from instance.web import reports
from outbox import publishing
from outbox.publishing import Draft
from tests.actors.moving.telling import NEW, OLD, formerly, write
from tests.actors.talking import OURS, knock, letters, offer, open_office

pytestmark = pytest.mark.django_db


class TestWhoWeAre:
    def test_each_name_shows_what_it_is_called_there(self, vernay, julien, take_name, client):
        take_name()
        julien.refresh_from_db()
        assert julien.uri.startswith(f"http://{NEW}/") and julien.address == f"@julien.mercier@{NEW}"
        present, then = (vernay.get(client, uri, host=host).json() for uri, host in (
            (julien.uri, NEW), (formerly(julien.uri), OLD),
        ))  # fmt: skip
        assert (present["id"], present["alsoKnownAs"]) == (
            julien.uri,
            [formerly(julien.uri)],
        ) and "movedTo" not in present
        assert (then["id"], then["movedTo"]) == (formerly(julien.uri), julien.uri)
        assert "alsoKnownAs" not in then and then["name"] == "Julien Mercier"
        for document, host in ((present, NEW), (then, OLD)):
            own = [document["inbox"], document["endpoints"]["sharedInbox"], document["followers"]]
            own += [document["publicKey"]["id"], document["publicKey"]["owner"]]
            assert all(uri.startswith(f"http://{host}/") for uri in own), own

    def test_so_does_the_house(self, vernay, aubin, take_name, client):
        take_name()
        present, then = (client.get("/ap/instance", headers={"host": host}).json() for host in (NEW, OLD))
        assert present["alsoKnownAs"] == [then["id"]] == [f"http://{OLD}/ap/instance"]
        assert then["movedTo"] == present["id"] == f"http://{NEW}/ap/instance"
        assert then["publicKey"]["publicKeyPem"] != present["publicKey"]["publicKeyPem"]
        nodeinfo = client.get("/nodeinfo/2.1", headers={"host": OLD}).json()
        assert nodeinfo["metadata"]["instanceActor"] == then["id"] and nodeinfo["usage"]["users"]["total"] == 0

    def test_a_former_handle_leads_to_whom_it_named(self, vernay, julien, take_name, client, sign_in, helene):
        take_name()
        julien.refresh_from_db()
        for resource in (f"acct:julien.mercier@{OLD}", formerly(julien.uri), julien.uri):
            found = client.get("/.well-known/webfinger", {"resource": resource}, headers={"host": OLD}).json()
            assert found["subject"] == f"acct:julien.mercier@{NEW}" and julien.uri in found["aliases"]
        assert directory.by_address(f"@julien.mercier@{OLD}") == directory.find(formerly(julien.uri)) == julien

    def test_pages_are_shown_under_the_present_name(self, julien, take_name, client):
        take_name()
        page = client.get("/p/1/?a=b", headers={"host": OLD, "accept": "text/html,*/*"})
        assert (page.status_code, page["location"]) == (301, f"http://{NEW}/p/1/?a=b")
        assert client.get("/charte/", headers={"host": NEW, "accept": "text/html"}).status_code == 200

    def test_machines_are_answered_whatever_they_would_take_besides(self, vernay, julien, take_name, client):
        post = write(julien, "Avant")
        take_name()
        accept = "application/activity+json, text/html;q=0.1"
        for path in (post.uri.removeprefix(f"http://{OLD}"), "/ap/instance"):
            assert vernay.get(client, f"http://{OLD}{path}", host=OLD, accept=accept).status_code == 200

    def test_a_house_may_offer_itself_to_any_of_our_names_and_is_answered_under_it(
        self, stranger, aubin, take_name, client, work
    ):
        open_office(stranger)
        take_name()
        made = offer(stranger)
        made["object"]["object"] = f"http://{OLD}/ap/instance"
        assert knock(stranger, client, made, host=OLD).status_code == 202
        peer = approaches.verify(Approach.objects.get())
        partnerships.accept(peer, OURS)
        work()
        (accept,), (moves,) = letters(stranger, "Accept"), letters(stranger, "Move")
        assert accept["actor"] == moves["actor"] == f"http://{OLD}/ap/instance"

    def test_who_asks_us_by_the_present_name_knows_it(self, vernay, aubin, take_name, arrives, work):
        open_office(vernay)
        take_name()
        made = offer(vernay)
        assert arrives(vernay, made, host=NEW) == "handled"
        work()
        assert letters(vernay, "Accept")[-1]["actor"] == f"http://{NEW}/ap/instance"
        assert not own_names.unheard_now()

    def test_what_was_pasted_is_found_by_any_name(self, julien, helene, take_name):
        post, then = write(julien, "Avant"), julien.uri
        take_name()
        assert search.actor_at(helene, then, True) == julien
        assert search.post_at(helene, f"http://{OLD}{post.path}", True) == post

    def test_what_was_reported_is_still_about_her(self, vernay, lucie, julien, helene, take_name):
        moderation.report(helene, julien, words="hum")
        take_name()
        helene.refresh_from_db()
        (line,) = reports.lines(list(moderation.reports()), helene)
        assert line.people == [julien]

    def test_keys_may_be_changed_before_and_after(self, julien, take_name):
        keys.rotate(julien.uri)
        take_name()
        julien.refresh_from_db()
        made = [keys.rotate(uri).uri for uri in names.every(julien.uri)]
        assert len(set(made)) == 2


def test_twice_in_its_life(vernay, lucie, julien, follows, take_name, hears, work):
    """What was written under each name is said under it; the third is taken once the second is known everywhere."""
    first = write(julien, "Un")
    work()
    take_name()
    with pytest.raises(Forbidden, match="confirmer"):
        moving.must_be_known_to_all()
    hears()
    Peer.objects.create(host="rsi.cernon.example", state="revoked", speaks_preau=True, knows_us_as=OLD)  # for ever
    take_name("preau.saint-aubin.example:8000")
    julien.refresh_from_db()
    assert julien.also_known_as == [formerly(julien.uri), formerly(julien.uri, NEW)]
    assert Peer.objects.get(state="active").knows_us_as == NEW
    work()
    last = letters(vernay, "Move")[-1]
    assert last["actor"] == f"http://{NEW}/ap/instance" and "preau.saint-aubin" in last["target"]
    first.refresh_from_db()
    publishing.edit(julien, first, Draft("Deux"))
    work()
    (update,) = letters(vernay, "Update")
    assert update["actor"] == formerly(julien.uri)
    assert Key.objects.filter(owner_uri__in=names.every(julien.uri)).count() == 3
    assert arrivals.instance_actor().also_known_as == [f"http://{host}/ap/instance" for host in (OLD, NEW)]
