"""The record of exchanges of personal data with other houses, as a sheet, as JSON or as a page."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from django.conf import settings
from django.utils.timezone import localdate

from actors import conventions
from actors.conventions import Link
from actors.models import Organisation
from federation import ids
from instance.trust import data_page, register

MISSING = "à compléter"
HEADINGS = {
    "name": "collectivité",
    "siren": "SIREN",
    "host": "serveur",
    "state": "état",
    "purpose": "finalité",
    "data": "catégories de données transmises",
    "their_contact": "son délégué à la protection des données",
    "our_contact": "notre délégué à la protection des données",
    "since": "depuis",
    "until": "jusqu’au",
    "charter": "charte",
    "annex": "annexe",
}
NEEDED = ("purpose", "their_contact", "since")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def categories() -> list[str]:
    """Of data that leave this house for others, as the register says."""
    columns = [each for table in register.tables() for each in table.columns]
    kinds = {each.category for each in columns if each.leaves not in ("non", "sonnerie")}
    return [str(said["fr"]) for kind, said in register.words("category").items() if kind in kinds]


def row(link: Link) -> dict[str, str]:
    said = asdict(link) | {"data": ", ".join(categories())}
    told = {name: each.isoformat() if isinstance(each := said[name], date) else str(each or "") for name in HEADINGS}
    return {name: text or (MISSING if name in NEEDED else "") for name, text in told.items()}


def sheet(links: Iterable[Link]) -> str:
    """CSV that a French spreadsheet opens as it is; no cell of another house is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(HEADINGS.values())
    writer.writerows([harmless(text) for text in row(each).values()] for each in links)
    return data_page.BYTE_ORDER + out.getvalue()


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def as_json(links: Iterable[Link]) -> str:
    said = {"controller": settings.HOST, "instance": ids.instance_actor_uri(), "date": localdate().isoformat()}
    return json.dumps(said | {"links": [row(each) for each in links]}, ensure_ascii=False, indent=1) + "\n"


def page(links: Iterable[Link]) -> str:
    ours = Organisation.objects.filter(host=settings.HOST).first()
    about = f"{ours.name if ours else settings.HOST} ({settings.HOST}), {localdate().isoformat()}"
    parts = [f"# Registre des échanges avec d’autres collectivités\n\n{about}\n", *map(entry, links)]
    return "\n".join(parts)


def entry(link: Link) -> str:
    said = row(link)
    lines = [f"- {HEADINGS[name]} : {text}" for name, text in said.items() if name != "name" and text]
    return "\n".join([f"## {said['name']}\n", *lines, ""])


def told(form: str) -> str:
    """`csv`, `json` or `markdown`, of every house."""
    return {"csv": sheet, "json": as_json, "markdown": page}[form](conventions.links())
