"""What was reported, for those who moderate: who says what about whom, and whether it was seen to."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from actors.models import Actor
from federation import names
from inbox import moderation
from inbox.models import Report
from instance.web.access import SeeOther, for_moderators, me
from outbox import posts
from outbox.posts import Post

SHOWN = 100
CATEGORIES = {
    "spam": gettext_lazy("Indésirable"),
    "legal": gettext_lazy("Contraire à la loi"),
    "violation": gettext_lazy("Contraire à la charte"),
    "other": gettext_lazy("Autre raison"),
}


@dataclass(frozen=True)
class Line:
    """A report: those whom it is about, and of the posts those that the moderator may read anyway."""

    report: Report
    people: list[Actor]
    posts: list[Post]
    unread: int

    @property
    def category(self) -> str:
        return str(CATEGORIES.get(self.report.category, CATEGORIES["other"]))


@require_safe
@for_moderators
def reports(request: HttpRequest) -> HttpResponse:
    rows = list(moderation.reports()[:SHOWN])
    context = {
        "nav": "administration",
        "tab": "reports",
        "lines": lines(rows, me(request)),
        "waiting": sum(not row.handled for row in rows),
    }
    return render(request, "administration/reports.html", context)


def lines(rows: list[Report], reader: Actor) -> list[Line]:
    """To be reported does not open a private post to a third: it opens what its reporter says of it."""
    about = {row.pk: [names.presently(uri) for uri in row.about if isinstance(uri, str)] for row in rows}
    uris = {uri for named in about.values() for uri in named}
    people = {each.uri: each for each in Actor.objects.filter(uri__among=uris).select_related("service")}
    read = {each.uri: each for each in posts.readable_by(reader).filter(uri__among=uris)}
    return [
        Line(
            row,
            [people[uri] for uri in about[row.pk] if uri in people],
            [read[uri] for uri in about[row.pk] if uri in read],
            sum(uri not in people and uri not in read for uri in about[row.pk]),
        )
        for row in rows
    ]


@require_POST
@for_moderators
def handle(request: HttpRequest) -> HttpResponse:
    """`signalement=12`, `traite=oui` or `non`."""
    said, handled = request.POST.get("signalement", ""), request.POST.get("traite") != "non"
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise Http404
    moderation.handle(int(said), handled)
    messages.success(request, _("Signalement traité.") if handled else _("Signalement à revoir."))
    return SeeOther(reverse("reports"))
