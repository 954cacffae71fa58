"""A receipt says of what kind the activity is, also once its text is gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial")]

    operations = [
        migrations.AddField("receipt", "kind", models.CharField(blank=True, default="", max_length=50), preserve_default=False),
    ]
