"""Who a reply reaches, and whom a name in the text reaches."""

import pytest

from outbox import audience, publishing
from outbox.audience import Reach
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno(aubin):
    from actors import arrivals

    return arrivals.invite("Bruno Tessier").actor


@pytest.mark.parametrize("code", ["organisation", "partners"])
def test_a_reply_to_a_colleague_goes_where_her_post_went(vernay, julien, helene, code):
    parent = publishing.publish(julien, Draft("un"), Reach(code))
    assert audience.of_reply(parent, helene) == Reach(code)


def test_a_reply_within_a_service_stays_there(aubin, julien):
    from actors import arrivals

    colleague = arrivals.invite("Karim Haddad", service=aubin.green).actor
    parent = publishing.publish(julien, Draft("un"), Reach("service", service=julien.service))
    assert audience.of_reply(parent, colleague) == Reach("service", service=julien.service)


def test_a_reply_to_chosen_houses_goes_to_them(vernay, julien, helene):
    parent = publishing.publish(julien, Draft("un"), Reach("chosen_partners", houses=(vernay.peer,)))
    assert audience.of_reply(parent, helene) == Reach("chosen_partners", houses=(vernay.peer,))


def test_a_reply_to_followers_is_for_the_author_alone(julien, helene, follows):
    follows(helene, julien)
    parent = publishing.publish(julien, Draft("un"), Reach("followers"))
    assert audience.of_reply(parent, helene) == Reach("named", named=(julien,))


def test_one_s_own_thread_keeps_its_audience(julien):
    parent = publishing.publish(julien, Draft("un"), Reach("followers"))
    assert audience.of_reply(parent, julien) == Reach("followers")


def test_a_name_in_the_text_reaches_only_whom_the_audience_includes(vernay, julien, helene, lucie, bruno):
    reached = {
        code: [audience.reaches(reach, person) for person in (helene, lucie)]
        for code, reach in {
            "service": Reach("service", service=julien.service),
            "organisation": Reach("organisation"),
            "chosen": Reach("chosen_partners", houses=(vernay.peer,)),
            "none chosen": Reach("chosen_partners"),
            "partners": Reach("partners"),
            "named": Reach("named"),
        }.items()
    }
    assert reached == {
        "service": [False, False],
        "organisation": [True, False],
        "chosen": [True, True],
        "none chosen": [True, False],
        "partners": [True, True],
        "named": [True, True],
    }
