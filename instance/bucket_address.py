"""Where S3-compatible storage is, read from one setting; its secret is shown to nobody."""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TLS, CLEAR = "s3", "s3+http"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
OPTIONS = {"region", "style", "ca"}


@dataclass(frozen=True)
class BucketAddress:
    """`prefix` stands before every name, "" or with a slash at its end.

    `by_host`: the bucket is named in the host's name, not in the path.
    `ca`: a file of certificates of authorities that are trusted beside the system's.
    """

    host: str
    bucket: str
    prefix: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    region: str = "us-east-1"
    tls: bool = True
    by_host: bool = False
    ca: str = ""

    @property
    def shown(self) -> str:
        """As it may be said and typed: without the key."""
        return f"{TLS if self.tls else CLEAR}://{self.host}/{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def endpoint(self) -> str:
        host = f"{self.bucket}.{self.host}" if self.by_host else self.host
        return f"{'https' if self.tls else 'http'}://{host}"


def read(value: str, name: str, development: bool) -> BucketAddress | None:
    """None when nothing is set. ImproperlyConfigured, which never quotes what it read: a secret may be in it."""
    if not value:
        return None
    with suppress(ValueError, KeyError):
        parts = urlsplit(value)
        found = address(parts)
        if found and (found.tls or development or parts.hostname in THIS_MACHINE):
            return found
    raise ImproperlyConfigured(
        f"{name} must be s3://KEY:SECRET@machine/bucket or s3://KEY:SECRET@machine/bucket/folder?region=fr-par (also"
        " style=host, ca=/path/of/authorities.pem); special characters in KEY and SECRET are written %2F for /, %2B"
        " for +; s3+http:// (without TLS) only for this machine."
    )


def address(parts: SplitResult) -> BucketAddress | None:
    bucket, _, prefix = parts.path.strip("/").partition("/")
    said = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    style, ca = said.get("style", "path"), said.get("ca", "")
    wrong = parts.scheme not in (TLS, CLEAR) or not parts.hostname or parts.port == 0 or not bucket or parts.fragment
    if wrong or not (parts.username and parts.password) or set(said) - OPTIONS or style not in ("path", "host"):
        return None
    if ".." in prefix.split("/") or (ca and not Path(ca).is_file()):
        return None
    return BucketAddress(
        host=parts.netloc.rpartition("@")[2].lower(),
        bucket=bucket,
        prefix=f"{prefix.strip('/')}/" if prefix else "",
        key=unquote(parts.username),
        secret=unquote(parts.password),
        region=said.get("region", "us-east-1"),
        tls=parts.scheme == TLS,
        by_host=style == "host",
        ca=ca,
    )
