"""JSON-LD that means something else than it seems to: it is read offline, then judged as any letter (rows 53 to 55)."""

import json
import threading
import time
from typing import Any

import pytest

from actors.models import Follow
from federation import normalising
from inbox.models import Receipt
from outbox.models import Post

pytestmark = pytest.mark.django_db
AS2 = "https://www.w3.org/ns/activitystreams"


def prefixed(house, author, reader):
    """A Create as a server that writes whole JSON-LD sends it."""
    plain = house.create(author, [reader])
    note = plain["object"]
    return {
        "@context": {"as": f"{AS2}#"},
        "@id": plain["id"],
        "@type": "as:Create",
        "as:actor": {"@id": author},
        "as:object": {
            "@id": note["id"], "@type": "as:Note", "as:attributedTo": {"@id": author}, "as:to": [{"@id": reader}],
            "as:content": note["content"],
        },
    }  # fmt: skip


def expanded(house, author, reader):
    plain = house.create(author, [reader])
    note = {
        "@id": plain["object"]["id"], "@type": [f"{AS2}#Note"], f"{AS2}#attributedTo": [{"@id": author}],
        f"{AS2}#to": [{"@id": reader}], f"{AS2}#content": [{"@value": "<p>bonjour</p>"}],
    }  # fmt: skip
    return {
        "@id": plain["id"], "@type": [f"{AS2}#Create"], f"{AS2}#actor": [{"@id": author}], f"{AS2}#object": [note]
    }  # fmt: skip


def sends(house, client, work, activity, signer=None):
    """The status of the answer, after the work is done; the letter may have any shape."""
    status = house.post(client, json.dumps(activity).encode(), signer=signer or house.lucie).status_code
    work()
    return status


def nothing_came_of_it():
    return not Post.objects.exists() and not Follow.objects.exists() and not Receipt.objects.filter(state="handled")


def test_prefixed_and_expanded_json_ld_is_understood(vernay, julien, client, work):
    for activity in (
        prefixed(vernay, vernay.lucie, julien.uri),
        expanded(vernay, vernay.lucie, julien.uri),
        [expanded(vernay, vernay.lucie, julien.uri)],
    ):
        assert sends(vernay, client, work, activity) == 202
    assert list(Post.objects.values_list("audience", "html")) == [("named", "<p>bonjour</p>")] * 3
    assert set(Receipt.objects.values_list("state", flat=True)) == {"handled"}


def test_a_normalised_actor_must_be_the_signer_too(vernay, julien, client, work):
    mallory = vernay.add_actor("mallory")
    for make in (prefixed, expanded):
        assert sends(vernay, client, work, make(vernay, vernay.lucie, julien.uri), signer=mallory) == 403
    assert nothing_came_of_it()


@pytest.mark.parametrize("term", ["acteur", "as:actor", "x:actor", "https://www.w3.org/ns/activitystreams#actor"])
def test_a_context_does_not_make_the_signer_somebody_else(vernay, julien, client, work, term):
    """`actor` names the signer, and means something else; what means the actor names her victim."""
    mallory = vernay.add_actor("mallory")
    context = {"x": f"{AS2}#", "actor": "as:summary", "acteur": {"@id": "as:actor", "@type": "@id"}}
    activity = vernay.create(mallory, [julien.uri]) | {"@context": [AS2, context], term: {"id": vernay.lucie}}
    activity["object"]["attributedTo"] = vernay.lucie
    assert sends(vernay, client, work, activity, signer=mallory) in (400, 403)
    assert nothing_came_of_it()


def test_two_actors_under_two_names_are_not_one(vernay, julien, client, work):
    mallory = vernay.add_actor("mallory")
    context = [AS2, {"acteur": {"@id": "as:actor", "@type": "@id"}, "to": {"@id": "as:to", "@type": "@id"}}]
    activity = vernay.create(mallory, [julien.uri]) | {"@context": context, "acteur": vernay.lucie}
    assert sends(vernay, client, work, activity, signer=mallory) == 400
    assert nothing_came_of_it()


