"""What every house tells of itself without being asked who is asking: WebFinger, NodeInfo 2.1, host-meta."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from actors import fingers, neighbours
from actors.models import Organisation
from federation import ids
from federation.doors import Door, open_to
from federation.errors import NotHere

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.1"


@require_safe
@open_to(Door.EVERYONE)
def webfinger(request: HttpRequest) -> HttpResponse:
    """RFC 7033: a handle or an actor URI of ours, as a JRD; 400 without `resource`, 404 for strangers."""
    resource = request.GET.get("resource", "")
    if not resource:
        return JsonResponse({"error": "the parameter `resource` is missing"}, status=400)
    try:
        jrd = fingers.answer(resource)
    except NotHere:
        return JsonResponse({"error": "nobody here goes by this name"}, status=404)
    return JsonResponse(jrd, content_type=fingers.JRD, headers={"Access-Control-Allow-Origin": "*"})


@require_safe
@open_to(Door.EVERYONE)
def host_meta(request: HttpRequest) -> HttpResponse:
    """RFC 6415: where WebFinger answers, for an account domain that redirects here."""
    template = f"{settings.ORIGIN}/.well-known/webfinger?resource={{uri}}"
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" template="{template}"/></XRD>\n'
    )
    return HttpResponse(xml, content_type="application/xrd+xml; charset=utf-8")


@require_safe
@open_to(Door.EVERYONE)
def nodeinfo_index(request: HttpRequest) -> HttpResponse:
    links = [
        {"rel": SCHEMA, "href": f"{settings.ORIGIN}/nodeinfo/2.1"},
        {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": ids.instance_actor_uri()},
    ]
    return JsonResponse({"links": links})


@require_safe
@open_to(Door.EVERYONE)
def nodeinfo(request: HttpRequest) -> HttpResponse:
    """NodeInfo 2.1. No figure about activity: only how many agents there are, which the audience picker shows."""
    organisation = Organisation.objects.filter(host=settings.HOST).first()
    metadata: dict[str, Any] = {
        "nodeName": organisation.name if organisation else settings.HOST,
        "accountDomain": settings.ACCOUNT_DOMAIN,
        "instanceActor": ids.instance_actor_uri(),
        "federation": {"enabled": True, "mode": settings.FEDERATION},
    }
    return JsonResponse(
        {
            "version": "2.1",
            "software": {"name": settings.SOFTWARE, "version": settings.VERSION},
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": False,
            "usage": {"users": {"total": neighbours.our_headcount()}},
            "metadata": metadata,
        },
        content_type=f'application/json; profile="{SCHEMA}#"; charset=utf-8',
    )
