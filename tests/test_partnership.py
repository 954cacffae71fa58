"""Two instances that do not know each other become partners, write to each other, and part: real processes do it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.towns import CommandFailed, Town

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """Saint-Aubin and Vernay, running, neither on the other's list."""
    folder = tmp_path_factory.mktemp("strangers")
    towns = Town("saint-aubin", folder / "saint-aubin"), Town("vernay", folder / "vernay")
    try:
        with ThreadPoolExecutor() as both:
            julien = both.submit(towns[0].setup, "Ville de Saint-Aubin", "Saint-Aubin", "210101010", ["Julien Mercier"])
            lucie = both.submit(towns[1].setup, "Ville de Vernay", "Vernay", "210202020", ["Lucie Ferrand"])
            julien.result(), lucie.result()
        for town in towns:
            town.launch()
        for town in towns:
            town.wait_ready()
        yield towns
    finally:
        for town in towns:
            town.stop()


def peers(town, *arguments):
    town.sh(f"from django.core.management import call_command\ncall_command('peers', *{arguments!r})")


def reaches(town, other, wanted):
    town.wait_until(f"Peer.objects.filter(host={other.host!r}, state={wanted!r}).exists()")


def publish(town, name, words):
    town.sh(f"""
        from outbox import publishing
        from outbox.audience import Reach
        author = Actor.objects.get(name={name!r}, local=True)
        publishing.publish(author, publishing.Draft({words!r}), Reach("partners"))
    """)


def reads(name, words):
    reader = f"Actor.objects.get(name={name!r}, local=True)"
    return f"__import__('outbox.posts').posts.readable_by({reader}).filter(html__contains={words!r}).exists()"


def said(other, verb, ours):
    return f"Exchange.objects.filter(peer__host={other.host!r}, verb={verb!r}, ours={ours}).exists()"


FOLLOW_EACH_OTHER = (
    "Follow.objects.filter(state='accepted', follower__kind='Application', followed__kind='Application').count() == 2"
)


def test_two_houses_meet_agree_write_and_part(strangers):
    meet_and_ask(*strangers)
    agree(*strangers)
    write_to_each_other(*strangers)
    part_and_meet_again(*strangers)


def meet_and_ask(aubin, vernay):
    contact = ("--contact", "dpo@saint-aubin.example")
    peers(aubin, "offer", vernay.host, "--purpose", "Partager nos massifs", *contact)
    vernay.wait_until("Approach.objects.exists()")
    assert not vernay.ask("Peer.objects.exists()")
    assert not vernay.ask("Actor.objects.filter(local=False).exists()")  # nobody was called
    with pytest.raises(CommandFailed, match="n’est pas connue"):
        peers(vernay, "accept", aubin.host, "--contact", "dpo@vernay.example")

    peers(vernay, "verify", aubin.host)
    assert vernay.ask(f"Peer.objects.get(host={aubin.host!r}).state") == "requested"
    peers(vernay, "ask", aubin.host, "--message", "Combien d’agents ?")
    aubin.wait_until(said(vernay, "ask", ours=False))
    peers(aubin, "ask", vernay.host, "--message", "Quarante.")
    vernay.wait_until(said(aubin, "answer", ours=False))
    assert aubin.ask(f"Peer.objects.get(host={vernay.host!r}).state") == "offered"


def agree(aubin, vernay):
    peers(vernay, "accept", aubin.host, "--contact", "dpo@vernay.example", "--message", "Avec joie")
    reaches(aubin, vernay, "active")
    for town, other in ((aubin, vernay), (vernay, aubin)):
        town.wait_until(FOLLOW_EACH_OTHER)
        town.wait_until(f"Organisation.objects.filter(host={other.host!r}).exists()")


def write_to_each_other(aubin, vernay):
    publish(aubin, "Julien Mercier", "les massifs")
    publish(vernay, "Lucie Ferrand", "les rosiers")
    vernay.wait_until(reads("Lucie Ferrand", "les massifs"))
    aubin.wait_until(reads("Julien Mercier", "les rosiers"))


def part_and_meet_again(aubin, vernay):
    peers(vernay, "revoke", aubin.host, "--message", "La convention a pris fin")
    assert not vernay.ask(reads("Lucie Ferrand", "les massifs"))
    reaches(aubin, vernay, "revoked")
    assert not aubin.ask(reads("Julien Mercier", "les rosiers"))
    for town in (aubin, vernay):
        assert town.ask("Follow.objects.filter(state='accepted').count()") == 0
    publish(aubin, "Julien Mercier", "plus tard")
    assert aubin.ask(f"Delivery.objects.filter(host={vernay.host!r}, state='waiting').count()") == 0

    peers(vernay, "offer", aubin.host, "--purpose", "Recommençons")
    reaches(aubin, vernay, "requested")  # a house that was known is proven at once
    peers(aubin, "accept", vernay.host)
    reaches(vernay, aubin, "active")
    vernay.wait_until(reads("Lucie Ferrand", "les massifs"))
