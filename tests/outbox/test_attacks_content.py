"""Whatever strangers write, a page shows words and nothing runs (security rows 38, 50, 63, 69)."""

import time
from html.parser import HTMLParser

import pytest

from actors import directory
from federation import words
from outbox import publishing, text
from outbox.audience import Reach
from outbox.models import Post
from outbox.publishing import Draft

pytestmark = pytest.mark.django_db
NASTY = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1) style='position:fixed' id=main class='btn mention post--focus'>x</p>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<style>body{display:none}</style><link rel=stylesheet href=//evil.example><base href=//evil.example>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><object data=x></object><embed src=x>",
    "<form action=/sortir><button>x</button><input autofocus onfocus=alert(1)></form>",
    "<a href='javascript:alert(1)'>x</a><a href='JaVaScRiPt&colon;alert(1)'>x</a><a href='java\tscript:x'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a><a href='vbscript:x'>x</a><a href='//evil.example'>x</a>",
    "<a href='/parametres/'>x</a><a href='?x'>x</a><a href=''>x</a><a href='https://ok.example' target=_top>x</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template><xmp><script>alert(1)</script></xmp><textarea><script>",
    "<!--><script>alert(1)</script>--><![CDATA[<script>alert(1)</script>]]><?php <script>alert(1)</script> ?>",
    "</div></article></main><script>alert(1)</script>",
    "<p hx-get=/x hx-trigger=load data-x=y>x</p><meta http-equiv=refresh content='0;url=//evil.example'>",
    "{{ 7|add:7 }}{% include 'x' %}<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
]


