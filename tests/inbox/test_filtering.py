"""What meets a filter, and what does not."""

from datetime import timedelta
from time import process_time

import pytest
from django.utils.timezone import now

from inbox import filtering, filters
from inbox.filters import Wish, Word
from outbox import media
from outbox.models import Post
from tests.inbox.said import say
from tests.instance.web.conftest import picture


def met(reader, post, context=None):
    return filtering.matching(reader, [post], context).get(post.pk, [])


def hides(reader, *keywords, whole=False, context=("home",), **more):
    return filters.create(reader, Wish("Filtre", list(context), **more), [Word(each, whole) for each in keywords])


def test_the_filters_of_another_and_those_that_have_ended_count_for_nothing(julien, helene):
    post = say(helene, "La cantine ferme")
    hides(helene, "cantine")
    hides(julien, "cantine", expires_at=now() - timedelta(seconds=1))
    assert met(julien, post) == []
    hides(julien, "cantine", expires_at=now() + timedelta(hours=1))
    assert len(met(julien, post)) == 1


@pytest.mark.parametrize(
    ("keyword", "whole", "text", "found"),
    [
        ("cantine", False, "Les CANTINES", True),
        ("cantine", True, "Les cantines", False),
        ("cantine", True, "la cantine.", True),
        ("école", True, "L’École rouvre", True),
        ("e\u0301cole", True, "L’\u00c9cole rouvre", True),
        ("#cantine", True, "vive la #cantine", True),
        ("cantine", True, "vive la #cantine", True),
        ("c++", True, "du c++ et du c", True),
        (".*", False, "rien d’un motif", False),
        ("gras et maigre", False, "du **gras** et\n\nmaigre", True),
        ("href", False, "https://vernay.test/href-absent", True),
        ("nofollow", False, "https://vernay.test/", False),
        ("&amp;", False, "chat & chien", False),
        ("chat & chien", False, "chat & chien", True),
    ],
)
def test_words_are_looked_for_in_what_is_said(julien, helene, keyword, whole, text, found):
    hides(julien, keyword, whole=whole)
    assert bool(met(julien, say(helene, text))) is found


def test_paragraphs_do_not_grow_together(julien, helene):
    hides(julien, "unefin", "un fin")
    post = say(helene, "un\n\nfin")
    assert met(julien, post)[0].words == ["un fin"]


def test_the_title_the_choices_and_what_images_show_count_too(julien, helene):
    hides(julien, "grève", "cantine", "rosier")
    image = media.take_image(helene, "a.png", picture().read(), "Un rosier")
    post = say(helene, "Voici", kind="article", title="La grève", attachments=(image,))
    Post.objects.filter(pk=post.pk).update(details={"poll": {"options": ["À la cantine", "Ailleurs"]}})
    post.refresh_from_db()
    assert met(julien, post)[0].words == ["grève", "cantine", "rosier"]


def test_a_filter_may_name_a_post_itself(julien, helene):
    found = filters.create(julien, Wish("Ce fil", ["home"]))
    post, other = say(helene), say(helene)
    filters.add_post(found, post)
    assert met(julien, post)[0].named and met(julien, other) == []


def test_a_filter_is_for_its_places(julien, helene):
    hides(julien, "cantine", context=("thread", "public"))
    post = say(helene, "cantine")
    assert met(julien, post, "public") and met(julien, post) and not met(julien, post, "home")


def test_a_page_asks_one_question_without_filters_and_three_with(julien, helene, django_assert_num_queries):
    page = [say(helene, f"cantine {number}") for number in range(5)]
    with django_assert_num_queries(1):
        assert filtering.matching(julien, page) == {}
    for number in range(5):
        hides(julien, f"cantine {number}", "cantine")
    with django_assert_num_queries(3):
        assert len(filtering.matching(julien, page)) == 5


@pytest.mark.parametrize("evil", ["(a+)+$", "(((((", "a" * 190, "[" * 50, "\\"])
def test_no_keyword_takes_long_nor_breaks_anything(julien, helene, evil):
    hides(julien, *[evil] * 100, whole=True)
    page = [say(helene, "a" * 4_000 + "! " + evil[:100]) for _ in range(3)]
    begun = process_time()
    filtering.matching(julien, page)
    assert process_time() - begun < 1
