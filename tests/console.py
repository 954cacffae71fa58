"""A Django shell of one instance that stays open: a line of JSON asks, a line of JSON answers (see `Town.sh`)."""

import contextlib
import io
import json
import sys
import traceback
from typing import Any

import django


def names() -> dict[str, Any]:
    """What `manage.py shell` puts at hand: every model, and the settings."""
    from django.apps import apps
    from django.conf import settings

    return {"settings": settings} | {model.__name__: model for model in apps.get_models()}


def answer(question: dict[str, str], known: dict[str, Any]) -> dict[str, Any]:
    """The value of an expression, or what some lines of code print."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            if "value" in question:
                return {"value": eval(question["value"], known)}
            exec(question["code"], known)
    except Exception:  # noqa: BLE001  a mistake of the test, shown to the test
        return {"mistake": traceback.format_exc()}
    return {"value": said.getvalue().strip()}


def main() -> None:
    django.setup()
    known = names()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), known), default=str), flush=True)


if __name__ == "__main__":
    main()
