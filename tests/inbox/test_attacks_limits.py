"""Nothing that strangers send grows without end here, nor leads us on an endless way (rows 60 to 62, 67, 68)."""

import json

import pytest
from django.utils.timezone import now

from actors import directory
from actors.models import Actor, Attempt
from federation.models import Key
from inbox.activities import flag
from inbox.models import Report
from outbox import posts
from outbox.models import Attachment, Hashtag, Post
from tests.neighbour import CONTEXT, PROFILE
from tests.world import HOST

pytestmark = pytest.mark.django_db
SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.1"
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "%s/canary">]><x>&e;</x>'


@pytest.mark.row(60)
def test_what_a_post_holds_too_much_of_is_cut(vernay, julien, arrives):
    attached = [{"type": "Image", "mediaType": "image/png", "url": f"{vernay.origin}/{n}.png"} for n in range(3_000)]
    mentions = [{"type": "Mention", "href": f"{vernay.origin}/users/{n}", "name": "@x"} for n in range(2_000)]
    subjects = [{"type": "Hashtag", "name": f"#n{n}"} for n in range(200)]
    long = "x" * 150_000
    note = vernay.create(
        vernay.lucie, [julien.uri], f"<p>{long}</p>", summary=long, attachment=attached, tag=subjects + mentions
    )
    assert arrives(vernay, note) == "handled"
    post = Post.objects.get()
    assert (Attachment.objects.count(), Hashtag.objects.count()) == (16, 64)
    assert len(post.html) <= 50_010 and len(post.title) == 300


@pytest.mark.row(60)
def test_nobody_is_reached_beyond_two_thousand_recipients(vernay, julien, helene, arrives):
    crowd = [f"{vernay.origin}/users/{number}" for number in range(10_000)]
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri, *crowd, helene.uri])) == "handled"
    assert list(Post.objects.get().named.all()) == [julien]


@pytest.mark.row(60)
def test_what_a_profile_holds_too_much_of_is_cut(vernay, julien, client):
    fields = [{"type": "PropertyValue", "name": "x" * 500, "value": "y" * 50} for _ in range(1_000)]
    eve = vernay.add_actor(
        "eve",
        summary="é" * 50_000,
        name="x" * 5_000,
        attachment=fields,
        alsoKnownAs=[f"{vernay.origin}/{n}" for n in range(999)],
    )
    assert vernay.post(client, vernay.create(eve, [julien.uri])).status_code == 202
    kept = Actor.objects.get(uri=eve)
    assert (len(kept.summary) <= 20_000, len(kept.name), len(kept.also_known_as)) == (True, 200, 20)


@pytest.mark.row(60)
def test_a_report_of_ten_thousand_things_names_fifty(vernay, julien, arrives):
    about = [f"http://{HOST}/ap/objects/{number}" for number in range(10_000)]
    assert arrives(vernay, vernay.activity("Flag", vernay.lucie, about, content="x" * 20_000)) == "handled"
    assert (len(Report.objects.get().about), len(Report.objects.get().words)) == (50, 5_000)


@pytest.mark.row(60)
def test_a_house_reports_so_many_things_at_once_and_no_more(vernay, julien, arrives, monkeypatch):
    monkeypatch.setattr(flag, "PER_HOUSE", 2)
    reports = [vernay.activity("Flag", vernay.add_actor(f"a{number}"), julien.uri) for number in range(4)]
    assert [arrives(vernay, each) for each in reports] == ["handled", "handled", "ignored", "ignored"]
    assert Report.objects.count() == 2


@pytest.mark.row(61)
def test_answers_to_made_up_posts_make_us_fetch_none_of_them(vernay, julien, client, work):
    parent = f"{vernay.origin}/made-up/0"
    for number in range(40):
        created = vernay.create(vernay.lucie, [julien.uri], inReplyTo=parent, context=f"{vernay.origin}/c/{number}")
        assert vernay.post(client, created).status_code == 202
        parent = f"{vernay.origin}/made-up/{number + 1}"
    work()
    assert Post.objects.count() == 40
    assert not [path for path, _ in vernay.asked if path.startswith(("/made-up", "/c/"))]


@pytest.mark.row(61)
@pytest.mark.parametrize("shown", [3, 500])
def test_a_thread_that_comes_last_post_first_is_put_together_as_far_as_it_is_shown(
    vernay, julien, client, work, monkeypatch, shown
):
    """Else each letter would have all that came before it written anew."""
    monkeypatch.setattr(posts, "THREAD", shown)
    notes = [vernay.note(vernay.lucie, [julien.uri]) for _ in range(8)]
    for note, parent in zip(notes[1:], notes, strict=False):
        note["inReplyTo"] = parent["id"]
    for note in reversed(notes):
        created = vernay.activity("Create", vernay.lucie, note, to=[julien.uri])
        assert vernay.post(client, created).status_code == 202
        work()
    assert Post.objects.exclude(in_reply_to=None).count() == 7
    assert Post.objects.filter(root__uri=notes[0]["id"]).count() == min(shown + 1, 7)


