"""What is asked at each request is built once, and answers as Django would."""

import pytest

from actors.models import Actor, Agent
from federation.prepared import Prepared


def agents(login):
    return Agent.objects.filter(login=login).select_related("actor__service")


def test_a_question_with_another_value_is_refused(db):
    with pytest.raises(ValueError, match="one unknown"):
        Prepared(lambda login: Agent.objects.filter(login=login, role="admin")).first("julien")


def test_what_is_not_there_is_none(db):
    assert Prepared(agents).first("nobody") is None


def test_it_answers_as_django_does(julien, helene, django_assert_num_queries):
    """Twice, of two who differ: one has a service, the other has none."""
    question = Prepared(agents)
    for person in (julien, helene, julien):
        usual = agents(person.agent.login).get()
        with django_assert_num_queries(1):
            found = question.first(person.agent.login)
            assert found.actor.service == usual.actor.service
        for mine, theirs in ((found, usual), (found.actor, usual.actor)):
            mine, theirs = dict(vars(mine)), dict(vars(theirs))
            assert mine.pop("_state").__dict__.keys() == theirs.pop("_state").__dict__.keys()
            assert mine == theirs


def test_what_was_found_can_be_changed(julien):
    found = Prepared(agents).first(julien.agent.login)
    found.actor.name = "Julien M."
    found.actor.save(update_fields=["name"])
    assert Actor.objects.get(pk=julien.pk).name == "Julien M."
