"""The register does not lie: what it says is erased is looked for in every table, and personal words in no other."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models
from django.utils.timezone import now
from oauth2_provider.models import AccessToken

from actors import arrivals, profiles, throttle
from actors.models import Actor, Attempt, SignInLink
from federation import keys
from federation.models import Key
from inbox import moderation
from instance import applications
from instance.trust import register
from outbox import media, posts, publishing, reactions
from outbox.audience import Reach
from outbox.posts import Attachment
from outbox.publishing import Draft
from tests.ages import clear_all
from tests.outbox.test_media import picture

pytestmark = pytest.mark.django_db
WORD = "zqcanari"
OF_NOBODY = {"actors.Organisation.actor", "actors.Service.actor"}  # an authority, a service
FATES = {f"{t.label}.{each.name}": each for t in register.tables() for each in t.columns}


def where(word=WORD):
    """The columns of the whole database that hold a word, whatever they are made of."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            found |= {f"{model._meta.label}.{name}" for name, value in row.items() if word in str(value).lower()}
    return found


def kept(*rules):
    return {name for name, column in FATES.items() if column.keeps in rules}


@pytest.fixture
def post(julien, lucie, follows, work):
    """Everything of a post says the word, and the post is corrected, sent, and known everywhere it is to be."""
    follows(lucie, julien)
    photo = media.take_image(julien, f"{WORD}.jpg", picture(), WORD)
    paper = media.take_document(julien, f"{WORD}.odt", b"{\\rtf1 " + WORD.encode() + b"}")
    draft = Draft(f"{WORD} #{WORD} @lucie@{lucie.domain}", title=WORD, attachments=(photo, paper))
    made = publishing.publish(julien, draft, Reach("followers"))
    publishing.edit(julien, made, Draft(f"encore {WORD} #{WORD}", title=f"encore {WORD}", attachments=(photo, paper)))
    work()
    return made


def test_words_of_a_person_stand_in_columns_that_are_declared_personal_only(post, julien, helene, lucie, work):
    profiles.describe(julien, profiles.Words(WORD, WORD, False, True, ((WORD, WORD),)))
    moderation.report(helene, julien, [], f"propos {WORD}")
    work()
    found = where()
    assert {"outbox.Post.html", "outbox.Version.html", "actors.Actor.summary", "inbox.Report.words"} <= found
    assert found - FATES.keys() <= {"outbox.Hashtag.name"}  # a subject is nobody's


def test_whatever_refers_to_a_person_is_declared_personal():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            person = isinstance(field, models.ForeignKey) and field.related_model._meta.label in (
                "actors.Actor",
                "actors.Agent",
            )
            name = f"{model._meta.label}.{field.name}"
            unused = any(each.unused for each in register.tables() if each.label == model._meta.label)
            assert not person or unused or name in FATES or name in OF_NOBODY, name


def test_what_is_withdrawn_is_nowhere_any_more(post, julien, work, django_capture_on_commit_callbacks):
    files = [Path(each.path) for row in Attachment.objects.all() for each in (row.file, row.thumbnail) if each]
    assert where() & kept("publication", "fichier", "lettre")
    assert files and all(each.exists() for each in files)
    with django_capture_on_commit_callbacks(execute=True):
        publishing.withdraw(julien, post)
    work()
    assert where() == {"outbox.Hashtag.name"}
    assert not any(each.exists() for each in files)


def test_what_remains_of_it_is_what_the_register_says_remains(post, julien, helene, follows, work):
    follows(helene, julien)
    reactions.like(helene, post)
    publishing.withdraw(julien, post)
    work()
    clear_all()
    assert not apps.get_model("outbox.Like").objects.exists()
    assert not register.retention()[FATES["outbox.Post.author"].keeps].get("open")
    left = {f"outbox.Post.{name}" for name, value in type(post).objects.filter(pk=post.pk).values()[0].items() if value}
    erased = {name for name in kept("publication") if name.startswith("outbox.Post.")}
    assert not left & erased


