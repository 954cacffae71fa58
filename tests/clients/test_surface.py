"""Of all that Mastodon.py and toot can do, each thing is tried in these tests or named here with why not."""

import re
from pathlib import Path

from mastodon import Mastodon
from toot.cli import cli  # type: ignore[import-untyped]

HERE = Path(__file__).parent
UNTRIED = {
    "an application administers nothing here: there are no admin scopes": r"admin_\w+",
    "later versions of the API than the one we promise": r"\w*collection\w*|account_in_collections|profile(_update)?"
    r"|\w*async_refresh\w*|email_resend_confirmation|instance_terms_of_service",
    "there are no quotes": r"status_quote_revoke|status_update_quote_approval_policy",
    "nobody makes herself an account: her organisation invites her": r"create_account",
    "suggestions are one's colleagues, and are not put away": r"suggestion_delete",
    "nobody shuts a house out alone: administrators keep the list": r"domain_(un)?block",
    "announcements are read, and not reacted to": r"announcement_reaction_\w+",
    "older than the calls that are tried, and gone from Mastodon itself": r"follows|reports|status_card",
    "asks nothing of a server": r"clear_caches|decode_blurhash|set_language|get_supported_version|get_status_length",
    "reads what the push service brings, which tests/inbox and tests/instance seal and open": r"\w+_decrypt_push",
    "fails in the library itself (2.3.3)": r"generate_media_edit_attributes",
    "asks for /health, which belongs to whoever runs the house": r"instance_health",
    "needs a package that is not asked for; masto.js and megalodon listen by WebSocket": r"stream_open_websocket",
    "read by pages that follow OpenID, in tests/instance/client_api/oauth": r"oauth_userinfo",
    "there are no yearly reports": r"annual_report\w*",
}
UNTRIED_COMMANDS = {"login_cli", "tui", "env", "activate"}  # by password, on a whole screen, and an old name


def tried(names: str, pattern: str) -> set[str]:
    """What the tests of these files name in a call."""
    return set(re.findall(pattern, "\n".join(path.read_text() for path in HERE.glob(names))))


def test_what_mastodon_py_offers_is_tried_or_is_not_here():
    offered = {name for name in dir(Mastodon) if not name.startswith("_") and callable(getattr(Mastodon, name))}
    called = tried("test_mastodon_py_*.py", r"\.(\w+)\b") | tried("conftest.py", r"\.(\w+)\(")
    apart = {name for name in offered if any(re.fullmatch(pattern, name) for pattern in UNTRIED.values())}
    assert sorted(offered - called - apart) == []
    assert sorted(called & apart) == [], "tried after all: take it off the list"


def test_every_command_of_toot_is_tried_or_named_here():
    words = tried("test_toot.py", r'"([a-z][a-z-]*)"')
    shown = {name for name, command in cli.commands.items() if not command.hidden}
    assert sorted(shown - words - UNTRIED_COMMANDS) == []
