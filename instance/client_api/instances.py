"""What the house tells applications of itself, signed in or not: otherwise none could sign in."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static

from actors import neighbours
from actors.models import Organisation
from actors.pictures import IMAGE_LIMIT
from federation import peers
from inbox import push_keys
from instance.client_api.door import PUBLIC, Call, door
from instance.client_api.entities import accounts
from instance.client_api.routing import at
from outbox import drafts, publishing, text
from outbox.media import DOCUMENT_LIMIT

COMPATIBLE = "4.3.0"
API_VERSION = 2  # a promise: grouped notifications, and nothing that came later
IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")
DOCUMENTS = ("application/pdf", "text/plain", "application/vnd.oasis.opendocument.text")


def version() -> str:
    return f"{COMPATIBLE} (compatible; Preau {settings.VERSION})"


def streaming() -> str:
    return settings.ORIGIN.replace("http", "ws", 1)


def organisation() -> Organisation | None:
    return Organisation.objects.select_related("actor").filter(host=settings.HOST).first()


def title(house: Organisation | None) -> str:
    return house.name if house else settings.HOST


def description(house: Organisation | None) -> str:
    return f"Réseau social interne : {title(house)}"


def thumbnail() -> str:
    return f"{settings.ORIGIN}{static('banner.png')}"


def configuration() -> dict[str, Any]:
    return {
        "urls": {
            "streaming": streaming(),
            "about": f"{settings.ORIGIN}/charte/",
            "privacy_policy": f"{settings.ORIGIN}/donnees-personnelles/",
            "terms_of_service": None,
        },
        "vapid": {"public_key": push_keys.public_key()},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5, "max_profile_fields": 8},
        "statuses": {
            "max_characters": text.LIMIT,
            "max_media_attachments": publishing.IMAGES,
            "characters_reserved_per_url": 23,
            "supported_mime_types": ["text/plain", "text/markdown"],
        },
        "media_attachments": {
            "supported_mime_types": [*IMAGES, *DOCUMENTS],
            "description_limit": 1500,
            "image_size_limit": IMAGE_LIMIT,
            "image_matrix_limit": 40_000_000,
            "video_size_limit": DOCUMENT_LIMIT,
            "video_frame_rate_limit": 60,
            "video_matrix_limit": 40_000_000,
        },
        "polls": {
            "max_options": drafts.OPTIONS,
            "max_characters_per_option": drafts.OPTION,
            "min_expiration": drafts.SHORTEST,
            "max_expiration": drafts.LONGEST,
        },
        "translation": {"enabled": False},
        "limited_federation": settings.FEDERATION == "allowlist",
        "timelines_access": {
            "live_feeds": {"local": "authenticated", "remote": "authenticated"},
            "hashtag_feeds": {"local": "authenticated", "remote": "authenticated"},
            "trending_link_feeds": {"local": "disabled", "remote": "disabled"},
        },
    }


@door(PUBLIC)
def second(call: Call) -> Any:
    house = organisation()
    contact = house.actor if house else None
    return {
        "domain": settings.ACCOUNT_DOMAIN,
        "title": title(house),
        "version": version(),
        "source_url": "https://preau.example/preau.git",
        "description": description(house),
        "usage": {"users": {"active_month": 0}},
        "thumbnail": {"url": thumbnail(), "blurhash": None, "versions": {}, "description": None},
        "icon": [{"src": f"{settings.ORIGIN}{static('portrait.png')}", "size": "400x400"}],
        "languages": ["fr"],
        "configuration": configuration(),
        "registrations": {
            "enabled": False,
            "approval_required": True,
            "reason_required": False,
            "message": None,
            "min_age": None,
            "url": None,
        },
        "api_versions": {"mastodon": API_VERSION},
        "contact": {"email": "", "account": accounts.account(contact, None) if contact else None},
        "rules": [],
    }


@door(PUBLIC)
def first(call: Call) -> Any:
    house = organisation()
    contact = house.actor if house else None
    return {
        "uri": settings.ACCOUNT_DOMAIN,
        "title": title(house),
        "short_description": description(house),
        "description": description(house),
        "email": "",
        "version": version(),
        "urls": {"streaming_api": streaming()},
        "stats": {
            "user_count": neighbours.our_headcount(),
            "status_count": 0,
            "domain_count": peers.partners().count(),
        },
        "thumbnail": thumbnail(),
        "languages": ["fr"],
        "registrations": False,
        "approval_required": True,
        "invites_enabled": False,
        "max_toot_chars": text.LIMIT,
        "configuration": configuration(),
        "contact_account": accounts.account(contact, None) if contact else None,
        "rules": [],
        "api_versions": {"mastodon": API_VERSION},
    }


ROUTES = [at("v1/instance", GET=first), at("v2/instance", GET=second)]
