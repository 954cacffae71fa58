"""The addresses of the API: each file of endpoints lists its own."""

from importlib import import_module

from django.urls import URLPattern, path

from instance.client_api import routing

MODULES = (
    "timelines",  # first: they are asked for most
    "oauth.apps",
    "instances",
    "house_facts",
    "kept",
    "lists",
    "filters",
    "first_filters",
    "markers",
    "conversations",
    "announcements",
    "domain_blocks",
    "accounts",
    "writing",
    "uploads",
    "scheduled",
    "pins",
    "accounts_deeds",
    "standings",
    "follow_requests",
    "suggesting",
    "profile_editing",
    "searching",
    "notifications",
    "notification_policies",
    "notification_groups",
    "reports",
    "tags",
    "emojis",
    "push",
    "polls",
)

urlpatterns: list[URLPattern] = [
    *(route for name in MODULES for route in import_module(f"instance.client_api.{name}").ROUTES),
    path("api/", routing.nothing),
    path("api/<path:rest>", routing.nothing),
]
