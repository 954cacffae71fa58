"""What some fifty kinds of servers really send is read, kept or refused in our own words, never with a fault.

The corpus is not part of this project: this test reads it where `PREAU_CORPUS` or `../shared/corpus` has it, and is
skipped elsewhere. Each document is taken as if it came from its author's house, and that house were on the list.
"""

import json
import os
from pathlib import Path

import pytest

from actors import directory
from actors.models import Actor
from federation import peers, plain_json, vocabulary
from federation.errors import FederationError
from federation.vocabulary import PUBLIC_NAMES, addressed, id_of, ids_of
from inbox import gate, receiving
from inbox.models import Receipt
from instance.configuration import ROOT
from outbox import arriving

CORPUS = Path(os.environ.get("PREAU_CORPUS") or ROOT.parent / "shared" / "corpus")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (CORPUS / "index.jsonl").is_file(), reason="needs the recorded documents: set PREAU_CORPUS"),
]
WRITTEN = ("Note", "Article")


def recorded():
    """Name, kind and bytes of every document."""
    rows = map(json.loads, (CORPUS / "index.jsonl").read_text().splitlines())
    return [(row["file"], row["kind"], (CORPUS / "documents" / row["file"]).read_bytes()) for row in rows]


def known(uri):
    """The actor of this URI, as if its house had told us of it."""
    columns = {"host": peers.authority_of(uri), "handle": "someone", "name": "Someone", "inbox": uri, "kind": "Person"}
    return Actor.objects.get_or_create(uri=uri, defaults=columns | {"domain": columns["host"]})[0]


def read_actor(document):
    return directory.keep(document).name


def read_object(document):
    author = known(next(iter(ids_of(document.get("attributedTo"))), ""))
    return arriving.keep(author, document)


def read_activity(document):
    """Through the gate's checks of form, then as any receipt. Houses off the list are never called."""
    gate.check_form(document)
    signer = known(id_of(document["actor"]))
    gate.check_actor(document, signer)
    receiving.keep(gate.Admitted(signer, document))
    receipt = Receipt.objects.get(uri=document["id"])
    if receipt.state == "waiting":
        receiving.act(receipt.pk)
        receipt.refresh_from_db()
    if receipt.state == "waiting":
        raise AssertionError(receipt.reason)
    return receipt.state == "handled"


def outcomes(read):
    """What was made of each document, by name and kind: something, nothing, or a refusal. Anything else is a fault."""
    found, faults = {}, []
    for name, kind, body in recorded():
        try:
            document = plain_json.loads(body)
            vocabulary.reads_plainly(document)
            found[name, kind] = read(document)
        except FederationError:
            found[name, kind] = None
        except Exception as fault:  # noqa: BLE001  this is what we look for, and all of them at once
            faults.append((name, repr(fault)))
    assert faults == []
    return found


def share(found):
    return sum(map(bool, found)) / len(found)


def is_public_writing(name):
    document = json.loads((CORPUS / "documents" / name).read_text())
    return document.get("type") in WRITTEN and addressed(document) & PUBLIC_NAMES


def test_actors_are_read(aubin):
    """The rest has no inbox or no handle, is a template, or publishes somebody else's key."""
    found = outcomes(read_actor)
    assert share([made for (_, kind), made in found.items() if kind == "actor"]) > 0.72
    assert share([made for (_, kind), made in found.items() if kind != "actor"]) < 0.02


def test_what_is_written_for_everyone_is_kept(aubin):
    """The rest has no web address for an id, or one in another house than its author's."""
    found = outcomes(read_object)
    assert share([made for (name, _), made in found.items() if is_public_writing(name)]) > 0.9


def test_activities_are_handled_or_ignored(aubin):
    """The rest is about people and posts that this house does not know, or has no id."""
    found = outcomes(read_activity)
    assert share([made for (_, kind), made in found.items() if kind == "activity"]) > 0.28
    assert set(Receipt.objects.values_list("state", flat=True)) == {"handled", "ignored"}
