"""What every house tells of itself, and to any page of a browser: WebFinger, NodeInfo 2.0 and 2.1, host-meta."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from actors import fingers, neighbours
from actors.models import Organisation
from federation import ids, names
from federation.doors import Door, open_to
from federation.errors import NotHere

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
VERSIONS = ("2.0", "2.1")  # which say the same: some clients read the older one only
FOR_ANY_PAGE = {"Access-Control-Allow-Origin": "*"}  # clients that are web pages of elsewhere; nothing here is secret


@require_safe
@open_to(Door.EVERYONE)
def webfinger(request: HttpRequest) -> HttpResponse:
    """RFC 7033: a handle or an actor URI of ours, as a JRD; 400 without `resource`, 404 for strangers."""
    resource = request.GET.get("resource", "")
    if not resource:
        return JsonResponse({"error": "the parameter `resource` is missing"}, status=400, headers=FOR_ANY_PAGE)
    try:
        jrd = fingers.answer(resource)
    except NotHere:
        return JsonResponse({"error": "nobody here goes by this name"}, status=404, headers=FOR_ANY_PAGE)
    return JsonResponse(jrd, content_type=fingers.JRD, headers=FOR_ANY_PAGE)


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
    return HttpResponse(xml, content_type="application/xrd+xml; charset=utf-8", headers=FOR_ANY_PAGE)


@require_safe
@open_to(Door.EVERYONE)
def nodeinfo_index(request: HttpRequest) -> HttpResponse:
    origin = names.origin_asked(request.headers.get("Host", ""))
    links = [
        *({"rel": SCHEMA + each, "href": f"{origin}/nodeinfo/{each}"} for each in VERSIONS),
        {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": ids.instance_actor_uri(origin)},
    ]
    return JsonResponse({"links": links}, headers=FOR_ANY_PAGE)


@require_safe
@open_to(Door.EVERYONE)
def nodeinfo(request: HttpRequest, version: str) -> HttpResponse:
    """NodeInfo, in one of its `VERSIONS`.

    No figure about activity: only how many agents there are, which the audience picker shows; none under a former name.
    """
    origin = names.origin_asked(request.headers.get("Host", ""))
    headcount = neighbours.our_headcount() if origin == settings.ORIGIN else 0
    organisation = Organisation.objects.filter(host=settings.HOST).first()
    metadata: dict[str, Any] = {
        "nodeName": organisation.name if organisation else settings.HOST,
        "accountDomain": settings.ACCOUNT_DOMAIN,
        "instanceActor": ids.instance_actor_uri(origin),
        "federation": {"enabled": True, "mode": settings.FEDERATION},
        "upstream": {"name": "mastodon"},  # whose client API ours is: megalodon looks here, and knows no other word
    }
    return JsonResponse(
        {
            "version": version,
            "software": {"name": settings.SOFTWARE, "version": settings.VERSION},
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": False,
            "usage": {"users": {"total": headcount}},
            "metadata": metadata,
        },
        content_type=f'application/json; profile="{SCHEMA}{version}#"; charset=utf-8',
        headers=FOR_ANY_PAGE,
    )
