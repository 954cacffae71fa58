"""Backup on one machine, which is lost; restored on another under the same name: two real towns go on from there.

Here on SQLite, with a disk; on PostgreSQL, with buckets: tests/instance/storage/test_machine_lost.py.
"""

from collections.abc import Callable

import pytest

from tests.instance.backups import story
from tests.instance.backups.story import arrives, publish

pytestmark = pytest.mark.slow
KEPT = "[Agent.objects.count(), Post.objects.filter(local=True).count(), Attachment.objects.get().file.size]"
AT_VERNAY = "Delivery.objects.filter(host={host!r}, dispatch__object_uri={uri!r})"


@pytest.fixture
def told(tmp_path):
    found = story.begin(tmp_path, "sqlite")
    yield found
    story.end(found)


def test_nothing_is_lost_and_no_private_post_reaches_a_removed_follower(told):
    live_through(told, lambda: None)


def live_through(told: story.Story, happens_after_the_backup: Callable[[], None]) -> str:
    """What the restoration said."""
    aubin, vernay = told.first, told.vernay
    before = publish(aubin, "julien.mercier", "Avant", "partners", ", photo('julien.mercier')")
    arrives(vernay, before)
    assert "deliveries: " in story.sweep(vernay)
    vernay.stop()
    waiting = publish(aubin, "julien.mercier", "En attente", "partners")
    assert "receipts: " in story.sweep(aubin)
    kept = aubin.ask(KEPT)
    story.back_up(told)
    after_the_backup(told, waiting)
    happens_after_the_backup()
    story.destroy(aubin)
    meanwhile = publish(vernay, "lucie.ferrand", "Pendant", "partners")
    said = story.restore(told)
    assert f"Abonnés de {vernay.host} : vérifiés" in said
    aubin = told.second
    assert aubin.ask(KEPT) == kept
    who_follows_whom(told)
    vernay.wait_until("Peer.objects.get().failures == 0", 60)  # it had a sign of life
    hurry(vernay)
    arrives(aubin, meanwhile)
    what_leaves(told)
    aubin.wait_until(f"{AT_VERNAY.format(host=vernay.host, uri=waiting)}.filter(state='sent').exists()", 60)
    create = waiting.replace("/objects/", "/activities/")  # which left twice, and was taken once
    assert vernay.ask(
        f"[Receipt.objects.filter(uri={create!r}).count(), Post.objects.filter(uri={waiting!r}).count()]"
    ) == [1, 1]
    assert aubin.ask("SignInLink.objects.count()") == 0
    return said


def after_the_backup(told, waiting):
    """What Saint-Aubin will not remember: an owed post is sent, two followers are removed, Lucie removes Julien, and
    says yes to Hélène."""
    aubin, vernay = told.first, told.vernay
    vernay.start()
    vernay.sh(story.WORDS)
    hurry(aubin)
    arrives(vernay, waiting)
    aubin.sh("following.remove_from_followers(one('julien.mercier'), other('malo.briand'))")
    aubin.sh("following.remove_from_followers(one('helene.vasseur'), other('lucie.ferrand'))")
    vernay.wait_until("follows('malo.briand', 'julien.mercier') == ['refused']", 60)
    vernay.wait_until("follows('lucie.ferrand', 'helene.vasseur') == ['refused']", 60)
    vernay.sh("following.remove_from_followers(one('lucie.ferrand'), other('julien.mercier'))")
    story.follow(aubin, "helene.vasseur", vernay, "lucie.ferrand")


def who_follows_whom(told):
    aubin = told.second
    assert aubin.ask("follows('lucie.ferrand', 'julien.mercier')") == ["accepted"]
    assert aubin.ask("follows('malo.briand', 'julien.mercier')") == ["refused"]
    assert aubin.ask("follows('lucie.ferrand', 'helene.vasseur')") == ["refused"]
    assert aubin.ask("follows('julien.mercier', 'lucie.ferrand')") == ["undone"]
    assert aubin.ask("follows('helene.vasseur', 'lucie.ferrand')") == ["accepted"]


def what_leaves(told):
    aubin, vernay = told.second, told.vernay
    alone = publish(aubin, "helene.vasseur", "À mes abonnés", "followers")
    private = publish(aubin, "julien.mercier", "À mes abonnés", "followers")
    arrives(vernay, private)
    assert vernay.ask(f"[reads(each, {private!r}) for each in ('lucie.ferrand', 'malo.briand')]") == [True, False]
    assert not aubin.ask(f"{AT_VERNAY.format(host=vernay.host, uri=alone)}.exists()")
    assert not vernay.ask(f"Post.objects.filter(uri={alone!r}).exists()")


def test_what_is_for_followers_waits_until_a_house_that_is_down_has_said_who_they_are(told):
    aubin, vernay = told.first, told.vernay
    story.back_up(told)
    aubin.sh("following.remove_from_followers(one('julien.mercier'), other('malo.briand'))")
    aubin.sh("following.remove_from_followers(one('helene.vasseur'), other('lucie.ferrand'))")
    vernay.wait_until("follows('lucie.ferrand', 'helene.vasseur') == ['refused']", 60)
    vernay.wait_until("follows('malo.briand', 'julien.mercier') == ['refused']", 60)
    vernay.stop()
    story.destroy(aubin)
    assert "3 abonnements attendent" in story.restore(told)
    aubin = told.second
    private = publish(aubin, "julien.mercier", "À mes abonnés", "followers")
    alone = publish(aubin, "helene.vasseur", "À mes abonnés", "followers")
    vernay.start()
    vernay.sh(story.WORDS)
    compare(vernay, "julien.mercier")
    hurry(aubin)
    aubin.wait_until("not Follow.objects.filter(state='unsure').exists()", 60)
    hurry(aubin)
    aubin.wait_until(f"{AT_VERNAY.format(host=vernay.host, uri=alone)}.filter(state='abandoned').exists()", 90)
    arrives(vernay, private)
    assert vernay.ask(f"[reads(each, {private!r}) for each in ('lucie.ferrand', 'malo.briand')]") == [True, False]
    assert not vernay.ask(f"Post.objects.filter(uri={alone!r}).exists()")


def compare(town, followed):
    """Vernay asks who follows, as it would upon a letter, before it was asked itself: nobody loses her follow."""
    town.sh(f"""
        from actors import synchronisation
        author = other({followed!r})
        Follow.objects.filter(followed=author).update(state_since="2026-01-01T00:00:00Z")
        synchronisation.repair(author, synchronisation.address(author.uri))
    """)
    assert town.ask(f"follows('lucie.ferrand', {followed!r})") == ["accepted"]


def hurry(town):
    """Time goes by."""
    town.sh("""
        from django.utils.timezone import now
        from federation import health
        health.revive([each.host for each in Peer.objects.all()])
        Absence.objects.all().delete()
        Delivery.objects.filter(state="waiting").update(due_at=now())
    """)
