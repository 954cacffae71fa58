"""What our agents report: to whom it is told, and to whom not."""

import pytest

from federation.errors import Forbidden, NotHere
from inbox import moderation
from inbox.models import Report
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.world import HOST


@pytest.fixture
def post(helene):
    return publishing.publish(helene, Draft("Bonjour"), Reach("organisation"))


def test_one_does_not_report_oneself_nor_at_length(julien, helene):
    with pytest.raises(Forbidden):
        moderation.report(julien, julien)
    with pytest.raises(Forbidden):
        moderation.report(julien, helene, words="x" * 1_001)


def test_one_does_not_report_what_one_cannot_read_nor_what_the_other_did_not_write(julien, helene, lucie, post):
    secret = publishing.publish(helene, Draft("Entre nous"), Reach("named", named=(lucie,)))
    for target, about in ((helene, [secret]), (lucie, [post])):
        with pytest.raises(NotHere):
            moderation.report(julien, target, about)
    assert not Report.objects.exists()


def test_one_does_not_report_without_end(julien, helene, monkeypatch):
    monkeypatch.setattr(moderation, "OFTEN", 1)
    moderation.report(julien, helene)
    with pytest.raises(Forbidden):
        moderation.report(julien, helene)


def test_a_report_about_a_colleague_stays_in_the_house(julien, helene, post, vernay, work):
    row = moderation.report(julien, helene, [post], " Trop fort ", "nonsense", forward=True)
    work()
    assert (row.about, row.words, row.category, row.forwarded) == ([helene.uri, post.uri], "Trop fort", "other", False)
    assert vernay.received == []


def test_a_partner_is_told_by_the_house_only_when_one_asks(julien, lucie, vernay, work):
    moderation.report(julien, lucie, words="Discret")
    work()
    assert vernay.received == []
    moderation.report(julien, lucie, words="Injures", category="violation", forward=True)
    work()
    ((_path, headers, letter),) = vernay.received
    assert (letter["type"], letter["object"], letter["content"]) == ("Flag", [lucie.uri], "Injures")
    assert letter["actor"] == f"http://{HOST}/ap/instance" and julien.uri not in str((letter, headers))


def test_who_is_no_partner_is_told_nothing(julien, lucie, vernay, work):
    vernay.peer.step("suspended")
    row = moderation.report(julien, lucie, forward=True)
    work()
    assert vernay.received == [] and not row.forwarded


def test_what_was_seen_to_comes_after_what_waits(julien, helene):
    first, second = moderation.report(julien, helene), moderation.report(julien, helene)
    moderation.handle(second.pk)
    assert list(moderation.reports()) == [first, second]
    moderation.handle(second.pk, handled=False)
    assert list(moderation.reports()) == [second, first]
    with pytest.raises(NotHere):
        moderation.handle(0)
