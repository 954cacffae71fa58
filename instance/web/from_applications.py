"""To whom a "public" post goes that is sent from an application: the agent decides, within what the house opens."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from actors import preferences
from instance.web.access import SeeOther, agent, for_agents

WORDS = {
    "organisation": gettext_lazy("Ma collectivité"),
    "partners": gettext_lazy("Les collectivités partenaires"),
    "public": gettext_lazy("Tout internet"),
}


class Reach(forms.Form):
    audience = forms.ChoiceField(
        label=gettext_lazy("Depuis une application, une publication « publique » s’adresse à :"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["audience"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, WORDS[code]) for code in preferences.allowed() if code in WORDS]


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def audience(request: HttpRequest) -> HttpResponse:
    account = agent(request)
    chosen = account.app_audience if account.app_audience in WORDS else "organisation"  # what "public" means then
    form = Reach(request.POST if request.method == "POST" else None, initial={"audience": chosen})
    if form.is_valid():
        preferences.choose_audience(account, form.cleaned_data["audience"])
        messages.success(request, _("C’est enregistré : vos applications publieront ainsi."))
        return SeeOther("/menu/")
    context = {"form": form, "nav": "menu"}
    return render(request, "settings/from_applications.html", context, status=422 if form.errors else 200)
