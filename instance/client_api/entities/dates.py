"""Moments as clients read them: UTC, milliseconds and a Z."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def moment_or_none(at: datetime | None) -> str | None:
    return moment(at) if at else None


def day(at: datetime) -> str:
    """The day alone, where the hour would say when somebody was here."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT00:00:00.000Z")


def of_number(number: int) -> datetime:
    """When a status came to be, from its digits."""
    return EPOCH + timedelta(milliseconds=number >> 16)
