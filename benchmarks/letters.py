"""Letters as partner houses post them: Create(Note) in a realistic mixture, signed before any clock runs."""

import base64
import hashlib
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from benchmarks.neighbourhood import Partner

TEXT = "marché public voirie école séance délibération travaux budget réunion culture sport agenda site service"
WORDS = TEXT.split()
TO_FOLLOWERS, TO_PARTNERS = 0.55, 0.88  # the rest names one or two people
WITH_HASHTAG = 0.2
NAMES = ("(request-target)", "host", "date", "digest", "content-type")


@dataclass(frozen=True)
class Reader:
    """Someone of the instance that is measured."""

    uri: str
    address: str


class Letters:
    """An endless supply; the same seed writes the same letters."""

    def __init__(self, partners: Sequence[Partner], readers: Sequence[Reader], host: str, context: Any) -> None:
        self.luck, self.ids = random.Random(1), itertools.count(1)
        self.readers, self.host, self.context = readers, host, context
        self.writers = [(partner, uri) for partner in partners for uri in partner.people()]
        self.named = 0  # people named so far: each is owed a notification

    def requests(self, count: int) -> Iterator[bytes]:
        """Whole HTTP requests; writers take turns."""
        for partner, uri in itertools.islice(itertools.cycle(self.writers), count):
            yield self.signed(partner, uri, self.activity(partner, uri))

    def activity(self, partner: Partner, uri: str) -> dict[str, Any]:
        number, at = next(self.ids), datetime.now(UTC).isoformat(timespec="milliseconds")
        to, cc, tags = self.envelope(partner, uri)
        html = "".join(f"<p>{' '.join(self.luck.choices(WORDS, k=25))}.</p>" for _ in range(self.luck.randint(1, 3)))
        post = f"{partner.origin}/ap/objects/{number}"
        note = {
            "id": post, "type": "Note", "attributedTo": uri, "to": to, "cc": cc, "url": post.replace("ap/objects", "p"),
            "published": at, "tag": tags, "attachment": [], "replies": f"{post}/replies", "kind": "note",
            "interactionPolicy": {"canAnnounce": {"always": [], "approvalRequired": []}},
            "content": html, "contentMap": {"fr": html},
        }  # fmt: skip
        envelope = {"id": f"{partner.origin}/ap/activities/{number}", "type": "Create", "actor": uri}
        return {"@context": self.context, **envelope, "to": to, "cc": cc, "published": at, "object": note}

    def envelope(self, partner: Partner, uri: str) -> tuple[list[str], list[str], list[dict[str, str]]]:
        draw, tags = self.luck.random(), self.subject()
        if draw < TO_FOLLOWERS:
            return [f"{uri}/followers"], [], tags
        if draw < TO_PARTNERS:
            return [f"{partner.house}/followers"], [], tags
        people = self.luck.sample(self.readers, self.luck.randint(1, 2))
        self.named += len(people)
        mentions = [{"type": "Mention", "href": each.uri, "name": each.address} for each in people]
        return [each.uri for each in people], [], mentions + tags

    def subject(self) -> list[dict[str, str]]:
        if self.luck.random() > WITH_HASHTAG:
            return []
        return [{"type": "Hashtag", "name": f"#{self.luck.choice(WORDS)}", "href": "https://example.org/"}]

    def signed(self, partner: Partner, uri: str, activity: dict[str, Any]) -> bytes:
        body = json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode()
        values = {
            "(request-target)": "post /ap/inbox",
            "host": self.host,
            "date": formatdate(usegmt=True),
            "digest": "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode(),
            "content-type": "application/activity+json",
        }
        text = "\n".join(f"{name}: {values[name]}" for name in NAMES).encode()
        proof = base64.b64encode(partner.keys[uri].sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        values.pop("(request-target)")
        values["signature"] = (
            f'keyId="{uri}#main-key",algorithm="rsa-sha256",headers="{" ".join(NAMES)}",signature="{proof}"'
        )
        head = [f"{name}: {value}" for name, value in {**values, "content-length": len(body)}.items()]
        return "\r\n".join(["POST /ap/inbox HTTP/1.1", *head, "user-agent: Preau", "", ""]).encode() + body
