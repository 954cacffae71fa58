"""The organisation's own emoji, which admins add and remove."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from federation.errors import Forbidden
from instance.web.access import SeeOther, for_admins
from outbox import emoji


class Add(forms.Form):
    shortcode = forms.CharField(
        label=gettext_lazy("Nom court"),
        help_text=gettext_lazy("« mairie » s’écrit :mairie: dans un texte."),
        max_length=40,
        error_messages={"required": gettext_lazy("Donnez un nom court.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    picture = forms.FileField(
        label=gettext_lazy("Image"),
        help_text=gettext_lazy("PNG, WebP ou GIF, de 256 ko au plus. Elle est visible de tous, sur internet aussi."),
        error_messages={
            "required": gettext_lazy("Choisissez une image."),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
        widget=forms.FileInput(attrs={"accept": "image/png,image/webp,image/gif"}),
    )
    category = forms.CharField(
        label=gettext_lazy("Catégorie"),
        help_text=gettext_lazy("Pour les ranger dans les applications."),
        max_length=60,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def emojis(request: HttpRequest) -> HttpResponse:
    form = Add(request.POST or None, request.FILES or None)
    if form.is_valid() and added(form):
        messages.success(request, _("Émoji ajouté."))
        return SeeOther(reverse("emojis"))
    context = {"nav": "administration", "tab": "emojis", "form": form, "rows": emoji.every()}
    return render(request, "administration/emojis.html", context, status=422 if form.errors else 200)


def added(form: Add) -> bool:
    said = form.cleaned_data
    try:
        emoji.weigh(said["picture"].size)  # before it is read
        emoji.add(said["shortcode"], said["picture"].read(), said["category"])
    except Forbidden as refusal:
        named = not emoji.SHORTCODE.fullmatch(said["shortcode"]) or emoji.taken(said["shortcode"])
        form.add_error("shortcode" if named else "picture", str(refusal))
        return False
    return True


@require_POST
@for_admins
def remove(request: HttpRequest) -> HttpResponse:
    emoji.remove(request.POST.get("nom", ""))
    messages.success(request, _("Émoji retiré."))
    return SeeOther(reverse("emojis"))
