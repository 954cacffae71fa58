"""The streams that one may listen to, as clients name them, and what each is made of."""

from collections.abc import Mapping
from typing import NamedTuple

from instance.streaming.refusals import Unknown

READ = frozenset({"read", "read:statuses"})
NOTIFIED = frozenset({"read", "read:notifications"})
PUBLIC = ("public", "public:local", "public:remote")
NAMES = {
    "user", "user:notification", "direct", "list", "hashtag", "hashtag:local",
    *PUBLIC, *(f"{each}:media" for each in PUBLIC),
}  # fmt: skip
PATHS = {name.replace(":", "/"): name for name in NAMES}
LONGEST = 100


class Stream(NamedTuple):
    """`of` is the subject or the list (its digits), where there is one."""

    name: str
    of: str = ""

    @property
    def scopes(self) -> frozenset[str]:
        """One of these is needed."""
        return NOTIFIED if self.name == "user:notification" else READ

    @property
    def label(self) -> list[str]:
        """As frames of a WebSocket say where they come from."""
        return [self.name, self.of] if self.of else [self.name]

    def channels(self, scopes: frozenset[str]) -> list[str]:
        """What it is made of, for a token with these scopes: `home`, `notifications`, `list/12`, `hashtag/voirie`…"""
        if self.name == "user":
            return ["home", "notifications"] if scopes & NOTIFIED else ["home"]
        if self.name == "user:notification":
            return ["notifications"]
        return [f"{self.name}/{self.of}" if self.of else self.name]


def named(name: str, given: Mapping[str, str]) -> Stream:
    """The stream of this name, with the parameters that came with it. Unknown."""
    if name not in NAMES:
        raise Unknown
    if name in PUBLIC and given.get("only_media") in ("true", "1"):
        return Stream(f"{name}:media")
    if name.startswith("hashtag"):
        return Stream(name, wanted(given.get("tag", "").lstrip("#").lower()))
    if name == "list":
        digits = wanted(given.get("list", ""))
        if not (digits.isascii() and digits.isdigit() and int(digits) < 2**63):
            raise Unknown
        return Stream(name, str(int(digits)))
    return Stream(name)


def at_path(path: str, given: Mapping[str, str]) -> Stream:
    """The stream that lives at an address below that of streaming. Unknown."""
    return named(PATHS.get(path.strip("/"), given.get("stream", "") if not path.strip("/") else ""), given)


def wanted(value: str) -> str:
    if not 0 < len(value) <= LONGEST or not value.isprintable():
        raise Unknown
    return value
