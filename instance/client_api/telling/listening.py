"""Who listens to what at this moment: agents' primary keys by the channels that `instance.streaming.streams` names."""

from collections.abc import Iterable, Mapping

To = dict[str, set[int]]


class Listening:
    def __init__(self, channels: Mapping[str, Iterable[int]]) -> None:
        self.channels: To = {name: set(readers) for name, readers in channels.items()}

    def __getitem__(self, channel: str) -> set[int]:
        return self.channels.get(channel, set())

    @property
    def to_posts(self) -> To:
        """Without those who listen to notifications alone."""
        return {name: readers for name, readers in self.channels.items() if name != "notifications"}

    @property
    def lists(self) -> list[int]:
        return [int(name.removeprefix("list/")) for name in self.channels if name.startswith("list/")]


def everybody(to: Mapping[str, Iterable[int]]) -> set[int]:
    return {reader for readers in to.values() for reader in readers}


def context(channel: str) -> str:
    """Where a filter would have to say that it counts."""
    return "home" if channel in ("home", "direct") or channel.startswith("list/") else "public"
