"""What one may not read leaves no trace: not by asking, answering, reacting, naming, nor counting (rows 77 to 90)."""

import pytest

from actors import following
from actors.models import Actor
from inbox.models import Notification
from outbox import posts, publishing
from outbox.audience import Reach
from outbox.models import Boost, Like, Post
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db
ABSENT = "http://localhost:8000/ap/objects/01K9ABSENT0000000000000000"


@pytest.fixture
def canaries(julien, helene):
    """A post of each audience that no neighbour may read."""
    reaches = (Reach("organisation"), Reach("service", service=julien.service), Reach("named", named=(helene,)))
    return [publishing.publish(julien, Draft("canari"), each) for each in (*reaches, Reach("followers"))]


def said(answer):
    return answer.status_code, answer.content, dict(answer.headers)


def reading(post_uri):
    """Every address under which something of a post is served."""
    ulid = post_uri.rpartition("/")[2]
    return post_uri, f"{post_uri}/replies", f"http://localhost:8000/ap/activities/{ulid}"


class TestAsking:
    @pytest.mark.row(78, 79)
    def test_hidden_and_absent_are_the_same_answer_to_everyone(self, vernay, stranger, canaries, client):
        for canary in canaries:
            for hidden, absent in zip(reading(canary.uri), reading(ABSENT), strict=True):
                askers = [
                    lambda uri: vernay.get(client, uri),
                    lambda uri: vernay.get(client, uri, signer=vernay.lucie),
                    lambda uri: vernay.get(client, uri, date="Mon, 01 Jan 2001 00:00:00 GMT"),
                    lambda uri: stranger.get(client, uri),
                    lambda uri: client.get(uri[21:]),
                    lambda uri: client.head(uri[21:]),
                ]
                for ask, status in zip(askers, (404, 404, 401, 403, 401, 401), strict=True):
                    assert said(ask(hidden)) == said(ask(absent))
                    assert ask(hidden).status_code == status

    @pytest.mark.row(80)
    def test_no_answer_may_be_kept_by_a_cache_for_others(self, vernay, julien, client):
        post = publishing.publish(julien, Draft("à tous"), Reach("partners"))
        for uri in (*reading(post.uri), julien.uri, julien.outbox, julien.followers_uri, ABSENT):
            for answer in (vernay.get(client, uri), client.get(uri[21:])):
                assert answer["Cache-Control"] == "private, no-store"

    @pytest.mark.row(79)
    def test_collections_are_for_signed_readers(self, vernay, stranger, julien, client):
        for name in ("outbox", "followers", "following", "featured"):
            uri = f"{julien.uri}/{name}"
            assert vernay.get(client, uri).status_code == 200
            assert stranger.get(client, uri).status_code == 403
            assert client.get(uri[21:]).status_code == 401

    @pytest.mark.row(79, 84)
    def test_collections_hold_and_count_what_this_reader_may_see(self, vernay, julien, helene, lucie, follows, client):
        follows(helene, julien)
        follows(julien, helene)
        follows(lucie, julien)
        parent = publishing.publish(julien, Draft("question"), Reach("partners"))
        publishing.publish(helene, Draft("entre nous"), Reach("named", named=(julien,)), parent)
        hidden = publishing.publish(julien, Draft("dedans"), Reach("organisation"))
        Post.objects.filter(pk=hidden.pk).update(pinned_at="2026-01-01T00:00:00Z")
        counts = {"outbox": 1, "followers": 1, "following": 0, "featured": 0}
        for name, count in counts.items():
            shown = vernay.get(client, f"{julien.uri}/{name}", signer=vernay.lucie).json()
            assert (shown["totalItems"], len(shown["orderedItems"])) == (count, count)
        assert vernay.get(client, f"{parent.uri}/replies").json()["totalItems"] == 0

    @pytest.mark.row(78)
    def test_a_reader_who_is_kept_apart_meets_nobody_anywhere(self, vernay, julien, lucie, client):
        post = publishing.publish(julien, Draft("à tous"), Reach("partners"))
        following.block(julien, lucie)
        for uri in (julien.uri, *(f"{julien.uri}/{name}" for name in ("outbox", "followers", "following", "featured"))):
            assert said(vernay.get(client, uri, signer=vernay.lucie)) == said(
                vernay.get(client, uri.replace(julien.ulid, "01K9ABSENT0000000000000000"), signer=vernay.lucie)
            )
        publishing.withdraw(julien, post)
        assert vernay.get(client, post.uri, signer=vernay.lucie).status_code == 404
        assert vernay.get(client, post.uri).status_code == 410

    def test_whoever_calls_itself_an_application_does_not_read_for_its_house(self, vernay, julien, lucie, client):
        post = publishing.publish(julien, Draft("à toi"), Reach("named", named=(lucie,)))
        robot = vernay.add_actor("robot", "Application")
        assert vernay.get(client, post.uri, signer=robot).status_code == 404
        assert vernay.get(client, post.uri).status_code == 200

    def test_someone_of_ours_who_is_suspended_is_nobody(self, vernay, julien, client):
        post = publishing.publish(julien, Draft("à tous"), Reach("partners"))
        Actor.objects.filter(pk=julien.pk).update(suspended_at="2026-01-01T00:00:00Z")
        for uri in (julien.uri, julien.outbox, post.uri):
            assert vernay.get(client, uri).status_code == 404
        assert client.get("/.well-known/webfinger?resource=acct:julien.mercier@localhost:8000").status_code == 404


