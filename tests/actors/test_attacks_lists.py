"""Lists of another house that lead to absurd addresses, or make us write without end (rows 62 and 67)."""

import pytest

from actors import neighbours, synchronisation
from actors.models import Comparison, Follow
from federation.errors import NotFetched
from federation.models import Absence
from tests.actors.test_synchronisation import listing, lucie_followed, said, undone, writes

__all__ = ["lucie_followed"]
pytestmark = pytest.mark.django_db


@pytest.mark.row(62)
def test_a_next_page_of_an_absurd_length_stops_nothing(vernay, lucie_followed, julien, client, work):
    listing(vernay, julien.uri, next=f"{vernay.origin}/{'x' * 1500}")
    writes(vernay, client, work, said(vernay, julien))
    assert Comparison.objects.get().state == "done"
    assert not Absence.objects.exists()


@pytest.mark.row(62)
def test_a_directory_that_goes_on_at_an_absurd_address_is_not_read(vernay, aubin):
    uri = f"{vernay.origin}/people"
    page = {"@context": "https://www.w3.org/ns/activitystreams", "id": uri, "type": "Collection"}
    vernay.documents["/people"] = page | {"items": [vernay.lucie], "next": f"{vernay.origin}/{'x' * 1500}"}
    with pytest.raises(NotFetched):
        neighbours.items(uri)


@pytest.mark.row(67)
def test_a_house_that_counts_strangers_among_followers_is_told_so_a_limited_number_of_times(
    vernay, aubin, julien, helene, lucie_followed, client, work, monkeypatch
):
    monkeypatch.setattr(synchronisation, "PAUSE", synchronisation.PAUSE * 0)
    monkeypatch.setattr(synchronisation, "DISOWNED", 3)
    Follow.objects.all().delete()
    listing(vernay, julien.uri, helene.uri)
    for number in range(5):
        author = vernay.add_actor(f"agent{number}")
        header = said(vernay, julien, collectionId=f"{author}/followers")
        writes(vernay, client, work, header, author=author)
    assert len(undone(vernay)) == 3
