"""What waits is found in its order, however much was handled before."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_receipt_kind")]

    operations = [
        migrations.RemoveIndex("receipt", "receipt_due"),
        migrations.AddIndex(
            "receipt", models.Index(fields=["id"], name="receipt_waiting", condition=Q(state="waiting"))
        ),
        migrations.AddIndex("receipt", models.Index(fields=["state", "state_since"], name="receipt_by_state")),
    ]
