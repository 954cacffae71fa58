"""One's own settings: profile, password, look and language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from actors import arrivals, profiles
from actors.pictures import IMAGE_LIMIT, too_large
from federation.doors import Door, open_to
from federation.errors import Forbidden
from instance.web import forms, profile_form
from instance.web.access import SeeOther, agent, for_agents, me, safe_next

BOTH = require_http_methods(["GET", "HEAD", "POST"])
LANGUAGES = [code for code, _name in settings.LANGUAGES]
YEAR = 365 * 24 * 3600


@BOTH
@for_agents
def profile(request: HttpRequest) -> HttpResponse:
    person = me(request)
    written = {
        "occupation": person.occupation,
        "summary": profiles.as_typed(person.summary),
        "approves_followers": person.approves_followers,
        "discoverable": person.discoverable,
    }
    lines = profiles.typed_fields(person)
    form = profile_form.Profile(request.POST or None, request.FILES or None, initial=written, lines=lines)
    if form.is_valid() and describe(request, form):
        messages.success(request, _("Profil enregistré."))
        return SeeOther(person.profile_path)
    context = {"form": form, "nav": "menu", "person": person}
    return render(request, "settings/profile.html", context, status=422 if form.errors else 200)


def describe(request: HttpRequest, form: profile_form.Profile) -> bool:
    said = form.cleaned_data
    words = profiles.Words(
        said["occupation"], said["summary"], said["approves_followers"], said["discoverable"], form.lines()
    )
    try:
        portrait = None
        if said["portrait"]:
            too_large(said["portrait"].name, said["portrait"].size, IMAGE_LIMIT)
            portrait = said["portrait"].read()
        profiles.describe(me(request), words, portrait, said["without_portrait"])
    except Forbidden as refusal:
        form.add_error("portrait", str(refusal))
        return False
    return True


@sensitive_post_parameters()
@BOTH
@for_agents
def security(request: HttpRequest) -> HttpResponse:
    """A new password ends every other session, and every application."""
    account = agent(request)
    form = forms.Password(request.POST or None, agent=account)
    if form.is_valid():
        arrivals.choose_password(account, form.cleaned_data["new"])
        update_session_auth_hash(request, account)
        messages.success(
            request, _("Mot de passe enregistré. Vos autres appareils et vos applications sont déconnectés.")
        )
        return SeeOther("/menu/")
    context = {"form": form, "nav": "menu", "first": not account.has_usable_password()}
    return render(request, "settings/security.html", context, status=422 if form.errors else 200)


@BOTH
@for_agents
def look(request: HttpRequest) -> HttpResponse:
    account = agent(request)
    form = forms.Look(request.POST or None, initial={"theme": account.theme, "language": account.language})
    if request.method == "POST" and form.is_valid():
        account.theme, account.language = form.cleaned_data["theme"], form.cleaned_data["language"]
        account.save(update_fields=["theme", "language"])
        if account.language:
            translation.activate(account.language)
        messages.success(request, _("Apparence enregistrée."))
        return SeeOther(safe_next(request, "/menu/"))
    context = {"form": form, "nav": "menu"}
    return render(request, "settings/look.html", context, status=422 if form.errors else 200)


@require_POST
@open_to(Door.EVERYONE)
def language(request: HttpRequest) -> HttpResponse:
    """The other language, for this browser and for the account that is signed in."""
    response = SeeOther(safe_next(request, "/"))
    chosen = request.POST.get("language", "")
    if chosen not in LANGUAGES:
        return response
    if request.user.is_authenticated:
        account = agent(request)
        account.language = chosen
        account.save(update_fields=["language"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, YEAR, secure=not settings.DEVELOPMENT, httponly=True, samesite="Lax"
    )
    return response
