"""An admin lets a colleague in from a page: the link is shown once, opens once, and nobody else may do it."""

import html
import re

import pytest
from django.core.management import call_command

from actors import arrivals
from actors.models import Agent, Service

pytestmark = pytest.mark.django_db
PAGE = "/administration/inviter/"
ANNE = {"name": "Anne Roussel", "occupation": "Jardinière", "service": "Espaces verts", "role": "agent", "login": ""}


def link_in(answer):
    (found,) = re.findall(r"<code>(http[^<]+/entrer/[^<]+)</code>", answer.content.decode())
    return html.unescape(found)


def test_for_others_nothing_is_there(client, at_julien, sign_in):
    moderator = sign_in(arrivals.invite("Anne", role="moderator").actor)
    for each in (at_julien, moderator):
        assert each.get(PAGE).status_code == 404 == each.post(PAGE, ANNE).status_code
        assert PAGE not in each.get("/menu/").content.decode() + each.get("/personnes/").content.decode()
    assert client.get(PAGE).status_code == 302 == client.post(PAGE, ANNE).status_code
    assert not Agent.objects.filter(login="anne.roussel").exists()


@pytest.mark.parametrize("place", ["/administration/", "/menu/", "/personnes/", "/administration/sante/"])
def test_it_is_found_where_an_admin_looks(at_marc, place):
    assert f'href="{PAGE}"' in at_marc.get(place).content.decode()


def test_who_is_invited_comes_in_by_the_link_once(at_marc, client, text_of):
    answer = at_marc.post(PAGE, ANNE)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    page, link = text_of(answer), link_in(answer)
    assert "Un compte est ouvert pour Anne Roussel" in page and "preau agents link anne.roussel" in page
    agent = Agent.objects.get(login="anne.roussel")
    assert (agent.role, agent.actor.occupation, agent.actor.service.name) == ("agent", "Jardinière", "Espaces verts")
    path = link[link.index("/entrer/") :]
    assert client.post(path).status_code == 303 and client.get("/").status_code == 200
    assert client.get(path).status_code == 410
    assert "/entrer/" not in at_marc.get(PAGE).content.decode()


def test_the_same_form_sent_twice_opens_one_account(at_marc, text_of):
    at_marc.post(PAGE, ANNE)
    again = at_marc.post(PAGE, ANNE)
    assert again.status_code == 422 and "Anne Roussel a déjà un compte (anne.roussel)" in text_of(again)
    assert at_marc.post(PAGE, {**ANNE, "login": "anne.roussel2"}).status_code == 200
    taken = at_marc.post(PAGE, {**ANNE, "name": "Anne Autre", "login": "Anne.Roussel"})
    assert taken.status_code == 422 and "est pris" in text_of(taken)
    assert Agent.objects.filter(actor__name="Anne Roussel").count() == 2 and Service.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Écrivez son prénom et son nom."),
        ({"role": "facilitator"}, "facilitator"),
        ({"role": "root"}, "root"),
    ],
)
def test_what_is_missing_or_unknown_is_said(at_marc, text_of, wrong, sentence):
    answer = at_marc.post(PAGE, {**ANNE, **wrong})
    assert answer.status_code == 422 and sentence in text_of(answer)
    assert not Agent.objects.filter(actor__name="Anne Roussel").exists()


def test_the_command_does_the_same(aubin, capsys):
    call_command("agents", "invite", "Anne Roussel", "--service", "Espaces verts")
    call_command("agents", "invite", "Karim Haddad", "--service", "Espaces verts", "--role", "admin")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "anne.roussel" and "/entrer/" in said[1] and Service.objects.count() == 1
    assert Agent.objects.get(login=said[2]).is_admin
