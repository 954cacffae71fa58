"""What other servers really send has its effect here: the replay of the recorded documents, and its bar."""

import pytest

from tests.replay import corpus, delivering, report

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not corpus.present(), reason="needs the recorded documents: set PREAU_CORPUS"),
]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    return delivering.replay(tmp_path_factory.mktemp("replay"))


def test_nearly_everything_recorded_has_its_effect(replayed):
    found, _ = replayed
    bar = report.recorded(found)
    without = [f"{case.row.file}: {report.why(case)}" for case in bar if not report.works(case)]
    assert len(bar) > 130 and report.share(bar) >= report.BAR, without


def test_nothing_is_answered_with_a_fault_or_lost(replayed):
    found, contexts = replayed
    assert [f"{case.row.file}: {report.why(case)}" for case in report.faults(found)] == []
    assert contexts == []


def test_what_must_have_no_effect_has_none(replayed):
    """Forgeries above all: what is counted apart for being one is refused or ignored."""
    found, _ = replayed
    forgeries = [case for case in found if "forgery" in case.apart and case.status]
    assert len(forgeries) > 5
    assert [case.row.file for case in forgeries if case.status == 202 and case.state == "handled"] == []


def test_the_page_says_it(replayed):
    """`docs/federation/payloads.md` is written by `python -m tests.replay`; its figures are those of now."""
    found, contexts = replayed
    page = (corpus.ROOT / "docs" / "federation" / "payloads.md").read_text()
    assert report.summary([case for case in found if case.row.kind in report.KINDS], contexts) in page
