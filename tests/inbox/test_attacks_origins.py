"""Every house speaks for its own names, keys and addresses only (security rows 13, 23, 24, 35, 36, 38, 49)."""

import pytest

from actors import directory, neighbours
from actors.models import Actor
from federation.errors import FederationError, WrongActor
from federation.models import Key
from inbox.models import Notification, Receipt
from outbox.models import Attachment, Post
from tests.neighbour import CONTEXT, Neighbour, key_pair
from tests.world import introduce

pytestmark = pytest.mark.django_db


@pytest.fixture
def evil(aubin):
    """A house that an admin did put on the list, and that turns out to lie."""
    house = Neighbour()
    house.mallory = house.add_actor("mallory")
    house.peer = introduce(house)
    yield house
    house.stop()


OURS = "http://localhost:8000/ap/objects/01K9"


@pytest.mark.row(35, 36)
@pytest.mark.parametrize(
    "id",
    [
        OURS,
        "HTTP://LOCALHOST:8000/ap/objects/01K9",
        "http://LocalHost.:8000/ap/objects/01K9",
        "http://localhost:8000@127.0.0.1/notes/1",
        "http://lucie@localhost:8000/ap/objects/01K9",
        "http://localhost:08000/ap/objects/01K9",
        "http://localhost:99999/ap/objects/01K9",
        "http://localhost%3A8000/ap/objects/01K9",
        "http://localhost:8000\\@127.0.0.1/1",
        "http:///ap/objects/01K9",
        "//localhost:8000/ap/objects/01K9",
        "javascript:alert(1)",
        "data:text/plain,1",
        "tag:localhost:8000,2026:1",
        "https://elsewhere.example/notes/1",
        "http://[::1]:8000/notes/1",
        "http://127.0.0.1 /notes/1",
        "",
        None,
        7,
        ["a"],
        {"id": OURS},
    ],
)
def test_what_is_written_has_an_id_in_the_writer_s_own_house(vernay, julien, arrives, id):
    whole = vernay.create(vernay.lucie, [julien.uri])
    assert arrives(vernay, whole | {"object": whole["object"] | {"id": id}}) in (400, 403)
    assert arrives(vernay, whole | {"id": id}) in (400, 403)
    edit = vernay.activity("Update", vernay.lucie, whole["object"] | {"id": id})
    assert arrives(vernay, edit) in (400, 403)
    assert not Receipt.objects.exists()


def test_ports_and_capitals_make_no_other_house(vernay, evil, julien, arrives):
    for id in (f"{vernay.origin}/notes/7".upper(), f"{vernay.origin}:80/notes/7", f"{vernay.origin}/notes/7"):
        created = evil.create(evil.mallory, [julien.uri], id=id)
        assert arrives(evil, created) in (400, 403)
    assert not Post.objects.exists()


def test_a_longer_id_than_we_can_keep_is_refused(vernay, julien, arrives):
    created = vernay.create(vernay.lucie, [julien.uri], id=f"{vernay.origin}/notes/{'x' * 500}")
    assert arrives(vernay, created) == 400
    assert arrives(vernay, vernay.activity("Like", vernay.lucie, OURS, id=f"{vernay.origin}/{'x' * 500}")) == 400


@pytest.mark.row(38)
def test_the_address_of_a_page_is_no_way_to_run_anything(vernay, julien, arrives):
    bad = ["javascript:alert(1)", {"type": "Link", "href": "data:text/html,x"}, "gemini://x", "//evil.example"]
    image = {"type": "Image", "mediaType": "image/png", "url": bad, "name": "x"}
    linked = {"type": "Document", "mediaType": "application/pdf", "url": "javascript:alert(1)"}
    created = vernay.create(vernay.lucie, [julien.uri], url=bad, attachment=[image, linked, {"href": bad}])
    assert arrives(vernay, created) == "handled"
    assert not Attachment.objects.exists()
    actor = vernay.add_actor("eve", url="javascript:alert(1)", icon={"url": bad})
    assert directory.learn(actor).url == directory.learn(actor).icon_url == ""


def test_a_profile_s_addresses_in_another_house_are_dropped(vernay, evil):
    elsewhere = f"{evil.origin}/users/mallory"
    uri = vernay.add_actor("eve", url=elsewhere, followers=elsewhere, outbox=elsewhere, icon={"url": elsewhere})
    eve = directory.learn(uri)
    assert (eve.url, eve.followers_uri, eve.outbox, eve.icon_url) == ("", "", "", "")


