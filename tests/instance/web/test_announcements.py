"""What admins announce, and agents read at the top of home."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from inbox import announcements
from inbox.announcements import Words
from inbox.models import Announcement

PAGE = "/administration/annonces/"


@pytest.fixture
def cold(marc):
    return announcements.announce(marc.agent, Words("Grand **froid** lundi"))


def test_nobody_but_an_admin_finds_the_pages(at_julien, cold):
    assert at_julien.get(PAGE).status_code == 404
    for path in (f"{PAGE}nouvelle/", f"{PAGE}{cold.pk}/"):
        assert at_julien.get(path).status_code == at_julien.post(path, {"words": "x"}).status_code == 404
    assert at_julien.post(f"{PAGE}{cold.pk}/retirer/").status_code == 404
    assert Announcement.objects.get().words == "Grand **froid** lundi"


def test_what_is_not_there_is_not_found(at_marc, cold):
    assert at_marc.get(f"{PAGE}0/").status_code == at_marc.post(f"{PAGE}0/retirer/").status_code == 404
    assert at_marc.post("/annonces/0/vu/").status_code == 404


def test_an_announcement_that_says_nothing_or_ends_before_it_begins_is_corrected(at_marc, text_of):
    assert "Écrivez l’annonce." in text_of(at_marc.post(f"{PAGE}nouvelle/", {"words": " "}))
    times = {"starts_at": "2026-03-02T08:00", "ends_at": "2026-03-01T08:00"}
    answer = at_marc.post(f"{PAGE}nouvelle/", {"words": "x"} | times)
    assert answer.status_code == 422 and "La fin vient après le début." in text_of(answer)
    for at in ("0001-01-01T00:00", "9999-12-31T23:59"):
        for name in ("starts_at", "ends_at"):
            answer = at_marc.post(f"{PAGE}nouvelle/", {"words": "x", name: at, "all_day": "on"})
            assert answer.status_code == 422 and "n’est pas une date" in text_of(answer), at
    assert not Announcement.objects.exists()


def test_announced_read_and_put_away_by_one_alone(at_marc, at_julien, at_helene, text_of):
    assert at_marc.post(f"{PAGE}nouvelle/", {"words": "Grand **froid** lundi"}).status_code == 303
    row = Announcement.objects.get()
    home = at_julien.get("/").content.decode()
    assert "<strong>froid</strong>" in home and "J’ai lu" in home
    assert at_julien.post(f"/annonces/{row.pk}/vu/").status_code == 303
    assert "froid" not in text_of(at_julien.get("/"))
    assert "froid" in text_of(at_helene.get("/"))


def test_it_is_edited_with_its_times_and_removed(at_marc, at_julien, marc, text_of):
    begin = localtime(now() + timedelta(days=1)).replace(second=0, microsecond=0)
    row = announcements.announce(marc.agent, Words("Grand froid", begin))
    assert "Pas affichée maintenant" in text_of(at_marc.get(PAGE))
    page = at_marc.get(f"{PAGE}{row.pk}/").content.decode()
    assert begin.strftime("%Y-%m-%dT%H:%M") in page and "Grand froid" in page
    at_marc.post(f"{PAGE}{row.pk}/", {"words": "Gel", "starts_at": "", "ends_at": "2100-01-01T08:00", "all_day": "on"})
    assert "Gel" in text_of(at_julien.get("/"))
    assert "jusqu’au 1 janvier 2100)" in text_of(at_marc.get(PAGE))
    assert at_marc.post(f"{PAGE}{row.pk}/retirer/").status_code == 303
    assert "Gel" not in text_of(at_julien.get("/")) and "Aucune annonce" in text_of(at_marc.get(PAGE))


def test_what_an_admin_types_is_made_safe(at_marc, at_julien):
    at_marc.post(f"{PAGE}nouvelle/", {"words": "<script>alert(1)</script> bonjour"})
    home = at_julien.get("/").content.decode()
    assert "<script>alert" not in home and "bonjour" in home
