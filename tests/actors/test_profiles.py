"""What agents say of themselves, line by line, and what their applications may decide."""

import pytest

from actors import directory, documents, preferences, profiles
from actors.profiles import Words
from federation.errors import Forbidden

LINES = (("Site", "https://www.saint-aubin.fr/serres"), ("Bureau", "<b>B12</b> & cave"), ("", "sans nom"))


def describe(actor, fields):
    profiles.describe(actor, Words("Jardinier", "", False, True, fields))
    actor.refresh_from_db()
    return actor.fields


def test_a_profile_has_eight_lines_at_most(julien):
    with pytest.raises(Forbidden):
        describe(julien, (("a", "b"),) * 9)


def test_lines_are_plain_words_whose_addresses_are_links(julien):
    site, office = describe(julien, LINES)
    assert site["value"].startswith('<a href="https://www.saint-aubin.fr/serres"') and "nofollow" in site["value"]
    assert office == {"name": "Bureau", "value": "&lt;b&gt;B12&lt;/b&gt; &amp; cave"}
    assert profiles.typed_fields(julien) == [LINES[0], LINES[1]]


def test_who_says_nothing_of_the_lines_keeps_them(julien):
    before = describe(julien, LINES)
    assert describe(julien, None) == before
    assert describe(julien, ()) == []


def test_lines_travel_and_are_read_back_harmless(julien, vernay):
    describe(julien, LINES)
    said = documents.document(julien)["attachment"]
    assert [each["type"] for each in said] == ["PropertyValue", "PropertyValue"]
    spoken = [*said, {"type": "PropertyValue", "name": "<i>x</i>", "value": "<script>1</script>ici"}, {"type": "Image"}]
    eve = directory.find(vernay.add_actor("eve", attachment=spoken * 20))
    assert len(eve.fields) == 8
    assert eve.fields[:2] == julien.fields and eve.fields[2] == {"name": "x", "value": "ici"}


def test_an_application_s_public_is_no_wider_than_the_house(julien, settings):
    settings.PUBLIC_POSTS = False
    for refused in ("public", "named", ""):
        with pytest.raises(Forbidden):
            preferences.choose_audience(julien.agent, refused)
    preferences.choose_audience(julien.agent, "partners")
    settings.PUBLIC_POSTS = True
    assert julien.agent.app_audience == "partners" and "public" in preferences.allowed()


def test_an_application_has_a_language_of_its_own(julien):
    with pytest.raises(Forbidden):
        preferences.choose_language(julien.agent, "klingon!")
    preferences.choose_language(julien.agent, "br")
    preferences.choose_sensitive(julien.agent, True)
    julien.agent.refresh_from_db()
    assert (julien.agent.app_language, julien.agent.app_sensitive, julien.agent.language) == ("br", True, "")
