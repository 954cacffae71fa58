"""What several processes count together is neither lost nor counted twice, and counting never stops the work."""

import multiprocessing
import os
import threading
import time

import pytest

from federation import tallies
from federation.tallies import RECORD, SIZE, Tallies


@pytest.fixture
def path(tmp_path, settings):
    settings.TALLIES = tmp_path / "tallies"
    return settings.TALLIES


def count_a_thousand(path):
    mine = Tallies(path)
    for _ in range(500):
        mine.add({"attempts:taken": 1, "refusals:Malformed": 2})


def count_some(shared):
    for _ in range(200):
        shared.add({"attempts:taken": 1})


def test_processes_and_threads_count_together(path):
    context = multiprocessing.get_context("fork")
    counting = [context.Process(target=count_a_thousand, args=(path,)) for _ in range(3)]
    shared = Tallies(path)
    threads = [threading.Thread(target=count_some, args=(shared,)) for _ in range(2)]
    for each in (*counting, *threads):
        each.start()
    for each in (*counting, *threads):
        each.join()
    assert shared.read() == {"attempts:taken": 1900, "refusals:Malformed": 3000}


def test_counts_outlive_the_process_that_made_them(path):
    tallies.add({"letters:": 3})
    assert Tallies(path).read() == tallies.read() == {"letters:": 3}
    assert path.stat().st_mode & 0o777 == 0o640 & ~0o022


def test_a_house_that_cannot_write_counts_nothing_and_goes_on(settings, tmp_path):
    settings.TALLIES = tmp_path / "nowhere" / "tallies"
    tallies.add({"letters:": 1})
    assert tallies.read() == {}


def test_the_file_is_given_its_room_when_it_is_opened(path):
    """On a full disk it is refused then, and not by a signal in the middle of the work."""
    path.touch()
    os.truncate(path, SIZE)  # as earlier versions left it
    Tallies(path)
    assert path.stat().st_blocks * 512 >= SIZE


def test_a_house_that_gets_no_lock_goes_on(path):
    tallies.add({"letters:": 1})
    os.close(tallies._opened(path, os.getpid()).file)
    tallies.add({"letters:": 1})
    assert tallies.read() == {"letters:": 1}


def test_names_without_end_are_not_counted_and_do_no_harm(path):
    counting = Tallies(path)
    counting.add({f"name {number}": 1 for number in range(SIZE // RECORD + 5)})
    assert len(counting.read()) == SIZE // RECORD


def test_counting_costs_next_to_nothing(path):
    counting, began = Tallies(path), time.perf_counter()
    for _ in range(1_000):
        counting.add({"bucket:letters:0.05": 1, "seconds:letters": 1_000})
    assert time.perf_counter() - began < 0.2  # some 6 microseconds each, on a machine at rest
