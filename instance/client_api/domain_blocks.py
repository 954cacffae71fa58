"""Houses that an agent would block: her organisation decides with which it exchanges, so there are none."""

from typing import Any

from django.utils.translation import gettext as _

from instance.client_api.door import Call, Invalid, door
from instance.client_api.routing import at


@door("read:blocks")
def index(call: Call) -> Any:
    return []


@door("write:blocks")
def add(call: Call) -> Any:
    """To say yes and to do nothing would be a lie to somebody who wants to be left alone."""
    raise Invalid(
        _("Votre collectivité choisit avec quelles autres elle échange. Vous pouvez masquer ou bloquer des personnes.")
    )


@door("write:blocks")
def remove(call: Call) -> Any:
    return {}


ROUTES = [at("v1/domain_blocks", GET=index, POST=add, DELETE=remove)]
