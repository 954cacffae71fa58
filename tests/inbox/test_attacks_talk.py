"""A house that is no partner says what we wait for, and nothing else under cover of it (`gate.prove_talk`)."""

import pytest

from actors.models import Exchange, Follow
from inbox.models import Receipt
from outbox.models import Post
from tests.neighbour import AS2

pytestmark = pytest.mark.django_db
# Raw, it is an offer by the instance actor; read as JSON-LD, it is whatever the other words say, by whoever signed.
DISGUISE = {
    "type": "https://nowhere.example/type",
    "object": "https://nowhere.example/object",
    "actor": "https://nowhere.example/actor",
    "verb": "@type",
    "about": {"@id": f"{AS2}#object", "@type": "@id"},
    "who": {"@id": f"{AS2}#actor", "@type": "@id"},
}


@pytest.fixture(params=["requested", "declined", "refused", "revoked"])
def outsider(vernay, request):
    vernay.peer.state = request.param
    vernay.peer.save()
    return vernay


@pytest.mark.row(54)
def test_an_offer_that_reads_as_something_else_is_not_heard(outsider, julien, client, work):
    letter = outsider.activity("Offer", outsider.house, {"type": "Relationship"})
    letter |= {"@context": [AS2, DISGUISE], "verb": "Follow", "who": outsider.lucie, "about": julien.uri}
    assert outsider.post(client, letter, signer=outsider.lucie).status_code == 403
    work()
    assert not Receipt.objects.exists()
    assert not Follow.objects.exists()


@pytest.mark.row(54)
def test_an_instance_actor_that_became_a_person_writes_no_posts_before_it_is_a_partner(vernay, julien, client, work):
    vernay.peer.state = "requested"
    vernay.peer.save()
    Exchange.objects.create(peer=vernay.peer, verb="ask", ours=True, uri="http://localhost:8000/ap/activities/1")
    vernay.documents["/users/instance"]["type"] = "Person"
    answer = vernay.create(vernay.house, [julien.uri], inReplyTo="http://localhost:8000/ap/activities/1")
    assert vernay.post(client, answer).status_code == 403
    work()
    assert not Post.objects.exists()
