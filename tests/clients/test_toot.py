"""The toot command, in a terminal: an agent signs in by her browser, then reads, writes, follows and arranges."""

import pytest

from tests.clients.conftest import consent
from tests.clients.day import png, until
from tests.clients.terminal import Terminal

pytestmark = pytest.mark.peer


class Toot(Terminal):
    def __call__(self, *words):
        return self.run("toot", "--no-color", *words)

    def ask(self, *words):
        return self.json("toot", "--no-color", *words)

    def post(self, *words):
        return self.ask("post", *words)["id"]


@pytest.fixture(scope="module")
def toot(town, visitor, tmp_path_factory):
    """Signed in, for an agent of this first name."""

    def toot(first):
        made = Toot(town, tmp_path_factory.mktemp("home"))
        said = made.talk("toot", "login", "-i", town.url, answer=lambda url: ["n", consent(visitor(first), url)])
        assert "Successfully logged in" in said
        return made

    return toot


@pytest.fixture(scope="module")
def julien(toot):
    return toot("Julien")


@pytest.fixture(scope="module")
def helene(toot):
    return toot("Hélène")


@pytest.fixture(scope="module")
def her(helene):
    """How she is called."""
    return helene.ask("whoami")["acct"]


def ids(found):
    return [each["id"] for each in found]


def test_it_signs_in_and_out(toot):
    lina = toot("Lina")
    assert "ACTIVE" in lina("auth")
    account = next(word for word in lina("auth").split() if "@" in word)
    assert lina("activate", account) and lina("whoami")
    lina("logout", account)
    assert "not logged in" in lina("auth")
    assert "logged in" in lina.refused("toot", "whoami")


def test_it_knows_the_house_and_whom_it_acts_for(town, julien, her):
    assert town.host in julien("instance") and julien.ask("instance")["uri"] == town.host
    assert "Julien" in julien("whoami") and "Hélène" in julien("whois", her)
    assert julien.ask("whois", her)["acct"] == her
    assert "toot 0." in julien("diag", "-s")
    julien("update-account", "--note", "Jardinier", "--no-bot", "--discoverable", "--language", "fr", "--no-locked")
    assert "Jardinier" in julien("whoami")


def test_it_writes_reads_and_withdraws(julien, helene, tmp_path):
    picture = tmp_path / "arbre.png"
    picture.write_bytes(png())
    post = julien.ask("post", "Élagage", "-m", str(picture), "-d", "Un arbre", "-p", "Chantier", "-s", "-l", "fr")
    assert (post["spoiler_text"], post["language"], post["sensitive"]) == ("Chantier", "fr", True)
    assert post["media_attachments"][0]["description"] == "Un arbre"
    assert julien.ask("upload", str(picture), "-d", "Seul")["description"] == "Seul"
    reply = helene.ask("post", "Bien noté", "-r", post["id"])
    assert reply["in_reply_to_id"] == post["id"]
    assert "Élagage" in helene("status", post["id"]) and "Bien noté" in julien("thread", post["id"])
    assert ids(julien.ask("thread", post["id"])["descendants"]) == [reply["id"]]
    julien("delete", post["id"])
    assert "Introuvable" in helene.refused("toot", "status", post["id"])


def test_it_writes_for_some_and_for_later(julien, helene, her):
    for visibility in ("public", "unlisted", "private", "direct"):
        post = julien.ask("post", f"@{her} bonjour", "-v", visibility)
        assert post["visibility"] == {"unlisted": "public"}.get(visibility, visibility)
    planned = julien.ask("post", "Demain", "--scheduled-in", "1 day")
    assert planned["params"]["text"] == "Demain" and "scheduled" in julien("post", "Plus tard", "--scheduled-in", "2h")


def test_it_holds_a_poll(julien, helene):
    post = julien.ask("post", "Quel jour ?", "--poll-option", "Lundi", "--poll-option", "Mardi")
    poll = post["poll"]["id"]
    assert "Lundi" in helene("polls", "show", poll)
    helene("polls", "vote", poll, "1")
    assert julien.ask("polls", "show", poll)["votes_count"] == 1


