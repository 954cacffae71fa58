"""Finding a colleague: by name here and next door, by federated address, or by leafing through a directory."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from actors import directory, following
from actors.models import Actor
from federation.models import Peer
from instance.web import names
from instance.web.access import for_agents, is_fragment, me

PAGE = 20


@require_safe
@for_agents
def people(request: HttpRequest) -> HttpResponse:
    """`?q=` words or an address, `?ou=` a host, `ici` or `partout`, `?page=`."""
    words, where = request.GET.get("q", "").strip()[:200], request.GET.get("ou", "")
    hosts = known_hosts()
    where = where if where in ("ici", *hosts) else ""
    found, sentence = look_up(words, hosts, where)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "personnes",
        "words": words,
        "where": where,
        "hosts": hosts,
        "sentence": sentence,
        "total": total(page.paginator.count),
        **listed(request, page),
    }
    return render(request, "people/_results.html" if is_fragment(request) else "people/people.html", context)


def known_hosts() -> list[str]:
    return list(Peer.objects.filter(state="active").order_by("name", "host").values_list("host", flat=True))


def look_up(words: str, hosts: list[str], where: str) -> tuple[Any, str]:
    """The people, and the sentence to say when a whole address leads to nobody."""
    if names.looks_like_address(words):
        try:
            return [names.find(words)], ""
        except names.Nobody as nobody:
            return [], str(nobody)
    scope = {"": [settings.HOST, *hosts], "ici": [settings.HOST]}.get(where, [where])
    return directory.search(words, scope), ""


def listed(request: HttpRequest, page: "Page[Actor]") -> dict[str, Any]:
    """The page with how the reader stands towards each person on it."""
    shown = list(page.object_list)
    states = following.states(me(request), shown)
    kept = {key: request.GET[key] for key in ("q", "ou") if request.GET.get(key)}
    more = f"{request.path}?{urlencode(kept | {'page': page.next_page_number()})}" if page.has_next() else ""
    return {"people": [(person, states.get(person.pk, "")) for person in shown], "more": more, "page": page}


def total(count: int) -> str:
    if not count:
        return _("Personne")
    return ngettext("%(count)s résultat", "%(count)s résultats", count) % {"count": count}
