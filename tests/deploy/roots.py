"""Bare Debian roots, made by debootstrap once and copied for each run, in which one acts as on a machine of its own."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.servers import ROOT

CACHE = ROOT / ".test" / "roots"
NEEDED = {"debootstrap": "debootstrap", "ip": "iproute2", "chroot": "coreutils", "pebble": "pebble", "curl": "curl"}
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
HOME = "/root"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# So that the roots find the packages as this machine does.
LIKE_HERE = ("etc/apt/apt.conf.d", "etc/pip.conf", "etc/resolv.conf", "etc/hosts", CERTIFICATES)
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


class Failed(Exception):
    """A command ended badly; the message holds the end of what it said."""


def prepare() -> None:
    """Root is needed for chroot and network namespaces, and debootstrap for the roots."""
    if os.geteuid() != 0:
        raise SystemExit(
            "make test-deploy makes roots and network namespaces: run it as root, on a machine for trials."
        )
    missing = [package for command, package in NEEDED.items() if shutil.which(command) is None]
    if missing:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True)


def mirror() -> list[str]:
    """Where this machine has its Debian packages from, if it says so; else debootstrap knows of one."""
    said = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True)
    found = [each for each in said.stdout.split() if each.rstrip("/").endswith("/debian")]
    return found[:1]


def bare(suite: str) -> Path:
    """A minimal system as an installer leaves it, with systemd, which does not run in a root."""
    kept = CACHE / suite
    if not kept.exists():
        part = CACHE / f"{suite}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        command = ["debootstrap", "--variant=minbase", "--include=systemd,ca-certificates", suite, str(part), *mirror()]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            raise Failed(run.stdout[-2000:] + run.stderr[-2000:])
        part.rename(kept)
    return kept


class Root:
    """One system: `with Root("bookworm", folder) as root: root.run("id")`."""

    def __init__(self, suite: str, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["cp", "--archive", "--reflink=auto", str(bare(suite)), str(folder)], check=True)
        for name in LIKE_HERE:
            here, there = Path("/") / name, folder / name
            if here.is_dir():
                shutil.copytree(here, there, dirs_exist_ok=True)
            elif here.exists():
                shutil.copy(here, there, follow_symlinks=True)
        # Packages start nothing by themselves: what runs is what the test starts.
        policy = folder / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)

    def __enter__(self) -> Self:
        self.mount("-t", "proc", "proc", "proc")
        self.mount("-t", "tmpfs", "tmpfs", "dev")
        self.mount("-t", "tmpfs", "tmpfs", "run")
        for name, (major, minor) in DEVICES.items():
            device = self.folder / "dev" / name
            os.mknod(device, 0o020666, os.makedev(major, minor))
            device.chmod(0o666)
        (self.folder / "dev/shm").mkdir(mode=0o1777)
        (self.folder / "dev/shm").chmod(0o1777)
        for name, target in {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}.items():
            (self.folder / "dev" / name).symlink_to(target)
        return self

    def __exit__(self, *_ended: object) -> None:
        self.end_all()
        for each in ("run", "dev", "proc"):
            subprocess.run(["umount", "--lazy", str(self.folder / each)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def end_all(self) -> None:
        """Whatever still runs inside: what a killed script has begun, for one."""
        for each in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.readlink(each / "root") == str(self.folder):
                    os.kill(int(each.name), signal.SIGKILL)

    def mount(self, *how: str) -> None:
        *options, place = how
        subprocess.run(["mount", *options, str(self.folder / place)], check=True)

    def command(self, *words: str, space: str = "", **variables: str) -> list[str]:
        """How to run that inside, in the network of this machine or in a namespace."""
        inside = {"PATH": PATH, "HOME": HOME, "LANG": "C.UTF-8", "SSL_CERT_FILE": f"/{CERTIFICATES}"}
        enter = ["ip", "netns", "exec", space] if space else []
        pairs = [f"{name}={value}" for name, value in (inside | proxies() | variables).items()]
        return [*enter, "chroot", str(self.folder), "env", "-i", *pairs, *words]

    def run(self, *words: str, space: str = "", check: bool = True, **variables: str) -> str:
        """What it said, both ways; Failed with it when it ended badly."""
        command = self.command(*words, space=space, **variables)
        run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=-1, stderr=subprocess.STDOUT, text=True)
        if check and run.returncode:
            raise Failed(f"{' '.join(words)} ended with {run.returncode}:\n{run.stdout[-3000:]}")
        return run.stdout

    def serve_units(self) -> None:
        """As if systemd ran here: services can be started and stopped."""
        self.path("/run/systemd/system").mkdir(parents=True)
        there = self.path("/usr/local/bin/systemctl")
        shutil.copy(Path(__file__).with_name("systemctl.sh"), there)
        there.chmod(0o755)

    def path(self, inside: str) -> Path:
        return self.folder / inside.lstrip("/")


def proxies(known: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What this machine says about how packages are reached."""
    return {name: value for name, value in known.items() if name.lower().endswith("_proxy") or name.startswith("PIP_")}
