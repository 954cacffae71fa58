"""Questions that are composed once answer as if they were composed anew."""

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, Q

from actors import arrivals
from actors.models import Actor, Agent, Follow
from federation.composed import Composed, drawn_once, planned_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def bruno(aubin):
    return arrivals.invite("Bruno Tessier", "").actor


def test_the_same_question_answers_for_other_values(julien, helene, bruno, django_assert_num_queries):
    asked = []

    def compose(_shape, one, several):
        asked.append(1)
        return Actor.objects.filter(Q(pk=one) | Q(pk__among=several)).select_related("service").order_by("pk")

    question = Composed(compose)
    for one, several in ((julien, [helene, bruno]), (bruno, []), (helene, [helene, julien]), (julien, [])):
        with django_assert_num_queries(1):
            found = question(one=one.pk, several=[each.pk for each in several])
            assert found == sorted({one, *several}, key=lambda actor: actor.pk)
            assert {each.service for each in found if each == julien} <= {julien.service}
    assert asked == [1]


def test_rows_are_given_as_they_were_asked_for(julien, helene, bruno, follows):
    follows(julien, bruno), follows(helene, bruno), follows(helene, julien)

    def compose(_shape, of):
        rows = Follow.objects.filter(follower__among=of).order_by("follower").values_list("follower")
        return rows.annotate(n=Count("pk"))

    question = Composed(compose)
    assert question(of=[helene.pk]) == [(helene.pk, 2)]
    assert sorted(question(of=[julien.pk, helene.pk])) == sorted([(julien.pk, 1), (helene.pk, 2)])
    assert question(of=[]) == []


def test_another_shape_and_another_openness_are_other_questions(julien, helene, settings):
    asked = []

    def compose(shape, one):
        asked.append(shape)
        return Actor.objects.filter(pk=one) if shape else Actor.objects.exclude(pk=one).filter(kind="Person")

    question = Composed(compose)
    assert question(True, one=julien.pk) == [julien] and question(False, one=julien.pk) == [helene]
    settings.FEDERATION = "open"
    assert question(True, one=helene.pk) == [helene]
    assert asked == [True, False, True]


def test_texts_of_a_question_stay_what_they_are(julien):
    name = "l'agent %s 100 %"
    Actor.objects.filter(pk=julien.pk).update(name=name, summary="%")
    question = Composed(lambda _shape, one: Actor.objects.filter(pk=one, name=name, summary="%", local=True))
    assert question(one=julien.pk) == question(one=julien.pk) == [julien]


def test_what_is_planned_once_answers_the_same_and_leaves_nothing_behind(julien, helene):
    question = Composed(lambda _shape, one: Actor.objects.filter(pk=one))
    with planned_once():
        for one in [julien, helene] * 4:
            assert question(one=one.pk) == [one]
    with pytest.raises(IntegrityError), transaction.atomic(), planned_once():
        Actor.objects.create(uri=julien.uri)
    if connection.vendor == "postgresql":
        with planned_once():
            assert plans() == "force_generic_plan"
        assert plans() == "auto"


def plans():
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        return cursor.fetchone()[0]


@pytest.mark.postgres
def test_planning_once_is_not_believed_to_be_done_when_it_could_not(julien):
    with transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            Actor.objects.create(uri=julien.uri)
        with connection.cursor() as cursor, pytest.raises(DataError):
            cursor.execute("SELECT 1 / 0")
        with pytest.raises(OperationalError, match="aborted"), planned_once():
            pytest.fail("it begins nothing")
        transaction.set_rollback(True)


def agents(_shape, login):
    return Agent.objects.filter(login=login).select_related("actor__service")


def test_what_is_found_by_a_text_is_what_django_finds(julien, helene, django_assert_num_queries):
    """Of two who differ: one has a service, the other has none."""
    question = Composed(agents)
    assert question(login="nobody") == []
    for person in (julien, helene, julien):
        usual = agents(None, person.agent.login).get()
        with django_assert_num_queries(1):
            (found,) = question(login=person.agent.login)
            assert found.actor.service == usual.actor.service
        for mine, theirs in ((found, usual), (found.actor, usual.actor)):
            mine, theirs = dict(vars(mine)), dict(vars(theirs))
            assert mine.pop("_state").__dict__.keys() == theirs.pop("_state").__dict__.keys()
            assert mine == theirs


def test_what_is_found_can_be_changed(julien):
    (found,) = Composed(agents)(login=julien.agent.login)
    found.actor.name = "Julien M."
    found.actor.save(update_fields=["name"])
    assert Actor.objects.get(pk=julien.pk).name == "Julien M."


def test_rows_that_say_the_same_are_made_once_and_given_apart(julien, helene):
    """What one caller writes on a row is not what the next one reads."""
    question = Composed(lambda _shape, one: Actor.objects.filter(pk=one).select_related("service"), keep=10)
    (first,), (second,) = question(one=julien.pk), question(one=julien.pk)
    assert first == second and first is not second
    first.service.name = "Autre"
    first.name, first.service, first.fields = "Autre", helene, [{"name": "x", "value": "y"}]
    (third,) = question(one=julien.pk)
    assert third.service.name == "Espaces verts"
    assert (third.name, third.service, third.fields) == (julien.name, julien.service, julien.fields)
    third.name = "Julien M."
    third.save()
    assert question(one=julien.pk)[0].name == Actor.objects.get(pk=julien.pk).name == "Julien M."


def test_lists_of_a_kept_row_are_not_shared(julien):
    Actor.objects.filter(pk=julien.pk).update(fields=[{"name": "Étage", "value": "2"}])
    question = Composed(lambda _shape, one: Actor.objects.filter(pk=one), keep=10)
    for _ in range(3):
        (found,) = question(one=julien.pk)
        assert found.fields == [{"name": "Étage", "value": "2"}]
        found.fields.clear()


def test_what_is_annotated_comes_with_the_row(julien, helene):
    question = Composed(lambda _shape, of: Actor.objects.filter(pk__among=of).annotate(served=Q(service__isnull=False)))
    assert {each.pk: each.served for each in question(of=[julien.pk, helene.pk])} == {julien.pk: True, helene.pk: False}


def test_what_is_drawn_of_a_row_is_drawn_again_when_it_changes(julien):
    question, drawn = Composed(lambda _shape, one: Actor.objects.filter(pk=one), keep=10), []

    def large(row):
        drawn.append(row.name)
        return row.name.upper()

    def draw():
        (row,) = question(one=julien.pk)
        return drawn_once(row, "name", lambda: large(row))

    assert [draw(), draw()] == ["JULIEN MERCIER"] * 2
    Actor.objects.filter(pk=julien.pk).update(name="Julien Roux")
    assert [draw(), draw()] == ["JULIEN ROUX"] * 2
    assert drawn == ["Julien Mercier", "Julien Roux"]


def test_what_is_drawn_of_rows_that_are_not_kept_is_drawn_each_time(julien):
    assert [drawn_once(julien, "name", lambda: julien.name) for _ in range(2)] == ["Julien Mercier"] * 2