def test_what_is_normalised_still_speaks_for_its_own_house_only(vernay, stranger, julien, client, work):
    for change in (
        {"@id": f"{stranger.origin}/1"},
        {"@id": julien.uri},
        {"@type": ["as:Create", "as:Delete"]},
        {"as:actor": [{"@id": vernay.lucie}, {"@id": stranger.mallory}]},
    ):
        assert sends(vernay, client, work, prefixed(vernay, vernay.lucie, julien.uri) | change) in (400, 403), change
    assert nothing_came_of_it()


REFUSED = {
    "@graph": {"@graph": [{"@id": "x"}]},
    "@included": {"@included": [{"@id": "x"}]},
    "@reverse": {"@reverse": {"as:actor": {"@id": "x"}}},
    "@nest": {"@nest": {"as:object": {"@id": "x"}}},
    "an alias of @graph": {"@context": {"as": f"{AS2}#", "g": "@graph"}, "g": [{"@id": "x"}]},
    "an alias of @reverse": {"@context": {"as": f"{AS2}#", "r": {"@reverse": "as:actor"}}},
    "an alias of @nest": {"@context": {"as": f"{AS2}#", "n": "@nest"}, "n": {"as:object": {"@id": "x"}}},
    "a term that nests": {"@context": {"as": f"{AS2}#", "n": {"@id": "as:object", "@nest": "m"}}},
    "a context for a type": {"@context": {"as": f"{AS2}#", "T": {"@id": "as:T", "@context": {"a": "as:actor"}}}},
    "protected": {"@context": {"as": f"{AS2}#", "@protected": True}},
    "a protected term": {"@context": {"as": f"{AS2}#", "a": {"@id": "as:actor", "@protected": True}}},
    "imported": {"@context": {"as": f"{AS2}#", "@version": 1.1, "@import": AS2}},
    "that spreads not": {"@context": {"as": f"{AS2}#", "@propagate": False}},
    "a base": {"@context": {"as": f"{AS2}#", "@base": "http://a/"}},
    "an index": {"@context": {"as": f"{AS2}#", "a": {"@id": "as:actor", "@container": "@index"}}},
    "a graph within": {"@context": {"as": f"{AS2}#", "a": {"@id": "as:actor", "@container": ["@graph", "@id"]}}},
    "JSON as it is": {"@context": {"as": f"{AS2}#", "a": {"@id": "as:actor", "@type": "@json"}}},
    "a term that is a number": {"@context": {"as": f"{AS2}#", "a": 5}},
    "a term of itself": {"@context": {"as": f"{AS2}#", "a": "b:x", "b": "a:x"}},
    "terms in a chain": {"@context": {"as": f"{AS2}#", **{f"t{n}": f"t{n + 1}:x" for n in range(499)}}},
    "too many terms": {"@context": {"as": f"{AS2}#", **{f"t{n}": f"as:x{n}" for n in range(500)}}},
    "too many contexts": {"@context": [{"as": f"{AS2}#"}] * 17},
    "contexts here and there": {"as:tag": [{"@context": {"a": "as:x"}, "a": 1}] * 16},
    "an id that is a number": {"@id": 7},
    "a type that is a number": {"@type": 7},
    "a value in two languages": {"as:content": {"@value": "x", "@language": 5}},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_hides_or_acts_at_a_distance_is_refused(vernay, julien, client, work, name):
    whole = prefixed(vernay, vernay.lucie, julien.uri)
    began = time.monotonic()
    status = sends(vernay, client, work, whole | REFUSED[name])
    assert status == 400 or (name == "terms in a chain" and status == 202)  # read at no great cost
    assert status == 202 or nothing_came_of_it()
    assert time.monotonic() - began < 5


def test_a_stranger_is_never_asked_what_her_words_mean(vernay, stranger, julien, client, work):
    """Nor is a neighbour: addresses of contexts say nothing, wherever they stand."""
    for place in (stranger, vernay):
        before = len(place.asked)
        whole = prefixed(vernay, vernay.lucie, julien.uri)
        contexts = [f"{place.origin}/ns", {"as": f"{AS2}#", "x": f"{place.origin}/ns#"}, "file:///etc/passwd"]
        nested = {"@context": f"{place.origin}/inner", "x:y": 1}
        assert sends(vernay, client, work, whole | {"@context": contexts, "x:tag": nested}) == 202
        assert [path for path, _ in place.asked[before:] if "ns" in path or "inner" in path] == []
    assert Post.objects.count() == 2


def test_only_small_documents_are_worth_it(vernay, julien, client, work):
    whole = prefixed(vernay, vernay.lucie, julien.uri)
    rest = normalising.SIZE - len(json.dumps(whole | {"as:name": ""}))
    assert sends(vernay, client, work, whole | {"as:name": "x" * rest}) == 202
    assert sends(vernay, client, work, whole | {"as:name": "x" * (rest + 1)}) == 400


def test_a_document_that_takes_too_long_holds_up_nothing_but_its_like(vernay, julien, client, work, monkeypatch):
    """A busy machine is no fault of the sender's: such a letter is to be sent again."""
    done = threading.Event()
    monkeypatch.setattr(normalising, "compacted", lambda document: done.wait(30))
    try:
        with monkeypatch.context() as hasty:
            hasty.setattr(normalising, "SECONDS", 0.05)
            assert sends(vernay, client, work, prefixed(vernay, vernay.lucie, julien.uri)) == 503
        began = time.monotonic()
        assert sends(vernay, client, work, prefixed(vernay, vernay.lucie, julien.uri)) == 503
        assert time.monotonic() - began < normalising.SECONDS / 2  # nor does it wait at the door
        assert sends(vernay, client, work, vernay.create(vernay.lucie, [julien.uri])) == 202
    finally:
        done.set()


def test_a_house_takes_no_more_of_that_time_than_its_share(vernay, other_house, julien, client, work, monkeypatch):
    """Told by the time that it took: what is quickly read may come often."""
    monkeypatch.setattr(normalising, "SHARE", (0.0001, 0.00001))
    for house, author, status in ((vernay, vernay.lucie, 202), (vernay, vernay.lucie, 503),
                                  (other_house, other_house.mallory, 202)):  # fmt: skip
        assert sends(house, client, work, expanded(house, author, julien.uri), signer=author) == status
    assert sends(vernay, client, work, vernay.create(vernay.lucie, [julien.uri])) == 202


def test_nobody_widens_an_audience_by_an_unusual_spelling(vernay, julien, client, work):
    """What forbids sharing again is understood under whatever context it comes."""
    policy: dict[str, Any] = {"canAnnounce": {"always": []}}
    contexts: list[Any] = [[], "https://elsewhere.example/ns", "https://gotosocial.org/ns"]
    for context in contexts:
        whole = vernay.create(vernay.lucie, [AS2 + "#Public"], interactionPolicy=policy)
        assert sends(vernay, client, work, whole | {"@context": context}) == 202
    assert list(Post.objects.values_list("audience", "shareable")) == [("public", False)] * 3


def test_an_actor_described_in_json_ld_is_known(vernay, julien, client, work):
    eve = vernay.add_actor("eve")
    plain = vernay.documents["/users/eve"]
    key = {f"sec:{name}" if name != "id" else "@id": value for name, value in plain["publicKey"].items()}
    vernay.documents["/users/eve"] = {
        "@context": ["https://w3id.org/security/v1", {"as": f"{AS2}#", "ldp": "http://www.w3.org/ns/ldp#"}],
        "@id": eve, "@type": "as:Person", "as:preferredUsername": "eve", "ldp:inbox": {"@id": plain["inbox"]},
        "publicKey": key | {"sec:owner": {"@id": eve}},
    }  # fmt: skip
    assert sends(vernay, client, work, vernay.create(eve, [julien.uri]), signer=eve) == 202
    assert Post.objects.get().author.handle == "eve"
