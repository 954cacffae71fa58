"""The licence of an installed package, in the words of SPDX where its metadata allow to tell it."""

from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

KIND = "License :: OSI Approved :: "
ALIASES = {
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 3-Clause license": "BSD-3-Clause",
    "New BSD": "BSD-3-Clause",
    "LGPLv3": "LGPL-3.0-only",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
LONGEST = 60  # characters; beyond, it is the text of a licence
Licences = list[dict[str, Any]]


def of(name: str) -> Licences:
    """As CycloneDX writes them; nothing for what is not installed here, or says nothing."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return []
    return in_expression(told) or in_words(told)


def in_expression(told: PackageMetadata) -> Licences:
    for field in ("License-Expression", "License"):
        said = value(told, field)
        if said and len(said) <= LONGEST and "\n" not in said:
            try:
                return written(canonicalize_license_expression(ALIASES.get(said, said)))
            except InvalidLicenseExpression:
                continue
    return []


def value(told: PackageMetadata, field: str) -> str:
    return told[field].strip() if field in told else ""


def in_words(told: PackageMetadata) -> Licences:
    """By its classifiers: each names a licence, some of them without a version."""
    found = [each.removeprefix(KIND) for each in told.get_all("Classifier") or [] if each.startswith(KIND)]
    said = found or [value(told, "License")]
    return [named(each) for each in sorted(said) if each and len(each) <= LONGEST]


def named(said: str) -> dict[str, Any]:
    return {"license": {"id": ALIASES[said]} if said in ALIASES else {"name": said}}


def written(expression: str) -> Licences:
    return [{"expression": expression} if " " in expression else {"license": {"id": expression}}]
