"""Portraits of people who do not exist: a few pieces, put together as a line of text says or as a name decides."""

import hashlib
from functools import cache
from pathlib import Path

from deploy.demo import drawing

PIECES = Path(__file__).parent / "content" / "drawings" / "portrait.txt"
SKINS = {"c1": "#F6D6BE", "c2": "#EBBD98", "c3": "#D79E70", "c4": "#A86B42", "c5": "#7A4A2B", "c6": "#56331F"}
DARK = ("#20160F", "#2C1B12", "#171310")
HAIRS = ("#20160F", "#3A2417", "#6B4A2B", "#8A5A2F", "#C98B3C", "#B9B3AC", "#7B2E1A", "#4A4A4A")
GROUNDS = ("#CFE3D8", "#E9DDF0", "#FBE6B8", "#D7E6F3", "#F7D9D3", "#DDE3E8", "#DFE7D8", "#EFE3CF")
TOPS = ("#2F6B4F", "#3B2A52", "#24425E", "#7A2D3A", "#4D5E7C", "#8A4B12", "#5E3A6B", "#14527F")
STYLES = {
    "f": ("long", "carre", "boucles", "chignon", "tresses", "court", "raie"),
    "m": ("court", "raie", "ras", "boucles", "chauve", "court", "ras"),
}
EXTRAS: dict[str, tuple[tuple[str, ...], ...]] = {
    "f": ((), (), ("lunettes",), ("dorees",), ("col",), ("gilet",)),
    "m": ((), ("barbe",), ("lunettes",), ("moustache",), ("gilet",), ("col",)),
}
BEHIND, ON_TOP = ("long", "carre", "boucles", "chignon", "tresses", "hijab"), ("barbe", "moustache")


@cache
def pieces() -> dict[str, list[drawing.Instruction]]:
    return drawing.read(PIECES)


def portrait(name: str, look: str) -> bytes:
    """A PNG. `look` is `f` or `m`, maybe a skin, or `f|m style skin hair ground top extras...`, colours without `#`."""
    kind, *chosen = look.split()
    style, skin, hair, ground, top, *extras = chosen if len(chosen) > 1 else by_name(name, kind, *chosen)
    canvas = drawing.Canvas(pieces(), 96, 96, 256 / 96)
    canvas.colours = {
        "skin": SKINS[skin],
        "hair": f"#{hair.lstrip('#')}",
        "top": f"#{top.lstrip('#')}",
        "accent": "#0B5546" if style == "casquette" else "#FFFFFF",
        "ink": "#1B0F0A" if skin in ("c5", "c6") else "#2A1A14",
    }
    canvas.image.paste(f"#{ground.lstrip('#')}", (0, 0, *canvas.image.size))
    for piece in order(style, extras):
        canvas.draw(piece)
    return canvas.png()


def order(style: str, extras: list[str]) -> list[str]:
    """What lies under comes first."""
    hair = [] if style == "chauve" else [f"front-{style}"]
    return [
        *([f"back-{style}"] if style in BEHIND else []),
        "shoulders",
        *[each for each in ("gilet", "col") if each in extras],
        "head",
        *([] if style == "hijab" else ["ears"]),
        *hair,
        *[each for each in ON_TOP if each in extras],
        "eyes",
        *([] if "barbe" in extras else ["smile"]),
        *[each for each in ("lunettes", "dorees") if each in extras],
    ]


def by_name(name: str, kind: str, skin: str = "") -> list[str]:
    """Always the same face for the same name."""
    dice = hashlib.sha256(name.encode()).digest()
    skin = skin or f"c{1 + dice[0] % 4}"
    hairs = HAIRS if skin in ("c1", "c2") else DARK
    style = STYLES[kind][dice[1] % len(STYLES[kind])]
    extras = [each for each in EXTRAS[kind][dice[2] % len(EXTRAS[kind])] if style != "chauve" or each != "barbe"]
    colours = (hairs[dice[3] % len(hairs)], GROUNDS[dice[4] % len(GROUNDS)], TOPS[dice[5] % len(TOPS)])
    return [style, skin, *colours, *extras]
