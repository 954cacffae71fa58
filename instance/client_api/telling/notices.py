"""Notifications and talk, told on the line to their reader alone, if she may still meet those they are about."""

from collections import defaultdict

from actors.models import Actor
from inbox import conversations
from inbox.models import Conversation, Notification
from inbox.notifications import page
from instance.client_api.entities.conversations import talks
from instance.client_api.entities.notifications import notifications
from instance.client_api.telling.rendering import Told, words


def of_talk(keys: list[int], listening: set[int]) -> Told:
    """What went on between named people, for each of them as she sees it."""
    rows = Conversation.objects.filter(pk__among=keys, reader__among=list(listening))
    found: Told = []
    for reader in Actor.objects.filter(pk__in=rows.values("reader")).select_related("service"):
        shown = conversations.rows(reader).filter(pk__among=keys)
        found += [(words(each), {"direct": [reader.pk]}) for each in talks(list(shown), reader)]
    return found


def of(keys: list[int], listening: set[int]) -> Told:
    rows = Notification.objects.filter(pk__among=keys, reader__among=list(listening), filtered=False)
    news: dict[int, list[int]] = defaultdict(list)
    for reader, key in rows.values_list("reader_id", "pk"):
        news[reader].append(key)
    readers = Actor.objects.select_related("service").in_bulk(list(news))
    return [told for reader, mine in news.items() for told in to_reader(readers[reader], mine)]


def to_reader(reader: Actor, keys: list[int]) -> Told:
    shown = page(reader).filter(pk__among=keys).select_related("actor__service", "post").order_by("pk")
    return [(words(each), {"notifications": [reader.pk]}) for each in notifications(list(shown), reader)]
