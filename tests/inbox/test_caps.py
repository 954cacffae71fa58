"""Every list and text of a stranger has an end: what stands at it is kept, one more is not (row 60, FEDERATION.md)."""

from dataclasses import dataclass
from typing import Any

import pytest

from actors import directory
from federation.models import Key
from inbox.models import Report
from outbox.models import Post

pytestmark = pytest.mark.django_db


def urls(house, number):
    return [f"{house.origin}/{n}" for number_of in [number] for n in range(number_of)]


def hashtags(house, number):
    return [{"type": "Hashtag", "name": f"#n{n}"} for n in range(number)]


def documents(house, number):
    return [{"type": "Document", "mediaType": "application/pdf", "url": url} for url in urls(house, number)]


def links(house, number):
    return [{"type": "Link", "href": f"https://elsewhere.example/{n}"} for n in range(number)]


def letters(house, number):
    return "x" * number


def described(house, number):
    return [{"type": "Image", "url": f"{house.origin}/1", "name": "x" * number}]


def named(house, number):
    return [{"type": "Document", "url": f"{house.origin}/1", "name": "x" * number}]


def choices(house, number):
    return [{"type": "Note", "name": f"oui {n}"} for n in range(number)]


@dataclass(frozen=True)
class Cap:
    """Of a post: a property that holds `make(number)`, and what is kept of it."""

    property: str
    most: int
    make: Any
    kept: Any
    type: str = "Note"


POSTS = {
    "the text": Cap("content", 50_000, letters, lambda post: len(post.html)),
    "the title": Cap("name", 300, letters, lambda post: len(post.title)),
    "a warning": Cap("summary", 300, letters, lambda post: len(post.title)),
    "attachments": Cap("attachment", 16, documents, lambda post: post.attachments.count()),
    "a description": Cap("attachment", 1500, described, lambda post: len(post.attachments.get().description)),
    "the name of a file": Cap("attachment", 200, named, lambda post: len(post.attachments.get().name)),
    "subjects": Cap("tag", 64, hashtags, lambda post: post.hashtags.count()),
    "options": Cap("oneOf", 20, choices, lambda post: len(post.details["poll"]["options"]), "Question"),
    "links": Cap("attachment", 16, links, lambda post: post.html.count("<a "), "Page"),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_holds_so_much_and_no_more(vernay, julien, arrives, name):
    cap = POSTS[name]
    for number, kept in ((1, 1), (cap.most, cap.most), (cap.most + 1, cap.most)):
        said = {cap.property: cap.make(vernay, number)}
        note = vernay.note(vernay.lucie, [julien.uri]) | {"content": "", "type": cap.type} | said
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, note)) == "handled"
        assert cap.kept(Post.objects.get(uri=note["id"])) == kept


def test_so_many_tags_are_read(vernay, julien, arrives):
    """The hashtag that stands after 255 mentions counts, the one after 256 does not."""
    for before, found in ((255, 1), (256, 0)):
        tags = [{"type": "Mention", "href": url} for url in urls(vernay, before)] + hashtags(vernay, 1)
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], tag=tags)) == "handled"
        assert Post.objects.latest("pk").hashtags.count() == found


def test_so_many_recipients_are_read(vernay, julien, arrives):
    for before, state in ((2047, "handled"), (2048, "ignored")):
        assert arrives(vernay, vernay.create(vernay.lucie, [*urls(vernay, before), julien.uri])) == state


def test_an_address_has_so_many_letters(vernay, julien, arrives):
    """One that is longer is none: half of it would lead elsewhere."""
    for length, state in ((500, "handled"), (501, 403)):
        note = vernay.note(vernay.lucie, [julien.uri])
        note["id"] += "/" + "x" * (length - len(note["id"]) - 1)
        assert arrives(vernay, vernay.activity("Create", vernay.lucie, note)) in (state, 400 if length > 500 else state)
    activity = vernay.create(vernay.lucie, [julien.uri])
    for length, state in ((500, "handled"), (501, 400)):
        longer = activity["id"] + "/" + "x" * (length - len(activity["id"]) - 1)
        assert arrives(vernay, activity | {"id": longer}) == state


ACTORS = {
    "the name": ("name", 200, letters, lambda actor: len(actor.name)),
    "the summary": ("summary", 20_000, letters, lambda actor: len(actor.summary)),
    "the occupation": ("occupation", 200, letters, lambda actor: len(actor.occupation)),
    "the handle": ("preferredUsername", 64, letters, lambda actor: len(actor.handle)),
    "other names": ("alsoKnownAs", 20, urls, lambda actor: len(actor.also_known_as)),
}


@pytest.mark.parametrize("name", ACTORS)
def test_an_actor_holds_so_much_and_no_more(vernay, name):
    term, most, make, kept = ACTORS[name]
    for number in (most, most + 1):
        document = vernay.documents["/users/lucie"] | {term: make(vernay, number)}
        if term == "preferredUsername" and number > most:
            with pytest.raises(directory.documents.Malformed):
                directory.keep(document)
        else:
            assert kept(directory.keep(document)) == most


def test_an_actor_has_four_keys_at_most(vernay):
    key = vernay.documents["/users/lucie"]["publicKey"]
    for number in (4, 5):
        keys = [key | {"id": f"{vernay.lucie}#key-{n}"} for n in range(number)]
        directory.keep(vernay.documents["/users/lucie"] | {"publicKey": keys})
        assert Key.objects.filter(owner_uri=vernay.lucie, retired_at=None).count() == 4


def test_a_report_is_about_fifty_things_at_most(vernay, julien, arrives):
    for number in (50, 51):
        about = [f"http://localhost:8000/ap/objects/{n}" for n in range(number)]
        activity = vernay.activity("Flag", vernay.lucie, about, content="x" * (4950 + number))
        assert arrives(vernay, activity) == "handled"
        report = Report.objects.get(uri=activity["id"])
        assert len(report.about) == 50 and len(report.words) == 5000


def test_an_edit_of_many_is_the_last(vernay, julien, arrives, monkeypatch):
    """The history of a post ends too."""
    from outbox import arriving

    monkeypatch.setattr(arriving, "EDITS", 2)
    note = vernay.note(vernay.lucie, [julien.uri])
    assert arrives(vernay, vernay.activity("Create", vernay.lucie, note)) == "handled"
    states = [
        arrives(vernay, vernay.activity("Update", vernay.lucie, note | {"content": f"<p>{n}</p>"})) for n in range(3)
    ]
    assert states == ["handled", "handled", "ignored"]
