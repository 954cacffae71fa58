"""A past: any number of posts, written in bulk by the database itself; runs in the instance's own shell."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils.timezone import now

from actors.models import Actor, Follow
from federation.ids import number_of
from federation.models import Peer
from inbox.models import Notification, Receipt
from outbox.models import Boost, Post

WRITERS = 2000
HOST = "past.localhost"
ONE_LOCAL_IN, ONE_REPLY_IN = 20, 4
FIRST_NUMBER = number_of("01H0" + 22 * "0")
URI = f"'http://{HOST}/ap/objects/' || n"
ANSWERED = f"'http://{HOST}/ap/objects/' || (n - 1)"
HEX = {"sqlite": "printf('%022X', n)", "postgresql": "lpad(upper(to_hex(n)), 22, '0')"}
SERIES = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM series WHERE n < %s)",
    "postgresql": "WITH series(n) AS (SELECT generate_series(%s::bigint, %s::bigint))",
}
AUDIENCE = f"""CASE WHEN n % {ONE_LOCAL_IN} = 0 THEN 'organisation' WHEN n % 100 < 55 THEN 'followers'
    WHEN n % 100 < 88 THEN 'partners' ELSE 'named' END"""
NAMED = f"n % 100 >= 88 AND n % {ONE_LOCAL_IN} <> 0"


@transaction.atomic
def posts(count: int, since: int = 0) -> None:
    """`count` posts, numbered from `since`: of two thousand writers next door and of ours, mixed as `letters` are."""
    writer, agents = writers(), list(Actor.objects.filter(local=True, kind="Person").order_by("pk"))
    agent = f"{agents[0].pk} + n % {len(agents)}"
    author = f"CASE WHEN n % {ONE_LOCAL_IN} = 0 THEN {agent} ELSE {writer} + n % {WRITERS} END"
    sample = Post(author_id=writer, kind="note", audience="partners", html="<p>Conseil municipal de ce jour.</p>" * 10)
    first = (Post.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1 - since
    reply = f"n / 3 % {ONE_REPLY_IN} = 0 AND n > {since + 1}"
    answered = f"CASE WHEN {reply} THEN {first} + n - 1 END"
    multiply(
        sample, since, count, id=f"{first} + n", uri=URI, ulid=f"'01H0' || {HEX[connection.vendor]}",
        number=f"{FIRST_NUMBER} + 2 * n", author_id=author, audience=AUDIENCE, local=f"n % {ONE_LOCAL_IN} = 0",
        in_reply_to_id=answered,
        root_id=answered, in_reply_to_uri=f"CASE WHEN {reply} THEN {ANSWERED} ELSE '' END",
    )  # fmt: skip
    receipt = Receipt(actor_id=writer, kind="Create", state="handled", activity={"type": "Create"})
    multiply(receipt, since, count, uri=URI.replace("objects", "activities"), actor_id=f"{writer} + n % {WRITERS}")
    told = Notification(reader=agents[0], actor_id=writer, reason="mention", new=False)
    multiply(
        told, since, count, where=NAMED, reader_id=agent, actor_id=f"{writer} + n % {WRITERS}", post_id=f"{first} + n"
    )
    share(writer, first, since, count)
    name_readers(agent, first, since, count)
    settle()


def share(writer: int, first: int, since: int, count: int) -> None:
    """Some of those that all partners may read are shared by another of the writers."""
    sample = Boost(actor_id=writer, post_id=first)
    multiply(
        sample, since, count, where="n % 100 IN (61, 71, 81)", uri=URI.replace("objects", "shares"),
        number=f"{FIRST_NUMBER} + 2 * n + 1", actor_id=f"{writer} + (7 * n + n / {WRITERS}) % {WRITERS}",
        post_id=f"{first} + n",
    )  # fmt: skip


def writers() -> int:
    """The primary key of the first of the writers, who follow each other."""
    found = Actor.objects.filter(host=HOST).order_by("pk").first()
    if found is None:
        house = f"http://{HOST}/ap/instance"
        Peer.objects.create(
            host=HOST, name="Passé", state="active", speaks_preau=True, learned_at=now(), instance_actor_uri=house,
            followers_uri=f"{house}/followers", learn_at=now().replace(year=now().year + 1),
        )  # fmt: skip
        uris = [f"http://{HOST}/ap/actors/{number}" for number in range(WRITERS)]
        people = [writer(uri, f"passe{number}") for number, uri in enumerate(uris)]
        found = Actor.objects.bulk_create(people)[0]
        found = Actor.objects.get(uri=found.uri)
    return found.pk


def writer(uri: str, handle: str) -> Actor:
    return Actor(
        uri=uri, kind="Person", handle=handle, host=HOST, domain=HOST, name=handle.title(), inbox=f"{uri}/inbox"
    )


def multiply(sample: Model, since: int, count: int, where: str = "n = n", **different: str) -> None:
    """Rows like `sample`, but for some columns, which are SQL over `n`."""
    fields = [field for field in sample._meta.concrete_fields if not field.primary_key or "id" in different]
    values: list[Any] = []
    for field in fields:
        if field.column not in different:
            values.append(field.get_db_prep_save(field.pre_save(sample, add=True), connection))
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    chosen = ", ".join(different.get(field.column, "%s").replace("% ", "%% ") for field in fields)
    into = f"INSERT INTO {sample._meta.db_table} ({columns})"
    run(f"{into} {{series}} SELECT {chosen} FROM series WHERE {where.replace('% ', '%% ')}", since, count, values)


def run(statement: str, since: int, count: int, values: list[Any]) -> None:
    """Both databases take a WITH between INSERT and SELECT."""
    with connection.cursor() as cursor:
        series = SERIES[connection.vendor]
        cursor.execute(statement.replace("{series}", series), [since + 1, since + count, *values])


def name_readers(agent: str, first: int, since: int, count: int) -> None:
    into = f"INSERT INTO {Post.named.through._meta.db_table} (post_id, actor_id) {{series}}"
    chosen = f"SELECT {first} + n, {agent} FROM series WHERE {NAMED}".replace("% ", "%% ")
    run(f"{into} {chosen}", since, count, [])


def settle() -> None:
    """Sequences go on after what was written; PostgreSQL counts its rows, as it does by itself after a while."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('outbox_post', 'id'), (SELECT max(id) FROM outbox_post))"
            )
            cursor.execute("ANALYZE")


def analyse() -> None:
    """SQLite learns how its rows are spread only when it is told to."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()  # a new connection reads what was learned


def vacuum() -> None:
    """What PostgreSQL does by itself after a while: indexes alone then answer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def follow(reader_name: str, count: int) -> None:
    """An agent of ours follows some of the writers."""
    reader, first = Actor.objects.get(local=True, name=reader_name), writers()
    chosen = Actor.objects.filter(host=HOST, pk__gte=first).order_by("pk")[:: WRITERS // count][:count]
    links = [
        Follow(follower=reader, followed=each, uri=f"{reader.uri}/f/{each.pk}", state="accepted") for each in chosen
    ]
    Follow.objects.bulk_create(links)
