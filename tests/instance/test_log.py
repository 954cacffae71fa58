"""What is written down of a fault: its kind and its place, never what somebody wrote."""

from instance.log import told_by_its_place


def written(event):
    return dict(told_by_its_place(None, "error", event))


def test_a_fault_is_told_without_its_words():
    try:
        raise ValueError("what Julie wrote")
    except ValueError:
        line = written({"event": "activity.fault", "receipt": 5, "exc_info": True})
    assert "tests/instance/test_log.py:" in line.pop("at")
    assert line == {"event": "activity.fault", "receipt": 5, "error": "ValueError"}


def test_what_is_no_fault_is_told_as_it_is():
    said = {"event": "peer.added", "host": "martel.example"}
    assert written(dict(said)) == said
