"""What an agent keeps at hand: her page of it, and a post more or less."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inbox import bookmarks
from instance.web.access import back, for_agents, is_fragment, me
from instance.web.post import wanted
from outbox import posts


@require_safe
@for_agents
def kept(request: HttpRequest) -> HttpResponse:
    """`?avant=` the number that ends the page before."""
    reader, before = me(request), request.GET.get("avant", "")
    rows, older = bookmarks.page(reader, int(before) if before.isascii() and before.isdigit() else None)
    shown = bookmarks.mark(posts.decorate([row.post for row in rows], reader), reader)
    more = f"{request.path}?{urlencode({'avant': older})}" if older else ""
    context = {"nav": "menu", "posts": shown, "more": more, "first_page": not before}
    return render(request, "posts/_feed.html" if is_fragment(request) else "posts/kept.html", context)


@require_POST
@for_agents
def keep(request: HttpRequest, ulid: str) -> HttpResponse:
    """Keep it, or not any more."""
    reader, found = me(request), posts.find(me(request), ulid)
    if wanted(request):
        bookmarks.add(reader, found)
        messages.success(request, _("Publication enregistrée : vous la retrouvez dans le menu, sous « Enregistrés »."))
    else:
        bookmarks.remove(reader, found)
        messages.success(request, _("Publication retirée des enregistrés."))
    return back(request, found.path)
