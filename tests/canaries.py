"""One canary of each audience, from here and from next door, with all that hangs from a post; and those who look.

A canary's words, ids and bytes are found nowhere else, so an answer that holds one of them shows that canary.
"""

import io
from dataclasses import dataclass, field
from hashlib import sha256

from PIL import Image

from actors import arrivals, directory, following
from actors.models import Actor, Follow
from federation import ids, peers
from inbox.models import Notification
from outbox import audience, media, publishing, reactions
from outbox.audience import Reach
from outbox.models import Boost, Post
from outbox.publishing import Draft
from tests.neighbour import Neighbour
from tests.world import introduce

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CODES = ("named", "followers", "service", "organisation", "partners", "chosen_partners", "public")
LEAVING = ("named", "followers", "partners", "chosen_partners", "public")
WORDS = ("former", "text", "title", "tag", "alt", "file", "reply")
TALK = ("partners", "chosen_partners", "public")


@dataclass
class Canary:
    """`parts` maps the name of each part to the bytes that betray it."""

    home: str
    code: str
    parts: dict[str, bytes] = field(default_factory=dict)
    post: Post = None  # type: ignore[assignment]
    reply: Post = None  # type: ignore[assignment]
    _files: tuple = ()

    def __post_init__(self):
        for name in WORDS:
            self.parts[name] = f"z{sha256(f'{self.home} {self.code} {name}'.encode()).hexdigest()[:15]}".encode()

    def word(self, name):
        return self.parts[name].decode()

    def files(self):
        """The photo and the document: asked for thousands of times, they are read once."""
        self._files = self._files or tuple(self.post.attachments.all())
        return self._files

    def known(self, post, reply):
        """Note the ids and the bytes, once it is in the database."""
        self.post, self.reply = post, reply
        photo, paper = self.files()
        self.parts |= {"post id": post.ulid.encode(), "reply id": reply.ulid.encode()}
        self.parts |= {"photo id": photo.ulid.encode(), "paper id": paper.ulid.encode()}
        self.parts |= {"image": photo.file.open().read(), "thumbnail": photo.thumbnail.open().read()}
        self.parts |= {"document": paper.file.open().read()}
        return self


def picture(seed):
    """Unlike any other, large enough for its thumbnail to differ from it."""
    red, green, blue = sha256(seed).digest()[:3]
    out = io.BytesIO()
    Image.linear_gradient("L").resize((800, 40)).point(lambda x: x ^ red).convert("RGB").save(out, "PNG")
    image = Image.open(io.BytesIO(out.getvalue()))
    image.paste((red, green, blue), (10, 10, 400, 30))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def paper(canary):
    return b"%PDF-1.4 " + sha256(canary.parts["file"]).hexdigest().encode()


class People:
    """Saint-Aubin's, and those of four houses: two partners, one that is none, one suspended, and a stranger."""

    def __init__(self, aubin, julien, vernay):
        self.julien, self.vernay = julien, vernay
        self.ines = arrivals.invite("Inès Caron", "", aubin.green).actor  # in every audience
        self.helene = arrivals.invite("Hélène Vasseur").actor  # an agent, and nothing more
        self.awa = arrivals.invite("Awa Diop", role="admin").actor
        self.oscar = arrivals.invite("Oscar Petit", "", aubin.green).actor  # blocked by Julien
        self.sacha = arrivals.invite("Sacha Roux", "", aubin.green).actor  # suspended
        self.montclar, self.fleuve, self.closed, self.unlisted = (
            Neighbour(),
            Neighbour(preau=False),
            Neighbour(),
            Neighbour(),
        )
        self.peers = [introduce(each) for each in (self.montclar, self.fleuve, self.closed)]
        self.bob, self.paul = self.fleuve.add_actor("bob"), self.closed.add_actor("paul")
        self.marc, self.eve = vernay.add_actor("marc"), vernay.add_actor("eve")
        self.mallory = self.unlisted.add_actor("mallory")
        self.lucie = directory.find(vernay.lucie)
        self.elsewhere = [directory.find(each) for each in (self.eve, self.paul)]
        directory.find(self.marc), directory.find(self.bob)

    def stop(self):
        for each in (self.montclar, self.fleuve, self.closed, self.unlisted):
            each.stop()

    def tie(self, follows):
        """Before anyone is blocked or suspended, the unwelcome are in every audience too."""
        for one in (self.ines, self.oscar, self.sacha, self.lucie, *self.elsewhere):
            follows(one, self.julien)
        for one in (self.helene, self.oscar, self.awa):
            follows(one, self.ines)
        follows(self.ines, self.lucie)
        Follow.objects.create(follower=self.helene, followed=self.julien, uri="urn:asked", state="asked")

    def untie(self):
        for each in (self.oscar, self.elsewhere[0]):
            following.block(self.julien, each)
        Actor.objects.filter(pk=self.sacha.pk).update(suspended_at="2026-01-01T00:00:00Z")
        self.closed_peer = self.peers[2]
        peers.suspend(self.closed_peer)

    def named(self):
        return (self.ines, self.oscar, self.sacha, self.lucie, *self.elsewhere)


