"""Of two who show one code at once, one at most is let in."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from oauth2_provider.models import AccessToken

from tests.world_of_applications import RETURN

pytestmark = pytest.mark.sqlite


@pytest.mark.row(94)
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_code_shown_twice_at_once_gives_one_token_at_most(application, consent, julien):
    one = application()
    said = {"grant_type": "authorization_code", "client_id": one.client_id, "client_secret": one.secret}
    for _ in range(5):
        AccessToken.objects.all().delete()
        said |= {"code": consent(julien, one)["code"], "redirect_uri": RETURN}
        together = Barrier(4)

        def show(words=said | {}, together=together):
            together.wait()
            try:
                return Client(headers={"host": settings.HOST}).post("/oauth/token", words).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            answers = sorted(each.result() for each in [pool.submit(show) for _ in range(4)])
        assert answers == [200, 400, 400, 400]
        assert AccessToken.objects.count() <= 1
