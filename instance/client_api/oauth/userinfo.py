"""Who signed in, in the words of OpenID Connect: for applications that only want to know a name."""

from typing import Any

from django.conf import settings

from instance.client_api.door import Call, door
from instance.client_api.entities.accounts import account


@door("profile")
def userinfo(call: Call) -> dict[str, Any]:
    shown = account(call.me, call.me)
    return {
        "iss": f"{settings.ORIGIN}/",
        "sub": shown["uri"],
        "name": shown["display_name"],
        "preferred_username": shown["username"],
        "profile": shown["url"],
        "picture": shown["avatar"],
    }
