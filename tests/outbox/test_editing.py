"""What an author changes of a post, here and next door: words, warning, language, files; what was stays readable."""

from dataclasses import replace
from pathlib import Path

import pytest

from federation.errors import Forbidden
from outbox import drafts, media, posts, publishing, versions
from outbox.audience import Reach
from outbox.drafts import Draft
from outbox.models import Attachment, Post
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    return lambda owner, description="un pré": media.take_image(owner, "p.jpg", picture(), description)


@pytest.fixture
def illustrated(julien, photo):
    return publishing.publish(julien, Draft("Le pré", attachments=(photo(julien),)), Reach("partners"))


def test_one_cannot_attach_what_is_another_s(julien, helene, photo, illustrated):
    hers = photo(helene)
    draft = drafts.of(illustrated)
    publishing.edit(julien, illustrated, replace(draft, attachments=(*draft.attachments, hers)))
    hers.refresh_from_db()
    assert hers.post is None and not illustrated.versions.exists()
    other = publishing.publish(julien, Draft("Autre", attachments=(photo(julien),)), Reach("named", named=(helene,)))
    publishing.edit(julien, illustrated, replace(drafts.of(illustrated), attachments=tuple(other.attachments.all())))
    assert other.attachments.count() == 1 and not illustrated.attachments.exists()


def test_an_edit_that_leaves_nothing_to_read_is_refused(julien, illustrated):
    with pytest.raises(Forbidden):
        publishing.edit(julien, illustrated, Draft(""))
    with pytest.raises(Forbidden):
        publishing.edit(julien, illustrated, Draft("x" * 5001))


def test_what_changes_nothing_is_no_edit(julien, illustrated):
    publishing.edit(julien, illustrated, drafts.of(illustrated))
    assert illustrated.edited_at is None and not illustrated.versions.exists()


@pytest.mark.parametrize("change", [{"language": "en"}, {"sensitive": True}, {"title": "Orties"}, {"source": "Autre"}])
def test_every_change_is_an_edit(vernay, julien, illustrated, work, change):
    publishing.edit(julien, illustrated, replace(drafts.of(illustrated), **change))
    work()
    assert Post.objects.get().edited_at and illustrated.versions.count() == 1
    assert [body["type"] for _, _, body in vernay.received] == ["Create", "Update"]


def test_files_are_added_described_and_taken_away(
    vernay, julien, photo, illustrated, work, django_capture_on_commit_callbacks
):
    first = illustrated.attachments.get()
    path = first.file.path
    first.description, first.focus_x = "un pré fauché", 0.5
    publishing.edit(
        julien, illustrated, replace(drafts.of(illustrated), attachments=(first, photo(julien, "une haie")))
    )
    work()
    said = vernay.received[-1][2]["object"]["attachment"]
    assert [each["name"] for each in said] == ["un pré fauché", "une haie"]
    assert said[0]["focalPoint"] == [0.5, 0] and "focalPoint" not in said[1]
    [before] = posts.history(illustrated)
    [was] = versions.files(before)
    assert (was.description, was.focus_x, was.path) == ("un pré", 0, first.path)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.edit(julien, illustrated, Draft("Le pré"))
    assert not Path(path).exists() and not Attachment.objects.exists()
    assert [len(each.attachments) for each in posts.history(illustrated)] == [2, 1]


def test_a_version_says_its_warning(julien):
    post = publishing.publish(julien, Draft("Aïe", title="Blessure"), Reach("organisation"))
    assert post.sensitive
    publishing.edit(julien, post, Draft("Aïe"))
    [before] = posts.history(post)
    assert (before.title, before.sensitive) == ("Blessure", True)
    assert (post.title, post.sensitive) == ("", False)


def test_the_title_of_an_article_is_no_warning(julien):
    post = publishing.publish(julien, Draft("Long", "article", "Les massifs"), Reach("organisation"))
    assert not post.sensitive
    publishing.edit(julien, post, Draft("Plus long", title="Les massifs"))
    assert (post.kind, post.sensitive) == ("article", False)


def test_a_warning_is_a_summary_on_the_wire(vernay, julien, work):
    publishing.publish(julien, Draft("Aïe", title="Blessure"), Reach("partners"))
    publishing.publish(julien, Draft("Long", "article", "Les massifs"), Reach("partners"))
    publishing.publish(julien, Draft("Bonjour"), Reach("partners"))
    work()
    warned, article, note = sorted((body["object"] for _, _, body in vernay.received), key=lambda each: each["id"])
    assert (warned["summary"], warned["sensitive"]) == ("Blessure", True) and "name" not in warned
    assert article["name"] == "Les massifs" and not {"summary", "sensitive"} & article.keys()
    assert not {"summary", "sensitive", "name"} & note.keys()


@pytest.fixture
def arrived(vernay, julien, arrives):
    """A note of Lucie's, and what her house says of it later."""
    note = vernay.note(vernay.lucie, [julien.uri], attachment=[image(vernay, "un pré")])
    assert arrives(vernay, vernay.activity("Create", vernay.lucie, note)) == "handled"

    def update(**said):
        return arrives(vernay, vernay.activity("Update", vernay.lucie, note | said))

    return update


def image(house, description, **more):
    return {"type": "Image", "mediaType": "image/png", "url": f"{house.origin}/p.png", "name": description, **more}


def test_what_arrives_sensitive_stays_so_until_an_edit_says_otherwise(vernay, arrived):
    assert arrived(sensitive=True, summary="Blessure") == "handled"
    post = Post.objects.get()
    assert (post.sensitive, post.title, post.versions.get().sensitive) == (True, "Blessure", False)
    assert arrived(sensitive="oui") == "handled"
    post = Post.objects.get()
    assert (post.sensitive, post.title, post.versions.count()) == (False, "", 2)


def test_an_edit_of_attachments_alone_is_an_edit(vernay, arrived):
    assert arrived() == "handled"
    assert not Post.objects.get().versions.exists()
    assert arrived(attachment=[image(vernay, "un pré fauché", focalPoint=[0.25, -1])]) == "handled"
    post = Post.objects.get()
    row = post.attachments.get()
    assert (row.description, row.focus_x, row.focus_y) == ("un pré fauché", 0.25, -1)
    assert versions.files(post.versions.get())[0].description == "un pré"
    assert arrived(attachment=[]) == "handled"
    assert post.versions.count() == 2 and not Attachment.objects.exists()


@pytest.mark.parametrize("odd", [None, 3, [], [1], [2, 0], ["a", "b"], [0, 0, 0], {"x": 1}, [None, 0]])
def test_an_odd_focus_is_the_middle(vernay, arrived, odd):
    assert arrived(attachment=[image(vernay, "un pré", focalPoint=odd)]) == "handled"
    row = Attachment.objects.get()
    assert (row.focus_x, row.focus_y) == (0, 0)
