import json
import pytest
from actors import directory
from actors.models import Actor, Follow, Attempt
from inbox import receiving
from inbox.models import Receipt, Notification
from outbox.models import Post, Tombstone, Like
from federation.models import Key
pytestmark = pytest.mark.django_db

def test_two_authors_one_id_in_one_batch(vernay, julien, client, work):
    anne = vernay.add_actor("anne")
    first = vernay.create(vernay.lucie, [julien.uri], attributedTo=[vernay.lucie, anne])
    second = vernay.activity("Create", anne, first["object"] | {"content": "<p>faux</p>", "attributedTo": [anne, vernay.lucie]}, to=[julien.uri])
    third = vernay.activity("Create", vernay.lucie, first["object"] | {"content": "<p>encore</p>"}, to=[julien.uri])
    for each in (first, second, third):
        assert vernay.post(client, each).status_code == 202
    work()
    print(Receipt.objects.values_list("state", "reason"))
    assert Post.objects.get().html == "<p>bonjour</p>"
    assert Notification.objects.count() == 1

def test_poison_name(vernay, julien, client, work):
    anne = vernay.add_actor("anne")
    odd = ["İ"*100, "ß"*300, "ŉ"*200, "\u0149"*100, "ﬃ"*100, "#"+"x"*150]
    for n in odd:
        assert vernay.post(client, vernay.create(anne, [julien.uri], tag=[{"type":"Hashtag","name":n},{"type":"Mention","href":n}], name=n, summary=n*20, contentMap={n:"x"}, inReplyTo=n, url=n, attachment=[{"type":"Image","url":f"{vernay.origin}/x/{n}","name":n*20,"mediaType":n},{"url":[{"href":n}]}], interactionPolicy={"canReply":n,"canLike":{"always":5}}, published=n, type="Event", startTime="9999-12-31T23:59:59Z", endTime="0001-01-01T00:00:00+23:59", location={"name":n*5,"address":n})).status_code == 202
        assert vernay.post(client, vernay.create(anne, [julien.uri], published="0001-01-01T00:00:00+23:59", tag={"type":"Hashtag","name":{}}, oneOf=[{"name":n*10}]*30, type="Question", endTime="9999-12-31T23:59:59-23:59")).status_code == 202
        assert vernay.post(client, vernay.create(vernay.lucie, [julien.uri])).status_code == 202
    work()
    print(set(Receipt.objects.values_list("state", "reason")))
    assert set(Receipt.objects.values_list("state", flat=True)) == {"handled"}

def test_odd_uri_everywhere(vernay, julien, client, work):
    odd = ["x"*600, "é"*300, "\u202e", "http://[::1", "http://a:99999/x", "https://" + "a"*64 + ".fr/", "javascript:alert(1)", 5, None, [], {}, {"id": 5}, {"id": {"id": "x"}}, [["x"]], True, {"type": "Follow", "object": 5}, {"id": "x", "type": ["a"], "actor": 5}, "http://localhost:8000/ap/actors/x", {"id": f"{vernay.origin}/x", "actor": [], "object": {}}]
    for kind in ("Accept Add Announce Block Create Delete EmojiReact Flag Follow Like Move Reject Remove Undo Update Offer".split()):
        for o in odd:
            for t in ("x", None, [], {"id": 5}, f"{vernay.lucie}/featured"):
                assert vernay.post(client, vernay.activity(kind, vernay.lucie, o, target=t, to=o, cc=t)).status_code in (202, 400, 403)
    work()
    bad = Receipt.objects.exclude(state__in=["handled","ignored"])
    print([(r.activity["type"], r.activity["object"], r.activity.get("target"), r.reason) for r in bad][:30])
    assert not bad.exists()

def test_instance_odd(vernay, julien, client, work):
    odd = ["x"*600, 5, None, [], {}, {"id": 5}, [["x"]], True, {"type": "Offer", "object": 5}, {"type": "Relationship", "subject": [], "object": {}}, {"type":"Note","inReplyTo":[5]}, {"type":["Offer"]}, {"type":{"a":1}}]
    for kind in ("Accept Create Offer Reject Undo Follow Update Delete".split()):
        for o in odd:
            assert vernay.post(client, vernay.activity(kind, vernay.house, o, content={"a":1}, dataProtectionContact=[5])).status_code in (202, 400, 403)
    work()
    bad = Receipt.objects.exclude(state__in=["handled","ignored"])
    print([(r.activity["type"], r.activity["object"], r.reason) for r in bad][:30])
    assert not bad.exists()

@pytest.mark.parametrize("change", [{"alsoKnownAs": ["x"*600, 5]}, {"name": "İ"*300}, {"publicKey": []}, {"summary": "<b>"*30000}, {"preferredUsername": "julien.mercier"}, {"movedTo": {"id": 5}}, {"icon": [[]]}, {"url": [{"href": 5}]}, {"endpoints": []}, {"service": [5]}, {"discoverable": "x"}, {"occupation": "İ"*300}, {"type": ["Person"]}, {"inbox": "x"}, {"endpoints": {"sharedInbox": "http://[::1"}}, {"publicKey": {"id": 5}}, {"followers": "x"*501}, {"name": "\u202e"}])
def test_update_actor(vernay, julien, lucie, client, work, change):
    vernay.documents["/users/lucie"] |= change
    assert vernay.post(client, vernay.activity("Update", vernay.lucie, vernay.documents["/users/lucie"])).status_code == 202
    work()
    r = Receipt.objects.get()
    print(change.keys(), r.state, r.reason)
    assert r.state in ("handled", "ignored")
