"""Who rings without being on the list: an offer of partnership is kept, unverified; all else is refused as ever."""

from django.http import HttpRequest

from actors import approaches
from federation import plain_json
from federation.errors import Refused, TryAgain
from federation.knock import Knock
from inbox import gate

DOOR = "/ap/instance/inbox"


def rung(request: HttpRequest) -> bool:
    """Whether this is an offer to our house, at its own door, and was kept. No call. TryAgain when there are many."""
    if request.get_full_path() != DOOR:
        return False
    try:
        body = gate.body_of(request)
        activity = plain_json.loads(body)
        gate.check_form(activity)
        approaches.keep(Knock.from_request(request, body), activity)
    except TryAgain:
        raise
    except Refused:
        return False
    return True
