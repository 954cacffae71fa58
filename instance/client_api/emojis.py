"""The organisation's own emoji, for whoever writes with an application."""

from typing import Any

from instance.client_api.door import PUBLIC, Call, door
from instance.client_api.entities.emoji import emoji
from instance.client_api.routing import at
from outbox import emoji as drawings


@door(PUBLIC)
def index(call: Call) -> Any:
    return [emoji(row) for row in drawings.every()]


ROUTES = [at("v1/custom_emojis", GET=index)]
