"""Under which domain the people of a neighbour go: its own word, where nobody else lives (row 48)."""

import pytest

from actors import neighbours
from federation.models import Peer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("host", "domain", "may"),
    [
        ("reseau.vernay.fr", "vernay.fr", True),
        ("reseau.vernay.fr", "reseau.vernay.fr", False),
        ("reseau.vernay.fr", "other.fr", False),
        ("xvernay.fr", "vernay.fr", False),
        ("reseau.vernay.fr", "", False),
        ("reseau.vernay.fr", "taken.vernay.fr", False),
        ("a.lives.fr", "lives.fr", False),
        ("a.goes-by.fr", "goes-by.fr", False),
        ("a.localhost:8000", "localhost:8000", False),
        ("vernay.fr", "fr", False),
        ("dol.beside.fr", "beside.fr", False),
        ("a.towns.localhost:8000", "towns.localhost:8000", False),
    ],
)
@pytest.mark.row(48)
def test_a_house_goes_by_a_domain_above_its_own_where_nobody_else_lives(host, domain, may, settings):
    settings.ACCOUNT_DOMAIN = "b.towns.localhost:8000"
    Peer.objects.create(host="lives.fr", state="active")
    Peer.objects.create(host="x.goes-by.fr", account_domain="goes-by.fr", state="active")
    Peer.objects.create(host="rsi.beside.fr", state="active")
    assert neighbours.may_go_by(Peer(host=host), domain) is may


@pytest.mark.row(48)
@pytest.mark.parametrize(
    ("known", "said", "after"),
    [
        ("", "beside.fr", "beside.fr"),
        ("beside.fr", "rsi.beside.fr", ""),
        ("beside.fr", "", "beside.fr"),
        ("an-admin-knows.fr", "rsi.beside.fr", "an-admin-knows.fr"),
    ],
)
def test_a_domain_that_it_goes_by_no_more_is_given_up(known, said, after):
    assert neighbours.goes_by(Peer(host="rsi.beside.fr", account_domain=known), said) == after


@pytest.mark.row(48)
def test_and_so_is_one_beside_which_others_have_come_to_live():
    Peer.objects.create(host="dol.beside.fr", state="active")
    assert neighbours.goes_by(Peer(host="rsi.beside.fr", account_domain="beside.fr"), "beside.fr") == ""
