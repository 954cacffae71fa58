"""Words of strangers cost no more than their length, whatever they open and leave open."""

import itertools
import resource
import string

import pytest

from federation import words
from tests.federation.hostile import elapsed

LETTERS = string.ascii_lowercase + string.digits


def opened_again(tag):
    """Each paragraph opens all of the tags before it anew, as they have different attributes (HTML, 13.2.4.3)."""
    names = ("".join(each) for each in itertools.product(LETTERS, repeat=3))
    half = words.STORED // 2
    many = "".join(f"<{tag}{end}a{name}>" for name, end in zip(names, itertools.cycle(" /"), strict=False))[:half]
    return "<p>" + many + "<p>x" * ((words.STORED - len(many)) // 4)


@pytest.mark.row(63)
@pytest.mark.parametrize("tag", ["b", "B", "code", "em", "font", "nobr", "strong", "a", "u", "<i >b", "<em >em"])
def test_tags_that_are_opened_again_in_each_paragraph_cost_little(tag):
    text = opened_again(tag)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert elapsed(lambda: words.clean(text)) < 2
    assert elapsed(lambda: words.line(text, 200)) < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


@pytest.mark.row(63)
def test_tags_without_an_end_are_not_looked_through_again_and_again():
    assert elapsed(lambda: words.clean("<b " * 16_000)) < 2
    assert elapsed(lambda: words.clean("<em " * 12_000 + ">")) < 2


@pytest.mark.row(63)
@pytest.mark.parametrize(
    "opened",
    ['<p><a title="' + "T" * 25_000 + '">' + "<p>x" * 6_200, "<p><a title='" + '"' * 25_000 + "'>" + "<p>x" * 6_200,
     "<p><a title='" + '"' * 499 + "'>" + "<li>x" * 9_800, "<a><h2>" * 7_000, '<a href="http://x">' * 2_600,
     "<p><a title='x>" + '"' * 900 + "'>" + "<p>x" * 12_000, "&" * 50_000],
)  # fmt: skip
def test_a_link_that_stays_open_is_not_copied_into_each_paragraph(opened):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(words.clean(opened)) <= words.GROWTH * words.STORED
    assert len(words.clean(opened, 20_000)) <= words.GROWTH * 20_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


def test_what_is_kept_stays_as_it_was():
    html = '<p>Un <strong>mot</strong>, un <em>autre</em>, <code>x</code> <b>gras</b> <a href="https://a.fr/">a</a></p>'
    assert words.clean(html) == html.replace("<b>gras</b>", "gras").replace(
        'href="https://a.fr/"', 'href="https://a.fr/" rel="nofollow noopener noreferrer"'
    )
    assert words.clean('<p><strong class="x" onclick="y">mot</strong></p>') == "<p><strong>mot</strong></p>"
    assert words.line("<b>Julie</b> &amp; Karim", 50) == "Julie & Karim"