class TestReacting:
    @pytest.mark.row(77)
    @pytest.mark.parametrize("verb", ["Like", "EmojiReact", "Announce"])
    def test_a_reaction_to_what_one_may_not_see_tells_nothing(
        self, vernay, julien, lucie, canaries, client, work, verb
    ):
        for uri in (*(each.uri for each in canaries), ABSENT):
            answer = vernay.post(client, vernay.activity(verb, vernay.lucie, uri))
            assert (answer.status_code, answer.content) == (202, b"")
        work()
        assert (Like.objects.count(), Boost.objects.count(), vernay.received) == (0, 0, [])
        assert not Notification.objects.filter(actor=lucie).exists()

    @pytest.mark.row(77, 83)
    def test_an_answer_to_what_one_may_not_see_neither_tells_nor_attaches(
        self, vernay, julien, helene, lucie, canaries, arrives
    ):
        for canary in canaries:
            reply = vernay.create(vernay.lucie, [vernay.followers()], inReplyTo=canary.uri)
            assert arrives(vernay, reply) == "handled"
            kept = Post.objects.get(uri=reply["object"]["id"])
            assert (kept.in_reply_to, kept.root) == (None, None)
            assert posts.thread(julien, canary) == ([], [])
        assert not Notification.objects.filter(actor=lucie).exists()

    def test_an_answer_to_what_one_may_see_attaches(self, vernay, julien, arrives):
        post = publishing.publish(julien, Draft("question"), Reach("partners"))
        reply = vernay.create(vernay.lucie, [vernay.followers()], inReplyTo=post.uri)
        arrives(vernay, reply)
        assert [each.uri for each in posts.thread(julien, post)[1]] == [reply["object"]["id"]]
        assert Notification.objects.get(reader=julien).reason == "reply"

    @pytest.mark.row(84)
    def test_an_answer_is_counted_for_those_who_read_it(self, vernay, julien, helene, arrives):
        post = publishing.publish(julien, Draft("question"), Reach("partners"))
        arrives(vernay, vernay.create(vernay.lucie, [julien.uri], inReplyTo=post.uri))
        assert [posts.decorate([post], viewer)[0].reply_count for viewer in (julien, helene)] == [1, 0]

    def test_whom_an_answer_answers_is_shown_to_those_who_read_that(self, vernay, julien, helene, arrives):
        first = vernay.create(vernay.lucie, [julien.uri])
        arrives(vernay, first)
        second = vernay.create(vernay.lucie, [vernay.followers()], inReplyTo=first["object"]["id"])
        arrives(vernay, second)
        reply = Post.objects.get(uri=second["object"]["id"])
        shown = [posts.decorate([reply], viewer)[0].answered for viewer in (julien, helene)]
        assert shown == [reply.in_reply_to, None]

    def test_answers_that_answer_each_other_make_no_circle(self, vernay, julien, arrives):
        one, two = vernay.create(vernay.lucie, [julien.uri]), vernay.create(vernay.lucie, [julien.uri])
        one["object"]["inReplyTo"], two["object"]["inReplyTo"] = two["object"]["id"], one["object"]["id"]
        for each in (one, two):
            each["object"]["tag"] = [{"type": "Mention", "href": julien.uri}]
            arrives(vernay, each)
        first, second = (Post.objects.get(uri=each["object"]["id"]) for each in (one, two))
        assert (first.in_reply_to, second.in_reply_to) == (None, first)
        assert posts.thread(julien, first) == ([], [second])


class TestNaming:
    @pytest.mark.row(83)
    def test_a_mention_is_no_address(self, vernay, julien, helene, arrives):
        tag = {"type": "Mention", "href": helene.uri, "name": "@helene.vasseur@localhost:8000"}
        assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], tag=[tag])) == "handled"
        post = Post.objects.get()
        assert list(post.named.all()) == [julien]
        assert [posts.readable_by(viewer).count() for viewer in (julien, helene)] == [1, 0]
        assert not Notification.objects.filter(reader=helene).exists()

    def test_an_edit_that_mentions_makes_no_reader(self, vernay, julien, helene, arrives):
        created = vernay.create(vernay.lucie, [julien.uri])
        arrives(vernay, created)
        tag = [{"type": "Mention", "href": helene.uri}]
        arrives(vernay, vernay.activity("Update", vernay.lucie, created["object"] | {"content": "x", "tag": tag}))
        assert not posts.readable_by(helene).exists()
        assert not Notification.objects.filter(reader=helene).exists()

    @pytest.mark.parametrize(
        "to", ["https://www.w3.org/ns/activitystreams#Nobody", "collection", "followers", "service"]
    )
    def test_an_address_that_is_nobody_s_reaches_nobody_whoever_is_mentioned(self, vernay, julien, lucie, arrives, to):
        uris = {"collection": f"{vernay.origin}/all", "followers": julien.followers_uri, "service": lucie.followers_uri}
        tag = [{"type": "Mention", "href": julien.uri}]
        assert arrives(vernay, vernay.create(vernay.lucie, [uris.get(to, to)], tag=tag)) == "ignored"
        assert (Post.objects.count(), Notification.objects.count()) == (0, 0)

    @pytest.mark.row(86)
    def test_hidden_addresses_are_not_read(self, vernay, julien, arrives):
        activity = vernay.create(vernay.lucie, [], bto=[julien.uri], bcc=[julien.uri], audience=[julien.uri])
        assert arrives(vernay, activity | {"to": [julien.uri]}) == "ignored"
