"""Flat pictures drawn from a few lines of text, so that the demonstration carries no image.

One instruction a line, in the units of the picture, y downwards; colours are `#RRGGBB`, `#RRGGBB/40` for 40 % of it, or
`$name` for one that the caller chooses. Paths are written as in SVG (M L H V C Q Z, both cases).

    gradient 0 300 #8FB8CF #F9D9A8      from one height to another
    fill #0B5546 M0 0h20v20Z            a closed path
    line #4A3B2C 4 M0 0l20 20           a path of some width, round at its ends
    disc #FFC933 10 10 4  30 10 4       centres and radii
    shape flower ... end                named instructions, which do nothing until
    put flower 10 20 .5  40 20 1        they are put at x, y, enlarged so many times
"""

import io
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int, int]
Instruction = tuple[str, ...]
FINER = 2  # drawn larger, then reduced: that is what smooths the edges
TOKEN = re.compile(r"[MLHVCQZmlhvcqz]|-?(?:\d+\.?\d*|\.\d+)")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4}
STEPS = 16


def read(path: Path) -> dict[str, list[Instruction]]:
    """The shapes of a file; the one without a name is the picture itself."""
    shapes: dict[str, list[Instruction]] = {"": []}
    current = ""
    for row in path.read_text().splitlines():
        words = row.split()
        if not words or words[0] == "#":
            continue
        if words[0] == "shape":
            current = words[1]
            shapes[current] = []
        elif words[0] == "end":
            current = ""
        else:
            shapes[current].append(tuple(words))
    return shapes


class Canvas:
    """A picture of `width` by `height` units, of which each becomes `zoom` points."""

    def __init__(self, shapes: dict[str, list[Instruction]], width: int, height: int, zoom: float) -> None:
        self.shapes = shapes
        self.zoom = zoom * FINER
        self.image = Image.new("RGB", (round(width * self.zoom), round(height * self.zoom)), "white")
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.colours: Mapping[str, str] = {}

    def draw(self, name: str = "", x: float = 0, y: float = 0, zoom: float = 1) -> None:
        for kind, *words in self.shapes[name]:
            getattr(self, kind)(words, x, y, zoom)

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image.reduce(FINER).save(out, "PNG", compress_level=1)
        return out.getvalue()

    def colour(self, word: str) -> Colour:
        name, _, share = word.partition("/")
        red, green, blue = ImageColor.getrgb(self.colours[name[1:]] if name.startswith("$") else name)[:3]
        return red, green, blue, round(255 * int(share or 100) / 100)

    def at(self, point: Point, x: float, y: float, zoom: float) -> Point:
        return (x + point[0] * zoom) * self.zoom, (y + point[1] * zoom) * self.zoom

    def gradient(self, words: list[str], x: float, y: float, zoom: float) -> None:
        (_, top), (_, bottom) = (self.at((0, float(each)), x, y, zoom) for each in words[:2])
        one, other = (self.colour(each) for each in words[2:4])
        height = max(1, round(bottom - top))
        for row in range(height):
            mixed = tuple(round(a + (b - a) * row / height) for a, b in zip(one, other, strict=True))
            self.pen.line([(0, top + row), (self.image.width, top + row)], fill=mixed)

    def fill(self, words: list[str], x: float, y: float, zoom: float) -> None:
        for points in flat(" ".join(words[1:])):
            if len(points) > 2:
                self.pen.polygon([self.at(point, x, y, zoom) for point in points], fill=self.colour(words[0]))

    def line(self, words: list[str], x: float, y: float, zoom: float) -> None:
        colour, width = self.colour(words[0]), float(words[1]) * zoom * self.zoom
        for points in flat(" ".join(words[2:])):
            placed = [self.at(point, x, y, zoom) for point in points]
            self.pen.line(placed, fill=colour, width=max(1, round(width)), joint="curve")
            for end in (placed[0], placed[-1]):
                self.pen.circle(end, width / 2, fill=colour)

    def disc(self, words: list[str], x: float, y: float, zoom: float) -> None:
        colour, numbers = self.colour(words[0]), [float(each) for each in words[1:]]
        for cx, cy, radius in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            self.pen.circle(self.at((cx, cy), x, y, zoom), radius * zoom * self.zoom, fill=colour)

    def put(self, words: list[str], x: float, y: float, zoom: float) -> None:
        numbers = [float(each) for each in words[1:]]
        for dx, dy, larger in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            self.draw(words[0], x + dx * zoom, y + dy * zoom, zoom * larger)


def flat(path: str) -> Iterator[list[Point]]:
    """Each part of a path as points, its curves cut into short lines."""
    points: list[Point] = []
    for command, numbers in commands(path):
        last = points[-1] if points else (0.0, 0.0)
        if command in "Zz":
            points.append(points[0])
            continue
        ends = absolute(command, numbers, last)
        if command in "Mm":
            if len(points) > 1:
                yield points
            points = ends
        else:
            points.extend(ends if command in "LlHhVv" else curve([last, *ends]))
    if points:
        yield points


def commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Letters with as many numbers as each takes; a letter goes on as long as numbers follow."""
    command, numbers = "", list[float]()
    for token in TOKEN.findall(path):
        if token.isalpha():
            command = token
            if command in "Zz":
                yield command, []
        else:
            numbers.append(float(token))
            if len(numbers) == TAKES[command.upper()]:
                yield command, numbers
                numbers = []
                command = {"M": "L", "m": "l"}.get(command, command)


def absolute(command: str, numbers: list[float], last: Point) -> list[Point]:
    x, y = last if command.islower() else (0.0, 0.0)
    if command in "Hh":
        return [(x + numbers[0], last[1])]
    if command in "Vv":
        return [(last[0], y + numbers[0])]
    return [(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]


def curve(control: list[Point]) -> list[Point]:
    """A Bézier curve of two or three control points after the first (de Casteljau)."""
    found = []
    for step in range(1, STEPS + 1):
        t, points = step / STEPS, control
        while len(points) > 1:
            points = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(points)]
        found.append(points[0])
    return found
