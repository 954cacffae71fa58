"""`preau doctor` finds what is deliberately broken in a running house, and names the remedy."""

import io
import json
import re
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils.functional import Promise
from django.utils.translation import override

from actors import arrivals
from federation import ids
from instance.configuration import ROOT
from instance.doctor.examination import CUT_SHORT, Examination, examine, load_checks
from instance.doctor.findings import CHECKS, Check, Level
from instance.doctor.stand_ins import BROKEN
from instance.management.commands.translations import found_texts
from tests.instance.broken_outside import BROKEN_SO, install  # and those of tests.instance.broken_houses
from tests.instance.site import Site
from tests.servers import free_port

PAGES = {"fr": "docs/operations/que-faire-si.md", "en": "docs/operations/en/what-to-do-if.md"}
SETTING = re.compile("[A-Z_]+")


@pytest.fixture
def house(aubin, vernay, settings, monkeypatch, tmp_path):
    """A sound one, to break: Hélène runs it, and has a link to enter by."""
    helene = arrivals.invite("Hélène Vasseur", "Directrice", role="admin")
    arrivals.sign_in_link(helene)
    settings.WORK, settings.ORIGIN = "thread", f"http://localhost:{free_port()}"  # where nobody answers, but a `site`
    settings.DATA, settings.TALLIES = tmp_path / "data", tmp_path / "tallies"
    settings.MEDIA_ROOT = settings.DATA / "media"
    settings.MEDIA_ROOT.mkdir(parents=True)
    settings.LOCALE_PATHS = []  # whether ours are compiled is for whoever runs the tests (make does it)
    monkeypatch.setenv("PREAU_SETTINGS", str(tmp_path / "preau.env"))
    sites = []

    def site(**chosen):
        sites.append(Site(monkeypatch, tmp_path, **chosen))
        settings.DEVELOPMENT = False
        settings.HOST, settings.ORIGIN = sites[-1].host, f"https://{sites[-1].host}"
        return sites[-1]

    yield SimpleNamespace(
        settings=settings, monkeypatch=monkeypatch, folder=tmp_path, helene=helene, vernay=vernay, site=site
    )
    for each in sites:
        each.stop()


def doctor(*arguments):
    """The exit status, and by code what it found."""
    out, status = io.StringIO(), None
    try:
        call_command("doctor", "--json", *arguments, stdout=out)
    except SystemExit as end:
        status = end.code
    return status or 0, {each["code"]: each for check in json.loads(out.getvalue()) for each in check["findings"]}


@pytest.mark.parametrize("code", BROKEN_SO)
def test_what_is_broken_is_found_with_its_remedy(house, code):
    breaks, check, remedy, status, options = BROKEN_SO[code]
    assert code not in doctor("--only", check)[1]
    breaks(house)
    ended, found = doctor("--only", check, *options)
    assert (ended, code in found) == (status, True), found
    assert remedy in found[code]["do"] + found[code]["command"]
    assert found[code]["says"] and "%(" not in "".join(found[code].values())


def test_a_sound_house_has_nothing_to_do(house):
    skip_the_outside = "--offline"
    assert doctor(skip_the_outside) == (0, {})


def test_a_sound_house_behind_a_sound_proxy(house):
    site = house.site()
    settings = house.settings
    settings.ACCOUNT_DOMAIN, settings.HOST = site.host, "rsi.aubin.example"
    there = f"{settings.ORIGIN}/.well-known/webfinger?resource=acct:instance@{site.host}"
    site.answers["/.well-known/webfinger"] = (301, {"Location": there}, "")
    for check in ("nom", "certificat", "site", "identité", "adresses des agents"):
        assert doctor("--only", check) == (0, {}), check


def test_a_former_name_that_still_leads_here_is_sound(house):
    site = house.site()
    house.settings.FORMER_HOSTS = (site.host,)
    site.answers["/ap/instance"] = (200, {}, json.dumps({"movedTo": ids.instance_actor_uri()}))
    assert doctor("--only", "anciens noms") == (0, {})


def test_of_a_database_that_was_removed_nothing_else_is_said(house):
    BROKEN_SO["base-vide"][0](house)
    assert list(doctor("--only", "données", "--only", "collectivité", "--only", "clés")[1]) == ["base-vide"]