def publish_here(people, code):
    """Julien writes, with a photo and a document, edits, and answers himself."""
    canary, julien = Canary("here", code), people.julien
    photo = media.take_image(julien, "photo.png", picture(canary.parts["alt"]), canary.word("alt"))
    sheet = media.take_document(julien, f"{canary.word('file')}.pdf", paper(canary))
    houses = (people.vernay.peer, people.peers[2]) if code == "chosen_partners" else ()
    service = julien.service if code == "service" else None
    reach = Reach(code, houses=houses, named=people.named() if code == "named" else (), service=service)
    draft = Draft(canary.word("former"), "article", canary.word("title"), attachments=(photo, sheet))
    post = publishing.publish(julien, draft, reach)
    words = f"{canary.word('text')} #{canary.word('tag')}"
    publishing.edit(julien, post, Draft(words, "article", canary.word("title"), attachments=(photo, sheet)))
    reply = publishing.publish(julien, Draft(canary.word("reply")), audience.of_reply(post, julien), post)
    return canary.known(post, reply)


def publish_next_door(people, code, arrives):
    """Lucie's house sends the same: a Create, an Update, and her answer to herself."""
    canary, vernay = Canary("next door", code), people.vernay
    to = {
        "named": people.ines.uri,
        "followers": f"{vernay.lucie}/followers",
        "partners": vernay.followers(),
        "chosen_partners": ids.instance_actor_uri(),
        "public": PUBLIC,
    }[code]
    photo, sheet = f"/media/{code}.png", f"/media/{code}.pdf"
    vernay.documents[photo] = ("image/png", picture(canary.parts["alt"]))
    vernay.documents[sheet] = ("application/pdf", paper(canary))
    files = [attached("Image", "image/png", f"{vernay.origin}{photo}", canary.word("alt"))]
    files += [attached("Document", "application/pdf", f"{vernay.origin}{sheet}", f"{canary.word('file')}.pdf")]
    more = {"type": "Article", "name": canary.word("title"), "attachment": files}
    more["tag"] = [{"type": "Hashtag", "name": f"#{canary.word('tag')}"}]
    created = vernay.create(vernay.lucie, [to], f"<p>{canary.word('former')}</p>", **more)
    assert arrives(vernay, created) == "handled"
    edited = created["object"] | {"content": f"<p>{canary.word('text')} #{canary.word('tag')}</p>"}
    assert arrives(vernay, vernay.activity("Update", vernay.lucie, edited)) == "handled"
    answer = vernay.create(vernay.lucie, [to], f"<p>{canary.word('reply')}</p>", inReplyTo=edited["id"])
    assert arrives(vernay, answer) == "handled"
    found = [Post.objects.get(uri=each["id"]) for each in (edited, answer["object"])]
    return canary.known(*found)


def attached(type, media_type, url, name):
    return {"type": type, "mediaType": media_type, "url": url, "name": name}


def react(people, canaries):
    """Inès finds each useful and shares it, as if that were possible; and everyone was told of it once."""
    for number, canary in enumerate(canaries):
        reactions.like(people.ines, canary.post)
        Boost.objects.create(actor=people.ines, post=canary.post, uri=f"urn:boost:{number}")
        for reader in (people.ines, people.helene, people.oscar, people.awa, people.sacha):
            for post, reason in ((canary.post, "mention"), (canary.post, "boost"), (canary.reply, "reply")):
                Notification.objects.get_or_create(reader=reader, actor=people.lucie, reason=reason, post=post)
