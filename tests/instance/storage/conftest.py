"""A storage server that checks signatures, and a house that keeps its media in a bucket of it."""

import dataclasses
import itertools

import pytest

from instance import bucket
from tests import buckets

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def storage():
    with buckets.storage() as found:
        yield found


@pytest.fixture
def address(storage):
    """A folder of the bucket that nobody has used."""
    return storage.address(f"essai/{next(NUMBERS)}")


@pytest.fixture
def shared(settings, address):
    """The bucket where the house keeps its media."""
    settings.MEDIA_BUCKET = address
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "instance.bucket_media.BucketMedia"}}
    return bucket.opened(address)


@pytest.fixture
def away(settings, shared):
    """The bucket does not answer any more, until it is called."""
    answering = settings.MEDIA_BUCKET
    settings.MEDIA_BUCKET = dataclasses.replace(answering, secret="un-autre")

    def back():
        settings.MEDIA_BUCKET = answering

    return back
