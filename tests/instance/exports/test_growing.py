"""A small house goes on as a large one, and a house is made again from an older export, beside a real neighbour."""

import pytest

from tests.instance.backups import story
from tests.instance.backups.story import Story, arrives, publish, secrets, variables
from tests.instance.backups.test_machine_lost import hurry
from tests.towns import CommandFailed, Town, befriend

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
OPEN = {"PREAU_PUBLIC_POSTS": "yes"}
AUDIENCES = "list(Post.objects.order_by('uri').values_list('uri', 'audience', 'ulid', 'number'))"
FOLLOWS = "list(Follow.objects.order_by('uri').values_list('uri', 'state'))"
TOKENS = """
from instance import applications, registering
app, _ = registering.register("Phanpy", ["https://phanpy.test/"], "read", "https://phanpy.test")
for handle in ("julien.mercier", "helene.vasseur"):
    print(applications.give(app, "read", one(handle).agent))
"""
WHISPER = """
print(publishing.publish(one("julien.mercier"), Draft("Entre nous"), Reach("named", named=(other("malo.briand"),))).uri)
"""


@pytest.fixture
def told(tmp_path):
    """Saint-Aubin is small on its first machine, and large on its second, which has other secrets."""
    first = Town("saint-aubin", tmp_path / "a", **secrets(), **OPEN)
    second = Town(
        "saint-aubin",
        tmp_path / "b",
        port=first.port,
        **secrets(),
        **OPEN,
        **variables("postgresql", "large", empty=True),
    )
    found = Story(first, second, Town("vernay", tmp_path / "vernay"), tmp_path / "saved")
    befriend(first, found.vernay)
    found.saved.mkdir()
    found.passphrase.write_text(story.PASSPHRASE)
    found.passphrase.chmod(0o600)
    for town in (first, found.vernay):
        town.sh(story.WORDS)
    first.sh("arrivals.invite('Hélène Vasseur')")
    found.vernay.sh("arrivals.invite('Malo Briand')")
    for follower in ("lucie.ferrand", "malo.briand"):
        story.follow(found.vernay, follower, first, "julien.mercier")
    story.follow(first, "julien.mercier", found.vernay, "lucie.ferrand")
    yield found
    story.end(found)


def export(told, town, *more):
    phrase = ["--passphrase-file", str(told.passphrase)]
    folder = str(told.saved / "export")
    return town.manage("export", folder, "--keys-to", str(told.saved / "keys"), *phrase, *more)


def bring_in(told, town):
    keys = ["--keys", str(told.keys), "--passphrase-file", str(told.passphrase)]
    said = town.manage("import", str(told.saved / "export"), *keys)
    town.start()
    town.sh(story.WORDS)
    return said


def reads(town, handle, uri):
    return town.ask(f"reads({handle!r}, {uri!r})")


def test_a_town_that_grows_loses_nothing_and_nobody_notices(told):
    small, large, vernay = told.first, told.second, told.vernay
    heard = publish(vernay, "lucie.ferrand", "Avant", "followers")
    arrives(small, heard)
    whispered = small.sh(WHISPER).splitlines()[-1]
    shown = publish(small, "julien.mercier", "Le parc", "public", ", photo('julien.mercier')")
    arrives(vernay, shown)
    tokens = small.sh(TOKENS).split()[-2:]
    open_before = what_opens(small, (whispered, shown), tokens)
    assert open_before == [302, 200, 404, 302, 200, 200]
    vernay.stop()
    owed = publish(small, "julien.mercier", "En attente", "followers")
    before = small.ask(f"[{AUDIENCES}, {FOLLOWS}]")
    with pytest.raises(CommandFailed, match="en marche"):
        export(told, small, "--last")
    assert small.answers()
    small.stop()
    assert "reste fermée" in export(told, small, "--last")
    stays_closed(small)
    with pytest.raises(CommandFailed, match="exportée pour continuer ailleurs"):
        small.manage("maintenance", "off")
    assert "continue où elle s’est arrêtée" in bring_in(told, large)
    assert large.ask(f"[{AUDIENCES}, {FOLLOWS}]") == before
    assert what_opens(large, (whispered, shown), tokens) == open_before
    vernay.start()
    vernay.sh(story.WORDS)
    hurry(large)
    arrives(vernay, owed)
    nothing_is_taken_twice(told, heard)
    both_are_believed(told)


