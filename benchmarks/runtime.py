"""An installation has less than the environment of development: what only the latter has is hidden from an instance."""

import re
from importlib.metadata import packages_distributions
from pathlib import Path

from tests import servers

LOCKED = re.compile(r"^([A-Za-z0-9_.-]+)==", re.MULTILINE)
HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in {names!r}:
            raise ModuleNotFoundError(f"{{name}} is not in requirements.lock", name=name)

sys.meta_path.insert(0, Hidden())
"""


def only(folder: Path) -> dict[str, str]:
    """The variables with which Python finds no package that requirements.lock does not name."""
    locked = {plain(name) for name in LOCKED.findall((servers.ROOT / "requirements.lock").read_text())}
    found = packages_distributions().items()
    extra = {module for module, names in found if not any(plain(name) in locked for name in names)}
    (folder / "sitecustomize.py").write_text(HIDE.format(names=extra))
    return {"PYTHONPATH": str(folder)}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
