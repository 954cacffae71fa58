"""FEP-8fcf: two houses agree on who follows whom, and a lost letter does not let private posts flow on (row 88)."""

import json
from datetime import timedelta

import pytest
from django.utils.timezone import now

from actors import synchronisation
from actors.models import Comparison, Follow
from federation import peers
from outbox import posts

pytestmark = pytest.mark.django_db
SIGNED = synchronisation.HEADER


@pytest.fixture
def lucie_followed(vernay, lucie, julien, helene, follows):
    """Two of ours follow Lucie, as we know."""
    for one in (julien, helene):
        Follow.objects.filter(pk=follows(one, lucie).pk).update(state_since=now() - timedelta(days=1))
    return lucie


def said(vernay, *followers, **changes):
    """The header as Lucie's house writes it when these are her followers."""
    values = {
        "collectionId": f"{vernay.lucie}/followers",
        "url": f"{vernay.lucie}/followers_synchronization",
        "digest": synchronisation.digest([each.uri for each in followers]),
    }
    return ", ".join(f'{name}="{value}"' for name, value in (values | changes).items())


def listing(vernay, *uris, **more):
    url = f"{vernay.lucie}/followers_synchronization"
    whole = {"@context": "https://www.w3.org/ns/activitystreams", "id": url, "type": "OrderedCollection"}
    vernay.documents["/users/lucie/followers_synchronization"] = whole | {"orderedItems": list(uris)} | more


def writes(vernay, client, work, header, signed=True, author=None, **note):
    """Lucie writes to her followers; her envelope says how her house counts them."""
    author = author or vernay.lucie
    letter = vernay.create(author, [f"{author}/followers"], **note)
    extra = {SIGNED: header}
    answer = vernay.post(client, letter, **({"envelope": extra} if signed else extra))
    assert answer.status_code == 202
    work()
    return letter["object"]["id"]


def asked(vernay):
    return [path for path, _ in vernay.asked if "followers_synchronization" in path]


def states(followed):
    return dict(Follow.objects.filter(followed=followed).values_list("follower__handle", "state"))


def undone(vernay):
    return [body["actor"] for _, _, body in vernay.received if body["type"] == "Undo"]


def test_the_digest_is_the_one_of_the_fep():
    uris = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"]
    assert synchronisation.digest(uris) == "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
    assert synchronisation.digest([]) == "0" * 64


