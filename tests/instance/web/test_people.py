"""Finding colleagues, their pages, following them, keeping apart."""

import pytest

from actors import arrivals, following, profiles
from actors.models import Block, Follow, Mute

FOLLOW = "/personnes/helene.vasseur/suivre/"


def state(one, other):
    return following.states(one, [other]).get(other.pk, "")


def test_a_colleague_is_found_by_name_function_or_service(at_helene, julien, text_of):
    for words in ("mercier", "jardinier", "espaces"):
        assert "Julien Mercier" in text_of(at_helene.get("/personnes/", {"q": words}))
    assert "Personne ici" in text_of(at_helene.get("/personnes/", {"q": "plongeur"}))


def test_a_colleague_next_door_is_found_by_address(at_julien, vernay, text_of):
    assert "Lucie" in text_of(at_julien.get("/personnes/", {"q": f"@lucie@{vernay.host}"}))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("@nestor", "Personne ne porte le nom @nestor à Saint-Aubin."),
        ("@zoe@ailleurs.example", "ailleurs.example n’est pas une collectivité partenaire."),
    ],
)
def test_a_name_that_leads_nowhere_says_why(at_julien, vernay, typed, sentence, text_of):
    assert sentence in text_of(at_julien.get("/personnes/", {"q": typed}))


def test_an_unknown_name_at_a_partner_is_said_so(at_julien, vernay, text_of):
    query = {"q": f"@paul@{vernay.host}"}
    assert f"Personne ne porte le nom @paul@{vernay.host} à" in text_of(at_julien.get("/personnes/", query))


def test_a_partner_that_is_down_is_said_so(at_julien, vernay, text_of):
    vernay.stop()
    query = {"q": f"@paul@{vernay.host}"}
    assert "ne répond pas pour le moment" in text_of(at_julien.get("/personnes/", query))


@pytest.mark.parametrize("page", ["/personnes/{}/", "/personnes/{}/suivre/"])
@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"\xff",
        b'{"links": [{"rel": "self", "type": "application/activity+json", "href": "ftp://x/"}]}',
        b'{"links": [{"rel": "self", "type": "application/activity+json", "href": "https://other.example/x"}]}',
    ],
)
def test_a_partner_that_answers_nonsense_is_no_fault_of_ours(at_julien, vernay, page, body):
    vernay.documents["/.well-known/webfinger"] = ("application/jrd+json", body)
    ask = at_julien.post if "suivre" in page else at_julien.get
    assert ask(page.format(f"zoe@{vernay.host}")).status_code == 404


@pytest.mark.parametrize(
    "change", [{"inbox": "https://other.example/inbox"}, {"preferredUsername": "z o e"}, {"publicKey": {"id": "x"}}]
)
def test_a_partner_that_describes_nobody_is_no_fault_of_ours(at_julien, vernay, change):
    vernay.documents["/users/zoe"] = vernay.documents["/users/lucie"] | {"id": f"{vernay.origin}/users/zoe"} | change
    assert at_julien.get(f"/personnes/zoe@{vernay.host}/").status_code == 404


@pytest.mark.row(101)
@pytest.mark.parametrize("domain", ["a..b", "-a", "a:99999", "....", ".a", "a" * 253])
def test_a_domain_that_is_none_leads_to_nobody(at_julien, domain):
    assert at_julien.get(f"/personnes/lucie@{domain}/").status_code == 404
    assert at_julien.post(f"/personnes/lucie@{domain}/suivre/").status_code == 404


def test_one_leafs_through_the_directory_of_one_house(at_julien, helene, lucie, vernay, text_of):
    here, there = (text_of(at_julien.get("/personnes/", {"ou": where})) for where in ("ici", vernay.host))
    assert "Hélène Vasseur" in here and ">Lucie<" not in here
    assert ">Lucie<" in there and "Hélène Vasseur" not in there


def test_the_directory_comes_twenty_by_twenty(at_julien, aubin):
    for number in range(25):
        arrivals.invite(f"Agent Numéro{number}")
    first = at_julien.get("/personnes/", {"q": "Agent"})
    assert first.content.decode().count("<article") == 20
    second = at_julien.get(first.context["more"], headers={"HX-Request": "true"})
    assert second.content.decode().count("<article") == 5 and "<html" not in second.content.decode()


def test_following_a_colleague_of_the_house(at_julien, julien, helene, work, text_of):
    assert at_julien.post(FOLLOW).url == "/personnes/helene.vasseur/"
    work()
    assert state(julien, helene) == "accepted"
    assert "Suivi" in text_of(at_julien.get("/personnes/helene.vasseur/"))
    at_julien.post("/personnes/helene.vasseur/ne-plus-suivre/")
    assert state(julien, helene) == ""


def test_following_a_colleague_next_door_waits_for_her_house(at_julien, julien, lucie, vernay, work, text_of):
    at_julien.post(f"/personnes/lucie@{vernay.host}/suivre/")
    work()
    assert [body["type"] for _path, _headers, body in vernay.received] == ["Follow"]
    assert "Demande envoyée" in text_of(at_julien.get(f"/personnes/lucie@{vernay.host}/"))