@pytest.mark.parametrize("where", ["inbox", "endpoints"])
def test_mail_is_not_sent_to_a_house_that_another_names(vernay, evil, where):
    elsewhere = f"{evil.origin}/inbox"
    uri = vernay.add_actor("eve", **{where: {"sharedInbox": elsewhere} if where == "endpoints" else elsewhere})
    with pytest.raises(WrongActor):
        directory.learn(uri)
    assert not Actor.objects.filter(uri=uri).exists()


def test_half_an_address_is_none(vernay):
    long = f"{vernay.origin}/{'x' * 500}"
    eve = directory.learn(vernay.add_actor("eve", endpoints={"sharedInbox": long}, url=long, movedTo=long))
    assert (eve.shared_inbox, eve.url, eve.moved_to) == ("", "", "")
    with pytest.raises(FederationError):
        directory.learn(vernay.add_actor("adam", inbox=long))


def test_an_attachment_of_another_house_is_not_fetched(vernay, stranger, julien, arrives):
    urls = [f"{stranger.origin}/x.png", "http://169.254.169.254/latest", "http://[::1", "file:///etc/passwd", 5, None]
    attached = [{"type": "Image", "mediaType": "image/png", "url": url} for url in urls]
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], attachment=attached)) == "handled"
    assert (Attachment.objects.count(), stranger.asked) == (0, [])


@pytest.mark.row(30)
def test_an_address_inside_a_letter_is_never_called(vernay, stranger, julien, arrives):
    canary = f"{stranger.origin}/canary"
    names = ("inReplyTo", "context", "conversation", "quoteUri", "quote", "url", "likes", "shares", "replies")
    everywhere = dict.fromkeys(names, canary)
    tags = [{"type": kind, "href": canary, "name": "@x", "icon": {"url": canary}} for kind in ("Mention", "Emoji")]
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri, canary], tag=tags, **everywhere)) == "handled"
    for verb in ("Like", "Announce", "Follow", "Delete", "Undo", "Flag", "Add", "Block"):
        arrives(vernay, vernay.activity(verb, vernay.lucie, canary, target=canary))
    assert stranger.asked == []