@pytest.mark.row(88)
class TestOnArrival:
    def test_houses_that_agree_ask_each_other_nothing(self, vernay, lucie_followed, julien, helene, client, work):
        writes(vernay, client, work, said(vernay, helene, julien))
        assert (asked(vernay), Comparison.objects.count()) == ([], 0)

    def test_whom_the_author_no_longer_counts_reads_no_more(self, vernay, lucie_followed, julien, helene, client, work):
        """A Reject of hers never arrived."""
        listing(vernay, helene.uri)
        uri = writes(vernay, client, work, said(vernay, helene))
        assert states(lucie_followed) == {"julien.mercier": "undone", "helene.vasseur": "accepted"}
        assert [posts.readable_by(each).filter(uri=uri).exists() for each in (julien, helene)] == [False, True]
        assert undone(vernay) == []

    def test_whoever_left_unheard_is_taken_off_the_list_there(
        self, vernay, lucie_followed, julien, helene, client, work
    ):
        """An Undo of ours never arrived."""
        Follow.objects.filter(follower=julien).update(state="undone")
        listing(vernay, helene.uri, julien.uri)
        writes(vernay, client, work, said(vernay, helene, julien))
        assert states(lucie_followed) == {"julien.mercier": "undone", "helene.vasseur": "accepted"}
        [undo] = [body for _, _, body in vernay.received]
        assert (undo["type"], undo["actor"], undo["object"]["object"]) == ("Undo", julien.uri, vernay.lucie)
        assert undo["object"]["id"] == Follow.objects.get(follower=julien).uri

    def test_someone_who_never_asked_is_taken_off_too(self, vernay, lucie, julien, helene, follows, client, work):
        follows(helene, lucie)
        listing(vernay, helene.uri, julien.uri, f"{julien.uri}0", "https://elsewhere.example/users/1")
        writes(vernay, client, work, said(vernay, helene, julien))
        assert undone(vernay) == [julien.uri]
        assert states(lucie) == {"helene.vasseur": "accepted"}

    def test_a_request_that_was_granted_unheard_is_granted(self, vernay, lucie_followed, julien, helene, client, work):
        Follow.objects.filter(follower=julien).update(state="asked")
        listing(vernay, helene.uri, julien.uri)
        writes(vernay, client, work, said(vernay, helene, julien))
        assert states(lucie_followed) == {"julien.mercier": "accepted", "helene.vasseur": "accepted"}
        assert undone(vernay) == []

    def test_what_was_agreed_while_the_list_was_read_stands(self, vernay, lucie_followed, julien, client, work):
        Follow.objects.filter(follower=julien).update(state_since=now() + timedelta(seconds=5))
        listing(vernay)
        writes(vernay, client, work, said(vernay))
        assert states(lucie_followed) == {"julien.mercier": "accepted", "helene.vasseur": "undone"}

    def test_the_list_is_asked_for_with_our_signature_and_seldom(self, vernay, lucie_followed, client, work):
        listing(vernay)
        for _ in range(3):
            writes(vernay, client, work, said(vernay, digest="1" * 64))
        assert len(asked(vernay)) == 1
        [headers] = [headers for path, headers in vernay.asked if "followers_synchronization" in path]
        assert "ap/instance#main-key" in headers["signature"]
        later = now() + synchronisation.PAUSE
        assert Comparison.objects.get().state == "waiting" and Comparison.objects.get().due_at < later
        Comparison.objects.update(due_at=now())
        work()
        assert len(asked(vernay)) == 2

    @pytest.mark.parametrize(
        "changes",
        [
            {"collectionId": "http://127.0.0.1:1/users/lucie/followers"},
            {"url": "http://127.0.0.1:1/list"},
            {"url": "not an address"},
            {"digest": "no digest"},
        ],
    )
    def test_an_envelope_that_speaks_of_another_is_ignored(self, vernay, lucie_followed, client, work, changes):
        writes(vernay, client, work, said(vernay, **changes))
        assert not Comparison.objects.exists()

    def test_an_envelope_that_cannot_be_read_is_ignored(self, vernay, lucie_followed, client, work):
        writes(vernay, client, work, "nothing of the kind")
        assert not Comparison.objects.exists()

    def test_one_does_not_speak_of_a_colleagues_followers(self, vernay, lucie_followed, julien, follows, client, work):
        malo = vernay.add_actor("malo")
        writes(vernay, client, work, said(vernay), author=malo)
        assert not Comparison.objects.exists()

    def test_what_the_signature_does_not_cover_is_ignored(self, vernay, lucie_followed, client, work):
        writes(vernay, client, work, said(vernay), signed=False)
        assert not Comparison.objects.exists()

    def test_a_list_that_is_none_changes_nothing(self, vernay, lucie_followed, client, work):
        before = states(lucie_followed)
        for more in ({"type": "Note"}, {"type": "OrderedCollection", "next": f"{vernay.lucie}/absent"}):
            listing(vernay, **more)
            writes(vernay, client, work, said(vernay))
            Comparison.objects.update(due_at=now())
            work()
        assert states(lucie_followed) == before

    def test_a_list_that_does_not_end_takes_nobody_off(self, vernay, lucie_followed, julien, client, work):
        """Only what was read is known: pages that go round, or lead elsewhere, or on and on."""
        before = states(lucie_followed)
        for onward in (f"{vernay.lucie}/followers_synchronization", "http://127.0.0.1:1/list"):
            listing(vernay, next=onward)
            writes(vernay, client, work, said(vernay))
            Comparison.objects.update(due_at=now())
            work()
        assert states(lucie_followed) == before

    def test_at_most_ten_pages_are_read(self, vernay, lucie_followed, client, work):
        def page(request):
            number = int(request.path.partition("=")[2] or 0)
            url = f"{vernay.lucie}/followers_synchronization"
            here = url if not number else f"{url}?page={number}"
            body = {"@context": vernay.documents["/users/lucie"]["@context"], "id": here, "type": "OrderedCollection"}
            return "application/activity+json", json.dumps(body | {"next": f"{url}?page={number + 1}"}).encode()

        vernay.documents["/users/lucie/followers_synchronization"] = page
        writes(vernay, client, work, said(vernay))
        assert len(asked(vernay)) == synchronisation.PAGES
        assert set(states(lucie_followed).values()) == {"accepted"}

    def test_a_list_in_pages_is_read_to_its_end(self, vernay, lucie_followed, julien, helene, client, work):
        first = {"type": "OrderedCollectionPage", "orderedItems": [helene.uri], "next": f"{vernay.lucie}/list2"}
        listing(vernay, first=first)
        vernay.documents["/users/lucie/list2"] = {
            "id": f"{vernay.lucie}/list2",
            "type": "OrderedCollectionPage",
            "orderedItems": [],
        }
        writes(vernay, client, work, said(vernay, helene))
        assert states(lucie_followed) == {"julien.mercier": "undone", "helene.vasseur": "accepted"}

    def test_a_house_that_was_suspended_is_not_asked(self, vernay, lucie_followed, client, work):
        listing(vernay)
        letter = vernay.create(vernay.lucie, [f"{vernay.lucie}/followers"])
        assert vernay.post(client, letter, envelope={SIGNED: said(vernay)}).status_code == 202
        peers.suspend(vernay.peer)
        work()
        assert asked(vernay) == []