def test_it_reacts(julien, helene, her):
    post = julien.post("Qui vient ?")
    for deed in ("favourite", "bookmark", "reblog"):
        helene(deed, post)
    assert ids(helene.ask("timelines", "favourites")) == [post]
    assert "Qui vient ?" in helene("bookmarks", "--once")
    assert her in julien("reblogged-by", post)
    for deed in ("unfavourite", "unbookmark", "unreblog"):
        helene(deed, post)
    assert "Qui vient ?" not in helene("bookmarks", "--once")
    julien("pin", post)
    assert julien.ask("status", post)["pinned"]
    julien("unpin", post)


def test_it_follows_and_keeps_apart(julien, helene, her):
    julien("follow", her)
    until(lambda: her in julien("following"))
    assert "Julien" in helene("followers")
    julien("unfollow", her)
    assert her not in julien("following")
    for deed, listed, undone in (("mute", "muted", "unmute"), ("block", "blocked", "unblock")):
        julien(deed, her)
        assert her in julien(listed)
        julien(undone, her)
        assert her not in julien(listed)


def test_it_lets_in_who_asks(julien, helene):
    him = julien.ask("whoami")["acct"]
    julien("update-account", "--locked")
    helene("follow", him)
    her = helene.ask("whoami")["acct"]
    until(lambda: her in julien("follow-requests", "list"))
    julien("follow-requests", "accept", her)
    until(lambda: him in helene("following"))
    julien("update-account", "--no-locked")


def test_it_is_told(julien, helene):
    him = julien.ask("whoami")["acct"]
    helene.post(f"@{him} une question")
    until(lambda: "une question" in julien("notifications"))
    assert {each["type"] for each in julien.ask("notifications", "--type", "mention")} == {"mention"}
    julien("notifications", "--clear")
    assert julien.ask("notifications") == []


def test_it_finds(julien, helene, her):
    post = julien.post("Fuite rue des Lilas #reseaux")
    found = julien.ask("search", "Lilas")
    assert ids(found["statuses"]) == [post]
    assert her in julien("search", her, "-t", "accounts") and "reseaux" in julien("search", "reseaux")


def test_it_reads_timelines(julien, helene, her):
    julien("follow", her)
    until(lambda: her in julien("following"))
    posts = [helene.post(f"Réunion {each} #tramway") for each in range(3)]
    until(lambda: posts[-1] in ids(julien.ask("timelines", "home", "-l", "3")))
    for timeline in (["home"], ["public", "--local"], ["tag", "tramway"], ["account", her]):
        assert ids(julien.ask("timelines", *timeline, "-l", "2")) == posts[:0:-1], timeline
        assert "Réunion" in julien("timelines", *timeline, "-l", "2", "--no-pager", "--no-clear")
    assert ids(julien.ask("timelines", "public", "--max-id", posts[1], "-l", "1")) == posts[:1]
    assert "Réunion" in julien("timeline", "-1")


def test_it_arranges(julien, helene, her):
    julien("lists", "create", "Direction")
    julien("lists", "add", "Direction", her)
    assert "Direction" in julien("lists", "list") and her in julien("lists", "accounts", "Direction")
    post = helene.post("Pour la liste")
    until(lambda: ids(julien.ask("timelines", "list", "Direction", "-l", "1")) == [post])
    julien("lists", "remove", "Direction", her)
    julien("lists", "delete", "Direction")
    assert "Direction" not in julien("lists", "list")
    julien("tags", "follow", "tramway")
    assert "tramway" in julien("tags", "followed") and "tramway" in julien("tags", "info", "tramway")
    julien("tags", "unfollow", "tramway")
    julien("tags", "feature", "tramway")
    assert "tramway" in julien("tags", "featured")
    julien("tags", "unfeature", "tramway")
