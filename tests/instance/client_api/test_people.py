"""What an application does about others in the name of an agent, and what it is shown of how they stand."""

from urllib.parse import urlsplit

import pytest

from actors import arrivals, following, profiles
from actors.models import Endorsement, Follow, Mute
from actors.profiles import Words


@pytest.fixture
def phone(api, julien):
    return api(julien)


def does(phone, person, deed, **said):
    return phone.post(f"/api/v1/accounts/{person.pk}/{deed}", said)


def test_nobody_does_anything_about_who_is_not_here(phone, julien, helene):
    following.block(helene, julien)
    for deed in ("follow", "block", "mute", "note", "pin", "remove_from_followers"):
        assert does(phone, helene, deed).status_code == 404
        assert phone.post(f"/api/v1/accounts/999999/{deed}").status_code == 404
    assert phone.get("/api/v1/accounts/relationships", {"id[]": helene.pk}).json() == []


def test_another_scope_does_nothing(api, julien, helene):
    assert does(api(julien, "read"), helene, "follow").status_code == 403
    assert does(api(julien, "write:blocks"), helene, "mute").status_code == 403
    assert does(api(julien, "follow"), helene, "follow").status_code == 200


def test_a_colleague_is_followed_at_once_with_options(phone, helene):
    said = does(phone, helene, "follow", notify="true", reblogs="false").json()
    assert (said["following"], said["requested"], said["notifying"], said["showing_reblogs"]) == (
        True,
        False,
        True,
        False,
    )
    assert said["id"] == str(helene.pk) and said["languages"] is None
    assert does(phone, helene, "unfollow").json()["following"] is False


def test_oneself_is_refused_with_a_sentence(phone, julien):
    answer = does(phone, julien, "follow")
    assert answer.status_code == 422 and answer.json()["error"] == "On ne se suit pas soi-même."


def test_a_request_is_answered_by_the_account_that_asks(api, julien, helene):
    profiles.describe(helene, Words("", "", True, True))
    assert does(api(julien), helene, "follow").json()["requested"] is True
    hers = api(helene)
    (asked,) = hers.get("/api/v1/follow_requests").json()
    assert asked["id"] == str(julien.pk)
    assert api(julien).post(f"/api/v1/follow_requests/{julien.pk}/authorize").status_code == 404
    said = hers.post(f"/api/v1/follow_requests/{julien.pk}/authorize").json()
    assert said["followed_by"] is True and said["requested_by"] is False
    assert hers.post(f"/api/v1/follow_requests/{julien.pk}/reject").status_code == 404
    assert hers.post(f"/api/v1/accounts/{julien.pk}/remove_from_followers").json()["followed_by"] is False
    assert does(api(julien), helene, "follow").json()["requested"] is True
    assert hers.post(f"/api/v1/follow_requests/{julien.pk}/reject/").status_code == 200
    assert Follow.objects.get().state == "refused"


def test_who_is_blocked_is_listed_and_can_be_unblocked(phone, helene):
    assert does(phone, helene, "block").json()["blocking"] is True
    (listed,) = phone.get("/api/v1/blocks").json()
    assert listed["id"] == str(helene.pk)
    assert does(phone, helene, "unblock").json()["blocking"] is False


def test_who_is_blocked_is_found_by_name_by_whoever_blocked_and_by_nobody_whom_she_blocked(api, phone, julien, helene):
    does(phone, helene, "block")
    hers = api(helene)
    for ask in (f"accounts/{julien.pk}", f"accounts/lookup?acct={julien.handle}"):
        assert hers.get(f"/api/v1/{ask}").status_code == 404
    for ask in (f"accounts/{helene.pk}", f"accounts/lookup?acct={helene.handle}"):
        assert phone.get(f"/api/v1/{ask}").json()["id"] == str(helene.pk)
    found = "/api/v2/search?type=accounts&resolve=true&q="
    for words, ids in ((helene.handle, [str(helene.pk)]), (f"@{helene.address[1:]}", [str(helene.pk)]), ("Hélène", [])):
        assert [each["id"] for each in phone.get(f"{found}{words}").json()["accounts"]] == ids, words
    for words in (julien.handle, f"@{julien.address[1:]}"):
        assert hers.get(f"{found}{words}").json()["accounts"] == []


