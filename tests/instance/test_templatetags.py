"""What the tags draw and how the words are set, in both languages."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import SafeString
from django.utils.translation import override

from actors.models import Actor, Organisation
from instance.web import context, wording

NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=PARIS)
TEMPLATES = sorted((settings.ROOT / "templates").rglob("*.html"))


def draw(source, **names):
    return Template(source).render(Context(names))


def person(name="Karim Haddad", local=True, **columns):
    return Actor(
        ulid="01JD00000000000000000KARIM", handle="karim", host="vernay.example", name=name, local=local, **columns
    )


def vernay(**columns):
    return Organisation(host="vernay.example", name="Vernay-le-Fleuve", short_name="Vernay", **columns)


# Typography


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Vraiment ?", f"Vraiment{NBSP}?"),
        ("Oui !! Non ; 50 % : fin", f"Oui{NBSP}!! Non{NBSP}; 50{NBSP}%{NBSP}: fin"),
        ("« bonjour »", f"«{NBSP}bonjour{NBSP}»"),
        ("prise de poste à 9 h 30", f"prise de poste à 9{NBSP}h 30"),
        ("https://vernay.example/?q=a:b 10:30", "https://vernay.example/?q=a:b 10:30"),
        ("un :sourire: reste", "un :sourire: reste"),
    ],
)
def test_double_punctuation_never_starts_a_line(typed, shown):
    assert wording.spaced(typed) == shown


def test_typography_touches_neither_tags_nor_code():
    html = '<p title="a : b">Vu ? <code>a ? b : c</code> <b>Oui</b> !</p>'
    assert wording.spaced_html(html) == f'<p title="a : b">Vu{NBSP}? <code>a ? b : c</code> <b>Oui</b>{NBSP}!</p>'


def test_typography_does_not_make_trusted_what_was_not():
    assert draw("{{ text|typo }}", text="<script> !") == f"&lt;script&gt;{NBSP}!"
    assert draw("{{ text|typo }}", text=SafeString("<b>Oui</b> !")) == f"<b>Oui</b>{NBSP}!"


def test_an_excerpt_of_a_post_is_escaped_where_it_is_shown():
    html = "<p>Moins de 3 &lt;b&gt; &amp; plus</p><p>de deux mots encore</p>"
    assert wording.excerpt(html, 6) == "Moins de 3 <b> & plus…"
    assert "&lt;b&gt; &amp; plus" in draw("{{ html|excerpt:6 }}", html=html)


# Dates and sizes


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOON, "à l’instant"),
        (NOON.replace(hour=11, minute=48), "il y a 12 min"),
        (NOON.replace(hour=9, minute=40), "il y a 2 h"),
        (NOON.replace(day=23, hour=17, minute=20), f"hier, 17{NBSP}h{NBSP}20"),
        (NOON.replace(day=22), "le 22 novembre"),
        (NOON.replace(month=10, day=1), "le 1er octobre"),
        (NOON.replace(year=2025, month=10, day=3), "le 3 octobre 2025"),
    ],
)
def test_a_date_is_said_as_a_colleague_would(moment, shown):
    assert wording.since(moment, NOON) == shown


def test_yesterday_is_yesterday_here_whatever_the_hour_elsewhere():
    just_after_midnight = NOON.replace(hour=0, minute=30)
    assert (
        wording.since(just_after_midnight.replace(day=23, hour=23, minute=50), just_after_midnight) == "il y a 40 min"
    )
    late = NOON.replace(day=23, hour=22).astimezone(ZoneInfo("UTC"))
    assert wording.since(late, just_after_midnight) == f"hier, 22{NBSP}h{NBSP}00"


def test_hours_and_days_follow_the_language_of_the_reader():
    with override("en"):
        assert wording.clock(NOON) == "12:00"
        assert wording.day(NOON.replace(day=1)) == "1 November 2026"
        assert "3 October 2025" in wording.since(NOON.replace(year=2025, month=10, day=3), NOON)


def test_a_weight_is_rounded_for_people():
    assert [wording.weight(size) for size in (3, 240_400, 1_240_000, 5_000_000)] == ["1 Ko", "240 Ko", "1,2 Mo", "5 Mo"]


def test_a_document_is_called_by_the_letters_that_people_know():
    assert wording.kind_of_file("Fiche de réglage.pdf", "application/pdf") == "PDF"
    assert wording.kind_of_file("sans suffixe", "text/csv") == "CSV"


# People


def test_without_portrait_a_person_is_her_initials_on_a_disc_that_stays():
    first, second = (draw("{% avatar who %}", who=person(name)) for name in ("Karim Haddad", "Karim Le Goff"))
    assert ">KH</span>" in first
    assert re.findall(r"tint-\d", first) == re.findall(r"tint-\d", second)


def test_initials_are_escaped():
    assert "<script" not in draw("{% avatar who %}", who=person("<script> &lt;"))


def test_a_portrait_has_its_size_and_an_empty_alternative():
    drawn = draw("{% avatar who 'av--lg' %}", who=person(icon_url="https://vernay.example/k.webp"))
    assert '<img src="/portraits/01JD00000000000000000KARIM/" alt="" width="56" height="56"' in drawn
    assert "vernay.example" not in drawn


def test_only_a_neighbour_carries_a_shield():
    houses = {"houses": lambda: {"vernay.example": vernay()}}
    assert 'class="ecu"' not in draw("{% avatar who %}", who=person(), **houses)
    assert 'class="ecu"' in draw("{% avatar who %}", who=person(local=False), **houses)
    assert 'class="ecu"' not in draw("{% avatar who %}", who=person(local=False), houses=dict)


def test_an_audience_is_named_as_people():
    post = type("Post", (), {"audience": "followers", "author": person(), "service": None})()
    drawn = draw("{% audience post %}", post=post, houses=lambda: {"vernay.example": vernay()})
    assert "#i-aud_followers" in drawn
    assert drawn.endswith("Collègues qui suivent Karim")
    post.audience = "organisation"
    assert draw("{% audience post %}", post=post, houses=lambda: {"vernay.example": vernay()}).endswith("Tout Vernay")


# Forms


class Arrival(forms.Form):
    """One field of each shape."""

    name = forms.CharField(label="Votre nom", help_text="Prénom puis nom")
    about = forms.CharField(label="À propos", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Genre", choices=[("note", "Message")], widget=forms.RadioSelect)


def test_a_mistake_is_tied_to_its_field():
    html = draw("{% include 'parts/field.html' with field=form.name %}", form=Arrival({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="err" id="id_name_error"' in html


def test_a_form_opens_on_the_list_of_what_is_to_correct():
    html = draw("{% include 'parts/errors.html' %}", form=Arrival({}))
    assert "Deux champs à corriger" in html
    assert '<a href="#id_name">' in html
    assert 'id="id_kind"' in draw("{% include 'parts/field.html' with field=form.kind %}", form=Arrival({}))
    assert wording.to_correct(1) == "Un champ à corriger"
    assert wording.to_correct(3) == "3 champs à corriger"
    assert draw("{% include 'parts/errors.html' %}", form=Arrival({"name": "K", "kind": "note"})).strip() == ""


def test_what_may_stay_empty_says_so():
    assert "(facultatif)" in draw("{% include 'parts/field.html' with field=form.about %}", form=Arrival())
    assert "(facultatif)" not in draw("{% include 'parts/field.html' with field=form.name %}", form=Arrival())


# Every page


def test_templates_hold_no_inline_style_or_script():
    forbidden = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:")
    assert [path.name for path in TEMPLATES if forbidden.search(path.read_text())] == []


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = set(re.findall(r'id="i-([a-z_]+)"', (settings.ROOT / "static" / "icons.svg").read_text()))
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([a-z_]+)"', path.read_text())}
    codes = {"service", "organisation", "chosen_partners", "partners", "followers", "named", "public"}
    assert named
    assert named | {f"aud_{code}" for code in codes} <= sprite


def test_nothing_is_loaded_from_elsewhere():
    sheet = (settings.ROOT / "static" / "css" / "preau.css").read_text()
    assert re.findall(r"url\([\"']?(https?:|//)", sheet) == []
    for name in re.findall(r'url\("\.\./([^"]+)"\)', sheet):
        assert (settings.ROOT / "static" / name).is_file()
    assert [path.name for path in TEMPLATES if re.search(r'(src|href)="(https?:)?//', path.read_text())] == []


def test_the_page_for_a_breakdown_asks_nothing_of_what_may_be_broken():
    source = Path(settings.ROOT / "templates" / "500.html").read_text()
    assert "extends" not in source
    assert "Quelque chose s’est cassé" in Template(source).render(Context())


# What every page knows


def test_a_page_asks_for_the_houses_once(aubin, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    known = context.house(request)
    with django_assert_num_queries(1):
        names = {draw("{{ house.short_name }}{% ecu house %}", **known)[:11] for _ in range(3)}
    assert names == {"Saint-Aubin"}
    assert known["me"] is None
    assert known["new_notifications"]() == 0


def test_a_house_that_was_not_described_yet_goes_by_its_host(db):
    request = RequestFactory().get("/")
    assert context.house(request)["house"]().short_name == settings.HOST
