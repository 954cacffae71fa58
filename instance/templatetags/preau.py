"""The small drawn pieces of a page, and French typography."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django import template
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeData, SafeString

from actors.models import Actor, Exchange, Organisation
from instance.place import here
from instance.web import heraldry, wording
from outbox import posts
from outbox.emoji import Emoji

register = template.Library()
TINTS = 6
PIXELS = {"av--xs": 34, "av--lg": 56, "av--xl": 104}
BOXES = {"textarea": "area", "select": "select", "selectmultiple": "select", "checkbox": "", "radioselect": "opts"}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "cloche" "ic--s" %}`; decorative, so a word always stands beside it."""
    html = '<svg class="ic{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>'
    return format_html(html, f" {css}" if css else "", static("icons.svg"), name)


@register.simple_tag
def audience_icon(code: str, css: str = "") -> SafeString:
    return icon(f"aud_{code}", css)


@register.simple_tag
def ecu(organisation: Organisation | None, css: str = "") -> SafeString:
    """The shield of an organisation; nothing for someone whose house we do not know."""
    return SafeString() if organisation is None else heraldry.shield(heraldry.arms_of(organisation), css)


@register.simple_tag
def cover(organisation: Organisation, form: str = "") -> SafeString:
    """The parcel map of an organisation; `{% cover house "haut" %}` is the tall one of the sign-in pages."""
    width, height = (720, 900) if form == "haut" else (960, 240)
    query = "?forme=haut" if form == "haut" else ""
    html = '<img src="/plans/{}.svg{}" alt="" width="{}" height="{}">'
    return format_html(html, organisation.host, query, width, height)


@register.simple_tag(takes_context=True)
def home_of(context: Context, actor: Actor) -> Organisation | None:
    """`{% home_of author as home %}`: the organisation of an actor, without a query for each card."""
    houses = context.get("houses")
    return houses().get(actor.host) if houses is not None else actor.organisation


@register.simple_tag(takes_context=True)
def avatar(context: Context, actor: Actor, css: str = "") -> SafeString:
    """Portrait or initials, with the shield of a neighbour's house; the name stands beside, so `alt` is empty."""
    side = PIXELS.get(css, 44)
    if actor.avatar_url:
        html = '<img src="{}" alt="" width="{}" height="{}" loading="lazy" decoding="async">'
        face = format_html(html, actor.avatar_url, side, side)
    else:
        face = format_html('<span class="av__i tint-{}" aria-hidden="true">{}</span>', tint(actor.ulid), actor.initials)
    shield = SafeString() if actor.local else ecu(home_of(context, actor))
    return format_html('<span class="av{}">{}{}</span>', f" {css}" if css else "", face, shield)


def tint(ulid: str) -> int:
    """Always the same disc for the same person, whatever her name becomes."""
    return sha256(ulid.encode()).digest()[0] % TINTS


@register.simple_tag(takes_context=True)
def audience(context: Context, post: "posts.Post") -> SafeString:
    """Glyph and words: who can read this post."""
    home = home_of(context, post.author)
    label = wording.audience(
        post.audience,
        organisation=home.short_name if home else post.author.host,
        network=context.get("network_name") or "",
        service=post.service.name if post.service else "",
        author=post.author.first_name,
    )
    return format_html("{}{}", audience_icon(post.audience), label)


@register.simple_tag
def control(field: BoundField, **attributes: str) -> SafeString:
    """A form control dressed as the sheet wants it; `{% control form.text rows="6" %}` adds attributes."""
    box = BOXES.get(field.widget_type, "input")
    css = " ".join(part for part in (box, field.field.widget.attrs.get("class", "")) if part)
    attrs: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attributes.items()}
    return field.as_widget(attrs=attrs | ({"class": css} if css else {}))


@register.filter
def to_correct(errors: ErrorDict) -> str:
    return wording.to_correct(len(errors))


@register.filter(is_safe=True)
@stringfilter
def typo(text: str) -> str:
    """Unbreakable spaces of French typography; in HTML, text nodes only."""
    return wording.spaced_html(text) if isinstance(text, SafeData) else wording.spaced(text)


@register.filter(is_safe=True)
def pictured(html: str, emojis: Iterable[Emoji]) -> str:
    """HTML with the organisation's own emoji; as safe as it was."""
    return wording.pictured(html, emojis or ())


@register.filter
@stringfilter
def typed_here(command: str) -> str:
    """A command as it is typed on this machine, where this instance may be one of many."""
    return here(command)


@register.filter
def since(moment: datetime | None) -> str:
    return wording.since(moment) if moment else ""


@register.filter
def moment(at: datetime) -> str:
    """`3 octobre 2025 à 17 h 20`."""
    return wording.moment_alone(at)


@register.filter
def deed(said: Exchange) -> str:
    """What one house did, in words."""
    return wording.deed(said.verb)


@register.filter
def weight(size: int) -> str:
    return wording.weight(size)


@register.filter
def excerpt(html: str, words: int) -> str:
    """The first words of a text, as plain text: it is escaped again where it is shown."""
    return wording.excerpt(html, words)


@register.filter
def kind_of_file(file: "posts.Attachment") -> str:
    return wording.kind_of_file(file.name, file.media_type)


@register.filter
def images(files: "list[posts.Attachment]") -> "list[posts.Attachment]":
    return [each for each in files if each.kind == "image"]


@register.filter
def documents(files: "list[posts.Attachment]") -> "list[posts.Attachment]":
    return [each for each in files if each.kind != "image"]
