"""Our house takes another name, as `preau move-domain` has it do, and a partner hears of it."""

from datetime import timedelta

import pytest

from actors import own_names
from inbox import renaming
from tests.actors.moving.telling import NEW


@pytest.fixture
def take_name(settings, monkeypatch):
    """What `preau move-domain` does once the settings are written; nothing is carried before `work`."""

    monkeypatch.setattr(own_names, "SOON", timedelta(0))

    def take(new=NEW):
        settings.FORMER_HOSTS = (settings.HOST, *settings.FORMER_HOSTS)
        settings.HOST = settings.ACCOUNT_DOMAIN = new
        settings.ORIGIN = f"http://{new}"
        settings.ALLOWED_HOSTS = [new.split(":")[0], *settings.ALLOWED_HOSTS]
        own_names.unheard_then.cache_clear()
        return renaming.take_name()

    yield take
    own_names.unheard_then.cache_clear()


@pytest.fixture
def hears(vernay, arrives):
    """Vernay's admins confirm our new name: its instance actor follows ours."""

    def confirm(new=NEW):
        follow = vernay.activity("Follow", vernay.house, f"http://{new}/ap/instance")
        assert arrives(vernay, follow, host=new) == "handled"

    return confirm
