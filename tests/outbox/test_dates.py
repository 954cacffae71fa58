"""What was written earlier carries its own date, here and on the wire."""

from datetime import timedelta

from django.utils.timezone import now

from federation.models import Delivery
from outbox import posts, publishing
from outbox.audience import Reach


def test_what_was_written_earlier_is_told_with_its_own_date(julien, vernay):
    earlier = (now() - timedelta(days=3)).replace(microsecond=0)
    old = publishing.publish(julien, publishing.Draft("Trois jours après."), Reach("partners"), at=earlier)
    publishing.publish(julien, publishing.Draft("Aujourd’hui."), Reach("partners"))
    written = old.uri.replace("/objects/", "/activities/")
    letter = Delivery.objects.get(dispatch__activity_uri=written, host=vernay.host).dispatch.document
    assert old.published_at == earlier
    assert letter["published"] == letter["object"]["published"] == f"{earlier:%Y-%m-%dT%H:%M:%S}.000Z"
    assert list(posts.by(julien, julien))[-1] == old


def test_an_edit_has_its_own_date_too(julien):
    earlier = now() - timedelta(days=3)
    post = publishing.publish(julien, publishing.Draft("Mardi."), Reach("organisation"), at=earlier)
    publishing.edit(julien, post, publishing.Draft("Jeudi."), earlier + timedelta(hours=2))
    post.refresh_from_db()
    assert post.edited_at == earlier + timedelta(hours=2)
    assert posts.history(post)[0].written_at == earlier
