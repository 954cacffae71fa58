"""`preau upgrade` on a host that serves: broken versions leave it as it was, a good one takes its place."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.deploy.checks import expect
from tests.deploy.hosts import Host
from tests.deploy.roots import Root
from tests.servers import ROOT

ORIGIN = "/srv/preau.git"
MIGRATION = """
from django.db import migrations, models

def fill(apps, schema_editor):
    apps.get_model("inbox", "Later").objects.create()
    {ending}

class Migration(migrations.Migration):
    dependencies = [("inbox", "{last}")]
    operations = [
        migrations.CreateModel("Later", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
"""
PUBLISH = """
from actors.models import Actor
from outbox import publishing
from outbox.audience import Reach
author = Actor.objects.get(name={admin!r}, local=True)
publishing.publish(author, publishing.Draft("Avant la mise à jour"), Reach("organisation"))
"""
FOUND = """
from django.db import connection
from outbox.posts import Post
kept = Post.objects.filter(html__contains="Avant la mise").count()
print(kept, "inbox_later" in connection.introspection.table_names())
"""


def bare_origin(root: Root) -> Path:
    bare = root.path(ORIGIN)
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(bare)], check=True)
    return bare


class Origin:
    """The repository that the host has its versions from, and a checkout in which the next ones are made."""

    def __init__(self, host: Host, folder: Path, *, cloned: bool = True) -> None:
        self.host, self.work = host, folder / "work"
        self.bare = bare_origin(host.root)
        subprocess.run(["git", "clone", "--quiet", str(self.bare), str(self.work)], check=True)
        if cloned:
            host.root.run("apt-get", "update", "-qq")
            host.root.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "git")
            host.root.run("git", "clone", "--quiet", ORIGIN, "/opt/preau")
        names = sorted(each.stem for each in (self.work / "inbox" / "migrations").glob("0*.py"))
        self.last, self.next = names[-1], self.work / "inbox" / "migrations" / "9999_later.py"

    def publish(self, about: str, *, ending: str = "", serves: bool = True, tag: str = "") -> None:
        """A version with one migration more, that ends so; and that starts, or does not; perhaps with a name."""
        self.next.write_text(MIGRATION.format(last=self.last, ending=ending or "return None"))
        serve = self.work / "instance" / "management" / "commands" / "serve.py"
        self.git("checkout", "--quiet", "HEAD", "--", str(serve))
        words = serve.read_text().replace("raise SystemExit('broken')\n", "")
        serve.write_text(words if serves else words + "raise SystemExit('broken')\n")
        self.git("add", "--all")
        self.git("-c", "user.name=T", "-c", "user.email=t@t", "commit", "--quiet", "--allow-empty", "--message", about)
        self.git("push", "--quiet", "origin", "HEAD")
        if tag:
            self.git("tag", tag)
            self.git("push", "--quiet", "origin", tag)

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.work, check=True)


def all_of_it(host: Host, origin: Origin) -> None:
    host.sh(PUBLISH.format(admin=host.admin))
    first = version(host)
    origin.publish("A migration that fails", ending='raise RuntimeError("this version is broken")')
    refused(host, first)
    origin.publish("A server that does not start", serves=False)
    refused(host, first)
    origin.publish("A good version")
    with watched(host) as closed:
        said = host.root.run("preau", "upgrade")
    print(said, f"\n  an agent would have been refused for {closed[0]:.1f} s", flush=True)
    expect(answers(host), "the new version does not answer")
    expect(version(host) != first and host.sh(FOUND) == "1 True", f"after the upgrade: {host.sh(FOUND)}")
    expect("à jour" in host.root.run("preau", "upgrade"), "there is nothing newer")
    # As if the machine had gone off between two lines of it.
    host.root.run("systemctl", "stop", "preau.service")
    said = host.root.run("preau", "upgrade")
    expect("n'était pas finie" in said and answers(host), f"what was cut short is to be finished: {said}")


def refused(host: Host, first: str) -> None:
    said = host.root.run("preau", "upgrade", check=False)
    print(said, flush=True)
    expect("marche comme avant" in said, "the upgrade was to be undone")
    expect(version(host) == first and answers(host), "it does not run as before")
    expect(host.sh(FOUND) == "1 False", f"the database is not as before: {host.sh(FOUND)}")


def version(host: Host) -> str:
    return host.root.run("git", "-C", "/opt/preau", "rev-parse", "HEAD").strip()


def answers(host: Host) -> bool:
    line = HTTPConnection("127.0.0.1", host.port, timeout=2)
    try:
        line.request("GET", "/health", headers={"Host": host.name, "X-Forwarded-Proto": "https"})
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


@contextmanager
def watched(host: Host) -> Iterator[list[float]]:
    """For how many seconds nobody answered."""
    closed, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            begun = time.monotonic()
            if not answers(host):
                time.sleep(0.1)
                closed[0] += time.monotonic() - begun + 0.1

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield closed
    finally:
        over.set()
        watcher.join()
