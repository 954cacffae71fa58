"""The one statement that writes a receipt does what the model would do."""

import orjson
import pytest
from django.forms.models import model_to_dict

from inbox.models import Receipt
from inbox.writing_down import write_down

pytestmark = pytest.mark.django_db


def columns(receipt):
    """All but the key."""
    found = {field.attname: getattr(receipt, field.attname) for field in Receipt._meta.concrete_fields}
    return {name: value for name, value in found.items() if name not in ("id", "state_since", "due_at")}


@pytest.mark.parametrize("type", ["Create", "x" * 80])
def test_it_writes_what_the_model_writes(vernay, lucie, type, time_machine):
    activity = vernay.activity(type, lucie.uri, {"content": "« été » 🌳 \\ ' \" </script>", "n": [1, 2.5, None, True]})
    write_down(lucie, activity)
    written = Receipt.objects.get()
    Receipt.objects.all().delete()
    kind = activity["type"][:50]
    size = len(orjson.dumps(activity).decode())
    Receipt.objects.create(uri=activity["id"], actor=lucie, kind=kind, activity=activity, size=size, state="waiting")
    by_model = Receipt.objects.get()
    assert columns(written) == columns(by_model)
    assert abs((written.due_at - by_model.due_at).total_seconds()) < 60
    assert written.state_since == written.due_at
    assert set(model_to_dict(written)) == set(model_to_dict(by_model))


def test_what_is_known_stays_as_it_is(vernay, lucie):
    activity = vernay.activity("Like", lucie.uri, "x")
    write_down(lucie, activity)
    Receipt.objects.update(state="handled", activity={})
    write_down(lucie, activity)
    assert Receipt.objects.values_list("state", "activity").get() == ("handled", {})
