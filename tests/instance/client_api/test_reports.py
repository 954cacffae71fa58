"""Reporting from an application."""

from inbox.models import Report
from outbox import publishing
from outbox.audience import Reach
from outbox.publishing import Draft


def test_what_one_cannot_read_is_not_reported(api, julien, helene, lucie):
    secret = publishing.publish(helene, Draft("Entre nous"), Reach("named", named=(lucie,)))
    phone = api(julien)
    for said in ({"account_id": helene.pk, "status_ids[]": secret.number}, {"account_id": 999_999}, {}):
        assert phone.post("/api/v1/reports", said).status_code == 404
    assert phone.post("/api/v1/reports", {"account_id": julien.pk}).status_code == 422
    assert api(julien, "read").post("/api/v1/reports", {"account_id": helene.pk}).status_code == 403
    assert not Report.objects.exists()


def test_a_report_is_kept_and_forwarded_to_a_partner_when_asked(api, julien, lucie, vernay, work):
    said = {"account_id": str(lucie.pk), "comment": "Injures", "category": "violation", "forward": "true"}
    answer = api(julien).post("/api/v1/reports/", said)
    work()
    assert answer.status_code == 200
    found = answer.json()
    assert (found["comment"], found["category"], found["forwarded"], found["status_ids"]) == (
        "Injures", "violation", True, [],
    )  # fmt: skip
    assert found["action_taken"] is False and found["target_account"]["id"] == str(lucie.pk)
    assert [body["type"] for _path, _headers, body in vernay.received] == ["Flag"]
