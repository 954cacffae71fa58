"""What an author lets others do with her post (`interactionPolicy`) is written on departure and honoured on arrival."""

import pytest

from actors import directory
from federation.errors import Forbidden
from federation.models import Delivery
from inbox.models import Notification
from outbox import posts, publishing, reactions
from outbox.audience import Reach
from outbox.models import Boost, Like, Post
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NOBODY: dict[str, list[str]] = {"always": [], "approvalRequired": [], "automaticApproval": [], "manualApproval": []}
ANYONE = {"automaticApproval": [PUBLIC]}


@pytest.fixture
def arrived(vernay, julien, arrives):
    """A post of Lucie's, as it is here once it arrived with a policy."""

    def send(policy, to=PUBLIC):
        activity = vernay.create(vernay.lucie, [to], interactionPolicy=policy)
        assert arrives(vernay, activity) == "handled"
        return Post.objects.get(uri=activity["object"]["id"])

    return send


def deeds(post, reader):
    (shown,) = posts.decorate([post], reader)
    return shown.can_reply, shown.can_like, shown.can_boost


@pytest.mark.parametrize(
    ("policy", "reply", "like", "boost"),
    [
        (None, True, True, True),
        ("nonsense", True, True, True),
        ({}, True, True, True),
        ({"canReply": "nonsense"}, True, True, True),
        ({"canReply": NOBODY}, False, True, True),
        ({"canLike": NOBODY}, True, False, True),
        ({"canAnnounce": NOBODY}, True, True, False),
        ({"canReply": {"always": []}, "canLike": {}, "canAnnounce": ANYONE}, False, False, True),
        ({"canReply": ANYONE, "canLike": {"always": PUBLIC}, "canAnnounce": {"always": [PUBLIC]}}, True, True, True),
    ],
)
def test_what_arrives_is_offered_as_its_author_lets(arrived, julien, policy, reply, like, boost):
    assert deeds(arrived(policy), julien) == (reply, like, boost)


def test_what_nobody_may_do_is_neither_shown_nor_done(arrived, vernay, julien, sign_in, work):
    post = arrived({"canReply": NOBODY, "canLike": NOBODY, "canAnnounce": NOBODY})
    browser = sign_in(julien)
    page = browser.get(post.path).content.decode()
    assert not [deed for deed in ("/utile/", "/partager/", 'id="repondre"', "#repondre") if deed in page]
    assert [browser.post(f"{post.path}{deed}/").status_code for deed in ("utile", "partager")] == [403, 403]
    answer = browser.post("/publier/", {"reponse": post.ulid, "text": "Quand même"})
    assert answer.status_code == 422
    with pytest.raises(Forbidden):
        publishing.publish(julien, Draft("Quand même"), Reach("named", named=(post.author,)), post)
    work()
    assert (Like.objects.count(), Boost.objects.count(), Post.objects.count()) == (0, 0, 1)
    assert not Delivery.objects.filter(host=vernay.host).exists()


def test_what_others_may_do_is_shown_and_done(arrived, julien, sign_in):
    post = arrived(None)
    browser = sign_in(julien)
    page = browser.get(post.path).content.decode()
    assert all(deed in page for deed in ("/utile/", "/partager/", 'id="repondre"', "#repondre"))
    assert [browser.post(f"{post.path}{deed}/").status_code for deed in ("utile", "partager")] == [303, 303]


def test_a_reaction_that_stands_can_be_taken_back_when_the_author_closes(arrived, vernay, julien, sign_in, arrives):
    post = arrived(None)
    reactions.like(julien, post)
    closing = arrived_document(vernay, post) | {"interactionPolicy": {"canLike": NOBODY, "canAnnounce": NOBODY}}
    assert arrives(vernay, vernay.activity("Update", vernay.lucie, closing)) == "handled"
    post.refresh_from_db()
    assert deeds(post, julien) == (True, False, False)
    browser = sign_in(julien)
    assert "/utile/" in browser.get(post.path).content.decode()
    assert browser.post(f"{post.path}utile/", {"etat": "non"}).status_code == 303
    assert not Like.objects.exists()
    opening = arrived_document(vernay, post)
    arrives(vernay, vernay.activity("Update", vernay.lucie, opening))
    post.refresh_from_db()
    assert deeds(post, julien) == (True, True, False)  # what was not to be shared stays so


def arrived_document(vernay, post):
    return {"id": post.uri, "type": "Note", "attributedTo": vernay.lucie, "content": "<p>x</p>", "to": [PUBLIC]}


@pytest.mark.parametrize("code", ["named", "followers", "partners", "chosen_partners"])
def test_what_is_not_public_forbids_sharing_and_a_share_of_it_is_ignored(
    vernay, lucie, julien, follows, work, arrives, code
):
    """Row 85."""
    follows(lucie, julien)
    reach = Reach(code, houses=(vernay.peer,), named=(lucie,) if code == "named" else ())
    post = publishing.publish(julien, Draft("entre nous"), reach)
    work()
    [document] = [body["object"] for _, _, body in vernay.received if body["type"] == "Create"]
    assert document["interactionPolicy"] == {"canAnnounce": NOBODY}
    assert arrives(vernay, vernay.activity("Announce", vernay.lucie, post.uri)) == "ignored"
    assert (Boost.objects.count(), Notification.objects.filter(reader=julien).count()) == (0, 0)
    with pytest.raises(Forbidden):
        reactions.boost(julien, post)


def test_one_s_own_is_one_s_own(arrived, vernay):
    post = arrived({"canReply": NOBODY, "canLike": NOBODY})
    lucie = directory.find(vernay.lucie)
    assert posts.lets(post, lucie, "reply") and posts.lets(post, lucie, "like")
