"""What a signed reader is shown at our door: actors, posts, collections, each only to those entitled to read it."""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from actors import arrivals, documents, following, neighbours, synchronisation
from actors.models import Actor
from federation import ids, keys, names, peers
from federation.doors import Door, open_to
from federation.errors import Malformed, NotHere, Refused
from federation.vocabulary import ACTIVITY_JSON, with_context
from inbox import gate
from inbox.views import refused
from outbox import documents as letters
from outbox import posts

Document = dict[str, Any]
PAGE, LONG_PAGE = 100, 1000
ACCEPTED = ("application/activity+json", "application/ld+json", "application/json", "*/*", "application/*")


def shown(view: Callable[..., Document]) -> Callable[..., HttpResponse]:
    """Turn a function that returns a document, or refuses, into a view that never lets a cache keep it."""

    @csrf_exempt  # a POST is answered 405, by a machine to a machine
    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        wanted = request.headers.get("Accept", "*/*")
        if not any(kind in wanted for kind in ACCEPTED):
            return HttpResponse(status=406)
        try:
            document = view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(refusal)
        return HttpResponse(orjson.dumps(document), content_type=f"{ACTIVITY_JSON}; charset=utf-8")

    return wrapped


def is_signed(request: HttpRequest) -> bool:
    return bool(request.headers.get("Signature") or request.headers.get("Authorization"))


@shown
@open_to(Door.EVERYONE)
def house(request: HttpRequest) -> Document:
    """The instance actor: readable by all, since nobody could verify our signatures otherwise."""
    origin = origin_asked(request)
    return documents.document(arrivals.instance_actor(origin), origin)


def origin_asked(request: HttpRequest) -> str:
    return names.origin_asked(request.headers.get("Host", ""))


@shown
@open_to(Door.EVERYONE)
def nothing(request: HttpRequest) -> Document:
    """The instance actor writes nothing."""
    return collection(f"{settings.ORIGIN}{request.path}", [], 0)


@shown
@open_to(Door.OUTLINE)
def actor(request: HttpRequest, ulid: str) -> Document:
    """The whole actor for a signed reader; without a signature only what verifying one takes."""
    found = local_actor(ulid)
    if not keys.published(names.at(found.uri, origin_asked(request))):
        raise NotHere(ulid)  # she came after that name
    if not is_signed(request):
        return with_context(documents.outline(found, origin_asked(request)))
    return documents.document(met_by(gate.reader(request), ulid), origin_asked(request))


def local_actor(ulid: str) -> Actor:
    found = Actor.objects.filter(ulid=ulid, local=True).first()
    if found is None or not found.active:
        raise NotHere(ulid)
    return found


def met_by(viewer: Actor, ulid: str) -> Actor:
    """One of ours, unless she and the reader are kept apart: the same answer as when there is nobody."""
    found = local_actor(ulid)
    if following.apart(viewer, found):
        raise NotHere(ulid)
    return found


@shown
@open_to(Door.READERS)
def post(request: HttpRequest, ulid: str) -> Document:
    return with_context(letters.post_document(found_by(gate.reader(request), request, ulid)))


def found_by(viewer: Actor, request: HttpRequest, ulid: str) -> posts.Post:
    """A post of ours that the reader may read, under the name that it was written under. NotHere."""
    return posts.find_by_uri(viewer, ids.object_uri(ulid, origin_asked(request)))


@shown
@open_to(Door.READERS)
def activity(request: HttpRequest, ulid: str) -> Document:
    """The Create of a post, to whoever may read the post."""
    return letters.create(found_by(gate.reader(request), request, ulid))


@shown
@open_to(Door.READERS)
def replies(request: HttpRequest, ulid: str) -> Document:
    viewer = gate.reader(request)
    found = found_by(viewer, request, ulid)
    answers = posts.readable_by(viewer).filter(in_reply_to=found)
    return collection(f"{found.uri}/replies", [each.uri for each in answers[:PAGE]], answers.count())


@shown
@open_to(Door.READERS)
def outbox(request: HttpRequest, ulid: str) -> Document:
    viewer = gate.reader(request)
    owner = met_by(viewer, ulid)
    written = posts.by(viewer, owner)
    return collection(owner.outbox, [letters.create(each) for each in written[:20]], written.count())


@shown
@open_to(Door.READERS)
def featured(request: HttpRequest, ulid: str) -> Document:
    viewer = gate.reader(request)
    owner = met_by(viewer, ulid)
    pins = [each.uri for each in posts.pinned(viewer, owner)[:20]]
    return collection(f"{owner.uri}/featured", pins, len(pins))