def test_a_letter_keeps_its_text_until_all_have_it_and_arrived_ones_until_they_are_handled(post):
    assert not where() & (kept("lettre") | kept("arrivee"))


def test_an_author_next_door_who_leaves_takes_her_words_along(vernay, lucie, julien, follows, arrives):
    follows(julien, lucie)
    note = vernay.note(lucie.uri, [f"{lucie.uri}/followers"], f"<p>{WORD}</p>")
    assert arrives(vernay, vernay.activity("Create", lucie.uri, note)) == "handled"
    assert where() == {"outbox.Post.html"}
    assert arrives(vernay, vernay.activity("Delete", lucie.uri, lucie.uri)) == "handled"
    assert where() == set()
    assert Actor.objects.get(pk=lucie.pk).name, "the register says that her name stays"


def test_a_closed_account_keeps_no_way_in(julien, sign_in, application):
    sign_in(julien)
    app = application()
    applications.give(app, "read", julien.agent)
    arrivals.sign_in_link(julien.agent)
    arrivals.close(julien.agent)
    assert not SignInLink.objects.exists() and not AccessToken.objects.exists()
    julien.agent.refresh_from_db()
    assert not julien.agent.has_usable_password()
    assert Actor.objects.get(pk=julien.pk).name, "the register says that her name stays"


def test_a_link_that_is_over_opens_nothing_and_goes_the_following_night(julien):
    link = arrivals.sign_in_link(julien.agent)
    with time_machine.travel(now() + arrivals.LINK_LIFE + timedelta(seconds=1)):
        assert arrivals.agent_of_link(link.rstrip("/").rpartition("/")[2]) is None
        clear_all()
    assert not SignInLink.objects.exists() and "open" not in register.retention()["lien-d-entree"]


def test_what_is_over_goes_in_the_night(julien, sign_in, application):
    sign_in(julien)
    applications.let_in(julien.agent, application(), "https://phanpy.test/", ["read"])
    with time_machine.travel(now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 60)):
        call_command("clearsessions")
        call_command("cleartokens")
    assert not Session.objects.exists()
    assert not apps.get_model("oauth2_provider.Grant").objects.exists()


def test_a_session_says_who_and_nothing_of_where_or_by_what(julien, sign_in):
    browser = sign_in(julien)
    for path in ("/", "/personnes/", "/menu/"):
        browser.get(path, headers={"user-agent": WORD})
    (session,) = Session.objects.all()
    assert all(each.startswith("_auth_user") or each == "_csrftoken" for each in session.get_decoded())
    assert where() == where("127.0.0.1") == set()


def test_signing_out_erases_the_session(julien, sign_in):
    browser = sign_in(julien)
    assert Session.objects.exists()
    browser.post("/deconnexion/")
    assert not Session.objects.exists()


def test_tries_are_forgotten_at_the_next_try(db):
    throttle.too_many("sign-in", "julien", 5)
    with time_machine.travel(now() + throttle.WINDOW + timedelta(seconds=1)):
        throttle.too_many("sign-in", "helene", 5)
    assert Attempt.objects.count() == 1


def test_a_key_that_is_replaced_is_destroyed(julien):
    keys.rotate(julien.uri)
    assert [bool(each.sealed_private) for each in Key.objects.filter(owner_uri=julien.uri).order_by("pk")] == [
        False,
        True,
    ]


def test_who_reads_is_written_nowhere(post, julien, helene, sign_in, follows):
    """To read is no deed: reading changes no row but what one was told that is now no news."""
    follows(helene, julien)
    browser = sign_in(helene)
    browser.get("/")
    before = everything()
    for path in ("/", post.path, julien.profile_path, "/personnes/"):
        assert browser.get(path).status_code == 200
    assert everything() == before
    assert posts.readable_by(helene).filter(pk=post.pk).exists()


def everything():
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()}
