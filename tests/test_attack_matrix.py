"""Every row of the attack matrix has a test that exists, or a reason; the page and the tests say the same."""

import pytest

from tests.attack_matrix import LINE, PAGE, marked, rows, written

ROWS, FEDERATION = range(1, 105), range(1, 92)


def test_the_page_has_every_row_once_and_in_order():
    assert [row.number for row in rows()] == list(ROWS)
    assert all(len(row.attack) > 10 and len(row.answer) > 1 for row in rows())


@pytest.mark.parametrize("row", [row for row in rows() if row.number in FEDERATION], ids=lambda row: str(row.number))
def test_a_row_of_the_federation_has_a_test_or_a_reason(row):
    assert row.tests or len(row.reason) > 40, f"row {row.number} has neither a test nor a reason"


def test_the_page_names_the_tests_that_are_marked_and_no_others():
    """After a change of marks or names: python -m tests.attack_matrix."""
    proofs = marked()
    stale = [row.number for row in rows() if row.tests != proofs.get(row.number, [])]
    assert stale == []
    assert set(proofs) <= set(ROWS)


def test_a_row_has_tests_or_a_reason_never_both():
    assert [row.number for row in rows() if row.tests and row.reason] == []


def test_what_is_written_is_read_back():
    for row in rows():
        again = LINE.fullmatch(written(row, row.tests))
        assert again and again[4] == row.proof


def test_the_page_says_how_it_is_kept():
    assert "python -m tests.attack_matrix" in PAGE.read_text()