@pytest.fixture
def people(vernay):
    """Vernay tells what a partner tells; its directory is for each test to write."""
    index = {"links": [{"rel": SCHEMA, "href": f"{vernay.origin}/nodeinfo/2.1"}]}
    about = {"metadata": {"nodeName": "Vernay", "instanceActor": vernay.house}}
    for path, whole in (("/.well-known/nodeinfo", index), ("/nodeinfo/2.1", about)):
        vernay.documents[path] = ("application/json", json.dumps(whole).encode())
    vernay.documents["/users/instance"] |= {"directory": f"{vernay.origin}/people", "profile": PROFILE}

    def page(name, **more):
        vernay.documents[f"/{name}"] = {"@context": CONTEXT, "id": f"{vernay.origin}/{name}", **more}

    return page


def ask_about_ourselves(house, client, work):
    """A partner reads who our partners are; thereupon we ask it who it is."""
    assert house.get(client, f"http://{HOST}/ap/instance/followers").status_code == 200
    work()


@pytest.mark.row(62)
def test_lists_that_go_in_circles_or_never_end_are_left(vernay, julien, client, work, people):
    people("people", type="Collection", totalItems=1_000_000, first=f"{vernay.origin}/p1")
    people("p1", next=f"{vernay.origin}/p1", first=f"{vernay.origin}/p2", items=[vernay.documents["/users/lucie"]])
    people("users/instance/followers", first=f"{vernay.origin}/f0")
    for number in range(60):
        people(f"f{number}", next=f"{vernay.origin}/f{number + 1}", items=[f"http://h{number}.example/x"] * 500)
    ask_about_ourselves(vernay, client, work)
    asked = [path for path, _ in vernay.asked]
    assert (asked.count("/people"), asked.count("/p1"), asked.count("/p2")) == (1, 1, 0)
    assert len([path for path in asked if path.startswith("/f")]) <= 10
    assert Actor.objects.filter(uri=vernay.lucie).exists()


@pytest.mark.row(67)
def test_an_actor_has_few_keys_and_of_each_try_only_a_count_is_kept_for_a_while(
    vernay, julien, client, work, time_machine
):
    keys = [vernay.documents["/users/lucie"]["publicKey"] | {"id": f"{vernay.lucie}#k{n}"} for n in range(500)]
    vernay.documents["/users/lucie"]["publicKey"] = [vernay.documents["/users/lucie"]["publicKey"], *keys]
    vernay.post(client, vernay.create(vernay.lucie, [julien.uri]))
    assert Key.objects.filter(owner_uri=vernay.lucie).count() == 4
    for number in range(5):
        eve, new = (vernay.add_actor(f"{name}{number}") for name in ("eve", "new"))
        vernay.documents[f"/users/new{number}"]["alsoKnownAs"] = [eve]
        vernay.post(client, vernay.activity("Move", eve, eve, target=new))
    work()
    assert Attempt.objects.count() == 5 + 5 + 1, "moves, what each of them makes us ask for, and what their house does"
    time_machine.move_to(now())
    time_machine.shift(1_000)
    last, new = vernay.add_actor("last"), vernay.add_actor("new")
    vernay.documents["/users/new"]["alsoKnownAs"] = [last]
    vernay.post(client, vernay.activity("Move", last, last, target=new))
    work()
    assert Attempt.objects.count() == 1 + 1 + 1


@pytest.mark.row(67)
def test_a_key_that_cannot_be_fetched_leaves_no_actor_and_no_key(vernay, julien, client):
    for number in range(30):
        uri = f"{vernay.origin}/users/nobody{number}"
        vernay.keys[uri] = vernay.keys[vernay.lucie]
        assert vernay.post(client, vernay.create(uri, [julien.uri])).status_code == 503
    assert not Actor.objects.filter(uri__contains="nobody").exists()
    assert not Key.objects.filter(uri__contains="nobody").exists()


@pytest.mark.row(68)
@pytest.mark.parametrize("kind", ["application/xrd+xml", "application/jrd+json", "text/xml", "image/svg+xml"])
def test_no_xml_of_strangers_is_ever_read(vernay, stranger, julien, sign_in, arrives, kind):
    evil = XXE % stranger.origin.encode()
    for path in ("/.well-known/webfinger", "/.well-known/host-meta", "/p.svg"):
        vernay.documents[path] = (kind, evil)
    page = sign_in(julien).get("/personnes/", {"q": f"@lucie@{vernay.host}"})
    image = {"type": "Image", "mediaType": "image/svg+xml", "url": f"{vernay.origin}/p.svg"}
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], attachment=[image])) == "handled"
    vernay.add_actor("eve", icon=image)
    portrait = sign_in(julien).get(f"/portraits/{directory.find(f'{vernay.origin}/users/eve').ulid}/")
    assert (page.status_code, portrait.status_code, stranger.asked) == (200, 404, [])
    assert "/.well-known/host-meta" not in [path for path, _ in vernay.asked]
    assert not Attachment.objects.get().file
