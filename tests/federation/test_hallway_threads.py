"""The threads of an embedded house: each kind of work has its own, a fault ends none, and a bell is heard at once."""

import threading

import pytest

from federation import hallway

PATIENCE = 10


class Drain:
    """Work in a thread that a test can see and still."""

    def __init__(self, fault: Exception | None = None, rows: int = 0) -> None:
        self.fault, self.rows, self.over = fault, rows, False
        self.begun, self.may_end = threading.Semaphore(0), threading.Event()

    def __call__(self) -> int:
        if self.over:
            threading.Event().wait()  # until the process ends, as these threads do
        self.begun.release()
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        assert self.may_end.wait(PATIENCE)
        self.rows -= 1
        return max(0, self.rows)

    def still(self, name: str) -> None:
        self.over = True
        self.may_end.set()
        hallway._bells[name].set()


@pytest.fixture
def at_work(drains):
    started = {}

    def start(**named: Drain):
        started.update(named)
        for name, work in named.items():
            hallway.drain(name)(work)
        hallway.start_threads()

    yield start
    for name, work in started.items():
        work.still(name)


def test_slow_work_of_one_kind_does_not_hold_up_another(at_work, monkeypatch):
    monkeypatch.setattr(hallway, "SWEEP_SECONDS", 0.01)
    slow, quick = Drain(), Drain()
    quick.may_end.set()
    at_work(slow=slow, quick=quick)
    assert slow.begun.acquire(timeout=PATIENCE)
    assert all(quick.begun.acquire(timeout=PATIENCE) for _ in range(5))
    assert not slow.begun.acquire(blocking=False)


def test_a_fault_does_not_end_the_work(at_work, monkeypatch):
    monkeypatch.setattr(hallway, "SWEEP_SECONDS", 0.01)
    work = Drain(fault=ZeroDivisionError())
    work.may_end.set()
    at_work(letters=work)
    assert all(work.begun.acquire(timeout=PATIENCE) for _ in range(3))


def test_the_bell_is_quicker_than_the_sweep(at_work, monkeypatch, settings):
    monkeypatch.setattr(hallway, "SWEEP_SECONDS", 1000)
    settings.WORK = "thread"
    work = Drain(rows=3)
    work.may_end.set()
    at_work(letters=work)
    assert all(work.begun.acquire(timeout=PATIENCE) for _ in range(3))
    assert not work.begun.acquire(timeout=0.1)
    hallway._ring("letters")
    assert work.begun.acquire(timeout=PATIENCE)
