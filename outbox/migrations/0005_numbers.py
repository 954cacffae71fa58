"""Posts and shares get the digits by which clients know them."""

from typing import Any

from django.db import migrations, models

import outbox.models
from federation.ids import number_of

BATCH = 2_000


def number_posts(apps: Any, schema_editor: Any) -> None:
    """From the ULID. Two of the same millisecond and the same chance: the later takes the next one that is free."""
    Post = apps.get_model("outbox", "Post")
    last = 0
    while batch := list(Post.objects.filter(pk__gt=last).order_by("pk").only("pk", "ulid")[:BATCH]):
        wished = {number_of(post.ulid) for post in batch}
        taken = set(Post.objects.filter(number__in=wished).values_list("number", flat=True))
        for post in batch:
            post.number = number_of(post.ulid)
            while post.number in taken:
                post.number += 1
            taken.add(post.number)
        Post.objects.bulk_update(batch, ["number"], batch_size=500)
        last = batch[-1].pk


def number_boosts(apps: Any, schema_editor: Any) -> None:
    """When they were made was not kept: they stand where what they share stands."""
    Boost = apps.get_model("outbox", "Boost")
    Post = apps.get_model("outbox", "Post")
    taken: set[int] = set()
    for boost in Boost.objects.select_related("post").order_by("pk").iterator(BATCH):
        number = boost.post.number + 1
        while number in taken or Post.objects.filter(number=number).exists():
            number += 1
        taken.add(number)
        Boost.objects.filter(pk=boost.pk).update(number=number)


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_for_applications")]

    operations = [
        migrations.RunPython(number_posts, migrations.RunPython.noop),
        migrations.RunPython(number_boosts, migrations.RunPython.noop),
        migrations.AlterField("post", "number", outbox.models.Number(unique=True)),
        migrations.AlterField("boost", "number", models.BigIntegerField(unique=True, default=outbox.models.new_number)),
    ]
