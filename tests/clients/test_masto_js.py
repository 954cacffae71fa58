"""masto.js, the library of Phanpy and Elk: an agent signs in, reads, writes, reacts and arranges."""

from urllib.parse import urlencode

import pytest

from tests.clients.bridge import Bridge, Refused, file
from tests.clients.conftest import OUT_OF_BAND, SCOPES, consent
from tests.clients.day import later, png, until

pytestmark = pytest.mark.peer
SCOPE = " ".join(SCOPES)
KEY = {"requestInit": {"headers": {"Idempotency-Key": "une"}}}


@pytest.fixture(scope="module")
def node(town):
    with Bridge(town) as node:
        yield node


@pytest.fixture(scope="module")
def sign_in(town, node, visitor):
    """As Elk does: the application is introduced in JSON, the code exchanged in a form of several parts."""

    def sign_in(first):
        words = {"clientName": f"masto.js de {first}", "redirectUris": OUT_OF_BAND, "scopes": SCOPE}
        app = node.make("masto").v1.apps.create(words)
        asked = {"client_id": app["clientId"], "redirect_uri": OUT_OF_BAND, "response_type": "code", "scope": SCOPE}
        code = consent(visitor(first), f"{town.url}/oauth/authorize?{urlencode(asked)}&force_login=false&lang=fr")
        own = {"clientId": app["clientId"], "clientSecret": app["clientSecret"], "redirectUri": OUT_OF_BAND}
        oauth = node.make("masto-oauth")
        token = oauth.token.create({**own, "grantType": "authorization_code", "code": code, "scope": SCOPE})
        made = node.make("masto", token["accessToken"])
        made.__dict__["leave"] = lambda: oauth.revoke({**own, "token": token["accessToken"]})
        made.__dict__["token"] = token["accessToken"]
        return made

    return sign_in


@pytest.fixture(scope="module")
def her(helene):
    return helene.v1.accounts.verifyCredentials()


def ids(found):
    return [each["id"] for each in found]


def test_it_signs_in_and_out(sign_in):
    lina = sign_in("Lina")
    assert lina.v1.accounts.verifyCredentials()["displayName"].startswith("Lina ")
    assert lina.v1.apps.verifyCredentials()["name"] == "masto.js de Lina"
    lina.leave()
    with pytest.raises(Refused) as refused:
        lina.v1.accounts.verifyCredentials()
    assert refused.value.status == 401


def test_it_knows_the_house(julien):
    house = julien.v2.instance.fetch()
    assert house["configuration"]["urls"]["streaming"].startswith("wss://") and house["apiVersions"]["mastodon"] >= 1
    assert julien.v1.instance.fetch()["uri"] == house["domain"]
    assert julien.v1.instance.extendedDescription.fetch() and julien.v1.instance.languages.list()
    assert julien.v1.instance.activity.list() == julien.v1.instance.peers.list() == []
    assert julien.v1.trends.tags.list() == julien.v1.trends.statuses.list() == julien.v1.trends.links.list() == []
    assert julien.v1.customEmojis.list() == julien.v1.announcements.list() == julien.v1.domainBlocks.list() == []
    assert julien.v1.preferences.fetch()["posting:default:visibility"] == "public"


