"""The ways in and out: name and password, a single-use link, and the door."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from actors import arrivals, throttle
from actors.accounts import Agent
from federation.doors import Door, open_to
from instance.web.access import SeeOther, safe_next
from instance.web.forms import SignIn
from instance.whence import address_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
PER_ACCOUNT, PER_ADDRESS = 10, 50


@sensitive_post_parameters("password")
@never_cache
@open_to(Door.EVERYONE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; every failure says the same, whichever of the two is wrong."""
    if request.user.is_authenticated:
        return redirect("home")
    form = SignIn(request.POST or None)
    if form.is_valid():
        agent = known(request, form)
        if agent is not None:
            login(request, agent, backend=BACKEND)
            return SeeOther(safe_next(request, "home"))
    context = {"form": form, "nav": "connexion", "next": safe_next(request, "home")}
    return render(request, "signing_in/sign_in.html", context, status=422 if form.errors else 200)


def known(request: HttpRequest, form: SignIn) -> Agent | None:
    """The agent who proves to be herself, or None with the sentence in the form."""
    name = form.cleaned_data["login"]
    tries = [
        throttle.too_many("sign-in", name, PER_ACCOUNT),
        throttle.too_many("sign-in-address", address_of(request), PER_ADDRESS),
    ]
    if any(tries):
        form.add_error("password", _("Trop d’essais. Réessayez dans un quart d’heure, ou demandez un lien d’entrée."))
        return None
    found = authenticate(request, username=name, password=form.cleaned_data["password"])
    if not isinstance(found, Agent):
        form.add_error("password", _("Ce nom et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez."))
        return None
    throttle.forget("sign-in", name)
    return found


@never_cache
@open_to(Door.EVERYONE)
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at the link keeps it whole: the previews of message services look too. Pressing the button uses it."""
    if request.method == "POST":
        agent = arrivals.use_link(token)
        if agent is not None:
            login(request, agent, backend=BACKEND)
            return SeeOther("/")
    invited = arrivals.agent_of_link(token)
    if invited is None:
        return render(request, "signing_in/link_used.html", {"nav": "connexion"}, status=410)
    return render(request, "signing_in/link.html", {"invited": invited.actor, "nav": "connexion"})


@require_POST
@open_to(Door.EVERYONE)
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return SeeOther("/connexion/")
