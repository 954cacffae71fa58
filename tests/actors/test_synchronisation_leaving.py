"""FEP-8fcf on the way out: what is for followers says how we count those of each house, and shows it them alone."""

from hashlib import sha256

import pytest

from actors import directory, following, synchronisation
from actors.models import Follow
from inbox import serving
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db
SIGNED = synchronisation.HEADER


class TestOnTheWayOut:
    def test_what_is_for_followers_says_how_we_count(self, vernay, julien, helene, lucie, follows, work):
        follows(lucie, julien)
        follows(helene, julien)
        post = publishing.publish(julien, Draft("un"), Reach("followers"))
        work()
        publishing.edit(julien, post, Draft("deux"))
        work()
        publishing.withdraw(julien, post)
        work()
        digest = sha256(lucie.uri.encode()).hexdigest()
        for _, headers, _body in vernay.received:
            assert headers[SIGNED] == (
                f'collectionId="{julien.uri}/followers", url="{julien.uri}/followers_synchronization", '
                f'digest="{digest}"'
            )
            assert SIGNED in headers["signature"].partition('headers="')[2]
        assert [body["type"] for _, _, body in vernay.received] == ["Create", "Update", "Delete"]

    def test_what_is_for_others_says_nothing_of_followers(self, vernay, julien, lucie, follows, work):
        follows(lucie, julien)
        for reach in (Reach("partners"), Reach("named", named=(lucie,)), Reach("chosen_partners", (vernay.peer,))):
            publishing.publish(julien, Draft("bonjour"), reach)
        following.ask(julien, lucie)
        work()
        assert len(vernay.received) == 4
        assert not [headers for _, headers, _ in vernay.received if SIGNED in headers]

    def test_who_was_withdrawn_from_the_list_is_counted_no_more(self, vernay, julien, lucie, follows, work):
        """Named, so that the letter still goes there: the digest of nobody."""
        malo = vernay.add_actor("malo")
        follows(directory.find(malo), julien)
        Follow.objects.update(state="undone")
        publishing.publish(julien, Draft("bonjour"), Reach("followers", named=(lucie,)))
        work()
        assert f'digest="{"0" * 64}"' in vernay.received[0][1][SIGNED]


class TestTheList:
    def test_a_house_is_shown_its_own_part(self, vernay, julien, helene, lucie, follows, client):
        follows(lucie, julien)
        follows(helene, julien)
        uri = synchronisation.address(julien.uri)
        shown = vernay.get(client, uri).json()
        assert (shown["id"], shown["type"], shown["orderedItems"]) == (uri, "OrderedCollection", [lucie.uri])

    def test_nobody_else_is_shown_anything(self, vernay, stranger, julien, lucie, follows, client):
        follows(lucie, julien)
        uri = synchronisation.address(julien.uri)
        assert client.get(uri[21:]).status_code == 401
        assert stranger.get(client, uri).status_code == 403
        assert vernay.get(client, uri.replace(julien.ulid, "01K9ABSENT0000000000000000")).status_code == 404
        following.block(julien, lucie)
        assert vernay.get(client, uri, signer=vernay.lucie).status_code == 404

    def test_a_long_one_comes_in_pages(self, vernay, julien, lucie, follows, client, monkeypatch):
        monkeypatch.setattr(serving, "LONG_PAGE", 2)
        people = [lucie, *(directory.find(vernay.add_actor(f"agent{number}")) for number in range(2))]
        for each in people:
            follows(each, julien)
        uri = synchronisation.address(julien.uri)
        whole = vernay.get(client, uri).json()
        assert (whole["totalItems"], whole["first"]) == (3, f"{uri}?page=1")
        pages = [vernay.get(client, f"{uri}?page={number}").json() for number in (1, 2)]
        assert [page["orderedItems"] for page in pages] == [[each.uri for each in people[:2]], [people[2].uri]]
        assert [page.get("next") for page in pages] == [f"{uri}?page=2", None]
        assert vernay.get(client, f"{uri}?page=x").status_code == 400
