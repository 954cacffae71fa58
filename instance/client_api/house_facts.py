"""The smaller questions about the house; what it does not measure, by design, is answered by empty lists."""

from typing import Any

from django.conf import settings

from federation import peers
from instance.client_api.door import PUBLIC, Call, door
from instance.client_api.routing import at


@door(PUBLIC)
def nothing(call: Call) -> Any:
    """No trends, no figures of activity, no list of blocked houses: see docs/clients.md."""
    return []


@door("read")
def known_peers(call: Call) -> Any:
    """The partners, for those of the house."""
    return list(peers.partners().order_by("host").values_list("host", flat=True))


@door(PUBLIC)
def languages(call: Call) -> Any:
    return [{"code": "fr", "name": "Français"}, {"code": "en", "name": "English"}]


@door(PUBLIC)
def no_translation(call: Call) -> Any:
    return {}


@door(PUBLIC)
def extended_description(call: Call) -> Any:
    address = f"{settings.ORIGIN}/charte/"
    return {"updated_at": "2026-11-23T00:00:00.000Z", "content": f'<p><a href="{address}">{address}</a></p>'}


@door(PUBLIC)
def privacy_policy(call: Call) -> Any:
    address = f"{settings.ORIGIN}/donnees-personnelles/"
    return {"updated_at": "2026-11-23T00:00:00.000Z", "content": f'<p><a href="{address}">{address}</a></p>'}


ROUTES = [
    at("v1/instance/peers", GET=known_peers),
    at("v1/instance/activity", GET=nothing),
    at("v1/instance/rules", GET=nothing),
    at("v1/instance/domain_blocks", GET=nothing),
    at("v1/instance/languages", GET=languages),
    at("v1/instance/translation_languages", GET=no_translation),
    at("v1/instance/extended_description", GET=extended_description),
    at("v1/instance/privacy_policy", GET=privacy_policy),
    at("v1/trends", GET=nothing),
    at("v1/trends/tags", GET=nothing),
    at("v1/trends/statuses", GET=nothing),
    at("v1/trends/links", GET=nothing),
    at("v1/timelines/link", GET=nothing),
    at("v1/annual_reports", GET=nothing),
]
