"""Mastodon.py pages through timelines, and arranges them by lists, filters and subjects."""

import warnings

import pytest
from mastodon import MastodonNotFoundError

from tests.clients.day import until

pytestmark = pytest.mark.peer


def ids(found):
    return [each.id for each in found]


@pytest.fixture(scope="module")
def follows(julien, helene):
    """Julien follows Hélène."""
    julien.account_follow(helene.me().id)
    until(lambda: julien.account_relationships(helene.me().id)[0].following)


def test_it_pages_through_timelines(julien, helene):
    written = [julien.status_post(f"Page {number}").id for number in range(7)]
    first = helene.timeline_local(limit=3)
    assert ids(first) == written[:-4:-1]
    second = helene.fetch_next(first)
    assert ids(second) == written[-4:-7:-1]
    assert ids(helene.fetch_previous(second)) == ids(first)
    assert ids(helene.timeline_public(limit=2, min_id=written[1])) == [written[3], written[2]]
    assert ids(helene.timeline_public(limit=2, since_id=written[1])) == [written[6], written[5]]
    mine = helene.account_statuses(julien.me().id, limit=4)
    assert ids(helene.fetch_remaining(mine)) == written[::-1]
    pages = helene.pagination_page_iterator(helene.account_statuses(julien.me().id, limit=3))
    assert [len(page) for page in pages if page] == [3, 3, 1]
    every = helene.pagination_iterator(helene.account_statuses(julien.me().id, limit=3))
    assert [each.id for each in every] == written[::-1]
    assert helene.get_pagination_info(first, "next")


def test_it_reads_each_timeline(julien, helene, follows):
    post = helene.status_post("Réunion #trambus")
    until(lambda: ids(julien.timeline_home(limit=1)) == [post.id])
    assert ids(julien.timeline("home", limit=1)) == ids(julien.timeline_hashtag("trambus")) == [post.id]
    assert julien.timeline_public(remote=True) == []
    assert all(each.media_attachments for each in julien.timeline_public(only_media=True))
    assert julien.timeline_is_available("public", with_auth=True)
    theirs = julien.account_statuses(helene.me().id, exclude_replies=True, exclude_reblogs=True, tagged="trambus")
    assert ids(theirs) == [post.id]


def test_it_keeps_lists(julien, helene, follows):
    her = helene.me().id
    made = julien.list_create("Direction", replies_policy="list", exclusive=False)
    assert julien.list(made.id).title == "Direction" and ids(julien.lists()) == [made.id]
    julien.list_accounts_add(made.id, [her])
    assert ids(julien.list_accounts(made.id)) == [her]
    assert [each.title for each in julien.account_lists(her)] == ["Direction"]
    post = helene.status_post("Pour la liste")
    assert ids(until(lambda: julien.timeline_list(made.id, limit=1))) == [post.id]
    assert julien.list_update(made.id, "DGS", exclusive=True).exclusive
    julien.list_accounts_delete(made.id, [her])
    assert julien.list_accounts(made.id) == []
    julien.list_delete(made.id)
    assert julien.lists() == []
    with pytest.raises(MastodonNotFoundError):
        julien.list(made.id)


def test_it_keeps_filters(julien, helene, follows):
    kept = julien.create_filter_v2("Foot", ["home"], "warn", keywords_attributes=[{"keyword": "match"}])
    post = helene.status_post("Quel match !")
    shown = until(lambda: [each for each in julien.timeline_home(limit=1) if each.id == post.id])[0]
    assert [each.filter.title for each in shown.filtered] == ["Foot"]
    assert julien.update_filter_v2(kept.id, title="Sports", context=["home", "public"]).title == "Sports"
    word = julien.add_filter_keyword_v2(kept.id, "rugby", whole_word=True)
    assert [each.keyword for each in julien.filter_keywords_v2(kept.id)] == ["match", "rugby"]
    julien.delete_filter_keyword_v2(word.id)
    apart = julien.add_filter_status_v2(kept.id, post.id)
    assert ids(julien.filter_statuses_v2(kept.id)) == [apart.id]
    assert julien.filter_status_v2(apart.id).status_id == post.id
    julien.delete_filter_status_v2(apart.id)
    assert [each.keyword for each in julien.filter_v2(kept.id).keywords] == ["match"]
    julien.delete_filter_v2(kept.id)
    assert julien.filters_v2() == []


def test_it_keeps_filters_as_formerly(julien, helene):
    kept = julien.filter_create("loto", ["home"], whole_word=True, expires_in=3600)
    assert julien.filter(kept.id).phrase == "loto" and ids(julien.filters()) == [kept.id]
    post = julien.status_post("Résultats du loto")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert julien.filters_apply([post], julien.filters(), "home") == []
    assert julien.filter_update(kept.id, phrase="bingo", context=["home"]).phrase == "bingo"
    julien.filter_delete(kept.id)
    assert julien.filters() == []


def test_it_follows_subjects(julien, helene):
    helene.status_post("Nids de poule #chaussee")
    assert julien.tag_follow("chaussee").following and julien.tag("chaussee").following
    assert [each.name for each in julien.followed_tags()] == ["chaussee"]
    assert not julien.tag_unfollow("chaussee").following and julien.followed_tags() == []
    assert julien.tag_feature("chaussee").featuring and not julien.tag_unfeature("chaussee").featuring
    featured = julien.featured_tag_create("chaussee")
    assert [each.name for each in julien.featured_tags()] == ["chaussee"]
    assert [each.name for each in helene.account_featured_tags(julien.me().id)] == ["chaussee"]
    julien.featured_tag_delete(featured)
    assert "chaussee" in [each.name for each in helene.featured_tag_suggestions()]


def test_it_remembers_where_one_was(julien, helene):
    post = helene.status_post("Jusqu’ici")
    assert julien.markers_set(["home"], [post.id])["home"].last_read_id == str(post.id)
    assert julien.markers_get(["home"])["home"].last_read_id == str(post.id)
