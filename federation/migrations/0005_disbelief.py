"""What answered, and was not believed, is told apart from what could not be reached."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("federation", "0004_delivery_by_house")]

    operations = [migrations.AddField("absence", "believed", models.BooleanField(default=True))]
