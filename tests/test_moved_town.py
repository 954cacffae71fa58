"""Two real towns, one of which takes another name: nothing that either wrote, follows or kept away is lost."""

import pytest

from tests.towns import Town, befriend

pytestmark = pytest.mark.slow
DOMAIN = "from django.core.management import call_command\ncall_command('domain')"
FOLLOW = """
from actors import directory, following
me = Actor.objects.get(local=True, handle={me!r})
following.ask(me, directory.by_address({other!r}))
"""
WRITE = """
from outbox import publishing
from outbox.audience import Reach
author = Actor.objects.get(local=True, handle={me!r})
print(publishing.publish(author, publishing.Draft({words!r}), Reach({audience!r})).uri)
"""
JULIEN, LUCIE = "julien.mercier", "lucie.ferrand"


def write(town, me, words, audience="followers"):
    return town.sh(WRITE.format(me=me, words=words, audience=audience)).splitlines()[-1]


def reads(me, uri):
    reader = f"Actor.objects.get(local=True, handle={me!r})"
    return f"__import__('outbox.posts').posts.readable_by({reader}).filter(uri={uri!r}).exists()"


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Saint-Aubin has taken its own name, under which it serves; each has written for its followers, who are there."""
    folder = tmp_path_factory.mktemp("moved")
    aubin, vernay = Town("saint-aubin", folder / "saint-aubin"), Town("vernay", folder / "vernay")
    try:
        befriend(aubin, vernay)
        aubin.sh("from actors import arrivals\narrivals.invite('Malo Briand')")
        vernay.sh(FOLLOW.format(me=LUCIE, other=f"@{JULIEN}@{aubin.host}"))
        aubin.sh(FOLLOW.format(me=JULIEN, other=f"@{LUCIE}@{vernay.host}"))
        for town in (aubin, vernay):
            town.wait_until("Follow.objects.filter(state='accepted').count() == 2", 60)
        vernay.sh(
            f"""
            from actors import directory, following
            lucie = Actor.objects.get(local=True, handle={LUCIE!r})
            following.block(lucie, directory.by_address("@malo.briand@{aubin.host}"))
            """
        )
        aubin.before, vernay.before = write(aubin, JULIEN, "Avant"), write(vernay, LUCIE, "Avant, à Vernay")
        vernay.wait_until(reads(LUCIE, aubin.before), 60)
        aubin.wait_until(reads(JULIEN, vernay.before), 60)
        aubin.former = aubin.host
        aubin.rename("rsi")
        assert aubin.manage("domain", "take").startswith("3 comptes")
        assert aubin.manage("domain", "take").startswith("0 comptes")
        aubin.start()
        yield aubin, vernay
    finally:
        for town in (aubin, vernay):
            town.stop()


@pytest.fixture(scope="module")
def waiting(towns):
    """What Julien wrote, and Lucie, before Vernay's admins confirmed anything."""
    aubin, vernay = towns
    found = [write(aubin, JULIEN, "Après"), write(aubin, JULIEN, "Aux partenaires", "partners")]
    theirs = write(vernay, LUCIE, "Après, à Vernay")
    aubin.wait_until(reads(JULIEN, theirs), 60)
    return found


@pytest.fixture(scope="module")
def confirmed(towns, waiting):
    aubin, vernay = towns
    vernay.wait_until(lambda: "renamed" in vernay.sh("call_command('peers', 'requests')"), 60)
    assert not [uri for uri in waiting if vernay.ask(f"Post.objects.filter(uri={uri!r}).exists()")]
    assert f"{vernay.host}\twaits\t{aubin.former}" in aubin.sh(DOMAIN)
    vernay.sh(f"call_command('peers', 'renamed', {aubin.former!r}, {aubin.host!r})")
    return towns


def test_what_waited_for_the_confirmation_arrives(confirmed, waiting):
    aubin, vernay = confirmed
    for uri in waiting:
        vernay.wait_until(reads(LUCIE, uri), 150)
    assert "waits" not in aubin.sh(DOMAIN)
    assert aubin.ask("Delivery.objects.filter(state='abandoned').count()") == 0


def test_the_follows_are_there_under_the_new_name(confirmed):
    aubin, vernay = confirmed
    ours = "state='accepted', under='', follower__local=False, followed__kind='Person'"
    by_name = f"Follow.objects.filter(state='accepted', followed__host={aubin.host!r}, followed__kind='Person').count()"
    vernay.wait_until(f"{by_name} == 1", 60)
    aubin.wait_until(f"Follow.objects.filter({ours}).exists()", 60)
    aubin.wait_until(f"Follow.objects.get(follower__handle={JULIEN!r}).uri.startswith({aubin.url!r})", 60)
    there = f"Follow.objects.filter(follower__host={aubin.host!r}, follower__kind='Person', state='accepted').count()"
    vernay.wait_until(f"{there} == 1", 60)
    uri = write(vernay, LUCIE, "Encore, à Vernay")
    aubin.wait_until(reads(JULIEN, uri), 60)
    assert aubin.ask("Comparison.objects.count()") == vernay.ask("Comparison.objects.count()") == 0


def test_what_was_written_before_is_still_read_edited_and_withdrawn(confirmed):
    aubin, vernay = confirmed
    assert vernay.ask(reads(LUCIE, aubin.before)) and aubin.ask(reads(JULIEN, vernay.before))
    aubin.sh(
        f"""
        from outbox import publishing
        author = Actor.objects.get(local=True, handle={JULIEN!r})
        publishing.edit(author, Post.objects.get(uri={aubin.before!r}), publishing.Draft("Corrigé"))
        """
    )
    vernay.wait_until(f"'Corrigé' in Post.objects.get(uri={aubin.before!r}).html", 60)
    aubin.sh(f"publishing.withdraw(author, Post.objects.get(uri={aubin.before!r}))")
    vernay.wait_until(f"not {reads(LUCIE, aubin.before)}", 60)


def test_nobody_is_found_twice_and_who_was_kept_away_stays_away(confirmed):
    aubin, vernay = confirmed
    vernay.sh(f"call_command('peers', 'refresh', {aubin.host!r})")
    found = vernay.ask("[each.host for each in __import__('actors.directory').directory.search('malo')]")
    assert found == [aubin.host] or found == []
    blocked = f"Block.objects.filter(target__handle='malo.briand', target__host={aubin.host!r}).exists()"
    vernay.wait_until(blocked, 60)


def test_the_former_name_leads_to_the_present_one(confirmed):
    aubin, _vernay = confirmed
    status, _ = aubin.call("GET", "/charte/", headers={"host": aubin.former, "accept": "text/html"})
    assert status == 301
    assert aubin.call("GET", "/charte/", headers={"accept": "text/html"})[0] == 200
