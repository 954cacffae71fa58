"""Someone whom one blocked does not come back inside what a third does (row 90); nor do hidden addresses (row 86)."""

import pytest

from actors import directory, following
from federation.models import Dispatch
from inbox import timelines
from inbox.models import Notification
from outbox import audience, posts, publishing, reactions
from outbox.audience import Reach
from outbox.models import Post
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture
def malo(vernay, lucie, julien, follows):
    """A colleague of Lucie's whom Julien follows; Lucie is blocked."""
    found = directory.find(vernay.add_actor("malo"))
    follows(julien, found)
    following.block(julien, lucie)
    return found


def kept(arrives, house, activity):
    assert arrives(house, activity) == "handled"
    return Post.objects.get(uri=activity["object"]["id"])


def test_what_a_third_shares_of_hers_is_not_shown(vernay, malo, julien, helene, follows, arrives):
    follows(helene, malo)
    post = kept(arrives, vernay, vernay.create(vernay.lucie, [PUBLIC]))
    assert arrives(vernay, vernay.activity("Announce", malo.uri, post.uri)) == "handled"
    assert [timelines.page(reader, "")[0] for reader in (julien, helene)] == [[], [post]]


def test_whom_a_third_answers_is_not_said(vernay, malo, julien, helene, arrives, sign_in):
    first = kept(arrives, vernay, vernay.create(vernay.lucie, [vernay.followers()], "<p>de lucie</p>"))
    answer = vernay.create(malo.uri, [vernay.followers(), julien.uri], "<p>de malo</p>", inReplyTo=first.uri)
    answer = kept(arrives, vernay, answer)
    for reader, seen in ((julien, False), (helene, True)):
        page = sign_in(reader).get(answer.path).content.decode()
        assert "de malo" in page
        assert (("de lucie" in page), (first.path in page)) == (seen, seen)
        assert posts.thread(reader, answer)[0] == ([first] if seen else [])
    assert sign_in(julien).get(first.path).status_code == 404


def test_what_she_answers_to_a_third_is_neither_shown_nor_told_nor_counted(vernay, malo, julien, arrives):
    post = publishing.publish(julien, Draft("question"), Reach("partners"))
    between = kept(arrives, vernay, vernay.create(malo.uri, [vernay.followers()], inReplyTo=post.uri))
    hers = vernay.create(vernay.lucie, [vernay.followers(), julien.uri], inReplyTo=between.uri)
    kept(arrives, vernay, hers)
    assert posts.thread(julien, post)[1] == [between]
    assert posts.decorate([between], julien)[0].reply_count == 0
    assert not Notification.objects.filter(reader=julien, actor__uri=vernay.lucie).exists()


def test_an_answer_to_a_third_does_not_go_to_her(vernay, malo, lucie, julien, arrives, work):
    named = kept(arrives, vernay, vernay.create(malo.uri, [julien.uri, vernay.lucie]))
    assert set(named.named.all()) == {julien, lucie}
    reach = audience.of_reply(named, julien)
    assert reach == Reach("named", named=(malo,))
    reply = publishing.publish(julien, Draft(f"pour toi, pas pour @lucie@{vernay.host}"), reach, named)
    assert list(reply.named.all()) == [malo]
    work()
    letters = [body for _, _, body in vernay.received if body["type"] == "Create"]
    assert [(body["to"], body["cc"]) for body in letters] == [([malo.uri], [])]
    assert vernay.lucie not in {tag["href"] for tag in letters[0]["object"]["tag"]}


@pytest.mark.parametrize("code", ["named", "followers", "partners"])
def test_naming_her_makes_her_no_reader(vernay, malo, lucie, julien, work, code):
    words = f"@malo@{vernay.host} et @lucie@{vernay.host}"
    post = publishing.publish(julien, Draft(words), Reach(code))
    publishing.edit(julien, post, Draft(f"{words} !"))
    assert list(post.named.all()) == [malo]
    work()
    assert not [body for _, _, body in vernay.received if vernay.lucie in (*body.get("to", []), *body.get("cc", []))]


def test_one_who_was_blocked_since_is_not_sent_what_follows(vernay, lucie, julien, malo):
    following.unblock(julien, lucie)
    first = publishing.publish(julien, Draft("à vous deux"), Reach("named", named=(lucie, malo)))
    following.block(julien, lucie)
    second = publishing.publish(julien, Draft("encore"), audience.of_reply(first, julien), first)
    assert list(second.named.all()) == [malo]


def test_nothing_that_leaves_or_is_shown_holds_a_hidden_address(vernay, julien, helene, lucie, follows, client, work):
    """Row 86: each person is written to openly; `bto` and `bcc` do not exist in what we write."""
    follows(lucie, julien)
    post = publishing.publish(julien, Draft("à vous"), Reach("named", named=(lucie, helene)))
    publishing.publish(julien, Draft("à tous"), Reach("followers"))
    reactions.like(julien, post)
    publishing.edit(julien, post, Draft("à vous deux"))
    owed = list(Dispatch.objects.values_list("document", flat=True))
    shown = vernay.get(client, post.uri).json()
    work()
    written = [body for _, _, body in vernay.received] + owed + [shown]
    assert len(written) > 5
    assert not [each for each in written if hidden_in(each)]


def hidden_in(value):
    if isinstance(value, dict):
        return bool({"bto", "bcc"} & value.keys()) or any(map(hidden_in, value.values()))
    return isinstance(value, list) and any(map(hidden_in, value))


def test_an_answer_that_one_may_not_read_is_not_counted_on_the_page(vernay, julien, helene, arrives, sign_in, text_of):
    """Row 84."""
    post = publishing.publish(julien, Draft("question"), Reach("partners"))
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri], inReplyTo=post.uri))
    pages = [text_of(sign_in(reader).get(post.path)) for reader in (julien, helene)]
    assert ["1 réponse" in page for page in pages] == [True, False]
    assert vernay.get(sign_in(helene), f"{post.uri}/replies").json()["totalItems"] == 0


@pytest.fixture
def text_of():
    return lambda response: " ".join(response.content.decode().split())
