"""Mastodon.py writes, reads, corrects and withdraws; with pictures, polls, for later and for some only; and reacts."""

import io

import pytest
from mastodon import MastodonAPIError, MastodonError, MastodonNotFoundError

from tests.clients.day import later, png, until

pytestmark = pytest.mark.peer


def ids(found):
    return [each.id for each in found]


def test_one_cannot_read_what_is_not_for_her(julien, sign_in):
    ines = sign_in("Inès")
    private = julien.status_post("Pour qui me suit", visibility="private")
    for ask in (ines.status, ines.status_context, ines.status_favourite, ines.status_history, ines.status_bookmark):
        with pytest.raises(MastodonNotFoundError):
            ask(private.id)
    with pytest.raises(MastodonError):
        ines.status_reply(private, "Curieuse")
    assert ines.statuses([private.id]) == [] and ids(julien.statuses([private.id])) == [private.id]


def test_one_cannot_change_or_share_what_is_anothers(julien, helene):
    post = julien.status_post("À moi")
    for ask in (lambda: helene.status_update(post.id, "À elle"), lambda: helene.status_delete(post.id)):
        with pytest.raises(MastodonAPIError):
            ask()
    direct = julien.status_post(f"@{helene.me().acct} entre nous", visibility="direct")
    with pytest.raises(MastodonAPIError):
        helene.status_reblog(direct.id)


def test_it_writes_reads_corrects_and_withdraws(julien, helene):
    post = julien.status_post("Élagage #voirie", visibility="public", spoiler_text="Chantier", language="fr")
    assert (post.spoiler_text, post.language, post.sensitive) == ("Chantier", "fr", True)
    assert helene.status(post.id).content == post.content
    edited = julien.status_update(post.id, status="Élagage demain #voirie", spoiler_text="Chantier")
    assert edited.edited_at and len(julien.status_history(post.id)) == 2
    assert julien.status_source(post.id).text == "Élagage demain #voirie"
    reply = helene.status_reply(post, "Bien noté", untag=True)
    further = julien.status_post("Merci", in_reply_to_id=reply)
    assert reply.in_reply_to_id == post.id
    context = julien.status_context(reply.id)
    assert ids(context.ancestors) == [post.id] and ids(context.descendants) == [further.id]
    assert julien.status_delete(post.id).text == "Élagage demain #voirie"
    with pytest.raises(MastodonNotFoundError):
        helene.status(post.id)
    assert "<p>Court</p>" in julien.toot("Court").content


def test_it_asks_twice_by_the_same_key(julien):
    posts = [julien.status_post("Une seule fois", idempotency_key="une-clef") for _ in range(2)]
    assert posts[0].id == posts[1].id


def test_it_sends_pictures(julien, helene):
    media = julien.media_post(io.BytesIO(png()), mime_type="image/png", description="Un arbre", synchronous=True)
    assert julien.media(media.id).url and len(media.blurhash) > 6
    media = julien.media_update(media.id, description="Un chêne", focus=(0.5, -0.5))
    assert media.description == "Un chêne" and media.meta.focus.x == 0.5
    post = julien.status_post("Au parc", media_ids=[media], sensitive=True)
    assert post.sensitive and post.media_attachments[0].description == "Un chêne"
    assert helene.status(post.id).media_attachments[0].preview_url
    other = julien.media_post(png((40, 40)), "image/png", description="Petit", synchronous=True)
    edited = julien.status_update(post.id, "Au parc", media_ids=[media.id, other.id], sensitive=False)
    assert [each.description for each in edited.media_attachments] == ["Un chêne", "Petit"]


def test_it_reacts(julien, helene):
    post = julien.status_post("Qui vient à midi ?")
    assert helene.status_favourite(post.id).favourited
    assert helene.status_bookmark(post.id).bookmarked
    assert helene.status_reblog(post.id).reblog.id == post.id
    assert ids(helene.favourites()) == ids(helene.bookmarks()) == [post.id]
    assert ids(julien.status_favourited_by(post.id)) == ids(julien.status_reblogged_by(post.id)) == [helene.me().id]
    assert not helene.status_unfavourite(post.id).favourited
    assert not helene.status_unbookmark(post.id).bookmarked
    assert not helene.status_unreblog(post.id).reblogged
    assert helene.favourites() == [] and helene.bookmarks() == []


def test_it_pins_and_silences(julien, helene):
    post = julien.status_post("À lire d’abord")
    assert julien.status_pin(post.id).pinned
    assert ids(helene.account_statuses(julien.me().id, pinned=True)) == [post.id]
    assert not julien.status_unpin(post.id).pinned
    assert julien.status_mute(post.id).muted and not julien.status_unmute(post.id).muted


def test_it_holds_a_poll(julien, helene):
    post = julien.status_post("Quel jour ?", poll=julien.make_poll(["Lundi", "Mardi"], expires_in=3600))
    assert [each.title for each in post.poll.options] == ["Lundi", "Mardi"]
    voted = helene.poll_vote(post.poll.id, [1])
    assert voted.voted and voted.own_votes == [1] and voted.options[1].votes_count == 1
    with pytest.raises(MastodonAPIError):
        helene.poll_vote(post.poll.id, [0])
    assert julien.poll(post.poll.id).votes_count == 1


def test_it_writes_for_later(julien):
    planned = julien.status_post("Demain", scheduled_at=later(3600), spoiler_text="Avis")
    assert ids(julien.scheduled_statuses()) == [planned.id]
    assert julien.scheduled_status(planned.id).params.text == "Demain"
    assert julien.scheduled_status_update(planned.id, later(7200)).id == planned.id
    julien.scheduled_status_delete(planned.id)
    assert julien.scheduled_statuses() == []


def test_it_talks_with_some(julien, helene):
    post = julien.status_post(f"@{helene.me().acct} entre nous", visibility="direct")
    assert post.visibility == "direct" and [each.id for each in post.mentions] == [helene.me().id]
    found = until(lambda: [each for each in helene.conversations() if each.last_status.id == post.id])[0]
    assert found.unread and ids(found.accounts) == [julien.me().id]
    assert not helene.conversations_read(found.id).unread


def test_it_searches(julien, helene):
    post = julien.status_post("Fuite rue des Lilas #reseaux")
    assert ids(julien.search("Lilas").statuses) == [post.id]
    assert ids(julien.search_v1("Lilas").statuses) == [post.id]
    assert [each.name for each in julien.search_v2("reseaux", result_type="hashtags").hashtags] == ["reseaux"]
    assert ids(helene.search_v2(post.url, resolve=True).statuses) == [post.id]
    assert ids(helene.search(f"@{julien.me().acct}", result_type="accounts").accounts) == [julien.me().id]


def test_quotes_and_translations_are_not_here(julien):
    post = julien.status_post("Bonjour")
    assert julien.status_quotes(post.id) == []
    with pytest.raises(MastodonAPIError):
        julien.status_translate(post.id, "en")
