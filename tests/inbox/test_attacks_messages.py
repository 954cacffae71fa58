"""RFC 9421 at our door: what must be covered, for whom and when; of two families, one decides (rows 21 and 22)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.federation.knocking import epoch
from tests.federation.message_knocking import POST_COVERS, content_digest
from tests.inbox.knocks import by_message, cavage, enter, with_headers

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.row(21)
@pytest.mark.parametrize("missing", POST_COVERS)
def test_method_address_and_body_are_covered(vernay, letter, refused, missing):
    refused(by_message(vernay, letter, *(name for name in POST_COVERS if name != missing)))


@pytest.mark.row(21)
@pytest.mark.parametrize("parameter", ["sf", "bs", 'key="sha-256"', "req", "tr"])
def test_a_component_with_parameters_is_another_component(vernay, letter, refused, parameter):
    refused(by_message(vernay, letter, "@method", "@target-uri", f'"content-digest";{parameter}'))


@pytest.mark.row(21)
@pytest.mark.parametrize(
    "said",
    [
        {"created": ""},
        {"created": str(epoch(-2 * HOUR))},
        {"created": str(epoch(2 * HOUR))},
        {"created": '"noon"'},
        {"expires": str(epoch(-timedelta(seconds=2)))},
        {"alg": '"hmac-sha256"'},
        {"alg": '"none"'},
        {"alg": '"ed25519"'},
        {"keyid": ""},
    ],
)
def test_it_says_when_by_which_key_and_how_it_was_signed(vernay, letter, refused, said):
    refused(by_message(vernay, letter, said=said))


@pytest.mark.row(21)
def test_what_was_signed_for_another_house_inbox_or_body_is_refused(vernay, letter, refused):
    refused(by_message(vernay, letter, values={"@target-uri": "http://other.example/ap/inbox"}))
    refused(by_message(vernay, letter, headers={"host": "other.example:8000"}), 400)
    refused(by_message(vernay, letter, headers={"host": "localhost:8001"}))
    refused(replace(by_message(vernay, letter), target="/ap/instance/inbox"))
    refused(replace(by_message(vernay, letter), body=b"{}"))
    for forged in (content_digest(b"something else"), content_digest(b"x", "sha-512"), "sha-256=:*:", ""):
        refused(by_message(vernay, letter, headers={"content-digest": forged}))


@pytest.mark.row(2, 21)
def test_a_colleagues_key_does_not_prove(vernay, letter, refused):
    colleague = vernay.add_actor("malo")
    refused(by_message(vernay, letter, pair=vernay.keys[colleague]))
    refused(by_message(vernay, letter, signer=colleague), 403)


@pytest.mark.row(22)
def test_of_two_signatures_the_standard_one_decides_who_speaks(vernay, letter, refused):
    """Each is valid. The older one is Lucie's, who is said to act; but it is not the one that counts."""
    colleague = vernay.add_actor("malo")
    old, new = cavage(vernay, letter), by_message(vernay, letter, signer=colleague)
    both = {**old.headers, **new.headers, "authorization": f"Signature {old.headers['signature']}"}
    refused(replace(new, headers=both), 403)


@pytest.mark.row(22)
def test_an_old_signature_does_not_help_a_bad_new_one(vernay, letter, refused, client):
    old, new = cavage(vernay, letter), by_message(vernay, letter)
    for spoiled in ("sig1=()", 'sig1=("@method");created=1', "", new.headers["signature-input"] + "x"):
        refused(with_headers(old, signature_input=spoiled))
    helped = {**new.headers, "authorization": f"Signature {old.headers['signature']}", "date": old.headers["date"]}
    assert enter(client, replace(new, headers=helped | {"digest": old.headers["digest"]})).status_code == 202