def test_it_writes_with_a_picture_and_corrects(julien, helene):
    media = julien.v2.media.create({"file": file(png()), "description": "Un arbre", "focus": "0.5,-0.5"})
    assert media["url"] and julien.v1.media[media["id"]].fetch()["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    media = julien.v1.media[media["id"]].update({"description": "Un chêne"})
    wish = {"status": "Au parc #voirie", "mediaIds": [media["id"]], "spoilerText": "Chantier", "language": "fr"}
    post = julien.v1.statuses.create({**wish, "visibility": "public"}, KEY)
    again = julien.v1.statuses.create({**wish, "visibility": "public"}, KEY)
    assert again["id"] == post["id"] and post["mediaAttachments"][0]["description"] == "Un chêne"
    mine = julien.v1.statuses[post["id"]]
    changed = {"id": media["id"], "description": "Un grand chêne"}
    words = {"status": "Au grand parc", "mediaIds": [media["id"]], "mediaAttributes": [changed]}
    edited = mine.update(words)
    assert edited["editedAt"] and edited["mediaAttachments"][0]["description"] == "Un grand chêne"
    assert mine.source.fetch()["text"] == "Au grand parc" and len(mine.history.list()) == 2
    reply = helene.v1.statuses.create({"status": "Bien noté", "inReplyToId": post["id"]})
    assert ids(mine.context.fetch()["descendants"]) == [reply["id"]]
    assert mine.remove()["text"] == "Au grand parc"
    with pytest.raises(Refused) as refused:
        helene.v1.statuses[post["id"]].fetch()
    assert refused.value.status == 404


def test_it_reacts(julien, helene, her):
    post = julien.v1.statuses.create({"status": "Qui vient ?"})
    seen = helene.v1.statuses[post["id"]]
    assert seen.favourite()["favourited"] and seen.bookmark()["bookmarked"]
    assert seen.reblog()["reblog"]["id"] == post["id"]
    assert ids(helene.v1.favourites.list()) == ids(helene.v1.bookmarks.list()) == [post["id"]]
    mine = julien.v1.statuses[post["id"]]
    assert ids(mine.favouritedBy.list()) == ids(mine.rebloggedBy.list()) == [her["id"]]
    assert not seen.unfavourite()["favourited"] and not seen.unbookmark()["bookmarked"]
    assert not seen.unreblog()["reblogged"]
    assert mine.pin()["pinned"] and not mine.unpin()["pinned"]
    assert mine.mute()["muted"] and not mine.unmute()["muted"]


def test_it_pages_by_links_alone(julien, helene):
    written = [julien.v1.statuses.create({"status": f"Page {number}"})["id"] for number in range(5)]
    pages = helene.v1.timelines.public.list({"limit": 2, "local": True}, pages=3)
    assert [ids(page) for page in pages[:2]] == [[written[4], written[3]], [written[2], written[1]]]
    him = julien.v1.accounts.verifyCredentials()["id"]
    pages = helene.v1.accounts[him].statuses.list({"limit": 3, "excludeReplies": True}, pages=9)
    assert len([post for page in pages for post in page]) == len({post["id"] for page in pages for post in page})
    for each in written:
        helene.v1.statuses[each].favourite()
    assert [len(page) for page in helene.v1.favourites.list({"limit": 2}, pages=9) if page] == [2, 2, 1]


def test_it_follows_and_keeps_apart(julien, helene, her):
    person, him = julien.v1.accounts[her["id"]], julien.v1.accounts.verifyCredentials()
    assert julien.v1.accounts.lookup({"acct": her["acct"]})["id"] == her["id"]
    assert ids(julien.v1.accounts.search.list({"q": her["displayName"]})) == [her["id"]]
    assert person.follow({"reblogs": False, "notify": True})["following"]
    until(lambda: julien.v1.accounts.relationships.fetch({"id": [her["id"]]})[0]["following"])
    assert ids(person.followers.list()) == [him["id"]]
    assert ids(julien.v1.accounts[him["id"]].following.list()) == [her["id"]]
    assert person.note.create({"comment": "DGS"})["note"] == "DGS"
    assert person.mute({"duration": 60})["muting"] and ids(julien.v1.mutes.list()) == [her["id"]]
    assert not person.unmute()["muting"]
    assert person.block()["blocking"] and ids(julien.v1.blocks.list()) == [her["id"]]
    assert not person.unblock()["blocking"]
    person.follow()
    until(lambda: julien.v1.accounts.relationships.fetch({"id": [her["id"]]})[0]["following"])


def test_it_says_who_one_is(julien):
    fields = [{"name": "Métier", "value": "Espaces verts"}]
    me = julien.v1.accounts.updateCredentials({"note": "Jardinier", "fieldsAttributes": fields, "avatar": file(png())})
    assert me["source"]["note"] == "Jardinier" and me["source"]["fields"][0]["name"] == "Métier"
    julien.v1.profile.avatar.remove()


def test_it_arranges(julien, helene, her):
    made = julien.v1.lists.create({"title": "Direction"})
    one = julien.v1.lists[made["id"]]
    one.accounts.create({"accountIds": [her["id"]]})
    assert ids(one.accounts.list()) == [her["id"]] and one.update({"title": "DGS"})["title"] == "DGS"
    post = helene.v1.statuses.create({"status": "Quel match ! #handball"})
    assert ids(until(lambda: julien.v1.timelines.list[made["id"]].list({"limit": 1}))) == [post["id"]]
    one.accounts.remove({"accountIds": [her["id"]]})
    words = [{"keyword": "match", "wholeWord": True}]
    wish = {"title": "Foot", "context": ["home"], "filterAction": "warn", "keywordsAttributes": words}
    kept = julien.v2.filters.create(wish)
    shown = until(lambda: [each for each in julien.v1.timelines.home.list() if each["id"] == post["id"]])[0]
    assert shown["filtered"][0]["keywordMatches"] == ["match"]
    one_filter = julien.v2.filters[kept["id"]]
    word = one_filter.keywords.create({"keyword": "rugby"})
    assert julien.v2.filters.keywords[word["id"]].update({"keyword": "tennis"})["keyword"] == "tennis"
    julien.v2.filters.keywords[word["id"]].remove()
    assert one_filter.update({"title": "Sports"})["title"] == "Sports" and len(one_filter.fetch()["keywords"]) == 1
    one_filter.remove()
    one.remove()
    assert julien.v2.filters.list() == julien.v1.lists.list() == []
    assert julien.v1.tags["handball"].follow()["following"] and julien.v1.followedTags.list()[0]["name"] == "handball"
    assert ids(julien.v1.timelines.tag["handball"].list()) == [post["id"]]
    julien.v1.tags["handball"].unfollow()
    featured = julien.v1.featuredTags.create({"name": "handball"})
    julien.v1.featuredTags[featured["id"]].remove()


def test_it_is_told(julien, helene):
    me = julien.v1.accounts.verifyCredentials()
    post = helene.v1.statuses.create({"status": f"@{me['acct']} une question"})
    wanted = {"types": ["mention"]}
    one = until(lambda: [n for n in julien.v1.notifications.list(wanted) if n["status"]["id"] == post["id"]])[0]
    assert julien.v1.notifications[one["id"]].fetch()["account"]["id"] == one["account"]["id"]
    groups = julien.v2.notifications.list(wanted)["notificationGroups"]
    assert post["id"] in [each["statusId"] for each in groups] and julien.v2.notifications.policy.fetch()
    moved = julien.v1.markers.create({"notifications": {"lastReadId": one["id"]}})
    assert julien.v1.markers.fetch({"timeline": ["notifications"]}) == moved
    assert julien.v1.notifications.unreadCount.fetch() == {"count": 0}
    julien.v1.notifications[one["id"]].dismiss()
    julien.v1.notifications.clear()
    assert julien.v1.notifications.list() == []


def test_it_votes_plans_talks_and_searches(julien, helene, her):
    wish = {"options": ["Lundi", "Mardi"], "expiresIn": 3600}
    poll = julien.v1.statuses.create({"status": "Quel jour ?", "poll": wish})["poll"]
    assert helene.v1.polls[poll["id"]].votes.create({"choices": [1]})["ownVotes"] == [1]
    planned = julien.v1.statuses.create({"status": "Demain", "scheduledAt": later(3600).isoformat()})
    assert planned["scheduledAt"] and ids(julien.v1.scheduledStatuses.list()) == [planned["id"]]
    julien.v1.scheduledStatuses[planned["id"]].remove()
    post = julien.v1.statuses.create({"status": f"@{her['acct']} entre nous", "visibility": "direct"})
    talk = until(lambda: [t for t in helene.v1.conversations.list() if t["lastStatus"]["id"] == post["id"]])[0]
    assert not helene.v1.conversations[talk["id"]].read()["unread"]
    assert helene.v1.conversations[talk["id"]].unread()["unread"]
    helene.v1.conversations[talk["id"]].remove()
    assert ids(julien.v2.search.list({"q": "entre nous", "resolve": True})["statuses"]) == [post["id"]]


def test_it_is_rung(julien):
    keys = {"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}
    wish = {"endpoint": "https://push.example/2", "keys": {**keys, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}
    made = julien.v1.push.subscription.create({"subscription": wish, "data": {"alerts": {"mention": True}}})
    assert made["alerts"]["mention"] and julien.v1.push.subscription.fetch()["id"] == made["id"]
    assert julien.v1.push.subscription.update({"data": {"alerts": {"follow": True}}})["alerts"]["follow"]
    julien.v1.push.subscription.remove()


def test_it_hears_many_streams_by_one_socket(node, julien, helene):
    me = julien.v1.accounts.verifyCredentials()
    address = julien.v2.instance.fetch()["configuration"]["urls"]["streaming"]
    line = node.make("masto-streaming", julien.token, url=address)
    home, local = node.hear(line.user.subscribe), node.hear(line.public.local.subscribe)
    subject = node.hear(line.hashtag.subscribe, {"tag": "travaux"})
    said = node.hear(line.direct.subscribe)
    until(lambda: sounded(helene, home))
    post = helene.v1.statuses.create({"status": "Rue barrée #travaux"})
    for ear in (home, local, subject):
        assert ear.next("update", of=post["id"])
    helene.v1.statuses[post["id"]].update({"status": "Rue rouverte #travaux"})
    assert home.next("status.update")["id"] == post["id"]
    helene.v1.statuses[post["id"]].remove()
    assert home.next("delete") == post["id"]
    direct = helene.v1.statuses.create({"status": f"@{me['acct']} pour vous", "visibility": "direct"})
    assert home.next("notification")["type"] == "mention"
    assert said.next("conversation")["lastStatus"]["id"] == direct["id"]
    home.end("unsubscribe")


def sounded(client, ear):
    """Whether the line is open: what is written now is heard."""
    client.v1.statuses.create({"status": "Essai"})
    return not ear.heard.empty()
