"""systemd's units, run by hand where systemd does not run: their own command lines, as their own account."""

import subprocess
from pathlib import Path
from typing import Self

from tests.deploy.roots import Root

RUNNER = ["setpriv", "--reuid", "{user}", "--regid", "{group}", "--init-groups", "--no-new-privs"]


class Unit:
    """One service of a root, in a network namespace: `ExecStartPre` lines first, then `ExecStart`."""

    def __init__(self, root: Root, name: str, space: str) -> None:
        self.root, self.name, self.space = root, name, space
        self.said = read(root.path(f"/etc/systemd/system/{name}.service"))
        self.log = root.folder.parent / f"{root.folder.name}-{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def one(self, key: str, otherwise: str = "") -> str:
        return self.said.get(key, [otherwise])[-1]

    def words(self, line: str) -> list[str]:
        user, group = self.one("User", "root"), self.one("Group", "root")
        become = [each.format(user=user, group=group) for each in RUNNER]
        settings, place, mask = self.one("EnvironmentFile"), self.one("WorkingDirectory", "/"), self.one("UMask", "022")
        reader = ["python3", "-I", f"{place}/instance/environment_file.py", settings, "try"]
        return [*become, *reader, "sh", "-c", f"cd {place}; umask {mask}; exec {line}"]

    def start(self) -> Self:
        for line in self.said.get("ExecStartPre", []):
            self.root.run(*self.words(line), space=self.space)
        (line,) = self.said["ExecStart"]
        with self.log.open("ab") as log:
            command = self.root.command(*self.words(line), space=self.space)
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def once(self) -> str:
        """A service of type oneshot: all of its lines, to the end."""
        return "".join(self.root.run(*self.words(line), space=self.space) for line in self.said["ExecStart"])

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()


def read(path: Path) -> dict[str, list[str]]:
    """The lines of [Service], by name; each as often as it is said."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found
