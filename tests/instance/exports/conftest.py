"""An instance in this process, that knows its migrations, and has a photo."""

from tests.instance.backups.test_here import media, migrated, preau  # noqa: F401  fixtures
