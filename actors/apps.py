"""The room of those who act."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    name = "actors"