class Page(HTMLParser):
    """What a browser would make of a page: its tags, and the attributes that could run or load something."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.running = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.running += [name for name, _ in attributes if name.startswith(("on", "hx-on", "srcdoc", "style"))]
        self.links += [value or "" for name, value in attributes if name in ("href", "src", "action", "formaction")]


def prose_of(html):
    return Page("".join(part.partition("</div>")[0] for part in html.split('<div class="prose"')[1:]))


@pytest.mark.row(63, 69)
@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_of_a_stranger_runs_in_a_post(vernay, julien, arrives, sign_in, nasty):
    image = {"type": "Image", "mediaType": "image/png", "url": f"{vernay.origin}/x.png", "name": nasty}
    article = vernay.create(
        vernay.lucie, [julien.uri], nasty, type="Article", name=nasty, summary=nasty, attachment=[image]
    )
    assert arrives(vernay, article) == "handled"
    page = sign_in(julien).get("/").content.decode()
    plain = Page(sign_in(julien).get("/parametres/").content.decode())
    whole, prose = Page(page), prose_of(page)
    assert not [name for name in whole.running if name != "style"]
    assert set(prose.tags) <= words.TAGS | {""}
    assert not prose.running
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in prose.links)
    assert whole.tags.count("script") == plain.tags.count("script")
    assert not {"iframe", "object", "embed", "base"} & set(whole.tags)
    assert "evil.example" not in "".join(link for link in whole.links if link not in prose.links)


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_of_a_stranger_runs_on_a_profile(vernay, julien, sign_in, nasty):
    uri = vernay.add_actor("eve", name=nasty, summary=nasty, occupation=nasty)
    eve = directory.learn(uri)
    page = Page(sign_in(julien).get(eve.profile_path).content.decode())
    assert not [name for name in page.running if name != "style"]
    assert not {"iframe", "object", "embed", "base", "img"} & set(Page(eve.summary).tags)
    assert "evil.example" not in "".join(link for link in page.links if "https://evil" not in link)


def test_classes_that_the_pages_use_cannot_be_borrowed():
    html = words.clean(
        '<span class="invisible btn">a</span><a class="mention av" href="https://x.example">b</a><p class="card">'
    )
    assert 'class="invisible"' in html
    assert 'class="mention"' in html
    assert not [name for name in ("btn", "av", "card") if name in html]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Lu\u202ecie", "Lucie"),
        ("\u2066Maire\u2069 de\u200b Vernay\ufeff", "Maire de Vernay"),
        ("Lucie\u2028Dupont\n\tMartin\x07\x9b", "Lucie Dupont Martin"),
        ("L\u00adu\u200cc\u200di\u2060e", "Lucie"),
        ("\u3164\u2800\u200b", "eve"),
        ("<b>Lucie</b> & Cie", "Lucie & Cie"),
        ("Fleurs &amp; massifs", "Fleurs & massifs"),
        ("Équipe 👩\u200d🌾", "Équipe 👩\u200d🌾"),
        ("&" * 500, "&" * 200),
        ("", "eve"),
        (None, "eve"),
        (["Lucie"], "eve"),
        ("\u202e", "eve"),
    ],
)
def test_a_name_shows_all_that_it_holds(vernay, said, kept):
    """No mark of direction, no unseen letter: one name does not pass for another."""
    eve = directory.learn(vernay.add_actor("eve", name=said, occupation=said))
    assert eve.name == kept
    assert eve.occupation == ("" if kept == "eve" else kept)


@pytest.mark.row(63)
@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 50_000,
        "<b><i><u><a href=https://x.example>" * 5000,
        "<table>" * 20_000,
        "<svg><math>" * 9000,
        "<math><annotation-xml>" * 5000,
        "<" * 100_000,
        "&#" * 50_000,
        '<a href="' * 20_000,
        '<a href="https://x.example" class="mention">@' * 2000,
        "<!--" * 30_000,
        "\u202e" * 20_000,
    ],
)
def test_no_text_keeps_the_house_busy(vernay, julien, arrives, bomb):
    began = time.process_time()
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri], bomb, summary=bomb)) == "handled"
    words.line(bomb, 300)
    assert time.process_time() - began < 3
    assert len(Post.objects.get().title) <= 300


@pytest.mark.parametrize(
    "source", ["[" * 5000, "*a_" * 1600, "> " * 2500, "`" * 5000, "![" * 2500, "- " * 2500, "@a#b" * 1250]
)
def test_no_text_of_ours_does_either(source):
    began = time.monotonic()
    text.render(source)
    text.mentions(source), text.hashtags(source)
    assert time.monotonic() - began < 3


def test_what_our_own_people_type_runs_no_more_than_that(julien, sign_in):
    for nasty in NASTY:
        post = publishing.publish(
            julien, Draft(f"{nasty}\n\n[x](javascript:alert(1)) [y](data:text/html,x) ![z](//e)"), Reach("organisation")
        )
        page = Page(post.html)
        assert set(page.tags) <= words.TAGS
        assert not page.running
        assert all(link.startswith(("http://", "https://", "mailto:")) for link in page.links)


@pytest.mark.row(50)
def test_a_mention_leads_to_whom_it_names_not_to_whom_it_says(vernay, julien, helene, arrives):
    tag = [{"type": "Mention", "href": julien.uri, "name": "@maire@mairie.example"}]
    content = (
        '<p><a href="https://evil.example/" class="u-url mention">@<span>julien.mercier</span></a>'
        '<a href="https://evil.example/" class="mention">@helene.vasseur</a></p>'
    )
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri], content, tag=tag))
    html = Post.objects.get().html
    assert f'href="http://localhost:8000{julien.profile_path}"' in html
    assert helene.profile_path not in html


@pytest.mark.row(50)
def test_a_name_that_two_people_bear_is_not_guessed(vernay, julien, arrives):
    arrives(vernay, vernay.create(vernay.add_actor("julien.mercier"), [julien.uri]))
    namesake = f"{vernay.origin}/users/julien.mercier"
    content = f'<a href="{namesake}" class="mention">@julien.mercier</a>'
    arrives(vernay, vernay.create(vernay.lucie, [julien.uri, namesake], content))
    assert f'href="{namesake}"' in Post.objects.get(author__uri=vernay.lucie).html
