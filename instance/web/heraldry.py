"""Shields: one partition, one colour and one metal say which organisation speaks, without a logo to upload."""

from dataclasses import dataclass
from hashlib import sha256

from django.utils.html import format_html
from django.utils.safestring import SafeString

from actors.models import Organisation

# The rule of tincture, never colour on colour nor metal on metal, keeps every pair at 4.2:1 or more.
COLOURS = {
    "azur": "#1B4F8C",
    "gueules": "#B0201A",
    "sinople": "#1C6B3C",
    "pourpre": "#6B2A66",
    "sable": "#22262B",
    "tenne": "#8A4B12",
}
METALS = {"argent": "#FFFFFF", "or": "#FFC933"}
OUTLINE = "M2.5 2h19v10.5c0 5-3.7 8-9.5 10-5.8-2-9.5-5-9.5-10Z"
WAVE = "c3-3 5-3 8 0s5 3 8 0 5-3 8 0v4c-3-3-5-3-8 0s-5 3-8 0-5-3-8 0z"
# What each partition draws over the field, as one path in a 24 by 24 square.
PARTITIONS = {
    "bande": "M0 0h5l19 19v5h-4L0 5z",
    "besant": "M7 11a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "chef": "M0 0h24v8H0z",
    "chevron": "M12 8 24 18v5.5L12 13.5 0 23.5V18z",
    "coupe": "M0 12h24v12H0z",
    "ecartele": "M12 0h12v11.5H12zM0 11.5h12V24H0z",
    "fasce": "M0 8.5h24v6H0z",
    "losange": "m12 4 6 7.5-6 7.5-6-7.5z",
    "ondes": f"M0 10{WAVE}M0 17{WAVE}",
    "pal": "M8.5 0h7v24h-7z",
    "parti": "M12 0h12v24H12z",
    "pointe": "M0 24 12 6l12 18z",
    "taille": "M24 0h-3L0 22v2h24z",
    "tranche": "M0 0h3l21 22v2H0z",
}


@dataclass(frozen=True)
class Arms:
    """Blazon of an organisation; `reversed` puts the metal underneath."""

    partition: str
    colour: str
    metal: str
    reversed: bool = False

    @property
    def field_and_charge(self) -> tuple[str, str]:
        colour, metal = COLOURS[self.colour], METALS[self.metal]
        return (metal, colour) if self.reversed else (colour, metal)


def arms_for(host: str) -> Arms:
    """The shield that a house carries as long as nobody chose one: always the same for the same name."""
    digest = sha256(host.encode()).digest()
    partitions, colours, metals = sorted(PARTITIONS), sorted(COLOURS), sorted(METALS)
    return Arms(
        partitions[digest[0] % len(partitions)],
        colours[digest[1] % len(colours)],
        metals[digest[2] % len(metals)],
        bool(digest[3] & 1),
    )


def arms_of(organisation: Organisation) -> Arms:
    """The arms that the organisation chose; what it left out, or wrote wrongly, comes from its host."""
    drawn = arms_for(organisation.host)
    if not organisation.partition:
        return drawn
    return Arms(
        organisation.partition if organisation.partition in PARTITIONS else drawn.partition,
        organisation.colour if organisation.colour in COLOURS else drawn.colour,
        organisation.metal if organisation.metal in METALS else drawn.metal,
        organisation.reversed,
    )


def shield(arms: Arms, css: str = "") -> SafeString:
    """The drawing alone, for the eye: the organisation's name always stands near it. The sheet cuts it to shape."""
    field, charge = arms.field_and_charge
    return format_html(
        '<svg class="ecu{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><g>'
        '<path fill="{}" d="M0 0h24v24H0z"/><path fill="{}" d="{}"/></g><path class="ecu__o" d="{}"/></svg>',
        f" {css}" if css else "",
        field,
        charge,
        PARTITIONS[arms.partition],
        OUTLINE,
    )