@shown
@open_to(Door.READERS)
def followers(request: HttpRequest, ulid: str) -> Document:
    """Only the reader's own house's part: who follows is nobody else's business."""
    viewer = gate.reader(request)
    owner = met_by(viewer, ulid)
    theirs = following.followers(owner).filter(host=viewer.host)
    return collection(owner.followers_uri, [each.uri for each in theirs[:PAGE]], theirs.count())


@shown
@open_to(Door.READERS)
def followers_synchronization(request: HttpRequest, ulid: str) -> Document:
    """FEP-8fcf: all the followers in the reader's own house, whole, so that both houses can agree."""
    viewer = gate.reader(request)
    owner = met_by(viewer, ulid)
    if origin_asked(request) != settings.ORIGIN:
        raise NotHere(ulid)  # under a former name nothing is compared
    uris = synchronisation.followers_at(owner, viewer.host)
    return in_pages(synchronisation.address(owner.uri), uris, request.GET.get("page", ""))


@shown
@open_to(Door.READERS)
def followed(request: HttpRequest, ulid: str) -> Document:
    viewer = gate.reader(request)
    owner = met_by(viewer, ulid)
    theirs = following.followed_by(owner).filter(host=viewer.host)
    uris = list(theirs.order_by("pk").values_list("uri", flat=True))
    return in_pages(owner.following_uri, uris, request.GET.get("page", ""))  # whole: see `actors.recounting`


@shown
@open_to(Door.PARTNERS)
def house_followers(request: HttpRequest) -> Document:
    """Our partners' instance actors: a partner needs them to know how far a reply may go."""
    must_be_partner(gate.reader(request))
    partners = peers.partners().exclude(instance_actor_uri="").values_list("instance_actor_uri", flat=True)
    return collection(f"{ids.instance_actor_uri()}/followers", list(partners), len(partners))


@shown
@open_to(Door.PARTNERS)
def house_followed(request: HttpRequest) -> Document:
    """The reader's own instance actor, if ours follows it."""
    viewer = gate.reader(request)
    must_be_partner(viewer)
    theirs = following.followed_by(arrivals.instance_actor()).filter(host=viewer.host)
    return collection(f"{ids.instance_actor_uri()}/following", [each.uri for each in theirs[:PAGE]], theirs.count())


@shown
@open_to(Door.PARTNERS)
def house_directory(request: HttpRequest) -> Document:
    """The services and the agents who agreed to be found, a hundred at a time, for partners only."""
    viewer = gate.reader(request)
    people = neighbours.published(viewer.host)
    page = request.GET.get("page", "")
    uri = neighbours.directory_uri()
    if not page:
        first = directory_page(uri, people[:PAGE], 1, people.count())
        return with_context({"id": uri, "type": "Collection", "totalItems": people.count(), "first": first})
    start = (number_of(page) - 1) * PAGE
    return with_context(directory_page(uri, people[start : start + PAGE], number_of(page), people.count()))


def number_of(page: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,3}", page):
        raise Malformed("no such page")
    return int(page)


def directory_page(uri: str, people: Iterable[Actor], number: int, total: int) -> Document:
    items = [{key: value for key, value in documents.document(each).items() if key != "@context"} for each in people]
    page: Document = {"id": f"{uri}?page={number}", "type": "CollectionPage", "partOf": uri, "items": items}
    return page | ({"next": f"{uri}?page={number + 1}"} if number * PAGE < total else {})


def must_be_partner(viewer: Actor) -> None:
    if not peers.partners().filter(host=viewer.host).exists():
        raise NotHere(viewer.host)
    neighbours.heard_from(viewer.host)


def in_pages(uri: str, items: list[str], page: str) -> Document:
    """A collection in one piece, or in pages of a thousand when it is longer."""
    if not page:
        whole = {"orderedItems": items} if len(items) <= LONG_PAGE else {"first": f"{uri}?page=1"}
        return with_context({"id": uri, "type": "OrderedCollection", "totalItems": len(items), **whole})
    number = number_of(page)
    shown = items[(number - 1) * LONG_PAGE : number * LONG_PAGE]
    more = {"next": f"{uri}?page={number + 1}"} if number * LONG_PAGE < len(items) else {}
    one = {"id": f"{uri}?page={number}", "type": "OrderedCollectionPage", "partOf": uri, "orderedItems": shown}
    return with_context(one | more)


def collection(uri: str, items: list[Any], total: int) -> Document:
    return with_context({"id": uri, "type": "OrderedCollection", "totalItems": total, "orderedItems": items})
