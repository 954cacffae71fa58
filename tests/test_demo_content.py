"""What the demonstration is made of holds together, and it touches nothing that is not its own."""

import io
import json
import os
import sys
from pathlib import Path

import pytest
from django.utils.timezone import now
from PIL import Image

from deploy.demo import cast, papers, saved, script, show, writing
from deploy.demo.houses import Trouble
from tests.test_demo import three_free_ports

DRAWINGS = cast.CONTENT / "drawings"


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "accounts.ods").write_text("precious")
    with pytest.raises(Trouble, match="holds something else"):
        show.run(tmp_path, sys.stdout, first_port=None, agents=None, reset=True)
    assert os.listdir(tmp_path) == ["accounts.ods"]


def test_beginning_anew_erases_what_the_demonstration_made_and_nothing_else(tmp_path: Path):
    plan = saved.begin(tmp_path / "demo", 8201, 6)
    (plan.folder / "vernay").mkdir()
    (plan.folder / "vernay" / "preau.sqlite3").touch()
    (plan.folder / "mine.txt").touch()
    assert saved.read(plan.folder) == (plan, False)
    saved.erase(plan)
    assert os.listdir(plan.folder) == ["mine.txt"]


def test_other_ports_or_people_need_a_new_beginning(tmp_path: Path):
    saved.write(saved.begin(tmp_path, three_free_ports(), 6), complete=True)
    with pytest.raises(Trouble, match="add --reset"):
        show.run(tmp_path, sys.stdout, first_port=None, agents=40, reset=False)
    assert json.loads((tmp_path / saved.NAME).read_text())["complete"]


def test_the_script_holds_together():
    """Everyone who speaks works there, answers come later than what they answer, pictures and papers exist."""
    people = cast.everyone(cast.MOST)
    assert len(people) == 3 * cast.MOST
    begun = now()
    lines = {line.key: line for line in script.lines(people, begun)}
    asked = sum(1 + len(each.told.get("replies", [])) for each in lines.values() if not each.answers)
    assert len(lines) == asked
    for line in lines.values():
        assert line.at < begun
        assert not line.answers or lines[line.answers].at < line.at, line.key
        for name, description in line.told.get("images", []):
            assert len(description) > 40, f"{name} needs a description"
        for key in line.told.get("documents", []):
            assert papers.paper(key)[1].startswith(b"%PDF-")


@pytest.mark.parametrize("name", sorted({path.stem for path in DRAWINGS.glob("*.txt")} - {"portrait"}))
def test_drawings_are_pictures(name: str):
    picture = Image.open(io.BytesIO(writing.picture(name)))
    assert picture.size == (1440, 900)
    assert len(picture.resize((96, 60)).getcolors(6000) or []) > 50
