"""Two real towns, one of which lost a letter about who follows: what is for followers stops flowing (row 88)."""

import pytest

pytestmark = pytest.mark.slow
FOLLOWS = """
from actors import arrivals, directory, following
malo = Agent.objects.filter(actor__name="Malo Briand").first() or arrivals.invite("Malo Briand")
for name in ("julien.mercier", "helene.vasseur"):
    author = directory.by_address(f"@{name}@HOST")
    for follower in Actor.objects.filter(local=True, kind="Person"):
        following.ask(follower, author)
"""
WRITES = """
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft
author = Actor.objects.get(local=True, handle="HANDLE")
print(publishing.publish(author, Draft("Pour ceux qui me suivent"), Reach("followers")).uri)
"""
READERS = """sorted(reader.name for reader in Actor.objects.filter(local=True, kind="Person")
if __import__("outbox.posts").posts.readable_by(reader).filter(uri={uri!r}).exists())"""
LUCIE = "Follow.objects.filter(follower__handle='lucie.ferrand', followed__handle={author!r})"


@pytest.fixture(scope="module")
def towns(two_towns):
    """At Vernay, Lucie and Malo follow two agents of Saint-Aubin."""
    aubin, vernay = two_towns
    aubin.sh("from actors import arrivals\narrivals.invite('Hélène Vasseur')")
    vernay.sh(FOLLOWS.replace("HOST", aubin.host))
    for town in two_towns:
        town.wait_until("Follow.objects.filter(state='accepted').count() == 4", 60)
    return two_towns


def write(town, handle):
    return town.sh(WRITES.replace("HANDLE", handle)).splitlines()[-1]


def test_an_undo_that_was_lost_is_said_again(towns):
    aubin, vernay = towns
    lucie = LUCIE.format(author="julien.mercier")
    vernay.sh(f"{lucie}.update(state='undone')")
    assert aubin.ask(f"{lucie}.get().state") == "accepted"
    uri = write(aubin, "julien.mercier")
    aubin.wait_until(f"{lucie}.get().state == 'undone'", 60)
    assert vernay.ask(READERS.format(uri=uri)) == ["Malo Briand"]


def test_a_reject_that_was_lost_takes_effect(towns):
    aubin, vernay = towns
    lucie = LUCIE.format(author="helene.vasseur")
    aubin.sh(f"{lucie}.update(state='refused')")
    assert vernay.ask(f"{lucie}.get().state") == "accepted"
    uri = write(aubin, "helene.vasseur")
    vernay.wait_until(f"{lucie}.get().state == 'undone'", 60)
    vernay.wait_until(f"Post.objects.filter(uri={uri!r}).exists()", 60)
    assert vernay.ask(READERS.format(uri=uri)) == ["Malo Briand"]


def test_houses_that_agree_compare_nothing(towns):
    aubin, vernay = towns
    compared = "list(Comparison.objects.values_list('actor__handle', 'state_since').order_by('pk'))"
    before = vernay.ask(compared)
    uri = write(aubin, "julien.mercier")
    vernay.wait_until(f"Post.objects.filter(uri={uri!r}).exists()", 60)
    assert vernay.ask(compared) == before
