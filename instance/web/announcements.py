"""What admins announce to all agents, and an agent who has read it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from federation.errors import Forbidden
from inbox import announcements
from inbox.announcements import Words
from inbox.models import Announcement
from instance.web.access import SeeOther, agent, back, for_admins, for_agents, me
from instance.web.announcement_forms import Announce

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_admins
def every(request: HttpRequest) -> HttpResponse:
    shown = set(announcements.current().values_list("pk", flat=True))
    rows = [(each, announcements.html(each), each.pk in shown) for each in announcements.everything()[:100]]
    context = {"nav": "administration", "tab": "announcements", "rows": rows}
    return render(request, "administration/announcements.html", context)


@BOTH
@for_admins
def new(request: HttpRequest) -> HttpResponse:
    return written(request, None)


@BOTH
@for_admins
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return written(request, announcements.find(pk))


def written(request: HttpRequest, known: Announcement | None) -> HttpResponse:
    form = Announce(request.POST or None, initial=said_of(known) if known else {})
    if form.is_valid():
        try:
            write(request, known, Words(**form.cleaned_data))
        except Forbidden as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Annonce enregistrée : vos collègues la lisent en haut de leur accueil."))
            return SeeOther(reverse("announcements"))
    context = {"nav": "administration", "form": form, "known": known}
    return render(request, "administration/announcement.html", context, status=422 if form.errors else 200)


def write(request: HttpRequest, known: Announcement | None, said: Words) -> None:
    if known is None:
        announcements.announce(agent(request), said)
    else:
        announcements.edit(agent(request), known.pk, said)


def said_of(known: Announcement) -> dict[str, object]:
    return {"words": known.words, "starts_at": known.starts_at, "ends_at": known.ends_at, "all_day": known.all_day}


@require_POST
@for_admins
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    announcements.remove(agent(request), pk)
    messages.success(request, _("Annonce retirée."))
    return SeeOther(reverse("announcements"))


@require_POST
@for_agents
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    announcements.dismiss(me(request), pk)
    return back(request, "home")
