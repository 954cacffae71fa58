"""megalodon, the library of Whalebird and Fedistar: it recognises the house, signs in, and does what it can."""

import pytest

from tests.clients.bridge import Bridge, Refused
from tests.clients.conftest import SCOPES, consent
from tests.clients.day import png, until

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def node(town):
    with Bridge(town) as node:
        yield node


@pytest.fixture(scope="module")
def sign_in(node, visitor):
    def sign_in(first):
        anybody = node.make("megalodon")
        app = anybody.registerApp(f"megalodon de {first}", {"scopes": SCOPES, "website": "https://whalebird.example"})
        key, secret = app["client_id"], app["client_secret"]
        given = anybody.fetchAccessToken(key, secret, consent(visitor(first), app["url"]))
        made = node.make("megalodon", given["access_token"])
        made.__dict__["leave"] = lambda: anybody.revokeToken(key, secret, given["access_token"])
        return made

    return sign_in


@pytest.fixture(scope="module")
def her(helene):
    return helene.verifyAccountCredentials()


def ids(found):
    return [each["id"] for each in found]


def test_it_recognises_the_house(town, node):
    assert node.make("detector").detector(town.url) == "mastodon"


def test_it_signs_in_and_out(sign_in):
    lina = sign_in("Lina")
    assert lina.verifyAccountCredentials()["display_name"].startswith("Lina ")
    assert lina.verifyAppCredentials()["name"] == "megalodon de Lina"
    lina.leave()
    with pytest.raises(Refused) as refused:
        lina.verifyAccountCredentials()
    assert refused.value.status == 401


def test_it_knows_the_house(julien):
    assert julien.getInstance()["urls"]["streaming_api"].startswith("wss://")
    assert julien.getInstancePeers() == julien.getInstanceActivity() == julien.getInstanceTrends() == []
    assert julien.getInstanceCustomEmojis() == julien.getInstanceAnnouncements() == []
    assert julien.getInstanceDirectory() and julien.getPreferences() and julien.getSuggestions() is not None
    assert julien.getDomainBlocks() == julien.getEndorsements() == julien.getFollowRequests() == []


def test_it_writes_reads_and_corrects(julien, helene, tmp_path):
    picture = tmp_path / "arbre.png"
    picture.write_bytes(png())
    media = julien.uploadMedia({"$path": str(picture)}, {"description": "Un arbre"})
    assert julien.updateMedia(media["id"], {"description": "Un chêne"})["description"] == "Un chêne"
    assert julien.getMedia(media["id"])["url"]
    wish = {"media_ids": [media["id"]], "visibility": "public", "spoiler_text": "Chantier", "sensitive": True}
    post = julien.postStatus("Au parc #voirie", wish)
    assert post["media_attachments"][0]["description"] == "Un chêne" and post["spoiler_text"] == "Chantier"
    assert julien.editStatus(post["id"], {"status": "Au grand parc"})["edited_at"]
    assert julien.getStatusSource(post["id"])["text"] == "Au grand parc"
    reply = helene.postStatus("Bien noté", {"in_reply_to_id": post["id"]})
    assert ids(julien.getStatusContext(post["id"])["descendants"]) == [reply["id"]]
    julien.deleteStatus(post["id"])
    with pytest.raises(Refused) as refused:
        helene.getStatus(post["id"])
    assert refused.value.status == 404


def test_it_reacts(julien, helene, her):
    post = julien.postStatus("Qui vient ?")["id"]
    assert helene.favouriteStatus(post)["favourited"] and helene.bookmarkStatus(post)["bookmarked"]
    assert helene.reblogStatus(post)["reblog"]["id"] == post
    assert ids(helene.getFavourites()) == ids(helene.getBookmarks()) == [post]
    assert ids(julien.getStatusFavouritedBy(post)) == ids(julien.getStatusRebloggedBy(post)) == [her["id"]]
    assert not helene.unfavouriteStatus(post)["favourited"] and not helene.unbookmarkStatus(post)["bookmarked"]
    assert not helene.unreblogStatus(post)["reblogged"]
    assert julien.pinStatus(post)["pinned"] and not julien.unpinStatus(post)["pinned"]
    assert julien.muteStatus(post)["muted"] and not julien.unmuteStatus(post)["muted"]


