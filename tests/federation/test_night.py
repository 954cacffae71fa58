"""What is over goes at night: in small pieces, by one or by two at once, and going on where it was interrupted."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from federation import night
from federation.models import Absence
from federation.night import Chore

OVER, STAY = 23, 7


@pytest.fixture
def sizes(monkeypatch):
    """A chore on rows of which some are over, done in small pieces; how many rows went in each."""
    monkeypatch.setattr(night, "WINDOW", 10)
    monkeypatch.setattr(night, "AT_ONCE", 3)
    monkeypatch.setattr(night, "PAUSE", 0)
    pieces = []

    def erase(rows):
        pieces.append(rows.count())
        rows.delete()

    chore = Chore(lambda: Absence.objects.filter(until__lt=now()).order_by("uri"), erase)
    monkeypatch.setitem(night.CHORES, "essai", chore)
    return pieces


@pytest.fixture
def rows():
    """Those that are over among those that are not."""
    for number in range(OVER + STAY):
        stays = number % 4 == 0 and number // 4 < STAY
        until = now() + timedelta(hours=1 if stays else -1)
        Absence.objects.create(uri=f"https://vernay.fr/{number:02}", until=until)
    assert Absence.objects.filter(until__lt=now()).count() == OVER


@pytest.mark.django_db
class TestInPieces:
    def test_few_rows_go_in_one_transaction_and_all_that_are_over_go(self, rows, sizes):
        assert night.clear("essai") == OVER == sum(sizes) and max(sizes) == 3
        assert Absence.objects.count() == STAY == Absence.objects.filter(until__gt=now()).count()
        assert night.clear("essai") == 0

    def test_no_statement_reads_the_table_from_its_beginning_again(self, rows, sizes, django_assert_max_num_queries):
        windows, pieces = (OVER + STAY) // 10 + 1, 3 * (8 // 3 + 1)
        with django_assert_max_num_queries(2 * windows + 7 * pieces):
            night.clear("essai")

    def test_to_try_it_erases_nothing(self, rows, sizes):
        assert night.clear("essai", dry_run=True) == OVER and sizes == []
        assert Absence.objects.count() == OVER + STAY

    def test_what_is_over_no_longer_when_its_turn_comes_stays(self, rows, sizes, monkeypatch):
        """It was looked for, and then changed by another before it was held."""
        monkeypatch.setattr(night, "sleep", lambda _: Absence.objects.update(until=now() + timedelta(hours=1)))
        assert night.clear("essai") == 0
        assert Absence.objects.count() == OVER + STAY

    def test_interrupted_it_has_done_what_it_has_done_and_the_next_night_does_the_rest(self, rows, sizes, monkeypatch):
        def fails(_):
            if len(sizes) == 4:
                raise KeyboardInterrupt

        monkeypatch.setattr(night, "sleep", fails)
        with pytest.raises(KeyboardInterrupt):
            night.clear("essai")
        done = sum(sizes)
        assert 0 < done < OVER and Absence.objects.count() == OVER + STAY - done
        monkeypatch.setattr(night, "sleep", lambda _: None)
        assert night.clear("essai") == OVER - done
        assert Absence.objects.count() == STAY

    def test_what_the_database_refuses_to_erase_stays_whole_for_another_night(self, rows, sizes, monkeypatch):
        """Something came to hang from it: the piece is as it was, and the others go."""
        taken = Absence.objects.filter(until__lt=now()).order_by("-pk").first().uri

        def erase(some):
            refused = some.filter(uri=taken).exists()
            some.delete()
            if refused:
                Absence.objects.bulk_create([Absence(uri=f"{taken}/again", until=now())] * 2)  # the same name twice

        monkeypatch.setitem(night.CHORES, "essai", Chore(night.CHORES["essai"].over, erase))
        assert night.clear("essai") == OVER - 3
        assert Absence.objects.filter(until__lt=now()).count() == 3 and Absence.objects.filter(uri=taken).exists()

    def test_a_house_that_is_closed_is_left_alone(self, rows, sizes, settings, tmp_path):
        settings.MAINTENANCE = tmp_path / "maintenance"
        settings.MAINTENANCE.touch()
        assert night.clear("essai") == 0
        assert Absence.objects.count() == OVER + STAY


@pytest.mark.django_db(transaction=True)
def test_two_at_once_erase_each_row_once_and_nothing_else(rows, sizes):
    if settings.SQLITE and connection.is_in_memory_db():
        pytest.skip("one connection for both")
    counts, start = [], threading.Barrier(2)

    def one():
        start.wait()
        try:
            counts.append(night.clear("essai"))
        finally:
            connection.close()

    both = [threading.Thread(target=one) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(20)
    assert sum(counts) == OVER and Absence.objects.count() == STAY
