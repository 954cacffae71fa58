"""Where the lines of a timeline are found: by their numbers, through indexes, some at a time.

Whether one may read them is asked afterwards of `outbox.posts`, which is why a strand may hold more than what is shown,
but never skips.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from actors import directory
from actors.models import Actor
from federation.composed import Composed, listed
from outbox.models import READ_BY_FOLLOWERS, Attachment, Boost, Hashtag, Post

LEAST, MOST = -1, 2**63 - 1
END = "(SELECT number FROM floor)"


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
    near: bool = False  # only as far as FLOOR tells

    def beyond(self, number: int) -> "Span":
        return replace(self, above=number) if self.rising else replace(self, below=number)

    @property
    def way(self) -> str:
        return "ASC" if self.rising else "DESC"

    @property
    def bounds(self) -> str:
        end = END if self.near else "%s"
        above, below = ("%s", end) if self.rising else (end, "%s")
        return f"AND one.number > {above} AND one.number < {below}"

    @property
    def values(self) -> list[int]:
        starts = self.above if self.rising else self.below
        return [starts] if self.near else [self.above, self.below]


Question = tuple[str, list[Any]]  # SELECT number, post, sharer, with its parameters


class Strand(NamedTuple):
    """Asks for the first lines of one kind; `headed`: of many owners."""

    ask: Callable[[Span, int], Question]
    headed: bool = False


def first(strands: Sequence[Strand], span: Span, count: int) -> list[Key]:
    """The first `count` lines of all strands together; fewer only when there are no more.

    Mostly they are among the next few hundred posts, which are looked through more quickly than hundreds of heads.
    """
    keys = asked(strands, replace(span, near=True), count) if any(each.headed for each in strands) else []
    return keys if len(keys) == count else asked(strands, span, count)


def asked(strands: Sequence[Strand], span: Span, count: int) -> list[Key]:
    floor = FLOOR.format(bounds=replace(span, near=False).bounds, way=span.way, many=NEAR * count)
    parts, values = [], [span.above, span.below, span.below if span.rising else span.above] if span.near else []
    for strand in strands:
        try:
            part, own = strand.ask(span, count)
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({part}) AS strand")  # noqa: S608  of our own words
        values += own
    if not parts:
        return []
    words = f"{floor if span.near else ''} {' UNION '.join(parts)} ORDER BY 1 {span.way} LIMIT {count:d}"
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        return [Key(*row) for row in cursor.fetchall()]


NEAR = 20  # posts that are looked through first, for each line that is wanted
FLOOR = """WITH floor AS (SELECT COALESCE((
    SELECT one.number FROM outbox_post AS one WHERE one.number IS NOT NULL {bounds}
    ORDER BY one.number {way} LIMIT 1 OFFSET {many:d}), %s) AS number)"""
BEGUN = "AND one.in_reply_to_uri = ''"  # and withdrawn_at, in the words of the indexes: see `outbox.models.BEGUN`
FOR_FOLLOWERS = f"AND one.audience IN {READ_BY_FOLLOWERS}"  # in the words of an index too
WITH_MEDIA = "AND EXISTS (SELECT 1 FROM outbox_attachment AS file WHERE file.post_id = one.id)"
PLAIN = """SELECT {columns} FROM {table} AS one {joined} WHERE {condition} {bounds}
ORDER BY one.number {way} LIMIT {count:d}"""


def begun(
    audience: str = "",
    *,
    service: int | None = None,
    local: bool | None = None,
    only_media: bool = False,
    without: Collection[int] = (),
) -> Strand:
    """What begins here or next door, for one audience or one service; `without` what some wrote."""
    parts = [BEGUN, {None: "", True: "AND one.local", False: "AND NOT one.local"}[local]]
    parts += [WITH_MEDIA] if only_media else []
    parts += [f"AND one.author_id NOT IN ({', '.join(f'{each:d}' for each in without)})"] if without else []
    parts += [f"AND one.audience = '{audience}'"] if audience else []
    parts += ["AND one.service_id = %s"] if service else []
    return plain(" ".join(parts), [service] if service else [])


def own(author: Actor) -> Strand:
    return plain("AND one.author_id = %s", [author.pk])


def naming(reader: Actor) -> Strand:
    through = Post.named.through._meta.db_table
    joined = f"JOIN {through} AS named ON named.post_id = one.id"
    return plain("AND named.actor_id = %s", [reader.pk], joined)


def plain(condition: str, values: Iterable[Any], joined: str = "") -> Strand:
    words = {"table": Post._meta.db_table, "columns": "one.number, one.id, 0", "joined": joined}
    return simple(words | {"condition": f"one.withdrawn_at IS NULL {condition}"}, list(values))


def simple(words: dict[str, str], values: list[Any]) -> Strand:
    def strand(span: Span, count: int) -> Question:
        return PLAIN.format(**words, bounds=span.bounds, way=span.way, count=count), [*values, *span.values]

    return Strand(strand)


def posts(*conditions: Q, **equal: Any) -> Strand:
    """Those that meet conditions for which there is an index."""

    def strand(span: Span, count: int) -> Question:
        bounds = {"number__gt": span.above, "number__lt": span.below, "withdrawn_at": None}
        rows = Post.objects.filter(*conditions, **equal, **bounds).order_by("number" if span.rising else "-number")
        part, own = rows.values_list("number", "pk", Value(0))[:count].query.sql_with_params()
        if span.near:
            part = f"SELECT * FROM ({part}) AS found WHERE number {'<' if span.rising else '>'} {END}"  # noqa: S608
        return part, list(own)

    return Strand(strand)


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
ONE_OF = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgresql": "= ANY(%s::bigint[])"}
FALLING = {"last": "min", "within": ">=", "end": LEAST}
# Some of each owner's lines: a join that goes from those few owners, by the index, to their lines; never the other way.
EACH = {
    "sqlite": "heads CROSS JOIN {table} AS line WHERE line.id IN ({some})",
    "postgresql": "heads CROSS JOIN LATERAL ({some}) AS few JOIN {table} AS line ON line.id = few.id",
}
HEADS = """WITH heads AS (
    SELECT owner, (
        SELECT one.number FROM {table} AS one
        WHERE one.{owner} = those.owner {condition} {bounds}
        ORDER BY one.number {way} LIMIT 1
    ) AS head FROM {listed} ORDER BY head {way} NULLS LAST LIMIT {count:d}
), edge AS (
    SELECT CASE WHEN count(head) = {count:d} THEN {last}(head) ELSE {end:d} END AS number FROM heads
)
SELECT {columns} FROM {each} ORDER BY line.number {way} LIMIT {count:d}"""
SOME = """SELECT one.id FROM {table} AS one
    WHERE one.{owner} = heads.owner {condition} {bounds}
    AND one.number {within} (SELECT number FROM edge) ORDER BY one.number {way} LIMIT {count:d}"""
STANDS = "AND one.withdrawn_at IS NULL"


def written_by(authors: Collection[int], condition: str = "") -> Strand:
    """What these wrote, if they be hundreds: see `headed`. `condition` is BEGUN, FOR_FOLLOWERS or both."""
    table, columns = Post._meta.db_table, "{line}.number, {line}.id, 0"
    return headed(authors, table=table, owner="author_id", columns=columns, condition=f"{STANDS} {condition}")


def shared_by(actors: Collection[int]) -> Strand:
    """What these shared, at the time when they did."""
    table, columns = Boost._meta.db_table, "{line}.number, {line}.post_id, {line}.actor_id"
    return headed(actors, table=table, owner="actor_id", columns=columns, condition="")


def headed(owners: Collection[int], *, table: str, owner: str, columns: str, condition: str) -> Strand:
    """The newest n lines among many owners can only be of the n owners with the newest heads, and not older than the
    n-th of these: a look at each owner's head, then at the lines of n of them."""
    words = {"table": table, "owner": owner, "condition": condition}
    vendor = connection.vendor
    those = listed(owners)
    flat = {"table": table, "columns": columns.format(line="one"), "joined": ""}
    look = simple(flat | {"condition": f"one.{owner} {ONE_OF[vendor]} {condition}"}, [those])

    def strand(span: Span, count: int) -> Question:
        if not owners:
            raise EmptyResultSet
        if span.near:
            return look.ask(span, count)
        way = {"last": "max", "within": "<=", "end": MOST} if span.rising else FALLING
        said = {**words, **way, "way": span.way, "bounds": span.bounds, "count": count}
        said["each"] = EACH[vendor].format(some=SOME.format(**said), table=table)
        whole = HEADS.format(**said, columns=columns.format(line="line"), listed=LISTED[vendor])
        return whole, [*span.values, those, *span.values]

    return Strand(strand, headed=True)


def shares_of(_shape: None, numbers: Collection[int], among: Collection[int]) -> QuerySet[Boost]:
    present = Boost.objects.filter(directory.on_the_list("actor__"), actor__suspended_at=None)
    before = present.filter(post=OuterRef("post"), number__lt=OuterRef("number"), actor__among=among)
    return present.filter(~Exists(before), number__among=numbers).select_related("actor__service")


SHARES = Composed(shares_of, keep=1000)


def first_shares(numbers: Collection[int], among: Collection[int]) -> dict[int, Boost]:
    """Of these shares, by number, those before which nobody of `among` shared the same; none of whom one may not meet
    any more."""
    return {share.number: share for share in SHARES(numbers=numbers, among=among)} if numbers else {}
