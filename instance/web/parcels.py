"""Covers: an invented parcel map in the tints of the organisation's shield, so that no page waits for a photo."""

import math
import random
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from instance.web.heraldry import arms_for

Point = tuple[float, float]
Shape = list[Point]


@dataclass(frozen=True)
class Tints:
    """Ground, three kinds of parcel, roads, buildings."""

    ground: str
    parcels: tuple[str, str, str]
    road: str
    building: str
    river: str = "#8FC3E8"


TINTS = {
    "azur": Tints("#DCE8F2", ("#B8D2E8", "#CFE3D8", "#8FB4D6"), "#F5F9FC", "#1B4F8C", "#5E97CB"),
    "gueules": Tints("#F5E3DF", ("#EBC4BC", "#DDA095", "#FFE08A"), "#FCF6F4", "#931F17"),
    "sinople": Tints("#DDEBD9", ("#B9D8B4", "#93C08F", "#F7DF97"), "#F6FAF3", "#1C6B3C"),
    "pourpre": Tints("#EEE1ED", ("#DCC3DA", "#C29EBF", "#F7DF97"), "#FAF5FA", "#6B2A66"),
    "sable": Tints("#E3E7E4", ("#C9D2CC", "#A9B6AE", "#FFE08A"), "#F7F9F7", "#22262B"),
    "tenne": Tints("#E8E3DA", ("#D8CDB8", "#C4B18D", "#FFD978"), "#FAF7F1", "#6B4000"),
}
WIDE = (960, 240, 13, 4)
TALL = (720, 900, 9, 11)


@lru_cache(maxsize=256)
def svg(seed: str, colour: str = "", tall: bool = False) -> str:
    """The map of a house, always the same for the same seed (its host); `colour` is its shield's, when it chose one."""
    width, height, columns, rows = TALL if tall else WIDE
    tints = TINTS.get(colour) or TINTS[arms_for(seed).colour]
    dice = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    cells = parcels(dice, width, height, columns, rows)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"',
            f' preserveAspectRatio="xMidYMid slice"><rect width="{width}" height="{height}" fill="{tints.road}"/>',
            fields(dice, cells, tints),
            f'<path fill="{tints.building}" d="{buildings(dice, cells, width, height)}"/>',
            river(dice, width, height, tints),
            "</svg>",
        )
    )


def parcels(dice: random.Random, width: int, height: int, columns: int, rows: int) -> list[Shape]:
    """One parcel around each of the seeds of a shaken grid, those outside the frame left out."""
    step_x, step_y = width / columns, height / rows
    seeds = [
        ((i + 0.5 + dice.uniform(-0.38, 0.38)) * step_x, (j + 0.5 + dice.uniform(-0.38, 0.38)) * step_y)
        for i in range(-1, columns + 1)
        for j in range(-1, rows + 1)
    ]
    frame = [(-80.0, -80.0), (width + 80.0, -80.0), (width + 80.0, height + 80.0), (-80.0, height + 80.0)]
    cells = (around(seed, seeds, frame) for seed in seeds)
    return [
        cell
        for cell in cells
        if len(cell) > 2 and any(-10 <= x <= width + 10 and -10 <= y <= height + 10 for x, y in cell)
    ]


def around(seed: Point, seeds: list[Point], frame: Shape) -> Shape:
    """What is nearer to `seed` than to any other: the frame, cut by each bisector."""
    cell, (x, y) = frame, seed
    for u, v in seeds:
        if (u, v) != seed and cell:
            cell = cut(cell, u - x, v - y, (u * u + v * v - x * x - y * y) / 2)
    return cell


def cut(shape: Shape, a: float, b: float, c: float) -> Shape:
    """The part of a convex shape where a·x + b·y <= c."""
    kept: Shape = []
    for p, q in pairwise([*shape, shape[0]]):
        here, there = a * p[0] + b * p[1] - c, a * q[0] + b * q[1] - c
        if here <= 0:
            kept.append(p)
        if here * there < 0:
            share = here / (here - there)
            kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
    return kept


def centre(shape: Shape) -> Point:
    return sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)


def narrowed(shape: Shape, by: float) -> Shape:
    """Room for the roads: every corner a little nearer to the centre."""
    cx, cy = centre(shape)
    shares = [by / (math.hypot(x - cx, y - cy) or 1) for x, y in shape]
    return [(x - (x - cx) * share, y - (y - cy) * share) for (x, y), share in zip(shape, shares, strict=True)]


def path(shape: Shape) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in shape) + "Z"


def fields(dice: random.Random, cells: list[Shape], tints: Tints) -> str:
    drawn: dict[str, list[str]] = {}
    for cell in cells:
        (tint,) = dice.choices([*tints.parcels, tints.ground], weights=[3, 2, 1.2, 5])
        drawn.setdefault(tint, []).append(path(narrowed(cell, 4.5)))
    return "".join(
        f'<path fill="{tint}" stroke="{tint}" stroke-width="4" stroke-linejoin="round" d="{"".join(paths)}"/>'
        for tint, paths in drawn.items()
    )


def buildings(dice: random.Random, cells: list[Shape], width: int, height: int) -> str:
    drawn = []
    for cell in cells:
        cx, cy = centre(cell)
        if dice.random() < 0.42 and 0 < cx < width and 0 < cy < height:
            turn = math.atan2(cell[1][1] - cell[0][1], cell[1][0] - cell[0][0])
            drawn += [path(building(dice, cx, cy, turn)) for _ in range(dice.choice((1, 2, 2, 3)))]
    return "".join(drawn)


def building(dice: random.Random, cx: float, cy: float, turn: float) -> Shape:
    """A small rectangle that lies along the parcel's first edge."""
    w, h = dice.uniform(4.5, 8.5), dice.uniform(3.5, 5.5)
    cx, cy = cx + dice.uniform(-15, 15), cy + dice.uniform(-13, 13)
    cos, sin = math.cos(turn), math.sin(turn)
    return [(cx + x * cos - y * sin, cy + x * sin + y * cos) for x, y in ((-w, -h), (w, -h), (w, h), (-w, h))]


def river(dice: random.Random, width: int, height: int, tints: Tints) -> str:
    """From one side to the other, in five bends; its banks are drawn like a road."""
    x, y, reach = -20.0, dice.uniform(0.35, 0.65) * height, width / 5
    bends = [f"M{x:.0f} {y:.0f}"]
    while x < width + 40:
        end = max(0.15 * height, min(0.85 * height, y + dice.uniform(-70, 70)))
        bends.append(f"C{x + width / 12:.0f} {y:.0f} {x + reach - width / 12:.0f} {end:.0f} {x + reach:.0f} {end:.0f}")
        x, y = x + reach, end
    line = "".join(bends)
    return "".join(
        f'<path d="{line}" fill="none" stroke="{tint}" stroke-width="{breadth}"/>'
        for tint, breadth in ((tints.road, 34), (tints.river, 22))
    )
