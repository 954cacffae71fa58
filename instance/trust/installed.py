"""What is really installed on this machine, against what the lock file and the packages themselves say."""

import base64
import re
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import Distribution, PackagePath, distributions
from pathlib import Path
from sysconfig import get_paths

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from instance.configuration import ROOT
from instance.trust.locked import locked

BESIDE = {"pip", "setuptools", "wheel", "uv"}  # what installs is not what runs
DPKG = Path("/var/lib/dpkg/status")
PACKAGES = ROOT / "deploy/install/system.sh"


def differences() -> Iterator[str]:
    """French sentences: what is missing, of another version, or changed since. Our own files are git's business."""
    here: dict[str, Distribution] = {canonicalize_name(each.name): each for each in of_this_environment()}
    for each in locked():
        found = here.get(each.name)
        if found is None and (not each.marker or Marker(each.marker).evaluate()):
            yield f"{each.name} {each.version} manque."
        elif found is not None and found.version != each.version:
            yield f"{each.name} est installé en version {found.version}, le verrou dit {each.version}."
        elif found is not None:
            yield from (f"{each.name} : {file} n’est plus tel qu’il a été installé." for file in altered(found))


def of_this_environment() -> Iterator[Distribution]:
    """Not what some package carries inside itself, and may have put on the path meanwhile."""
    paths = get_paths()
    return iter(distributions(path=sorted({paths["purelib"], paths["platlib"]})))


def altered(package: Distribution) -> Iterator[PackagePath]:
    """Its files whose bytes are not those that its own list names."""
    for file in package.files or []:
        if file.hash is not None and file.hash.mode == "sha256" and digest(Path(str(file.locate()))) != file.hash.value:
            yield file


def digest(path: Path) -> str:
    """As RECORD writes it; nothing for a file that is gone."""
    if not path.is_file():
        return ""
    return base64.urlsafe_b64encode(sha256(path.read_bytes()).digest()).decode().rstrip("=")


def besides() -> list[str]:
    """Packages that are installed here and that the lock file does not name: tools of a developer, or somebody's."""
    known = {each.name for each in locked()} | BESIDE
    return sorted(name for each in of_this_environment() if (name := canonicalize_name(each.name)) not in known)


def system_packages(status: Path = DPKG) -> dict[str, str]:
    """Debian's packages that the installer asks for, with the version that is here; none where there is no Debian."""
    asked = re.findall(r"echo ([a-z0-9 -]+)$", PACKAGES.read_text(), re.MULTILINE)
    wanted = {name for line in asked for name in line.split()}
    found = status.read_text().split("\n\n") if status.is_file() else []
    told = [dict(re.findall(r"^(Package|Status|Version): (.*)$", each, re.MULTILINE)) for each in found]
    installed = [each for each in told if each.get("Status", "").endswith(" installed")]
    return {each["Package"]: each["Version"] for each in installed if each["Package"] in wanted}