def test_nobody_answers(house):
    status, found = doctor("--only", "site")
    assert (status, found["serveur-muet"]["command"]) == (2, "systemctl status nginx 'preau*'")


def test_a_service_that_answers_whatever_it_says_is_there(house, live_server):
    install(house, int(live_server.url.rpartition(":")[2]))
    assert doctor("--only", "service") == (0, {})


def test_a_domain_may_hand_the_question_on(house):
    site = house.site()
    house.settings.ACCOUNT_DOMAIN, house.settings.HOST = site.host, "rsi.aubin.example"
    site.answers["/.well-known/webfinger"] = (200, {}, json.dumps({"links": [{"href": ids.instance_actor_uri()}]}))
    assert doctor("--only", "adresses des agents") == (0, {})


def test_a_clock_that_cannot_be_compared_is_a_note(house):
    type(house.vernay.peer).objects.update(failures=1)
    assert doctor("--only", "horloge")[0] == 0
    assert "horloge-inconnue" in doctor("--only", "horloge")[1]


def test_what_cannot_be_looked_at_is_not_guessed(house):
    house.site()
    house.settings.ALLOW_PRIVATE = False
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--only", "nom", "--only", "certificat", stdout=out)
    assert end.value.code == 1
    assert "- certificat : pas examiné, faute de nom joignable" in out.getvalue()
    assert "    getent ahosts localhost" in out.getvalue()


def test_a_check_that_fails_or_hangs_says_so(house, monkeypatch):
    def hang(_examination):
        while True:
            yield from ()

    def fail(_examination):
        raise ValueError

    monkeypatch.setattr("instance.doctor.examination.SECONDS", 0.2)
    checks = [Check("x", "", look, (), frozenset(), outside=False) for look in (hang, fail)]
    results = examine(Examination(), checks)
    assert [each.findings[0].facts["reason"] for each in results] == ["TimeoutError", "ValueError"]
    assert all(each.level is Level.FAULT for each in results)


def test_the_whole_of_it_ends_too(house):
    check = Check("x", "", lambda _examination: iter(()), (), frozenset(), outside=False)
    assert examine(Examination(), [check])[0].findings == ()
    assert examine(Examination(until=0.0), [check])[0].findings[0].facts["reason"] == "TimeoutError"


def test_an_unknown_check_is_refused(db):
    with pytest.raises(CommandError, match="certificat"):
        call_command("doctor", "--only", "certificats")


@pytest.mark.parametrize("language", PAGES)
def test_the_page_says_all_that_may_be_found(language):
    """`preau doctor --page > docs/operations/que-faire-si.md` writes it again; `--language en`, its twin."""
    out = io.StringIO()
    call_command("doctor", "--page", "--language", language, stdout=out)
    with open(PAGES[language]) as page:
        assert page.read() == out.getvalue()


def test_it_speaks_french_unless_it_is_asked_otherwise(db):
    with override("en"), pytest.raises(CommandError, match="Pas d’examen de ce nom : x"):
        call_command("doctor", "--only", "x")
    with pytest.raises(CommandError, match="No check has this name: x"):
        call_command("doctor", "--only", "x", "--language", "en")


def test_in_english_checks_keep_the_names_that_one_types(house):
    house.site()
    house.settings.ALLOW_PRIVATE, house.settings.LOCALE_PATHS = False, [ROOT / "locale"]
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", "--language=en", "--only=nom", "--only=certificat", stdout=out)
    assert "! Seen from here, localhost is a private address" in out.getvalue()
    assert "- certificate: not examined, for want of reachable name" in out.getvalue() and "To do: 1." in out.getvalue()


def test_whatever_it_says_can_be_said_in_other_languages():
    load_checks()
    said = [CUT_SHORT.says, CUT_SHORT.do, *(each.fine for each in CHECKS)]
    said += [text for check in CHECKS for each in check.finds for text in (each.says, each.do)]
    assert [text for text in said if not isinstance(text, Promise)] == []
    names = {name for each in CHECKS for name in (each.name, *each.needs) if not SETTING.fullmatch(name)}
    marked = {each.id for each in found_texts()}
    assert sorted(names - marked) == []  # gettext_noop marks those


def test_each_ailment_has_a_name_of_its_own():
    load_checks()
    codes = [each.code for check in CHECKS for each in check.finds]
    assert len(set(codes)) == len(codes)
    assert BROKEN == {}