def test_htmx_receives_only_the_button(at_julien, helene):
    page = at_julien.post(FOLLOW, headers={"HX-Request": "true"}).content.decode()
    assert "ne-plus-suivre" in page and "<html" not in page


def test_one_comes_back_to_the_page_that_one_came_from_and_to_no_other_house(at_julien, helene):
    near = at_julien.post(FOLLOW, headers={"Referer": "http://localhost:8000/personnes/?q=vasseur"})
    far = at_julien.post(FOLLOW, headers={"Referer": "https://ailleurs.example/"})
    assert near.url == "http://localhost:8000/personnes/?q=vasseur" and far.url == "/personnes/helene.vasseur/"


def test_an_unknown_person_is_not_followed(at_julien, vernay):
    for name in ("nestor", f"nestor@{vernay.host}", "zoe@ailleurs.example"):
        assert at_julien.post(f"/personnes/{name}/suivre/").status_code == 404
        assert at_julien.get(f"/personnes/{name}/").status_code == 404
    assert not Follow.objects.exists()


def test_one_does_not_follow_oneself(at_julien, text_of):
    response = at_julien.post("/personnes/julien.mercier/suivre/")
    assert response.status_code == 403 and "On ne se suit pas soi-même" in text_of(response)


def test_a_request_is_answered_by_the_one_who_was_asked(at_julien, at_helene, julien, helene, sign_in, text_of):
    profiles.describe(helene, profiles.Words("", "", True, True))
    at_julien.post(FOLLOW)
    from federation import hallway

    hallway.run_until_idle()
    asked = Follow.objects.get()
    assert asked.state == "asked"
    assert at_julien.post(f"/demandes/{asked.pk}/accepter/").status_code == 404
    assert "Julien Mercier" in text_of(at_helene.get("/demandes/"))
    at_helene.post(f"/demandes/{asked.pk}/accepter/")
    assert state(julien, helene) == "accepted"
    assert "Aucune demande" in text_of(at_helene.get("/demandes/"))


def test_a_request_is_refused(at_julien, at_helene, julien, helene, work):
    profiles.describe(helene, profiles.Words("", "", True, True))
    at_julien.post(FOLLOW)
    work()
    at_helene.post(f"/demandes/{Follow.objects.get().pk}/refuser/")
    assert Follow.objects.get().state == "refused"


def test_blocking_hides_each_from_the_other_until_unblocking(at_julien, at_helene, julien, helene, publish, text_of):
    publish(julien, "Bonjour de Julien")
    at_julien.post("/personnes/helene.vasseur/bloquer/")
    assert Block.objects.filter(actor=julien, target=helene).exists()
    assert "Bonjour de Julien" not in text_of(at_helene.get("/"))
    assert at_helene.post("/personnes/julien.mercier/suivre/").status_code == 403
    assert "Vous avez bloqué Hélène Vasseur" in text_of(at_julien.get("/personnes/helene.vasseur/"))
    at_julien.post("/personnes/helene.vasseur/debloquer/")
    assert "Bonjour de Julien" in text_of(at_helene.get("/"))


def test_muting_takes_a_voice_out_of_my_timelines_only(at_julien, helene, publish, text_of):
    publish(helene, "Encore une annonce")
    at_julien.post("/personnes/helene.vasseur/masquer/")
    assert Mute.objects.count() == 1
    assert "Encore une annonce" not in text_of(at_julien.get("/"))
    assert "Encore une annonce" in text_of(at_julien.get("/personnes/helene.vasseur/"))
    at_julien.post("/personnes/helene.vasseur/demasquer/")
    assert "Encore une annonce" in text_of(at_julien.get("/"))


def test_a_page_shows_only_what_its_reader_may_read(at_helene, julien, publish, text_of):
    publish(julien, "Pour tous ici")
    publish(julien, "Pour mon service", "service")
    page = text_of(at_helene.get("/personnes/julien.mercier/"))
    assert "Pour tous ici" in page and "Pour mon service" not in page
    assert "Jardinier" in page and "Le nom a été vérifié par Saint-Aubin" in page


def test_a_page_of_next_door_says_where_it_comes_from(at_julien, lucie, vernay, text_of):
    page = text_of(at_julien.get(f"/personnes/lucie@{vernay.host}/"))
    assert "D’où vient ce profil" in page and f"@lucie@{vernay.host}" in page and "copie d’affichage" in page


def test_a_service_has_a_page_with_its_members(at_helene, julien, aubin, text_of):
    page = text_of(at_helene.get(aubin.green.actor.profile_path))
    assert "1 collègue dans ce service" in page and "Julien Mercier" in page


def test_our_neighbours_are_known_to_every_agent(at_julien, vernay, text_of):
    page = text_of(at_julien.get("/voisins/"))
    assert "1 collectivité partenaire" in page and "168 agents" in page