class TestKeys:
    def forged(self, house, uri, number=60):
        _, pem = key_pair(number)
        return house | {"id": uri, "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem}}

    @pytest.mark.row(23)
    def test_a_described_actor_brings_no_new_key(self, vernay, lucie, julien, arrives):
        before = Key.objects.get(owner_uri=lucie.uri).public_pem
        pushed = self.forged(vernay.documents["/users/lucie"], lucie.uri) | {"name": "Autre"}
        assert arrives(vernay, vernay.activity("Update", vernay.lucie, pushed)) == "handled"
        lucie.refresh_from_db()
        assert (Key.objects.get(owner_uri=lucie.uri).public_pem, lucie.name) == (before, "Lucie")

    def test_another_is_not_described(self, vernay, lucie, arrives):
        mallory = vernay.add_actor("mallory")
        for type in ("Person", "Group", "Note", ["Person"], None):
            pushed = vernay.documents["/users/lucie"] | {"name": "Autre", "type": type, "attributedTo": mallory}
            assert arrives(vernay, vernay.activity("Update", mallory, pushed)) == "ignored"
        lucie.refresh_from_db()
        assert lucie.name == "Lucie"

    def test_a_partner_s_directory_describes_its_own_people_only(self, vernay, evil, lucie, julien, work):
        ours, theirs = Key.objects.get(owner_uri=julien.uri).public_pem, Key.objects.get(owner_uri=lucie.uri).public_pem
        people = [
            self.forged(vernay.documents["/users/lucie"] | {"name": "Autre"}, lucie.uri),
            self.forged(vernay.documents["/users/lucie"] | {"inbox": julien.inbox, "endpoints": None}, julien.uri),
            f"{vernay.origin}/users/eve",
            evil.documents["/users/mallory"],
        ]
        vernay.add_actor("eve")
        evil.documents["/people"] = {"@context": CONTEXT, "id": f"{evil.origin}/people", "items": people}
        assert neighbours.learn_directory(evil.peer, f"{evil.origin}/people") == 1
        for actor, name, pem in ((julien, "Julien Mercier", ours), (lucie, "Lucie", theirs)):
            actor.refresh_from_db()
            assert (actor.name, Key.objects.get(owner_uri=actor.uri).public_pem) == (name, pem)
        assert not Actor.objects.filter(uri=f"{vernay.origin}/users/eve").exists()

    def test_a_directory_in_another_house_is_not_read(self, vernay, evil):
        evil.documents["/people"] = {"@context": CONTEXT, "id": f"{evil.origin}/people", "items": []}
        assert neighbours.learn_directory(vernay.peer, f"{evil.origin}/people") == 0
        assert evil.asked == []

    def test_nobody_s_description_is_of_one_of_ours(self, vernay, julien):
        with pytest.raises(WrongActor):
            directory.keep(self.forged(vernay.documents["/users/lucie"], julien.uri))

    def test_one_does_not_take_a_colleague_s_key(self, vernay, lucie, julien, arrives):
        _, pem = key_pair(60)
        stolen = {"id": f"{lucie.uri}#main-key", "publicKeyPem": pem}
        uri = vernay.add_actor("mallory")
        vernay.documents["/users/mallory"]["publicKey"] = stolen | {"owner": uri}
        with pytest.raises(WrongActor):
            directory.learn(uri)
        assert Key.objects.get(uri=f"{lucie.uri}#main-key").owner_uri == lucie.uri
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"

    def test_a_key_that_was_taken_first_returns_to_its_owner(self, vernay, julien, arrives):
        uri = vernay.add_actor("mallory")
        stolen = vernay.documents["/users/mallory"]["publicKey"] | {"id": f"{vernay.lucie}#main-key"}
        vernay.documents["/users/mallory"]["publicKey"] = stolen
        directory.learn(uri)
        directory.learn(vernay.lucie)
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"

    def test_a_key_in_a_document_of_its_own_belongs_to_the_owner_that_it_names(self, vernay, julien, arrives):
        """As GoToSocial has them; a colleague who claims it first does not keep it."""
        key = vernay.documents["/users/lucie"]["publicKey"]
        key["id"] = f"{vernay.lucie}/main-key"
        vernay.documents["/users/lucie/main-key"] = {"@context": CONTEXT, **key}
        vernay.add_actor("mallory")
        claimed = vernay.documents["/users/mallory"]["publicKey"]
        vernay.documents["/users/mallory"]["publicKey"] = claimed | {"id": key["id"]}
        directory.learn(f"{vernay.origin}/users/mallory")
        directory.refresh_key(key["id"])
        assert directory.key(key["id"]).owner_uri == vernay.lucie

    def test_a_key_that_its_owner_no_longer_publishes_proves_nothing(self, vernay, lucie, julien, arrives):
        _, public = key_pair(51)
        published = vernay.documents["/users/lucie"]["publicKey"]
        vernay.documents["/users/lucie"]["publicKey"] = published | {"id": f"{lucie.uri}#k2", "publicKeyPem": public}
        directory.learn(lucie.uri)
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == 401
        assert Key.objects.get(owner_uri=lucie.uri, retired_at=None).uri == f"{lucie.uri}#k2"

    @pytest.mark.row(24)
    @pytest.mark.parametrize("how", ["gone", "suspended"])
    def test_the_key_of_someone_gone_or_suspended_proves_nothing(self, vernay, lucie, julien, client, arrives, how):
        if how == "gone":
            arrives(vernay, vernay.activity("Delete", vernay.lucie, vernay.lucie))
        else:
            Actor.objects.filter(pk=lucie.pk).update(suspended_at="2026-01-01T00:00:00Z")
        directory.learn(lucie.uri)
        for activity in (
            vernay.create(vernay.lucie, [julien.uri]),
            vernay.activity("Follow", vernay.lucie, julien.uri),
        ):
            assert arrives(vernay, activity) == 401
        assert vernay.get(client, julien.uri, signer=vernay.lucie).status_code == 401
        assert (Post.objects.count(), Notification.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        "key",
        [
            {"id": 5},
            {"publicKeyPem": None},
            {"publicKeyPem": "-----BEGIN"},
            {"publicKeyPem": ["x"]},
            {"owner": None},
            {"id": "https://elsewhere.example/k"},
            {"id": "not a uri"},
        ],
    )
    def test_an_odd_key_is_a_refusal_and_no_fault(self, vernay, julien, arrives, key):
        vernay.documents["/users/lucie"]["publicKey"].update(key)
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) in (401, 403, 503)
        assert not Receipt.objects.exists()
