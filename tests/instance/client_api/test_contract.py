"""Every entity that is answered has the fields that clients read without asking, each of its type."""

import io
from datetime import timedelta

import pytest
from django.utils.timezone import now
from PIL import Image

from actors import arrivals
from inbox import announcements
from inbox.announcements import Words
from tests.instance.client_api.contract import faults

ONE = [
    ("Instance", "/api/v2/instance"),
    ("InstanceV1", "/api/v1/instance"),
    ("CredentialAccount", "/api/v1/accounts/verify_credentials"),
    ("Account", "/api/v1/accounts/{helene}"),
    ("Account", "/api/v1/accounts/lookup?acct=helene.vasseur"),
    ("Preferences", "/api/v1/preferences"),
    ("Status", "/api/v1/statuses/{post}"),
    ("Status", "/api/v1/statuses/{share}"),
    ("Context", "/api/v1/statuses/{post}/context"),
    ("StatusSource", "/api/v1/statuses/{post}/source"),
    ("Poll", "/api/v1/polls/{poll}"),
    ("Policy", "/api/v2/notifications/policy"),
    ("Search", "/api/v2/search?q=chantier"),
    ("Groups", "/api/v2/notifications"),
    ("List", "/api/v1/lists/{list}"),
    ("Filter", "/api/v2/filters/{filter}"),
    ("ScheduledStatus", "/api/v1/scheduled_statuses/{scheduled}"),
]
MANY = [
    ("Status", "/api/v1/timelines/home"),
    ("Status", "/api/v1/timelines/public?local=true"),
    ("Status", "/api/v1/timelines/tag/voirie"),
    ("Status", "/api/v1/accounts/{julien}/statuses"),
    ("Status", "/api/v1/bookmarks"),
    ("Status", "/api/v1/favourites"),
    ("StatusEdit", "/api/v1/statuses/{post}/history"),
    ("Account", "/api/v1/statuses/{post}/favourited_by"),
    ("Account", "/api/v1/statuses/{post}/reblogged_by"),
    ("Account", "/api/v1/accounts/search?q=vasseur"),
    ("Account", "/api/v1/accounts/{helene}/followers"),
    ("Relationship", "/api/v1/accounts/relationships?id[]={helene}"),
    ("Notification", "/api/v1/notifications"),
    ("Conversation", "/api/v1/conversations"),
    ("List", "/api/v1/lists"),
    ("Filter", "/api/v2/filters"),
    ("Tag", "/api/v1/followed_tags"),
    ("FeaturedTag", "/api/v1/featured_tags"),
    ("ScheduledStatus", "/api/v1/scheduled_statuses"),
    ("Announcement", "/api/v1/announcements"),
]


@pytest.fixture
def world(api, aubin, julien, helene, work):
    """A day's worth of everything, done through the API itself; ids by the names that the addresses use."""
    mine, hers = api(julien), api(helene)

    def done(client, method, path, said=None):
        answer = getattr(client, method)(path, said or {}, content_type="application/json")
        assert answer.status_code in (200, 202), (path, answer.content)
        return answer.json()

    out = io.BytesIO()
    Image.new("RGB", (60, 40), (9, 90, 9)).save(out, "PNG")
    out.seek(0)
    out.name = "arbre.png"
    photo = mine.post("/api/v2/media", {"file": out, "description": "Un arbre"}).json()
    said = {"status": "Élagage #voirie", "media_ids": [photo["id"]], "spoiler_text": "Chantier"}
    post = done(mine, "post", "/api/v1/statuses", said)
    done(mine, "put", f"/api/v1/statuses/{post['id']}", {"status": "Élagage demain #voirie"})
    done(hers, "post", "/api/v1/statuses", {"status": "@julien.mercier vu", "in_reply_to_id": post["id"]})
    for deed in ("favourite", "bookmark"):
        done(hers, "post", f"/api/v1/statuses/{post['id']}/{deed}")
        done(mine, "post", f"/api/v1/statuses/{post['id']}/{deed}")
    share = done(hers, "post", f"/api/v1/statuses/{post['id']}/reblog")
    asked = {"options": ["Lundi", "Mardi"], "expires_in": 3600}
    poll = done(mine, "post", "/api/v1/statuses", {"status": "Quel jour ?", "poll": asked})
    done(hers, "post", "/api/v1/statuses", {"status": "@julien.mercier un mot", "visibility": "direct"})
    done(mine, "post", f"/api/v1/accounts/{helene.pk}/follow")
    done(hers, "post", f"/api/v1/accounts/{julien.pk}/follow")
    work()
    made = done(mine, "post", "/api/v1/lists", {"title": "Direction"})
    words = {"title": "Foot", "context": ["home"], "keywords_attributes": [{"keyword": "élagage"}]}
    kept = done(mine, "post", "/api/v2/filters", words)
    done(mine, "post", "/api/v1/tags/voirie/follow")
    done(mine, "post", "/api/v1/featured_tags", {"name": "voirie"})
    due = (now() + timedelta(hours=2)).isoformat()
    later = done(mine, "post", "/api/v1/statuses", {"status": "Demain", "scheduled_at": due})
    announcements.announce(arrivals.invite("Marc Delaunay", role="admin"), Words("Vœux du maire"))
    ids = {"julien": julien.pk, "helene": helene.pk, "post": post["id"], "share": share["id"], "poll": poll["id"]}
    return mine, ids | {"list": made["id"], "filter": kept["id"], "scheduled": later["id"]}


def test_every_entity_keeps_its_contract(world):
    mine, ids = world
    wrong = {}
    for name, address in ONE + MANY:
        path = address.format(**ids)
        answer = mine.get(path)
        assert answer.status_code == 200, (path, answer.content)
        body = answer.json()
        assert (name, address) in ONE or body, f"{path} shows nothing to be compared"
        found = [fault for each in (body if (name, address) in MANY else [body]) for fault in faults(name, each)]
        if found:
            wrong[path] = found
    assert wrong == {}


def test_no_list_is_null_and_no_id_a_number(world):
    mine, ids = world
    for _name, address in MANY:
        for entry in mine.get(address.format(**ids)).json():
            lists = ("mentions", "tags", "emojis", "media_attachments", "filtered", "fields", "accounts")
            assert [name for name in lists if name in entry and entry[name] is None] == []
            assert isinstance(entry.get("id", ""), str)
