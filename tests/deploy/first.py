"""Houses full of life, made by the first version that was published, go on with the present one."""

import json
import subprocess
from typing import Any

from tests.deploy.checks import expect
from tests.deploy.roots import Root
from tests.deploy.upgrading import ORIGIN

FIRST = "7d8b2f682a17e769fb283c0dbc9bd43e2aa25f93"  # 24 November 2026
HERE, THERE, DEMO = "/srv/present", "/srv/first", "/srv/demo"
PORT, TOWNS = 8301, ("saint-aubin", "vernay", "pays-arlande")
WHAT_IT_HOLDS = """
import json
from actors.models import Actor, Follow, Organisation
from federation.models import Delivery, Key, Peer
from inbox.models import Notification, Receipt
from outbox import posts
people = Actor.objects.filter(local=True, kind="Person")
print(json.dumps({
    "reads": {each.handle: sorted(posts.readable_by(each).values_list("uri", flat=True)) for each in people},
    "words": sorted(post.html for each in people for post in posts.readable_by(each)),
    "follows": sorted(Follow.objects.values_list("follower__uri", "followed__uri", "state")),
    "peers": sorted(Peer.objects.values_list("host", "state")),
    "keys": sorted(Key.objects.exclude(sealed_private="").values_list("public_pem", flat=True)),
    "owed": sorted(Delivery.objects.values_list("inbox", "state")),
    "taken": sorted(Receipt.objects.values_list("uri", "state")),
    "told": sorted(Notification.objects.values_list("reader__uri", "reason")),
    "organisations": sorted(Organisation.objects.values_list("name", "siren")),
}))
"""


def all_of_it(root: Root) -> None:
    root.run("apt-get", "update", "-qq")
    packages = ("git", "make", "python3", "python3-venv", "ca-certificates")
    root.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
    for place, version in ((THERE, FIRST), (HERE, "HEAD")):
        root.run("git", "clone", "--quiet", ORIGIN, place)
        root.run("git", "-C", place, "checkout", "--quiet", "--detach", version)
        root.run("make", "-C", place, "install")
    live(root)
    before = {town: holds(root, THERE, town) for town in TOWNS}
    for town in TOWNS:
        manage(root, HERE, town, "migrate", "--no-input", "--verbosity", "0")
    for town in TOWNS:
        after = holds(root, HERE, town)
        for name, was in before[town].items():
            expect(bool(was) and after[name] == was, f"{town}: {name} is not what it was")
        counts = {name: len(was) for name, was in before[town].items()}
        print(f"  {town}: as it was, with {counts}", flush=True)
        manage(root, HERE, town, "check")


def live(root: Root) -> None:
    """The demonstration of that version: three houses, their people, and what they say to each other."""
    words = ("manage.py", "demo", "--folder", DEMO, "--first-port", str(PORT), "--agents", "12")
    command = root.command(f"{THERE}/.venv/bin/python", f"{THERE}/{words[0]}", *words[1:], PREAU_DEVELOPMENT="1")
    process = subprocess.Popen(command, stdin=-3, stdout=-1, stderr=-2, text=True)
    assert process.stdout
    said = ""
    while "signs in once" not in said and (line := process.stdout.readline()):
        said += line
    process.terminate()
    said += process.communicate(timeout=60)[0]
    expect("signs in once" in said and "lost on the way" not in said, f"the first version's demonstration: {said}")


def holds(root: Root, code: str, town: str) -> dict[str, Any]:
    said = manage(root, code, town, "shell", "-c", WHAT_IT_HOLDS)
    found = json.loads(said.strip().rpartition("\n")[2])
    assert isinstance(found, dict)
    return found


def manage(root: Root, code: str, town: str, *words: str) -> str:
    host = f"{town}.localhost:{PORT + TOWNS.index(town)}"
    settings = {"PREAU_DEVELOPMENT": "1", "PREAU_HOST": host, "PREAU_DATA": f"{DEMO}/{town}", "PREAU_WORK": "manual"}
    return root.run(f"{code}/.venv/bin/python", f"{code}/manage.py", *words, **settings)
