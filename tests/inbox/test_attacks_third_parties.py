"""What a third person does brings nobody nearer than they may be, and hidden copies stay hidden (rows 86 and 90)."""

import json

import pytest

from actors import directory, following
from federation.models import Delivery, Dispatch
from inbox.models import Notification, Receipt
from outbox import publishing
from outbox.audience import Reach
from outbox.models import Post
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
def malo(vernay):
    """A colleague of Lucie's, whom nobody blocked."""
    return directory.find(vernay.add_actor("malo"))


@pytest.mark.row(90)
def test_a_third_who_shares_the_blocked_shows_her_to_nobody_who_blocked(
    vernay, julien, helene, lucie, malo, follows, arrives, sign_in
):
    follows(julien, malo)
    follows(helene, malo)
    following.block(julien, lucie)
    created = vernay.create(vernay.lucie, [PUBLIC], "<p>canari</p>")
    assert arrives(vernay, created) == "handled"
    assert arrives(vernay, vernay.activity("Announce", malo.uri, created["object"]["id"])) == "handled"
    assert b"canari" in sign_in(helene).get("/").content
    assert b"canari" not in sign_in(julien).get("/").content


@pytest.mark.row(90)
def test_a_third_who_answers_the_blocked_brings_her_words_to_nobody_who_blocked(
    vernay, julien, lucie, malo, arrives, sign_in
):
    following.block(julien, lucie)
    created = vernay.create(vernay.lucie, [PUBLIC], "<p>canari</p>")
    arrives(vernay, created)
    tags = [{"type": "Mention", "href": uri} for uri in (julien.uri, vernay.lucie)]
    answer = vernay.create(malo.uri, [julien.uri], "<p>oui</p>", inReplyTo=created["object"]["id"], tag=tags)
    assert arrives(vernay, answer) == "handled"
    assert list(Notification.objects.filter(reader=julien).values_list("actor", flat=True)) == [malo.pk]
    page = sign_in(julien).get(f"/p/{Post.objects.get(author=malo).ulid}/").content.decode()
    assert "oui" in page and "canari" not in page and "/personnes/lucie@" not in page


@pytest.mark.row(90)
def test_the_blocked_who_is_answered_by_a_colleague_reaches_nobody_who_blocked(
    vernay, julien, helene, lucie, arrives, sign_in
):
    post = publishing.publish(helene, Draft("question"), Reach("partners"))
    following.block(julien, lucie)
    tags = [{"type": "Mention", "href": julien.uri}]
    answer = vernay.create(
        vernay.lucie, [vernay.followers(), julien.uri], "<p>canari</p>", inReplyTo=post.uri, tag=tags
    )
    assert arrives(vernay, answer) == "handled"
    assert b"canari" in sign_in(helene).get(f"/p/{post.ulid}/").content
    assert b"canari" not in sign_in(julien).get(f"/p/{post.ulid}/").content
    assert not Notification.objects.filter(reader=julien).exists()


@pytest.mark.row(86)
def test_hidden_copies_are_neither_read_nor_kept_nor_shown(vernay, julien, helene, arrives, client):
    created = vernay.create(vernay.lucie, [vernay.followers()], bto=[julien.uri], bcc=[helene.uri])
    assert arrives(vernay, created | {"bto": [julien.uri], "bcc": [helene.uri]}) == "handled"
    assert not Post.objects.get().named.exists()
    assert not [row for row in Receipt.objects.all() if "bto" in json.dumps(row.activity)]
    post = publishing.publish(julien, Draft("à tous"), Reach("partners", named=(helene,)))
    shown = vernay.get(client, post.uri).json()
    sent = [each.document for each in Dispatch.objects.filter(pk__in=Delivery.objects.values("dispatch"))]
    assert sent and not [each for each in (shown, *sent) if "bto" in json.dumps(each) or "bcc" in json.dumps(each)]
