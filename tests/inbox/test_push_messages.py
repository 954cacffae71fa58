"""What a device is told: sealed in both encodings, signed, short, and of what is for a few only who wrote."""

import pytest

from inbox import notifications, push_words
from inbox.models import Notification, Push, PushSubscription
from tests.inbox.pushing import carries, say


@pytest.fixture(params=[True, False], ids=["aes128gcm", "aesgcm"])
def standard(request):
    return request.param


def test_both_encodings_are_sealed_for_the_device_and_signed_by_the_house(standard, julien, helene, service, work):
    found = service.telephone(standard)
    carries(julien, found)
    post = say(helene, "Bonjour à **tous**, le marché est ouvert & l’eau est bonne.")
    notifications.tell(julien, helene, "mention", post)
    work()
    (heard,) = found.heard
    told = Notification.objects.get()
    assert heard == {
        "access_token": "",
        "preferred_locale": "fr",
        "notification_id": told.pk,
        "notification_type": "mention",
        "icon": "http://localhost:8000/static/portrait.png",
        "title": "Hélène Vasseur vous cite",
        "body": "Bonjour à tous, le marché est ouvert & l’eau est bonne.",
    }
    _path, headers, body = service.asked[0]
    assert headers["content-encoding"] == ("aes128gcm" if standard else "aesgcm")
    assert "cookie" not in headers and headers["user-agent"].startswith("Preau/")
    assert "Hélène".encode() not in body and "marché".encode() not in body
    assert not Push.objects.exists()


def test_no_token_is_ever_sent(julien, helene, service, work):
    found = service.telephone()
    token = carries(julien, found).token
    notifications.tell(julien, helene, "follow")
    work()
    assert found.heard[0]["access_token"] == ""
    for secret in (token.secret, token.token_checksum):
        assert secret not in str(found.heard) and secret not in str(service.asked)


@pytest.mark.parametrize("audience", ["named", "followers", "service"])
def test_of_what_is_for_a_few_only_who_wrote_is_shown(audience, aubin, julien, helene, telephone, follows, work):
    follows(julien, helene)
    reach = {"named": {"named": (julien,)}, "service": {"service": aubin.green.actor}}.get(audience, {})
    helene.service = aubin.green.actor
    helene.save()
    post = say(helene, "Votre entretien de mardi, @julien.mercier", audience, **reach)
    notifications.tell(julien, helene, "mention", post)
    work()
    (heard,) = telephone.heard
    assert heard["title"] == ("Hélène Vasseur vous a écrit" if audience == "named" else "Hélène Vasseur vous cite")
    assert heard["body"] == "À lire dans l’application." and "entretien" not in str(heard)


def test_a_body_is_short_and_of_what_is_sensitive_the_warning_only(julien, helene):
    post = say(helene, "Un long texte. " * 40)
    assert len(push_words.words(post)) == 140 and push_words.words(post).endswith("…")
    post.sensitive, post.title = True, "Accident de chantier"
    assert push_words.words(post) == "Accident de chantier"
    post.title = ""
    assert push_words.words(post) == ""


def test_a_long_name_and_its_marks_fit_in_one_message(standard, julien, helene, service, work):
    helene.name = "𝕳é" * 100
    helene.save()
    found = service.telephone(standard)
    carries(julien, found)
    notifications.tell(julien, helene, "mention", say(helene, "😀" * 500))
    work()
    assert len(found.heard[0]["body"]) == 140 and len(service.asked[0][2]) < 3000


def test_words_are_in_the_readers_language(julien, helene, telephone, work):
    julien.agent.language = "en"
    julien.agent.save()
    notifications.tell(julien, helene, "follow")
    work()
    assert telephone.heard[0]["preferred_locale"] == "en"


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("mention", "mention"), ("reply", "mention"), ("follow", "follow"), ("follow_asked", "follow_request"),
     ("like", "favourite"), ("boost", "reblog"), ("status", "status"), ("poll", "poll"), ("update", "update")],
)  # fmt: skip
def test_each_reason_has_its_name_and_its_sentence(reason, kind, julien, helene):
    told = Notification(pk=1, reader=julien, actor=helene, reason=reason)
    said = push_words.payload(told, julien.agent)
    assert said["notification_type"] == kind and "Hélène Vasseur" in said["title"]


def test_the_same_address_under_a_new_token_rings_once(julien, helene, telephone, work):
    carries(julien, telephone)
    notifications.tell(julien, helene, "follow")
    work()
    assert len(telephone.heard) == 1 and PushSubscription.objects.count() == 1


def test_a_letter_from_next_door_rings(julien, vernay, telephone, arrives, work):
    assert arrives(vernay, vernay.create(vernay.lucie, [julien.uri])) == "handled"
    work()
    assert len(telephone.heard) == 1
