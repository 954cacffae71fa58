"""Writing a post: the form, its audience in words, its files, and the two questions asked once before it leaves."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from actors.models import Actor, Organisation
from federation.errors import Forbidden
from federation.peers import partners
from instance.web import attaching, audiences, names
from instance.web.access import SeeOther, for_agents, me
from instance.web.audiences import Choice
from instance.web.forms import Compose
from outbox import audience, posts, publishing, text
from outbox.audience import Reach
from outbox.posts import Attachment, Post
from outbox.publishing import Draft


@dataclass
class Writing:
    """One press of a button of the form, and what is to be shown or asked after it."""

    author: Actor
    house: Organisation
    parent: Post | None
    codes: list[str]
    form: Compose
    files: list[Attachment] = field(default_factory=list)
    reach: Reach | None = None
    outside: list[Actor] = field(default_factory=list)
    undescribed: bool = False

    @cached_property
    def offered(self) -> list[Choice]:
        return [audiences.choice(code, self.author, self.house) for code in self.codes]


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def compose(request: HttpRequest) -> HttpResponse:
    """`?reponse=<ulid>` answers a post: its audience is then given, and not chosen."""
    writing = begin(request)
    if request.method == "POST":
        writing.files = attaching.receive(request, writing.author, writing.form)
        if not preparing(request) and (post := try_to_publish(request, writing)):
            messages.success(request, published(writing))
            return SeeOther(post.path if writing.parent else "/")
    return render(request, "compose/compose.html", shown(request, writing), status=422 if mistaken(writing) else 200)


def published(writing: Writing) -> str:
    code = writing.reach.audience if writing.reach and not writing.parent else ""
    if code not in writing.codes:
        return _("Publié.")
    return _("Publié. %(readers)s") % {"readers": audiences.choice(code, writing.author, writing.house).readers}


def begin(request: HttpRequest) -> Writing:
    author = me(request)
    answered = request.POST.get("reponse", "") or request.GET.get("reponse", "")
    parent = posts.find(author, answered) if answered else None
    house = Organisation.objects.filter(host=author.host).first() or Organisation(short_name=author.host)
    codes = audiences.codes(author)
    wanted = request.GET.get("audience", "")
    begun = {"audience": wanted if wanted in codes else "organisation", "text": request.GET.get("texte", "")[:5000]}
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None and "elargir" in sent:
        sent["audience"] = str(sent["elargir"])
    form = Compose(
        sent,
        initial=begun,
        audiences=codes,
        houses=list(partners().values_list("host", flat=True)),
        reply=parent is not None,
    )
    return Writing(author, house, parent, codes, form)


def preparing(request: HttpRequest) -> bool:
    """Buttons that change the form without sending it: add or remove a file, open to more people."""
    return any(name in request.POST for name in ("joindre", "retirer", "elargir"))


def try_to_publish(request: HttpRequest, writing: Writing) -> Post | None:
    """The post, or None when something is to be corrected or asked."""
    form = writing.form
    if not form.is_valid():
        return None
    kind = form.cleaned_data["kind"] or "note"
    title = form.cleaned_data["title"] if kind == "article" else ""
    draft = Draft(form.cleaned_data["text"], kind, title, attachments=tuple(writing.files))
    writing.reach = reach_of(writing)
    if writing.reach is None:
        return None
    try:
        publishing.check(writing.author, draft, writing.reach)
        if ask_first(request, writing, draft):
            return None
        return publishing.publish(writing.author, draft, writing.reach, writing.parent)
    except Forbidden as refusal:
        form.add_error(field_of(draft, writing), str(refusal))
        return None


def reach_of(writing: Writing) -> Reach | None:
    """To whom it goes; None, with sentences next to the field, when a name is nobody's."""
    if writing.parent is not None:
        return audience.of_reply(writing.parent, writing.author)
    words, author = writing.form.cleaned_data, writing.author
    if words["audience"] == "service":
        return Reach("service", service=author.service)
    if words["audience"] == "chosen_partners":
        return Reach("chosen_partners", houses=tuple(partners().filter(host__in=words["houses"])))
    if words["audience"] == "named":
        return reach_of_named(writing.form)
    return Reach(words["audience"])


def reach_of_named(form: Compose) -> Reach | None:
    """Those designated, and those whom the text names: a private message never leaves for nobody."""
    people: list[Actor] = []
    words = form.cleaned_data
    for name, typed in (("named", words["named"]), ("text", " ".join(text.mentions(words["text"])))):
        found, sentences = names.find_all(typed)
        people += found
        for sentence in sentences:
            form.add_error(name, sentence)
    return None if form.errors else Reach("named", named=tuple(dict.fromkeys(people)))


def ask_first(request: HttpRequest, writing: Writing, draft: Draft) -> bool:
    """Asked once: to describe the photos, and whether it is meant that someone named will not read."""
    reach = writing.reach
    if "alt_demande" not in request.POST:
        writing.undescribed = any(each.kind == "image" and not each.description for each in writing.files)
    if "mention_demande" not in request.POST and reach is not None:
        people = publishing.mentioned(draft.source)
        readers = publishing.readers_of(writing.parent, people) if writing.parent else people
        writing.outside = [each for each in people if each not in readers or not audience.reaches(reach, each)]
    return writing.undescribed or bool(writing.outside)


def field_of(draft: Draft, writing: Writing) -> str | None:
    """Next to which field a refusal belongs."""
    if draft.kind == "article" and not draft.title.strip() and draft.source.strip():
        return "title"
    if not draft.source.strip() or len(draft.source) > text.LIMIT:
        return "text"
    chosen = writing.reach.audience if writing.reach and writing.parent is None else ""
    return {"chosen_partners": "houses", "named": "named", "service": "audience"}.get(chosen)


def mistaken(writing: Writing) -> bool:
    return writing.form.is_bound and (bool(writing.form.errors) or bool(writing.outside) or writing.undescribed)


def shown(request: HttpRequest, writing: Writing) -> dict[str, Any]:
    form = writing.form
    answer = audience.of_reply(writing.parent, writing.author) if writing.parent else None
    return {
        "nav": "publier",
        "form": form,
        "files": writing.files,
        "offered": writing.offered,
        "chosen": form["audience"].value(),
        "kind": form["kind"].value() or "note",
        "public_posts": settings.PUBLIC_POSTS,
        "houses_offered": audiences.partner_houses(),
        "houses_chosen": form["houses"].value() or [],
        "parent": writing.parent,
        "reply_words": audiences.words_of_reply(answer, writing.parent) if answer and writing.parent else "",
        "outside": writing.outside,
        "wider": wider(writing),
        "undescribed": writing.undescribed,
        "asked_alt": writing.undescribed or "alt_demande" in request.POST,
        "asked_mention": bool(writing.outside) or "mention_demande" in request.POST,
    }


def wider(writing: Writing) -> Choice | None:
    """The nearest audience that would reach everyone whom the text names."""
    if writing.parent is not None or not writing.outside:
        return None
    for choice in writing.offered:
        if choice.code in ("organisation", "partners"):
            reach = Reach(choice.code)
            if all(audience.reaches(reach, person) for person in writing.outside):
                return choice
    return None