def test_it_follows_keeps_apart_and_reads(julien, helene, her):
    assert ids(julien.searchAccount(her["display_name"], {"limit": 5})) == [her["id"]]
    assert julien.lookupAccount(her["acct"])["id"] == julien.getAccount(her["id"])["id"] == her["id"]
    assert julien.muteAccount(her["id"])["muting"] and ids(julien.getMutes()) == [her["id"]]
    assert not julien.unmuteAccount(her["id"])["muting"]
    assert julien.blockAccount(her["id"])["blocking"] and ids(julien.getBlocks()) == [her["id"]]
    assert not julien.unblockAccount(her["id"])["blocking"]
    assert julien.followAccount(her["id"])["following"]
    until(lambda: julien.getRelationships([her["id"]])[0]["following"])
    assert ids(julien.getAccountFollowers(her["id"])) == [julien.verifyAccountCredentials()["id"]]
    assert julien.setAccountNote(her["id"], "DGS")["note"] == "DGS"
    post = helene.postStatus("Réunion #funiculaire")["id"]
    until(lambda: ids(julien.getHomeTimeline({"limit": 1})) == [post])
    for found in (
        julien.getPublicTimeline({"limit": 1}), julien.getLocalTimeline({"limit": 1}),
        julien.getTagTimeline("funiculaire", {"limit": 1}), julien.getAccountStatuses(her["id"], {"limit": 1}),
    ):  # fmt: skip
        assert ids(found) == [post]
    assert ids(julien.search("Réunion")["statuses"]) in ([], [post])


def test_it_arranges(julien, helene, her):
    made = julien.createList("Direction")["id"]
    julien.addAccountsToList(made, [her["id"]])
    assert ids(julien.getAccountsInList(made)) == [her["id"]] and ids(julien.getLists()) == [made]
    post = helene.postStatus("De la liste")["id"]
    assert ids(until(lambda: julien.getListTimeline(made)))[:1] == [post]
    julien.deleteAccountsFromList(made, [her["id"]])
    julien.deleteList(made)
    kept = julien.createFilter("loto", ["home"])
    assert ids(julien.getFilters()) == [kept["id"]]
    julien.deleteFilter(kept["id"])
    assert julien.followTag("funiculaire")["following"] and julien.getFollowedTags()[0]["name"] == "funiculaire"
    julien.unfollowTag("funiculaire")
    julien.deleteFeaturedTag(julien.createFeaturedTag("funiculaire")["id"])


def test_it_is_told_talks_and_votes(julien, helene):
    me = julien.verifyAccountCredentials()
    post = helene.postStatus(f"@{me['acct']} entre nous", {"visibility": "direct"})
    one = until(lambda: [n for n in julien.getNotifications() if n.get("status", {}).get("id") == post["id"]])[0]
    assert one["type"] == "mention" and julien.getNotification(one["id"])["id"] == one["id"]
    talk = until(julien.getConversationTimeline)[0]
    assert not julien.readConversation(talk["id"])["unread"]
    julien.saveMarkers({"notifications": {"last_read_id": one["id"]}})
    assert julien.getMarkers(["notifications"])["notifications"]["last_read_id"] == one["id"]
    julien.dismissNotification(one["id"])
    julien.dismissNotifications()
    assert julien.getNotifications() == []
    poll = julien.postStatus("Quel jour ?", {"poll": {"options": ["Lundi", "Mardi"], "expires_in": 3600}})["poll"]
    assert helene.votePoll(poll["id"], [1])["own_votes"] == [1]


def test_it_hears_each_stream_by_a_socket(node, julien, helene):
    me = julien.verifyAccountCredentials()
    home, local, subject = (
        node.hear(julien.userStreaming), node.hear(julien.localStreaming), node.hear(julien.tagStreaming, "travaux"),
    )  # fmt: skip
    for ear in (home, local, subject):
        ear.next("connect")
    post = helene.postStatus("Rue barrée #travaux")
    for ear in (home, local, subject):
        assert ear.next("update")["id"] == post["id"]
    helene.editStatus(post["id"], {"status": "Rue rouverte #travaux"})
    assert home.next("status_update")["id"] == post["id"]
    helene.deleteStatus(post["id"])
    assert home.next("delete") == post["id"]
    helene.postStatus(f"@{me['acct']} pour vous")
    assert home.next("notification")["type"] == "mention"
    for ear in (home, local, subject):
        ear.end("stop")
