"""A house on a host of its own takes another name, by the one command, and its partner over https loses nothing."""

import subprocess
from contextlib import ExitStack
from pathlib import Path

from tests.deploy import meeting
from tests.deploy.checks import expect
from tests.deploy.hosts import INSTALL, Host, until

CERTIFICATE, KEY = "/etc/ssl/preau-next.pem", "/etc/ssl/private/preau-next.key"
FOLLOW = """
from actors import directory, following
from actors.models import Actor
me = Actor.objects.get(name={me!r}, local=True)
following.ask(me, directory.by_address({address!r}))
"""
FOLLOWS = """
from actors.models import Follow
print(Follow.objects.filter(follower__name={me!r}, followed__host={host!r}, state="accepted").count())
"""
WRITE = """
from actors.models import Actor
from outbox import publishing
from outbox.audience import Reach
me = Actor.objects.get(name={me!r}, local=True)
publishing.publish(me, publishing.Draft({words!r}), Reach({audience!r}))
"""
SQL = """
from django.db import connection
connection.cursor().execute({sql!r})
"""
EDIT = """
from actors.models import Actor
from outbox import publishing
from outbox.posts import Post
me = Actor.objects.get(name={me!r}, local=True)
publishing.edit(me, Post.objects.get(html__contains={words!r}), publishing.Draft({into!r}))
"""


def all_of_it(stack: ExitStack, host: Host, other: Host, authority: Path) -> None:
    """Both serve; `host` by what stands for systemd from the middle on."""
    for each, since in ((host, other), (other, host)):
        until(f"{each.name} answers", lambda each=each, since=since: meeting.answers(each, since, authority))
    meeting.befriend(other, host)
    address = f"@{host.preau('agents', 'list').split(chr(9))[0]}@{host.name}"
    other.sh(FOLLOW.format(me=other.admin, address=address))
    until("they follow each other", lambda: follows(other, host.name))
    write(host, "Avant, pour qui me suit", "followers")
    until("it is read", lambda: meeting.reads(other, "Avant, pour qui me suit"))
    former = host.name
    serve(stack, host)
    refused(host, other)
    command = ["preau", "move-domain", host.next_name, "--yes", "--certificate", CERTIFICATE, "--key", KEY]
    undone(host, other, command, authority)
    cut_short(host, command, "dans la base")
    print(f"\n━━ {former}: {' '.join(command[:3])}, once more\n{run(host, *command)}", flush=True)
    host.name = host.next_name
    until(f"{host.name} answers", lambda: meeting.answers(host, other, authority))
    print("  signed in under the new name:", meeting.sign_in(host, other, authority), flush=True)
    led = page(other, authority, f"https://{former}/charte/")
    expect(f"location: https://{host.name}/charte/" in led.lower(), f"the pages of {former} lead nowhere: {led}")
    write(host, "Après, aux partenaires", "partners")
    write(host, "Après, pour qui me suit", "followers")
    until("the partner is told", lambda: f"{former}\trenamed\t{host.name}" in other.preau("peers", "requests"))
    expect(f"{other.name}\twaits\t{former}" in run(host, "preau", "domain"), "who has not heard is to be named")
    expect(not meeting.reads(other, "Après, aux partenaires"), "nothing is to leave before the partner knows the name")
    other.preau("peers", "renamed", former, host.name)
    for words in ("Après, aux partenaires", "Après, pour qui me suit", "Avant, pour qui me suit"):
        until(f"{other.name} reads {words}", lambda words=words: meeting.reads(other, words), 150)
    until("the follow is under the new name", lambda: follows(other, host.name))
    run(host, "preau", "shell", "-v", "0", "-c", EDIT.format(me=host.admin, words="Avant, pour", into="Corrigé depuis"))
    until("what was written before is edited", lambda: meeting.reads(other, "Corrigé depuis"))
    write(other, "Réponse", "partners")
    until("and it reads its partner", lambda: meeting.reads(host, "Réponse"))
    expect("waits" not in run(host, "preau", "domain"), "everybody has heard")
    expect("s'appelle" in run(host, *command), "twice is once")
    again = [line for line in run(host, INSTALL, "--yes").splitlines() if line.startswith("[")]
    expect(len([line for line in again if "✓ déjà fait" not in line]) == 1, f"install.sh was to find all done: {again}")
    print(f"  {former} is {host.name}: {other.name} confirmed it, and nothing was lost", flush=True)


def serve(stack: ExitStack, host: Host) -> None:
    """What was started by hand is started by the command's own words from here on, in the same network."""
    for unit in reversed(host.started):
        unit.stop()
    for process in host.aside:
        process.terminate()
        process.wait(timeout=20)
    host.started, host.aside = [], []
    host.root.serve_units()
    host.root.path("/run/units").mkdir()
    host.root.path("/run/units/nginx").touch()
    stack.callback(host.root.run, "systemctl", "stop", "nginx", "preau.service", check=False)
    run(host, "systemctl", "start", "preau.service", "nginx")


def refused(host: Host, other: Host) -> None:
    """Before anything is touched."""
    for words, sentence in (
        ([other.name], "autre collectivité"),
        (["nulle.part.test"], "ne mène nulle part"),
        ([host.next_name], "certificat du nouveau nom"),
        (["pas_un_nom"], "n'a pas la forme"),
    ):
        said = host.root.run("preau", "move-domain", *words, "--yes", space=host.space, check=False)
        expect(sentence in said, f"{words} was to be refused by {sentence!r}: {said}")
    expect(f"{host.name}\tpresent" in run(host, "preau", "domain"), "nothing was to change")


def page(since: Host, authority: Path, link: str) -> str:
    """What its headers say."""
    curl = ["curl", "--silent", "--head", "--cacert", str(authority), "--header", "Accept: text/html", link]
    return subprocess.run(["ip", "netns", "exec", since.space, *curl], capture_output=True, text=True).stdout


def undone(host: Host, other: Host, command: list[str], authority: Path) -> None:
    """The database refuses, halfway through the accounts: all is as before."""
    host.sh(
        SQL.format(sql="CREATE TRIGGER no BEFORE UPDATE ON actors_organisation BEGIN SELECT RAISE(ABORT, 'no'); END")
    )
    said = host.root.run(*command, space=host.space, check=False)
    print(said, flush=True)
    expect("marche comme avant" in said, f"the change was to be undone: {said}")
    host.sh(SQL.format(sql="DROP TRIGGER no"))
    until("it answers as before", lambda: meeting.answers(host, other, authority))
    expect(run(host, "preau", "domain").split("\n")[0] == f"{host.name}\tpresent", "its name was to be as before")
    again = [line for line in run(host, INSTALL, "--yes").splitlines() if line.startswith("[")]
    expect(len([line for line in again if "✓ déjà fait" not in line]) == 1, f"install.sh was to find all done: {again}")


def cut_short(host: Host, command: list[str], after: str) -> None:
    """Killed when it has said that: what it began may end, or not."""
    words = host.root.command(*command, space=host.space)
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = ""
        while after not in said and (letter := process.stdout.read(1)):
            said += letter
        process.kill()
    print(f"{said}\n  killed", flush=True)
    expect(after in said, "it ended before it could be killed")


def run(host: Host, *words: str) -> str:
    return host.root.run(*words, space=host.space)


def follows(other: Host, host: str) -> bool:
    return other.sh(FOLLOWS.format(me=other.admin, host=host)) == "1"


def write(host: Host, words: str, audience: str) -> None:
    host.sh(WRITE.format(me=host.admin, words=words, audience=audience))