def test_a_mute_is_for_a_while_or_for_good(phone, helene):
    said = does(phone, helene, "mute", duration=3600, notifications="false").json()
    assert (said["muting"], said["muting_notifications"]) == (True, False) and said["muting_expires_at"].endswith("Z")
    assert phone.get("/api/v1/mutes").json()[0]["mute_expires_at"] == said["muting_expires_at"]
    assert does(phone, helene, "mute", duration=0).json()["muting_notifications"] is True
    assert Mute.objects.get().until is None
    assert does(phone, helene, "mute", duration=10**18).status_code == 200
    assert does(phone, helene, "unmute").json()["muting"] is False and phone.get("/api/v1/mutes").json() == []


def test_lists_go_on_by_their_link(phone, julien, aubin):
    people = [arrivals.invite(f"Agent {number}").actor for number in range(5)]
    for person in people:
        following.mute(julien, person)
    seen, path = [], "/api/v1/mutes?limit=2"
    while path:
        page = phone.get(path)
        seen += [each["id"] for each in page.json()]
        link = page.headers.get("Link", "")
        after = link.partition('; rel="next"')[0].strip("<>") if 'rel="next"' in link else ""
        path = f"{urlsplit(after).path}?{urlsplit(after).query}" if after else ""
    assert seen == [str(each.pk) for each in reversed(people)]


def test_relationships_come_by_one_id_or_several(phone, helene, lucie, julien, follows):
    follows(lucie, julien)
    assert phone.get("/api/v1/accounts/relationships", {"id": helene.pk}).json()[0]["id"] == str(helene.pk)
    found = phone.get(f"/api/v1/accounts/relationships?id[]={lucie.pk}&id[]={helene.pk}&id[]=x").json()
    assert [(each["id"], each["followed_by"]) for each in found] == [(str(lucie.pk), True), (str(helene.pk), False)]


def test_notes_and_endorsements(api, phone, helene, lucie, julien, follows):
    assert does(phone, helene, "note", comment="Salon").json()["note"] == "Salon"
    assert does(phone, lucie, "endorse").status_code == 422
    follows(julien, lucie)
    assert does(phone, lucie, "pin").json()["endorsed"] is True
    assert [each["acct"] for each in phone.get("/api/v1/endorsements").json()] == [f"lucie@{lucie.domain}"]
    (shown,) = api(helene).get(f"/api/v1/accounts/{julien.pk}/endorsements").json()
    assert shown["id"] == str(lucie.pk)
    assert does(phone, lucie, "unendorse").json()["endorsed"] is False and not Endorsement.objects.exists()
    assert phone.get(f"/api/v1/accounts/{helene.pk}/identity_proofs").json() == []


def test_those_whom_i_follow_and_who_follow_her_too(phone, helene, lucie, julien, aubin, follows):
    bruno, zoe = arrivals.invite("Bruno Tessier").actor, arrivals.invite("Zoé Blin").actor
    follows(julien, bruno), follows(julien, zoe), follows(bruno, helene), follows(zoe, helene), follows(lucie, helene)
    following.block(zoe, julien)
    (found,) = phone.get(f"/api/v1/accounts/familiar_followers?id={helene.pk}").json()
    assert found["id"] == str(helene.pk) and [each["id"] for each in found["accounts"]] == [str(bruno.pk)]


def test_colleagues_are_suggested_and_the_directory_leafed_through(phone, helene, lucie, julien, aubin):
    zoe = arrivals.invite("Zoé Blin", service=aubin.green).actor
    assert [each["id"] for each in phone.get("/api/v1/suggestions").json()] == [str(zoe.pk), str(helene.pk)]
    first = phone.get("/api/v2/suggestions?limit=1").json()
    assert [each["account"]["id"] for each in first] == [str(zoe.pk)] and first[0]["source"] == "staff"
    assert str(julien.pk) in [each["id"] for each in phone.get("/api/v1/directory?local=true&limit=80").json()]
    assert phone.get("/api/v1/directory?offset=9999999999&order=active").json() == []
