"""What a reader would rather not see: her filters, with their words and their posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from actors.models import Actor
from federation import happenings
from federation.errors import Forbidden, NotHere
from inbox.models import Filter, FilterKeyword, FilterPost
from outbox.posts import Post

CONTEXTS = ("home", "notifications", "public", "thread", "account")
ACTIONS = ("warn", "hide", "blur")
FILTERS, KEYWORDS, POSTS = 50, 300, 300  # of one reader, in all: each page that she reads is compared with them
LONGEST = 200


@dataclass(frozen=True)
class Wish:
    """What a filter is to be."""

    title: str
    context: Sequence[str]
    action: str = "warn"
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Word:
    """A keyword as it is to be: a new one, or that of the key `pk` changed, or taken away."""

    keyword: str = ""
    whole_word: bool | None = None
    pk: int | None = None
    gone: bool = False


def of(owner: Actor) -> QuerySet[Filter]:
    return Filter.objects.filter(owner=owner).prefetch_related("keywords", "posts__post").order_by("pk")


def in_force(owner: Actor) -> QuerySet[Filter]:
    return Filter.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now()), owner=owner).order_by("pk")


def find(owner: Actor, pk: int) -> Filter:
    """One of hers. Another's and none at all are the same answer: NotHere."""
    found = of(owner).filter(pk=pk).first()
    if found is None:
        raise NotHere(pk)
    return found


@transaction.atomic
def create(owner: Actor, wish: Wish, words: Sequence[Word] = ()) -> Filter:
    if Filter.objects.filter(owner=owner).count() >= FILTERS:
        raise Forbidden(_("Vous avez déjà %(most)s filtres : supprimez-en un d’abord.") % {"most": FILTERS})
    return change(Filter(owner=owner), wish, words)


@transaction.atomic
def change(found: Filter, wish: Wish, words: Sequence[Word] = ()) -> Filter:
    """All of it, or nothing: Forbidden, NotHere for a keyword that is not this filter's."""
    check(wish)
    found.title, found.context = wish.title.strip()[:LONGEST], list(dict.fromkeys(wish.context))
    found.action, found.expires_at = wish.action, wish.expires_at
    found.save()
    for word in words:
        put(found, word)
    tell(found.owner_id)
    return find(found.owner, found.pk)


def tell(owner: int) -> None:
    """Her applications ask for her filters again."""
    happenings.happened("filters_changed", [owner])


def check(wish: Wish) -> None:
    if not wish.title.strip():
        raise Forbidden(_("Donnez un nom à votre filtre."))
    if not wish.context or not set(wish.context) <= set(CONTEXTS):
        raise Forbidden(_("Dites où ce filtre s’applique."))
    if wish.action not in ACTIONS:
        raise Forbidden(_("Ce choix n’existe pas."))


def put(found: Filter, word: Word) -> FilterKeyword | None:
    if word.pk is None:
        return None if word.gone else add_keyword(found, word)
    keyword = find_keyword(found.owner, word.pk)
    if keyword.filter_id != found.pk:
        raise NotHere(word.pk)
    if word.gone:
        keyword.delete()
        return None
    return change_keyword(keyword, word)


def remove(owner: Actor, pk: int) -> None:
    find(owner, pk).delete()
    tell(owner.pk)


def keywords(owner: Actor) -> QuerySet[FilterKeyword]:
    return FilterKeyword.objects.filter(filter__owner=owner).select_related("filter__owner").order_by("pk")


def find_keyword(owner: Actor, pk: int) -> FilterKeyword:
    """One of hers. NotHere."""
    found = keywords(owner).filter(pk=pk).first()
    if found is None:
        raise NotHere(pk)
    return found


def add_keyword(found: Filter, word: Word) -> FilterKeyword:
    if keywords(found.owner).count() >= KEYWORDS:
        raise Forbidden(_("Vos filtres ont déjà %(most)s mots : retirez-en d’abord.") % {"most": KEYWORDS})
    return change_keyword(FilterKeyword(filter=found), word)


def change_keyword(keyword: FilterKeyword, word: Word) -> FilterKeyword:
    """What is not said stays as it was."""
    keyword.keyword = " ".join((word.keyword or keyword.keyword).replace("\0", "").split())[:LONGEST]
    if not keyword.keyword:
        raise Forbidden(_("Écrivez le mot à filtrer."))
    keyword.whole_word = keyword.whole_word if word.whole_word is None else word.whole_word
    keyword.save()
    tell(keyword.filter.owner_id)
    return keyword


def find_post(owner: Actor, pk: int) -> FilterPost:
    """A post of one of her filters, by the key of its row. NotHere."""
    found = FilterPost.objects.filter(filter__owner=owner, pk=pk).select_related("post").first()
    if found is None:
        raise NotHere(pk)
    return found


def add_post(found: Filter, post: Post) -> FilterPost:
    """Its owner may read `post` (the caller found it through `posts.find`)."""
    if FilterPost.objects.filter(filter__owner=found.owner).count() >= POSTS:
        raise Forbidden(_("Vos filtres ont déjà %(most)s publications : retirez-en d’abord.") % {"most": POSTS})
    tell(found.owner_id)
    return FilterPost.objects.get_or_create(filter=found, post=post)[0]


def forget(row: FilterKeyword | FilterPost) -> None:
    """One thing that a filter looks for."""
    tell(row.filter.owner_id)
    row.delete()


def alone(keyword: FilterKeyword) -> bool:
    """Whether it is all that its filter looks for."""
    counted = Filter.objects.filter(pk=keyword.filter_id).annotate(
        words=Count("keywords", distinct=True), named=Count("posts", distinct=True)
    )
    return counted.filter(words=1, named=0).exists()


def forget_keyword(keyword: FilterKeyword) -> None:
    """With its filter, when that looks for nothing else."""
    tell(keyword.filter.owner_id)
    (keyword.filter if alone(keyword) else keyword).delete()
