"""Mastodon.py signs in, knows the house and whom it acts for, finds people, follows them and keeps some apart."""

import io

import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonUnauthorizedError

from tests.clients.conftest import OUT_OF_BAND, SCOPES
from tests.clients.day import png, until

pytestmark = pytest.mark.peer


def test_it_is_let_out(town, sign_in, web):
    gone = sign_in("Lina")
    assert gone.me().display_name.startswith("Lina ")
    token = gone.access_token
    gone.revoke_access_token()
    with pytest.raises(MastodonUnauthorizedError):
        Mastodon(access_token=token, api_base_url=town.url, session=web()).me()


def test_an_application_without_an_agent_reads_nothing_of_anyone(town, julien, web):
    _token, _url, key, secret = julien.persistable_login_credentials().split()
    client = Mastodon(key, secret, api_base_url=town.url, session=web())
    assert client.instance().title and client.custom_emojis() == []
    for ask in (client.me, client.timeline_home, client.timeline_public, client.notifications):
        with pytest.raises(MastodonUnauthorizedError):
            ask()


def test_it_goes_on_after_a_day(julien, town, web):
    _token, _url, key, secret = julien.persistable_login_credentials().split()
    assert Mastodon(key, secret, julien.access_token, api_base_url=town.url, session=web()).me().id == julien.me().id
    address = julien.auth_request_url(scopes=SCOPES, redirect_uris=OUT_OF_BAND)
    assert address.startswith(f"{town.url}/oauth/authorize?")


def test_it_knows_the_house(julien):
    instance = julien.instance()
    assert instance.version.startswith("4.3.0 (compatible; Preau ")
    assert julien.instance_v1().uri == julien.instance_v2().domain
    assert julien.retrieve_mastodon_version() == "4.3.0" and julien.verify_minimum_version("4.3.0")
    assert julien.instance_activity() == [] and julien.instance_rules() == []
    assert julien.instance_peers() == [] and julien.instance_domain_blocks() == []
    assert julien.instance_extended_description().content and julien.instance_languages()
    assert julien.instance_translation_languages() == {}
    assert julien.instance_nodeinfo().software.name == "preau"
    assert julien.get_approx_server_time()
    assert julien.oauth_authorization_server_info().code_challenge_methods_supported == ["S256"]


def test_it_knows_who_it_acts_for(julien):
    me = julien.me()
    assert me == julien.account_verify_credentials()
    assert me.display_name.startswith("Julien ") and me.source.privacy == "public"
    assert julien.account(me.id).id == julien.account_lookup(me.acct).id == me.id
    assert [each.id for each in julien.accounts([me.id])] == [me.id]
    assert julien.preferences()["posting:default:visibility"] == "public"
    assert julien.app_verify_credentials().name == "Application de Julien"


def test_it_says_who_one_is(julien, helene):
    me = julien.account_update_credentials(
        note="Jardinier", locked=False, bot=False, discoverable=True, fields=[("Métier", "Espaces verts")]
    )
    assert "Jardinier" in me.note and me.source.note == "Jardinier"
    assert [(each.name, each.value) for each in helene.account(me.id).fields] == [("Métier", "Espaces verts")]
    picture = {"avatar": png((400, 400)), "avatar_mime_type": "image/png"}
    assert julien.account_update_credentials(**picture).avatar != me.avatar
    assert julien.account_update_credentials(header=io.BytesIO(png()), header_mime_type="image/png").header
    assert julien.account_delete_avatar().avatar == me.avatar
    assert julien.account_delete_header().header == me.header
    with pytest.raises(MastodonAPIError, match="vérifié par votre collectivité"):
        julien.account_update_credentials(display_name="Quelqu’un d’autre")


def test_it_finds_and_follows_people(julien, helene):
    her, him = helene.me(), julien.me()
    assert her.id in [each.id for each in julien.account_search(her.display_name)]
    assert julien.account_follow(her.id, reblogs=False, notify=True).following
    seen = until(lambda: [each for each in julien.account_relationships([her.id]) if each.following])[0]
    assert seen.notifying and not seen.showing_reblogs
    assert [each.id for each in julien.account_following(him.id)] == [her.id]
    assert [each.id for each in helene.account_followers(her.id)] == [him.id]
    assert isinstance(helene.account_familiar_followers(him.id), list)
    assert julien.account_note_set(her.id, "DGS").note == "DGS"
    assert julien.account_pin(her.id).endorsed and not julien.account_unpin(her.id).endorsed
    assert julien.account_endorse(her.id).endorsed
    assert [each.id for each in julien.endorsements()] == [her.id]
    assert not julien.account_unendorse(her.id).endorsed
    assert not helene.account_remove_from_followers(him.id).followed_by
    assert not julien.account_unfollow(her.id).following


def test_it_keeps_people_apart(julien, sign_in):
    ines = sign_in("Inès")
    her, him = ines.me().id, julien.me().id
    muted = julien.account_mute(her, notifications=False, duration=3600)
    assert muted.muting and not muted.muting_notifications
    assert [each.id for each in julien.mutes()] == [her]
    assert not julien.account_unmute(her).muting and julien.mutes() == []
    assert julien.account_block(her).blocking
    assert [each.id for each in julien.blocks()] == [her]
    assert julien.account(her).id == her  # whom she blocks she may look for, and be no more found by
    with pytest.raises(MastodonAPIError):
        ines.account(him)
    with pytest.raises(MastodonAPIError):
        ines.account_follow(him)
    assert not julien.account_unblock(her).blocking and julien.blocks() == []


def test_it_lets_in_who_asks(julien, sign_in):
    lou, him = sign_in("Lou"), julien.me().id
    assert julien.account_update_credentials(locked=True).locked
    ines = sign_in("Inès")
    for client in (lou, ines):
        assert client.account_follow(him).requested
    asked = until(lambda: julien.follow_requests() if len(julien.follow_requests()) == 2 else None)
    assert {each.id for each in asked} == {lou.me().id, ines.me().id}
    assert julien.follow_request_authorize(lou.me().id).followed_by
    assert not julien.follow_request_reject(ines.me().id).followed_by
    assert julien.follow_requests() == []
    until(lambda: lou.account_relationships(him)[0].following)
    assert not julien.account_update_credentials(locked=False).locked


def test_it_is_shown_people(julien, sign_in):
    sign_in("Zoé")
    assert julien.directory(local=True, order="new", limit=2)
    assert all(each.id for each in julien.suggestions())
    assert [each.id for each in julien.suggestions_v1()] == [each.account.id for each in julien.suggestions_v2()]


def test_it_reports(julien, helene):
    post = helene.status_post("Propos déplacés")
    told = julien.report(helene.me().id, status_ids=post.id, comment="À voir", forward=False, category="other")
    assert told.id and told.comment == "À voir"


def test_it_asks_for_what_is_not_here_by_design(julien, helene):
    assert julien.trending_tags() == julien.trends() == julien.trending_statuses() == julien.trending_links() == []
    assert julien.custom_emojis() == [] and julien.timeline_link("https://exemple.fr/") == []
    assert julien.domain_blocks() == []