def stays_closed(town):
    """When the machine is switched on again, it starts, and its doors do not open."""

    def answer():
        try:
            return town.call("GET", "/")[0]
        except OSError:
            return None

    town.launch()
    town.wait_until(answer, 60)
    assert answer() == 503
    town.stop()


def what_opens(town, uris, tokens):
    """Of each post, its page to whoever passes by, and what two applications are told."""
    found = []
    for uri in uris:
        ulid, number = town.ask(f"Post.objects.values_list('ulid', 'number').get(uri={uri!r})")
        found.append(town.call("GET", f"/p/{ulid}/")[0])
        for token in tokens:
            headers = {"authorization": f"Bearer {token}"}
            found.append(town.call("GET", f"/api/v1/statuses/{number}", headers=headers)[0])
    return found


def nothing_is_taken_twice(told, heard):
    """What the small house took under one id, the large one does not take again, though it says something else."""
    large, vernay = told.second, told.vernay
    vernay.sh(f"""
        lucie, letters = one("lucie.ferrand"), Dispatch.objects.filter(object_uri={heard!r})
        letter = letters.exclude(activity_uri__endswith="#home").get()
        note = {{"id": {heard!r} + "0", "type": "Note", "attributedTo": lucie.uri, "to": [lucie.followers_uri],
                "content": "Encore"}}
        letter.document = {{"@context": "https://www.w3.org/ns/activitystreams", "id": letter.activity_uri,
                           "type": "Create", "actor": lucie.uri, "to": note["to"], "object": note}}
        letter.save()
        letter.deliveries.exclude(host=lucie.host).update(state="waiting", attempts=0)
    """)
    hurry(vernay)
    vernay.wait_until(f"not Delivery.objects.filter(dispatch__object_uri={heard!r}, state='waiting').exists()", 60)
    assert large.ask(f"[Post.objects.filter(uri=uri).count() for uri in ({heard!r}, {heard!r} + '0')]") == [1, 0]
    assert large.ask("Receipt.objects.filter(state='waiting').count()") == 0


def both_are_believed(told):
    large, vernay = told.second, told.vernay
    arrives(large, publish(vernay, "lucie.ferrand", "Après", "followers"))
    after = publish(large, "julien.mercier", "Après", "followers")
    arrives(vernay, after)
    assert reads(vernay, "malo.briand", after)


def test_a_house_made_from_an_export_of_before_asks_who_still_follows(told):
    """It lived on after the export: what was ended since must not begin again."""
    small, large, vernay = told.first, told.second, told.vernay
    token = small.sh(TOKENS).split()[-1]
    export(told, small)
    small.sh("following.remove_from_followers(one('julien.mercier'), other('malo.briand'))")
    vernay.wait_until("follows('malo.briand', 'julien.mercier') == ['refused']", 60)
    story.destroy(small)
    said = bring_in(told, large)
    assert f"Abonnés de {vernay.host} : vérifiés" in said
    assert large.ask("follows('malo.briand', 'julien.mercier')") == ["refused"]
    assert large.ask("follows('lucie.ferrand', 'julien.mercier')") == ["accepted"]
    private = publish(large, "julien.mercier", "À mes abonnés", "followers")
    arrives(vernay, private)
    assert [reads(vernay, each, private) for each in ("lucie.ferrand", "malo.briand")] == [True, False]
    headers = {"authorization": f"Bearer {token}"}
    assert large.call("GET", "/api/v1/accounts/verify_credentials", headers=headers)[0] == 401
