"""What those on the line are told, by both ways of listening, in both forms."""

import json
import time

import pytest

from tests.instance.streaming.conftest import Streaming, called, said
from tests.listeners import SSE, Socket

pytestmark = pytest.mark.slow


def test_it_says_that_it_is_there(house: Streaming):
    assert called(house.stream, "/api/v1/streaming/health") == (200, b"OK")


@pytest.mark.parametrize("rest", ["/user", "/public", "/public/local", "/user/", "/hashtag?tag=Voirie"])
def test_a_new_post_is_told_as_an_event_whose_payload_is_a_status(house: Streaming, rest):
    with SSE(house.stream, rest, house.token("Hélène")) as ear:
        post = house.post("Julien", "le tracteur est en panne #voirie")
        event, payload = ear.next()
        status = json.loads(payload)
    assert (event, status["id"], status["account"]["display_name"]) == ("update", post["id"], "Julien Mercier")
    assert ear.signs >= 1


def test_one_socket_listens_to_many_streams_and_frames_say_which(house: Streaming):
    secret = house.token("Hélène")
    with Socket(house.stream, secret) as socket:
        assert socket.socket.subprotocol == secret
        for frame in ({"stream": "user"}, {"stream": "hashtag", "tag": "voirie"}, {"stream": "public:local"}):
            socket.say(type="subscribe", **frame)
        socket.socket.ping().wait(5)
        time.sleep(0.3)
        post = house.post("Julien", "nid de poule #voirie")
        told = [socket.next() for _ in range(3)]
        assert {event for event, _ in told} == {"update"}
        assert {json.loads(payload)["id"] for _, payload in told} == {post["id"]}
        assert sorted(socket.labels) == [["hashtag", "voirie"], ["public:local"], ["user"]]
        socket.say(type="unsubscribe", stream="user")
        socket.say(type="unsubscribe", stream="public:local")
        socket.say(type="subscribe", stream="rien")
        assert socket.next()[0] == "error"
        house.post("Julien", "réparé #voirie")
        socket.next()
        assert socket.nothing(0.5)


def test_the_token_may_come_in_the_query_and_in_the_protocol_at_once(house: Streaming):
    secret = house.token("Hélène")
    with Socket(house.stream, secret, access_token=secret, stream="user") as both:
        assert both.socket.subprotocol == secret
    with Socket(house.stream, access_token=secret, stream="user") as query:
        assert query.socket.subprotocol is None
    with Socket(house.stream, headers={"Authorization": f"Bearer {secret}"}, access_token="faux", stream="user") as ear:
        house.post("Julien", "bonjour")
        assert ear.next()[0] == "update"


def test_an_edit_and_a_withdrawal_are_told_to_those_who_could_read(house: Streaming):
    with SSE(house.stream, "/user", house.token("Hélène")) as ear:
        post = house.post("Julien", "brouillon")
        assert said(ear.next()) == ("update", "<p>brouillon</p>")
        house.api("PUT", f"statuses/{post['id']}", "Julien", status="au propre")
        assert said(ear.next()) == ("status.update", "<p>au propre</p>")
        house.api("DELETE", f"statuses/{post['id']}", "Julien")
        assert ear.next() == ("delete", post["id"])


def test_a_notification_is_told_to_its_reader_and_only_where_it_was_asked_for(house: Streaming):
    post = house.post("Hélène", "qui a la clé ?")
    house.settle()
    with SSE(house.stream, "/user/notification", house.token("Hélène")) as ear, \
            SSE(house.stream, "/user", house.token("Hélène", "read:statuses")) as unread, \
            SSE(house.stream, "/user/notification", house.token("Inès")) as other:  # fmt: skip
        house.api("POST", f"statuses/{post['id']}/favourite", "Julien")
        house.work()
        event, payload = ear.next()
        told = json.loads(payload)
        assert (event, told["type"], told["status"]["id"]) == ("notification", "favourite", post["id"])
        assert other.nothing()
        assert unread.nothing(0.1)


def test_changed_filters_are_told_in_the_word_that_libraries_know_for_nothing(house: Streaming):
    with SSE(house.stream, "/user", house.token("Hélène")) as ear:
        house.api("POST", "filters", "Hélène", phrase="loto", context=["home"])
        assert ear.next() == ("filters_changed", "undefined")


def test_a_share_is_told_to_those_who_follow_whoever_shares(house: Streaming):
    house.sh("following.ask(who('Hélène'), who('Julien'))")
    post = house.post("Inès", "kermesse samedi")
    house.settle()
    with SSE(house.stream, "/user", house.token("Hélène")) as ear, \
            SSE(house.stream, "/user", house.token("Oscar")) as other:  # fmt: skip
        share = house.api("POST", f"statuses/{post['id']}/reblog", "Julien")
        status = json.loads(ear.next()[1])
        assert (status["id"], status["reblog"]["id"]) == (share["id"], post["id"])
        assert other.nothing()
