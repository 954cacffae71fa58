from django.db import migrations, models
from django.utils.timezone import now


def closed_by_now(apps, schema_editor):
    """Of those who left before it was noted, the time begins now."""
    apps.get_model("actors", "Agent").objects.filter(is_active=False).update(closed_at=now())


class Migration(migrations.Migration):
    dependencies = [("actors", "0008_conventions")]

    operations = [
        migrations.AddField("agent", "closed_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(closed_by_now, migrations.RunPython.noop),
    ]
