"""Where an admin lets a colleague in; the link is shown once, and kept nowhere."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actors.accounts import Agent
from federation.errors import Forbidden
from instance import inviting
from instance.web.access import for_admins

ROLES = (
    ("agent", gettext_lazy("Agent : lit, publie, répond")),
    ("moderator", gettext_lazy("Modération : traite aussi les signalements")),
    ("admin", gettext_lazy("Administration : gère aussi les partenaires, les annonces et les comptes")),
)


class Invite(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        help_text=gettext_lazy("Tels que ses collègues les connaissent, par exemple Julien Mercier."),
        max_length=200,
        error_messages={"required": gettext_lazy("Écrivez son prénom et son nom.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    occupation = forms.CharField(
        label=gettext_lazy("Métier"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    service = forms.CharField(
        label=gettext_lazy("Service"),
        help_text=gettext_lazy("Il est créé s’il n’existe pas encore."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "services"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Rôle"), choices=ROLES, initial="agent", widget=forms.RadioSelect)
    login = forms.CharField(
        label=gettext_lazy("Nom d’accès"),
        help_text=gettext_lazy("Sans rien, c’est prénom.nom."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One who sends the form twice opens no second account."""
        said = super().clean() or self.cleaned_data
        login, name = said.get("login", ""), said.get("name", "")
        if login and inviting.is_taken(login):
            self.add_error("login", _("Ce nom d’accès est pris : choisissez-en un autre."))
        elif name and not login and (there := inviting.namesake(name)):
            facts = {"name": there.name, "login": there.login}
            sentence = _("%(name)s a déjà un compte (%(login)s). Pour un homonyme, choisissez un autre nom d’accès.")
            self.add_error("login", sentence % facts)
        return said


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_admins
def invite(request: HttpRequest) -> HttpResponse:
    form = Invite(request.POST or None)
    invited, link = opened(form) if form.is_valid() else (None, "")
    context = {
        "nav": "administration",
        "tab": "invite",
        "form": Invite() if invited else form,
        "invited": invited,
        "link": link,
        "services": inviting.services(),
    }
    return render(request, "administration/invite.html", context, status=422 if form.errors else 200)


def opened(form: Invite) -> tuple[Agent | None, str]:
    said = form.cleaned_data
    try:
        return inviting.invite(said["name"], said["occupation"], said["service"], said["role"], said["login"])
    except Forbidden as refusal:
        form.add_error("name", str(refusal))
        return None, ""
