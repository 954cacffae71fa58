"""One post: its thread, its versions, and what its author and its readers do with it."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from federation.doors import Door, open_to
from federation.errors import Forbidden
from inbox import bookmarks
from instance.web.access import SeeOther, back, for_agents, is_fragment, me
from instance.web.audiences import words_of_reply
from instance.web.forms import Edit
from outbox import drafts, ledger, polls, posts, publishing, reactions
from outbox.audience import of_reply


@require_safe
@for_agents
def show(request: HttpRequest, ulid: str) -> HttpResponse:
    reader = me(request)
    found = posts.find(reader, ulid)
    above, below = posts.thread(reader, found)
    bookmarks.mark(posts.decorate([*above, found, *below], reader), reader)
    context = {
        "post": found,
        "above": above,
        "below": below,
        "reply_words": words_of_reply(of_reply(found, reader), found),
    }
    return render(request, "posts/post.html", context)


@require_safe
@for_agents
def history(request: HttpRequest, ulid: str) -> HttpResponse:
    found = posts.find(me(request), ulid)
    return render(request, "posts/history.html", {"post": found, "versions": posts.history(found)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
@open_to(Door.OWNER)
def edit(request: HttpRequest, ulid: str) -> HttpResponse:
    author = me(request)
    found = posts.find(author, ulid)
    publishing.own(author, found)
    posts.decorate([found], author)
    written = {"text": found.source, "title": found.title}
    form = Edit(request.POST or None, initial=written, kind=found.kind)
    if form.is_valid() and rewrite(request, found, form):
        messages.success(request, _("Publication modifiée. Les versions d’avant restent lisibles."))
        return SeeOther(found.path)
    return render(request, "posts/edit.html", {"post": found, "form": form}, status=422 if form.errors else 200)


def rewrite(request: HttpRequest, post: posts.Post, form: Edit) -> bool:
    """Words and title; all else stays as it is."""
    before, words = drafts.of(post), form.cleaned_data
    draft = replace(before, source=words["text"], title=words.get("title", before.title))
    try:
        publishing.edit(me(request), post, draft)
    except Forbidden as refusal:
        form.add_error("text", str(refusal))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
@open_to(Door.OWNER)
def delete(request: HttpRequest, ulid: str) -> HttpResponse:
    """Asked once on a page of its own; then gone, here and at the neighbours that were sent it, as the ledger shows."""
    author = me(request)
    found = posts.find(author, ulid)
    publishing.own(author, found)
    if request.method == "POST":
        publishing.withdraw(author, found)
        messages.success(request, _("Publication retirée."))
        return SeeOther(f"{found.path}envois/" if ledger.left(found) else "/")
    posts.decorate([found], author)
    return render(request, "posts/delete.html", {"post": found})


@require_POST
@for_agents
def like(request: HttpRequest, ulid: str) -> HttpResponse:
    """Useful, or not any more."""
    reader, found = me(request), posts.find(me(request), ulid)
    (reactions.like if wanted(request) else reactions.unlike)(reader, found)
    return answer(request, ulid)


@require_POST
@for_agents
def boost(request: HttpRequest, ulid: str) -> HttpResponse:
    """Share, or not any more; refused where the audience forbids it."""
    reader, found = me(request), posts.find(me(request), ulid)
    (reactions.boost if wanted(request) else reactions.unboost)(reader, found)
    return answer(request, ulid)


@require_POST
@for_agents
def vote(request: HttpRequest, ulid: str) -> HttpResponse:
    """`choix`: one option of a poll, or several, from 0."""
    reader, found = me(request), posts.find(me(request), ulid)
    chosen = [int(each) for each in request.POST.getlist("choix")[:20] if each.isdecimal() and len(each) < 4]
    try:
        polls.vote(reader, found, chosen)
        messages.success(request, _("Votre vote est compté."))
    except Forbidden as refusal:
        messages.error(request, str(refusal))
    return back(request, found.path)


def wanted(request: HttpRequest) -> bool:
    """The form says what it wants, so that pressing twice, or on an old page, does not undo."""
    return request.POST.get("etat") != "non"


def answer(request: HttpRequest, ulid: str) -> HttpResponse:
    """The actions drawn again for htmx; for the others, the page that they came from."""
    if not is_fragment(request):
        return back(request, f"/p/{ulid}/")
    reader = me(request)
    (found,) = posts.decorate([posts.find(reader, ulid)], reader)
    return render(request, "parts/post_actions.html", {"post": found})
