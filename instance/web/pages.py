"""The pages that hardly change: menu, charter, accessibility, personal data, help; and what machines ask."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from actors import following
from federation.doors import Door, open_to
from instance.web.access import for_agents, me
from instance.web.context import NAME, all_houses, ours


@require_safe
@for_agents
def menu(request: HttpRequest) -> HttpResponse:
    waiting = following.requests_to(me(request)).count()
    return render(request, "menu/menu.html", {"nav": "menu", "waiting": waiting})


@require_safe
@open_to(Door.EVERYONE)
def charter(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/charter.html")


@require_safe
@open_to(Door.EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
@open_to(Door.EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@require_safe
@open_to(Door.EVERYONE)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@require_safe
@open_to(Door.EVERYONE)
def manifest(request: HttpRequest) -> HttpResponse:
    """What an installed application is called and looks like."""
    house = ours(all_houses)
    icons = [
        {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        {"src": static("icon-maskable.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "maskable"},
    ]
    document = {
        "name": f"{NAME} – {house.short_name}",
        "short_name": NAME,
        "lang": get_language(),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#EFF2EC",
        "theme_color": "#0B5546",
        "icons": icons,
    }
    return JsonResponse(document, content_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"})


@require_safe
@open_to(Door.EVERYONE)
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
