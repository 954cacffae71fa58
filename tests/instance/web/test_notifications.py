"""What others did that concerns the reader."""

import pytest

from actors import arrivals, profiles
from outbox import reactions


def test_one_is_told_and_having_read_it_is_no_longer_new(at_julien, helene, publish, work, text_of):
    publish(helene, "@julien.mercier tu viens ?")
    work()
    assert "1" in at_julien.get("/").context["new_notifications"]().__str__()
    page = text_of(at_julien.get("/notifications/"))
    assert "Notifications (1 nouvelle)" in page and "vous cite" in page and "Nouveau" in page and "Aujourd’hui" in page
    again = text_of(at_julien.get("/notifications/"))
    assert "vous cite" in again and "Nouveau" not in again


def test_answers_to_one_post_are_one_line_and_other_deeds_are_others(at_julien, julien, helene, publish, work, text_of):
    bruno = arrivals.invite("Bruno Tessier").actor
    asked = publish(julien, "Qui a une bêche ?")
    for colleague in (helene, bruno):
        publish(colleague, "Moi", parent=asked)
        reactions.like(colleague, asked)
    work()
    response = at_julien.get("/notifications/")
    page = text_of(response)
    assert response.content.decode().count('class="notif ') == 2
    assert "et 1 collègue" in page and "ont répondu à votre publication" in page and "ont trouvé utile" in page


def test_a_filter_shows_one_kind_and_marks_nothing(at_julien, helene, publish, work, text_of):
    publish(helene, "@julien.mercier tu viens ?")
    work()
    assert "Rien de nouveau" in text_of(at_julien.get("/notifications/?filtre=reponses"))
    assert "vous cite" in text_of(at_julien.get("/notifications/?filtre=mentions"))
    assert "Nouveau" in text_of(at_julien.get("/notifications/"))


def test_a_request_is_answered_on_the_spot(at_julien, at_helene, helene, work, text_of):
    profiles.describe(helene, profiles.Words("", "", True, True))
    at_julien.post("/personnes/helene.vasseur/suivre/")
    work()
    page = text_of(at_helene.get("/notifications/"))
    assert "demande à vous suivre" in page and "/accepter/" in page and "/refuser/" in page


@pytest.mark.row(83)
def test_what_one_may_no_longer_read_is_no_longer_told(at_julien, helene, publish, work, text_of):
    from outbox import publishing

    post = publish(helene, "@julien.mercier tu viens ?")
    work()
    publishing.withdraw(helene, post)
    assert "vous cite" not in text_of(at_julien.get("/notifications/"))


def test_older_ones_are_one_link_away(at_julien, julien, publish, work):
    for number in range(65):
        reactions.like(arrivals.invite(f"Agent Numéro{number}").actor, publish(julien, f"Message {number}"))
    work()
    first = at_julien.get("/notifications/")
    assert sum(len(day.lines) for day in first.context["days"]) == 60
    second = at_julien.get(first.context["more"])
    assert sum(len(day.lines) for day in second.context["days"]) == 5
    assert at_julien.get("/notifications/?avant=hier").status_code == 200
