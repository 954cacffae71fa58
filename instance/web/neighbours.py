"""Our neighbours, readable by every agent: with whom this house is connected."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actors import neighbours as houses
from federation.models import Peer
from instance.web.access import for_agents
from instance.web.audiences import agents, house_of


@require_safe
@for_agents
def neighbours(request: HttpRequest) -> HttpResponse:
    known = {each.host: each for each in houses.known()}
    peers = Peer.objects.filter(state="active").order_by("name", "host")
    context = {
        "nav": "voisins",
        "ours": agents(houses.our_headcount()),
        "partners": [house_of(peer, known.get(peer.host)) for peer in peers if peer.speaks_preau],
        "others": [house_of(peer, known.get(peer.host)) for peer in peers if not peer.speaks_preau],
    }
    return render(request, "neighbours/neighbours.html", context)
