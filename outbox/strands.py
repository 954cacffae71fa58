"""Where the lines of a timeline are found: by their numbers, through indexes, some at a time.

Whether one may read them is asked afterwards of `outbox.posts`, which is why a strand may hold more than what is shown,
but never skips.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from actors.models import Actor
from federation.composed import Composed
from outbox.models import READ_BY_FOLLOWERS, Attachment, Boost, Hashtag, Post

LEAST, MOST = -1, 2**63 - 1


class Key(NamedTuple):
    """Of a line: a post, or one that `sharer` (an actor's primary key; 0: nobody) shared, at the time of sharing."""

    number: int
    post: int
    sharer: int


@dataclass(frozen=True)
class Span:
    """The numbers strictly between two, from the newest down or, `rising`, from the oldest up."""

    above: int = LEAST
    below: int = MOST
    rising: bool = False

    def beyond(self, number: int) -> "Span":
        return replace(self, above=number) if self.rising else replace(self, below=number)

    @property
    def way(self) -> str:
        return "ASC" if self.rising else "DESC"


Question = tuple[str, list[Any]]  # SELECT number, post, sharer, with its parameters
Strand = Callable[[Span, int], Question]


def first(strands: Sequence[Strand], span: Span, count: int) -> list[Key]:
    """The first `count` lines of all strands together; fewer only when there are no more."""
    parts, values = [], []
    for strand in strands:
        try:
            part, own = strand(span, count)
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({part}) AS strand")  # noqa: S608  of our own words
        values += own
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION '.join(parts)} ORDER BY 1 {span.way} LIMIT {count:d}", values)
        return [Key(*row) for row in cursor.fetchall()]


BEGUN = "AND one.in_reply_to_uri = ''"  # and withdrawn_at, in the words of the indexes: see `outbox.models.BEGUN`
FOR_FOLLOWERS = f"AND one.audience IN {READ_BY_FOLLOWERS}"  # in the words of an index too
WITH_MEDIA = "AND EXISTS (SELECT 1 FROM outbox_attachment AS file WHERE file.post_id = one.id)"
PLAIN = """SELECT one.number, one.id, 0 FROM {table} AS one {joined}
WHERE one.withdrawn_at IS NULL {condition} AND one.number > %s AND one.number < %s
ORDER BY one.number {way} LIMIT {count:d}"""


def begun(
    *, local: bool | None = None, only_media: bool = False, without: Collection[int] = (), **equal: Any
) -> Strand:
    """What begins here or next door, or for one audience; `without` what some wrote."""
    parts = [BEGUN, {None: "", True: "AND one.local", False: "AND NOT one.local"}[local]]
    parts += [WITH_MEDIA] if only_media else []
    parts += [f"AND one.author_id NOT IN ({', '.join(f'{each:d}' for each in without)})"] if without else []
    parts += [f"AND one.{column} = %s" for column in equal]
    return plain(" ".join(parts), equal.values())


def own(author: Actor) -> Strand:
    return plain("AND one.author_id = %s", [author.pk])


def naming(reader: Actor) -> Strand:
    through = Post.named.through._meta.db_table
    joined = f"JOIN {through} AS named ON named.post_id = one.id"
    return plain("AND named.actor_id = %s", [reader.pk], joined)


def plain(condition: str, values: Iterable[Any], joined: str = "") -> Strand:
    def strand(span: Span, count: int) -> Question:
        said = {"table": Post._meta.db_table, "joined": joined, "condition": condition, "way": span.way}
        return PLAIN.format(**said, count=count), [*values, span.above, span.below]

    return strand


def posts(*conditions: Q, **equal: Any) -> Strand:
    """Those that meet conditions for which there is an index."""

    def strand(span: Span, count: int) -> Question:
        bounds = {"number__gt": span.above, "number__lt": span.below, "withdrawn_at": None}
        rows = Post.objects.filter(*conditions, **equal, **bounds).order_by("number" if span.rising else "-number")
        part, own = rows.values_list("number", "pk", Value(0))[:count].query.sql_with_params()
        return part, list(own)

    return strand


def bears(**said: Any) -> Q:
    """Posts that bear a hashtag of this name, or one of these."""
    found = Hashtag.objects.filter(**said).values("pk")
    return Q(pk__in=Post.hashtags.through.objects.filter(hashtag__in=found).values("post_id"))


def has_media() -> Q:
    return Q(Exists(Attachment.objects.filter(post=OuterRef("pk"))))


LISTED = {
    "sqlite": "(SELECT value AS owner FROM json_each(%s)) AS those",
    "postgresql": "(SELECT unnest(%s::bigint[]) AS owner) AS those",
}
# Some of each owner's lines: a join that goes from those few owners, by the index, to their lines; never the other way.
EACH = {
    "sqlite": "heads CROSS JOIN {table} AS line WHERE line.id IN ({some})",
    "postgresql": "heads CROSS JOIN LATERAL ({some}) AS few JOIN {table} AS line ON line.id = few.id",
}
HEADS = """WITH heads AS (
    SELECT owner, (
        SELECT one.number FROM {table} AS one
        WHERE one.{owner} = those.owner {condition} AND one.number > %s AND one.number < %s
        ORDER BY one.number {way} LIMIT 1
    ) AS head FROM {listed} ORDER BY head {way} NULLS LAST LIMIT {count:d}
), edge AS (
    SELECT CASE WHEN count(head) = {count:d} THEN {last}(head) ELSE {end:d} END AS number FROM heads
)
SELECT {columns} FROM {each} ORDER BY line.number {way} LIMIT {count:d}"""
SOME = """SELECT one.id FROM {table} AS one
    WHERE one.{owner} = heads.owner {condition} AND one.number > %s AND one.number < %s
    AND one.number {within} (SELECT number FROM edge) ORDER BY one.number {way} LIMIT {count:d}"""
STANDS = "AND one.withdrawn_at IS NULL"


def written_by(authors: Collection[int], condition: str = "") -> Strand:
    """What these wrote, if they be hundreds: see `headed`. `condition` is BEGUN, FOR_FOLLOWERS or both."""
    table, columns = Post._meta.db_table, "line.number, line.id, 0"
    return headed(authors, table=table, owner="author_id", columns=columns, condition=f"{STANDS} {condition}")


def shared_by(actors: Collection[int]) -> Strand:
    """What these shared, at the time when they did."""
    table, columns = Boost._meta.db_table, "line.number, line.post_id, line.actor_id"
    return headed(actors, table=table, owner="actor_id", columns=columns, condition="")


def headed(owners: Collection[int], **words: str) -> Strand:
    """The newest n lines among many owners can only be of the n owners with the newest heads, and not older than the
    n-th of these: a look at each owner's head, then at the lines of n of them."""

    def strand(span: Span, count: int) -> Question:
        if not owners:
            raise EmptyResultSet
        way = {"way": "ASC", "last": "max", "within": "<=", "end": MOST}
        if not span.rising:
            way = {"way": "DESC", "last": "min", "within": ">=", "end": LEAST}
        said: dict[str, Any] = {**words, **way, "count": count, "listed": LISTED[connection.vendor]}
        said["each"] = EACH[connection.vendor].format(some=SOME.format(**said), **words)
        listed = list(owners) if connection.vendor == "postgresql" else json.dumps(list(owners))
        return HEADS.format(**said), [span.above, span.below, listed, span.above, span.below]

    return strand


def shares_of(_shape: None, numbers: Collection[int], among: Collection[int]) -> QuerySet[Boost]:
    before = Boost.objects.filter(post=OuterRef("post"), number__lt=OuterRef("number"), actor__among=among)
    return Boost.objects.filter(~Exists(before), number__among=numbers).select_related("actor__service")


SHARES = Composed(shares_of)


def first_shares(numbers: Collection[int], among: Collection[int]) -> dict[int, Boost]:
    """Of these shares, by number, those before which nobody of `among` shared the same."""
    return {share.number: share for share in SHARES(numbers=numbers, among=among)} if numbers else {}
