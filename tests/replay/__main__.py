"""`python -m tests.replay` delivers the recorded documents to a house and writes what became of them."""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()

from tests.replay import corpus, delivering, report  # noqa: E402

PAGE = corpus.ROOT / "docs" / "federation" / "payloads.md"


def main() -> int:
    if not corpus.present():
        print(f"No recorded documents in {corpus.CORPUS}: set PREAU_CORPUS.")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found, contexts = delivering.replay(Path(folder))
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(report.page(found, contexts))
    print(report.summary(found, contexts))
    return 0 if report.holds(found, contexts) else 1


if __name__ == "__main__":
    sys.exit(main())
