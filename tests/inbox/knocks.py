"""Letters at our own door, signed by an independent hand in every form that the two families of signatures know."""

import json

from tests.federation import knocking, message_knocking
from tests.federation.knocking import with_headers

__all__ = ["DOOR", "HOST", "KIND", "by_message", "cavage", "enter", "with_headers"]
HOST, DOOR, KIND = "localhost:8000", "/ap/inbox", "application/activity+json"


def cavage(house, activity, signer=None, *, pair=None, key=None, headers=None, parameters=None, target=DOOR, **changes):
    """draft-cavage-12; `key` is the id of the key, `pair` its private half, the rest as `knocking.knock` has it."""
    signer = signer or activity["actor"]
    body = json.dumps(activity).encode()
    return knocking.knock(
        pair or house.keys[signer],
        target=target,
        body=body,
        headers={"host": HOST} | (headers or {}),
        parameters={"keyId": f'"{key or f"{signer}#main-key"}"'} | (parameters or {}),
        **changes,
    )


def by_message(house, activity, *changed, signer=None, pair=None, target=DOOR, headers=None, said=None, values=None):
    """RFC 9421; `changed` are the components covered, when they are not the usual ones."""
    signer = signer or activity["actor"]
    body = json.dumps(activity).encode()
    ours = {"@target-uri": f"http://{HOST}{target}", "@authority": HOST}
    return message_knocking.knock(
        pair or house.keys[signer],
        changed or message_knocking.POST_COVERS,
        target=target,
        body=body,
        headers={"host": HOST, "content-digest": message_knocking.content_digest(body)} | (headers or {}),
        said={"keyid": f'"{signer}#main-key"'} | (said or {}),
        values=ours | (values or {}),
    )


def enter(client, knock, kind=KIND):
    """What our door answers."""
    return client.generic(knock.method, knock.target, knock.body, content_type=kind, headers=dict(knock.headers))
