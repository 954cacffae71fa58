"""The record of exchanges with other houses: true, complete or saying what is missing, for admins alone."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from actors import conventions, partnerships
from actors.models import Convention
from federation import peers
from federation.errors import Forbidden
from federation.models import Peer
from instance.trust import links
from tests.actors.talking import CONTACT, OURS, accept, knock, letters, open_office, peer_of

pytestmark = pytest.mark.django_db
PAGE = "/administration/registre.csv"
SAID = {
    "purpose": "Partager nos massifs",
    "contact": "dpo@vernay.example",
    "since": "2026-01-05",
    "annex": "Convention 12",
}


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")), delimiter=";"))


def printed(*arguments):
    out = io.StringIO()
    call_command("trust", "links", *arguments, stdout=out)
    return out.getvalue()


class TestForAdminsOnly:
    def test_for_others_the_record_is_not_there(self, vernay, at_julien, client):
        assert at_julien.get(PAGE).status_code == 404
        assert client.get(PAGE).status_code == 302
        path = f"/administration/collectivites/{vernay.host}/registre/"
        assert at_julien.post(path, SAID).status_code == 404
        assert not Convention.objects.exists()

    @pytest.mark.parametrize("changes", [{"contact": "personne"}, {"since": "hier"}])
    def test_what_is_no_address_or_no_date_is_refused_with_a_sentence(self, vernay, at_marc, changes):
        path = f"/administration/collectivites/{vernay.host}/registre/"
        answer = at_marc.post(path, SAID | changes, follow=True)
        assert "ou rien." in answer.content.decode()
        assert not Convention.objects.exists()

    def test_a_house_that_we_never_exchanged_with_is_not_in_it(self, aubin):
        partnerships.block("jamais.example")
        for state in ("offered", "requested", "declined", "refused", "revoked"):
            Peer.objects.create(host=f"{state}.example", state=state)
        assert conventions.links() == []

    def test_no_cell_that_another_house_wrote_is_a_formula(self, vernay):
        conventions.record(vernay.peer, purpose="=HYPERLINK(1)", annex="@SUM(1)")
        Peer.objects.update(name="+1")
        (row,) = rows(printed())
        assert [row["collectivité"], row["finalité"], row["annexe"]] == ["'+1", "'=HYPERLINK(1)", "'@SUM(1)"]


def test_what_was_said_between_the_houses_is_in_it(stranger, client, work, aubin):
    partnerships.offer(open_office(stranger).host, OURS)
    work()
    knock(stranger, client, accept(stranger, letters(stranger, "Offer")[0]["id"]))
    work()
    (link,) = conventions.links()
    assert (link.purpose, link.their_contact, link.our_contact) == ("Partager nos massifs", CONTACT, OURS.contact)
    assert (link.since, link.until, link.missing) == (localdate(), None, False)
    partnerships.revoke(peer_of(stranger))
    (over,) = conventions.links()
    assert over.until == localdate()
    assert over.purpose == link.purpose


def test_what_nobody_said_is_to_be_completed_and_what_an_admin_writes_counts(vernay, at_marc):
    (row,) = rows(printed())
    assert [row["finalité"], row["depuis"]] == ["à compléter"] * 2
    path = f"/administration/collectivites/{vernay.host}/"
    assert "incomplet" in at_marc.get(path).content.decode()
    at_marc.post(f"{path}registre/", SAID)
    page = at_marc.get(path).content.decode()
    assert "incomplet" not in page
    assert all(f'value="{said}"' in page for said in SAID.values())
    (row,) = rows(at_marc.get(PAGE).content.decode())
    assert [row["finalité"], row["depuis"], row["annexe"]] == [SAID["purpose"], SAID["since"], SAID["annex"]]
    assert row["son délégué à la protection des données"] == SAID["contact"]


def test_it_says_which_data_leave(vernay):
    (row,) = rows(printed())
    sent = row["catégories de données transmises"].split(", ")
    assert {"identité", "contenu", "image"} <= set(sent)
    assert not {"secret", "appareil"} & set(sent)


def test_a_suspended_house_and_one_of_open_federation_are_in_it(vernay, aubin):
    peers.suspend(vernay.peer)
    Peer.objects.create(host="ouverte.example", state="guest")
    assert {each.state for each in conventions.links()} == {"suspendue", "correspondant, fédération ouverte"}


def test_the_page_of_partners_leads_to_it(vernay, at_marc):
    assert f'href="{PAGE}"' in at_marc.get("/administration/").content.decode()
    answer = at_marc.get(PAGE)
    assert answer["content-type"] == "text/csv; charset=utf-8"
    assert "registre-des-echanges.csv" in answer["content-disposition"]


def test_the_other_forms_say_the_same(vernay):
    conventions.record(vernay.peer, **SAID)
    (said,) = json.loads(printed("--format", "json"))["links"]
    assert said["purpose"] == SAID["purpose"] and said["host"] == vernay.host
    assert f"- finalité : {SAID['purpose']}" in printed("--format", "markdown")
    assert f"- serveur : {vernay.host}" in links.told("markdown")


def test_another_form_is_refused(db):
    with pytest.raises(CommandError):
        call_command("trust", "links", "--format", "xls")


def test_a_contact_that_is_no_address_is_refused(vernay):
    with pytest.raises(Forbidden, match="adresse"):
        conventions.record(vernay.peer, contact="Madame Roy")


def test_agents_have_the_whole_list_of_what_is_kept_and_nobody_else(at_julien, client):
    path = "/donnees-personnelles/liste.csv"
    assert client.get(path).status_code == 302
    assert path not in client.get("/donnees-personnelles/").content.decode()
    assert path in at_julien.get("/donnees-personnelles/").content.decode()
    answer = at_julien.get(path)
    assert answer["content-type"] == "text/csv; charset=utf-8"
    assert "actors.Agent;login;Ouvrir à chaque agent" in answer.content.decode()
    at_julien.post("/langue/", {"language": "en"})
    assert "actors.Agent;login;Give each agent" in at_julien.get(path).content.decode()
