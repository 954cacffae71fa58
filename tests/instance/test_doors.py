"""Every address of the house declares whom it opens to, and opens to nobody else."""

import pytest
from django.http import HttpResponse
from django.urls import path

from federation.doors import Door
from tests.addresses import ABSENT, addresses
from tests.canaries import People, publish_here
from tests.lookers import Looker, lookers
from tests.routes import routes

FOR_AGENTS = {Door.AGENTS, Door.OWNER, Door.ADMINS, Door.MODERATORS}
TO_SIGN_IN = "Location: /connexion/?next="


def test_every_route_declares_its_audience():
    undeclared = [route.pattern for route in routes() if route.door is None]
    said = "put @for_agents, or @open_to(Door.…) of federation/doors.py, above the view of"
    assert not undeclared, f"{said} {', '.join(undeclared)}"


def test_an_address_without_a_declaration_is_found():
    assert [route.door for route in routes([path("oublie/", lambda request: HttpResponse())])] == [None]


@pytest.fixture
def people(aubin, julien, vernay):
    found = People(aubin, julien, vernay)
    yield found
    found.stop()


def faults(door, looker, answer, people):
    """What is wrong with an answer at such a door, for such a looker."""
    sign_in, outside = TO_SIGN_IN in answer.headers, looker.agent is None
    if door in (Door.OURSELVES, Door.MONITORING):
        return answer.status != 404
    if door is Door.EVERYONE:
        return answer.status in (401, 403) or sign_in
    if door in FOR_AGENTS and outside:
        return answer.status != 302 or not sign_in
    if door in FOR_AGENTS and looker.suspended:
        return answer.status != 403
    if door is Door.OWNER:
        return answer.status < 400 and looker.agent != people.julien
    if door is Door.ADMINS:
        return answer.status < 400 and not looker.agent.agent.is_admin
    if door is Door.MODERATORS:
        return answer.status < 400 and not looker.agent.agent.moderates
    if door is Door.AGENTS:
        return answer.status == 401 or sign_in
    return answer.status not in status_for_machines(door, looker)


def status_for_machines(door, looker):
    if door is Door.ALL_READERS:
        return {404}  # for the strangers and the suspended; the canaries see to the others
    if looker.house is None:
        return {Door.OUTLINE: {200}, Door.LETTERS: {415}}.get(door, {401})
    if looker.suspended:
        return {403}
    if not looker.house.preau and door in (Door.PARTNERS, Door.READERS):  # the canary is for partners
        return {403, 404} if door is Door.PARTNERS else {200, 404}
    return {202} if door is Door.LETTERS else {200}


def test_a_declaration_is_no_decoration(people, julien, follows, settings):
    """Each door is knocked at by everyone; by GET, or by POST where only deeds are done."""
    settings.METRICS_TOKEN = "x" * 24
    people.tie(follows)
    canary = publish_here(people, "partners")
    people.untie()
    absent = {people.lucie.ulid, ABSENT, people.vernay.host, canary.reply.ulid}
    wrong = []
    cast = [each for each in lookers(people) if "blocked" not in str(each)]
    for looker in [*cast, Looker("the author", agent=julien)]:
        for route in routes():
            for address in addresses(route, [canary], people):
                if address.filled in absent or (route.door is Door.ALL_READERS and not refused_all(looker)):
                    continue
                answer = looker.get(address.path)
                if answer.status == 405:
                    letter = people.vernay.activity("Like", looker.signer, canary.post.uri)
                    if looker.house:
                        letter["id"] = f"{looker.house.origin}/likes/1"
                    answer = looker.post(address.path, {"text": "x"}, letter)
                if faults(route.door, looker, answer, people):
                    wrong.append((str(looker), address.path, str(route.door), answer.status))
    assert wrong == []


def refused_all(looker):
    return looker.suspended or (looker.house is None and looker.agent is None)
