"""What leaves is written once, whatever the number of inboxes; how a house fares is noted; absences are remembered."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def write_once(apps, schema_editor):
    """One dispatch for each activity that is owed; the text is kept where a row still held it."""
    Delivery, Dispatch = apps.get_model("federation", "Delivery"), apps.get_model("federation", "Dispatch")
    seen = {}
    rows = Delivery.objects.order_by("pk").values_list("activity_uri", "object_uri", "sender_uri", "document")
    for activity, subject, sender, document in rows.iterator(chunk_size=500):
        known = seen.get(activity)
        if known is None:
            seen[activity] = Dispatch.objects.create(
                activity_uri=activity, object_uri=subject, sender_uri=sender, document=document
            ).pk
        elif document:
            Dispatch.objects.filter(pk=known, document={}).update(document=document)
    same = Dispatch.objects.filter(activity_uri=OuterRef("activity_uri")).values("pk")[:1]
    Delivery.objects.update(dispatch=Subquery(same))
    Delivery.objects.exclude(state="waiting").update(leased_until=None)


class Migration(migrations.Migration):
    dependencies = [("federation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uri", models.CharField(max_length=500, unique=True)),
                ("failures", models.PositiveSmallIntegerField(default=1)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity_uri", models.CharField(max_length=500, unique=True)),
                ("object_uri", models.CharField(db_index=True, max_length=500)),
                ("sender_uri", models.CharField(max_length=500)),
                ("document", models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField("peer", "knocks_with", models.CharField(blank=True, max_length=10, default=""), preserve_default=False),
        migrations.AddField("peer", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("peer", "failing_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("peer", "try_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("delivery", "urgency", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "delivery",
            "dispatch",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="federation.dispatch"
            ),
        ),
        migrations.RunPython(write_once, migrations.RunPython.noop, elidable=True),
    ]
