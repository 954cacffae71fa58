"""The interface is French at its source and complete in English."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.utils.translation import override
from django.utils.translation.template import templatize

from instance.management.commands.translations import catalogue_path, found_texts, is_translated, load

NEVER_SAID = re.compile(r"\b(veuillez|toots?|pouets?|instances?|fédivers)\b", re.IGNORECASE)
TYPED = ("instance/management/", "instance/command_page.py")
TRANSLATED = [language for language, _ in settings.LANGUAGES if language != settings.LANGUAGE_CODE]


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def catalogue(language: str) -> Catalog:
    return load(catalogue_path(language), language)


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_every_text_is_translated(catalogue: Catalog):
    translated = {(each.id, each.context) for each in texts(catalogue) if is_translated(each)}
    missing = [each.id for each in texts(found_texts()) if (each.id, each.context) not in translated]
    assert not missing, f"{len(missing)} texts wait for a translation (make messages), among them {missing[:20]}"


def test_no_translation_is_a_guess_or_a_leftover(catalogue: Catalog):
    found = {(each.id, each.context) for each in texts(found_texts())}
    assert [each.id for each in texts(catalogue) if each.fuzzy] == []
    assert [each.id for each in texts(catalogue) if (each.id, each.context) not in found] == []


def test_translations_keep_the_placeholders_of_their_text(catalogue: Catalog):
    faults = [f"{message.id!r}: {error}" for message in texts(catalogue) for error in message.check(catalogue)]
    assert faults == []


def test_texts_speak_the_words_of_the_house():
    """Those that agents read: who administers types `preau`, and knows what an instance is."""
    read = [each for each in texts(found_texts()) if not all(place.startswith(TYPED) for place, _ in each.locations)]
    assert [text for each in read for text in both_forms(each) if NEVER_SAID.search(text)] == []


def test_marked_texts_are_found_in_templates_and_code():
    """The extraction itself: were it blind, the tests above would be content with nothing."""
    template = (
        '{% translate "Vu" context "lu" %}{% blocktranslate count n=n %}un{% plural %}{{ n }}{% endblocktranslate %}'
    )
    source = templatize(template)
    assert "pgettext" in source and "ngettext" in source
    places = {place for each in texts(found_texts()) for place, _line in each.locations}
    assert any(place.startswith("templates/") for place in places)
    assert any(place.endswith(".py") for place in places)


def test_the_compiled_catalogue_is_what_a_reader_gets(catalogue: Catalog, language: str):
    plain = next(each for each in texts(catalogue) if isinstance(each.id, str) and is_translated(each))
    with override(language):
        from django.utils.translation import gettext, pgettext

        shown = pgettext(plain.context, str(plain.id)) if plain.context else gettext(str(plain.id))
    assert shown == plain.string


def both_forms(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [str(message.id)]
