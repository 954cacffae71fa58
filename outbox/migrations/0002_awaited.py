"""What is awaited is found by SQLite too, which proves no condition of an index from what it is only told later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.RemoveIndex("post", "post_awaited"),
        migrations.AddIndex("post", models.Index(fields=["in_reply_to_uri"], name="post_awaited")),
    ]
