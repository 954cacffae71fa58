"""Every address of the house declares whom it opens to."""

from django.http import HttpResponse
from django.urls import path

from tests.routes import routes


def test_every_route_declares_its_audience():
    undeclared = [route.pattern for route in routes() if route.door is None]
    said = "put @for_agents, or @open_to(Door.…) of federation/doors.py, above the view of"
    assert not undeclared, f"{said} {', '.join(undeclared)}"


def test_an_address_without_a_declaration_is_found():

    assert [route.door for route in routes([path("oublie/", lambda request: HttpResponse())])] == [None]
