"""Where a post went: its author sees each house, each answer, and who confirmed the withdrawal; nobody else does."""

import pytest
from django.utils.timezone import now

from actors import arrivals
from actors.models import Organisation
from federation import delivery, peers
from federation.models import Delivery, Peer
from outbox import ledger, publishing
from outbox.audience import Reach
from outbox.publishing import Draft
from tests.neighbour import Neighbour
from tests.world import introduce

pytestmark = pytest.mark.django_db
NOTHING = "Cette publication n’est pas sortie de nos serveurs"


@pytest.fixture
def named(vernay):
    Organisation.objects.create(host=vernay.host, name="Mairie de Vernay", short_name="Vernay")


@pytest.fixture
def sent(julien, named):
    return publishing.publish(julien, Draft("à tous"), Reach("partners"))


@pytest.fixture
def page(at_julien, text_of):
    return lambda post: text_of(at_julien.get(f"/p/{post.ulid}/envois/"))


def test_nobody_but_the_author_sees_it(sent, sign_in, at_helene, julien, client):
    """Admins included: the answer is the one of what does not exist."""
    admin = sign_in(arrivals.invite("Awa Diop", role="admin").actor)
    for browser in (at_helene, admin):
        assert browser.get(f"/p/{sent.ulid}/").status_code == 200
        shown, absent = (browser.get(f"/p/{ulid}/envois/") for ulid in (sent.ulid, "01K9ABSENT0000000000000000"))
        assert (shown.status_code, absent.status_code) == (404, 404)
    assert client.get(f"/p/{sent.ulid}/envois/").status_code == 302


def test_where_federation_is_open_a_guest_is_no_suspended_house(vernay, sent, page, settings):
    settings.FEDERATION = "open"
    Peer.objects.update(state="guest")
    assert "En cours d’envoi" in page(sent)
    Peer.objects.update(state="suspended")
    assert "nos échanges avec cette collectivité sont suspendus" in page(sent)


def test_the_author_of_a_post_elsewhere_has_no_ledger_here(vernay, julien, lucie, arrives):
    from federation.errors import NotHere
    from outbox.posts import Post

    activity = vernay.create(vernay.lucie, [julien.uri])
    arrives(vernay, activity)
    with pytest.raises(NotHere):
        ledger.own(lucie, Post.objects.get(uri=activity["object"]["id"]).ulid)


@pytest.mark.parametrize("code", ["organisation", "service"])
def test_what_never_left_says_so(julien, vernay, publish, page, work, code):
    post = publish(julien, "chez nous", code)
    work()
    assert NOTHING in page(post)
    publishing.withdraw(julien, post)
    work()
    assert NOTHING in page(post) and "Retirée à l’instant" in page(post)


def test_its_menu_leads_there(sent, at_julien, at_helene):
    assert [f"/p/{sent.ulid}/envois/" in browser.get("/").content.decode() for browser in (at_julien, at_helene)] == [
        True,
        False,
    ]


def test_a_house_that_took_it_is_named_with_the_moment(sent, page, work):
    assert "Mairie de Vernay En cours d’envoi." in stripped(page(sent))
    work()
    Delivery.objects.update(state_since="2026-10-03T15:20:00Z")
    assert "Mairie de Vernay Reçue le 3 octobre 2026 à 17 h 20." in stripped(page(sent))


def test_a_house_that_does_not_answer_is_tried_again_at_a_moment(sent, vernay, page, work):
    vernay.status = 503
    work()
    Delivery.objects.filter(host=vernay.host).update(due_at="2026-10-03T15:20:00Z")
    assert "En attente : nous réessayons le 3 octobre 2026 à 17 h 20." in page(sent)
    peers.suspend(vernay.peer)
    assert "nos échanges avec cette collectivité sont suspendus" in page(sent)


def test_a_house_that_refused_is_said_to(sent, vernay, page, work):
    vernay.status = 410
    work()
    assert "Refusée le" in page(sent) and "(réponse 410)" in page(sent)


def test_of_a_house_that_gave_no_answer_that_is_said(sent, vernay, page):
    Delivery.objects.filter(host=vernay.host).get().step("abandoned", answer="")
    assert "(pas de réponse)" in page(sent)


def test_an_edit_is_followed_too(sent, julien, vernay, page, work):
    work()
    publishing.edit(julien, sent, Draft("à tous, corrigé"))
    assert "Dernière modification en cours d’envoi." in page(sent)
    work()
    assert "Dernière modification reçue le" in page(sent) and "Reçue le" in page(sent)


def test_each_house_confirms_the_withdrawal_or_not_yet(sent, vernay, at_julien, page, work):
    other = Neighbour()
    introduce(other)
    try:
        post = publishing.publish(sent.author, Draft("à tous, encore"), Reach("partners"))
        work()
        other.status = 503
        answer = at_julien.post(f"/p/{post.ulid}/retirer/")
        assert answer.url == f"/p/{post.ulid}/envois/"
        work()
        lines = {line.host: line for line in ledger.read(post)}
        states = {host: (line.post.state, line.withdrawal.state) for host, line in lines.items()}
        assert states == {vernay.host: ("sent", "sent"), other.host: ("sent", "waiting")}
        assert "Retrait confirmé le" in page(post) and "Retrait en attente : nous réessayons le" in page(post)
        assert "à tous, encore" not in page(post)
        assert at_julien.get(f"/p/{post.ulid}/").status_code == 404
        other.status = 202
        Delivery.objects.update(due_at=now())
        Peer.objects.update(try_at=now())
        delivery.pay_due()
        assert {line.withdrawal.state for line in ledger.read(post)} == {"sent"}
    finally:
        other.stop()


def test_what_was_withdrawn_before_it_was_received_says_so(sent, julien, page):
    publishing.withdraw(julien, sent)
    said = page(sent)
    assert "N’avait pas encore reçu la publication quand vous l’avez retirée." in said
    assert "Retrait en cours d’envoi." in said


def test_a_house_with_several_inboxes_is_one_line(sent, vernay, work):
    work()
    row = Delivery.objects.get(host=vernay.host)
    Delivery.objects.create(
        dispatch=row.dispatch, inbox=f"{vernay.lucie}/inbox", host=vernay.host, state="abandoned", answer="404"
    )
    [line] = ledger.read(sent)
    assert (line.post.state, line.edit, line.withdrawal) == ("sent", None, None)


def stripped(said):
    """What is read between the tags."""
    import re

    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", said))
