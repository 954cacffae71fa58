"""Shields and covers: drawn from the name of a house, the same everywhere."""

from instance.web import heraldry, parcels
from tests.instance.test_templatetags import draw, person, vernay


def test_a_house_always_carries_the_same_shield():
    assert heraldry.arms_for("rsi.vernay.example") == heraldry.arms_for("rsi.vernay.example")
    shields = {heraldry.arms_for(f"rsi.commune-{number}.example") for number in range(40)}
    assert len(shields) > 30


def test_colour_never_lies_on_colour_nor_metal_on_metal():
    for number in range(60):
        field, charge = heraldry.arms_for(f"{number}.example").field_and_charge
        assert {field, charge} & set(heraldry.COLOURS.values())
        assert {field, charge} & set(heraldry.METALS.values())


def test_chosen_arms_win_and_arms_from_elsewhere_draw_only_what_we_know():
    chosen = heraldry.arms_of(vernay(partition="chevron", colour="sinople", metal="or"))
    assert chosen == heraldry.Arms("chevron", "sinople", "or")
    hostile = vernay(partition='"><script>', colour='"/><x', metal="or", reversed=True)
    shield = draw("{% ecu house %}", house=hostile)
    assert "script" not in shield
    assert shield.startswith('<svg class="ecu" viewBox="0 0 24 24" aria-hidden="true"')


def test_nothing_is_drawn_inline_that_the_content_policy_forbids():
    pieces = draw("{% ecu house 'ecu--l' %}{% icon 'cloche' %}{% avatar who %}", house=vernay(), who=person())
    assert "style=" not in pieces
    assert "style=" not in parcels.svg("vernay.example")


def test_a_css_name_cannot_leave_its_attribute():
    assert "&quot;" in draw("{% icon 'cloche' css %}", css='"><b')


def test_a_cover_is_drawn_once_for_all_from_the_host():
    assert parcels.svg("vernay.example") == parcels.svg("vernay.example")
    assert parcels.svg("vernay.example") != parcels.svg("villebrac.example")
    assert 'viewBox="0 0 720 900"' in parcels.svg("vernay.example", tall=True)
    assert heraldry.COLOURS["sinople"] in parcels.svg("vernay.example", "sinople")
    assert len(parcels.svg("vernay.example")) < 9_000
