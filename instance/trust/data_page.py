"""The list of personal data as a page and as a table: of Préau as it is delivered, or of this very instance."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.timezone import localdate

from actors import partnerships
from actors.models import Organisation
from federation.models import Peer
from instance.trust import register
from instance.trust.durations import durations
from instance.trust.register import Column, Table

BYTE_ORDER = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by which a spreadsheet knows UTF-8
HEADINGS = ("treatment", "basis", "whose", "category", "keeps", "seen", "leaves")


@dataclass(frozen=True)
class Teller:
    """Says a key of the register in one language, with the durations of this instance or as delivered."""

    language: str
    lasting: dict[str, str]

    def of(self, kind: str, key: str) -> str:
        said = register.retention() if kind == "keeps" else register.words(kind)
        return self.fill(str(said[key][self.language]))

    def fill(self, text: str) -> str:
        """Only what stands in {braces} and has a value is replaced."""
        for name, value in self.lasting.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def say(self, name: str) -> str:
        return str(register.read(register.PHRASES)[name][self.language])


def teller(language: str, *, here: bool) -> Teller:
    return Teller(language, durations(language, shipped=not here))


def page(language: str, *, here: bool = False) -> str:
    """Markdown. `here`: with the name and the settings of this instance, else as it is delivered."""
    tell = teller(language, here=here)
    about = this_house(tell) if here else [tell.say("written")]
    opening = [[f"# {tell.say('title')}"], about, [tell.say("how")], legend(tell)]
    parts = [*opening, *chapters(tell), places(tell), left(tell), none(tell)]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def this_house(tell: Teller) -> list[str]:
    ours = Organisation.objects.filter(host=settings.HOST).first()
    contact = partnerships.our_contact() or tell.say("to_complete")
    number = Peer.objects.filter(state="active").count()
    facts = {
        "controller": f"{ours.name} (SIREN {ours.siren})" if ours else tell.say("to_complete"),
        "server": settings.HOST,
        "contact": contact,
        "partners": str(number),
        "open": tell.say("yes" if settings.FEDERATION == "open" else "no"),
        "public": tell.say("yes" if settings.PUBLIC_POSTS else "no"),
        "version": f"Préau {settings.VERSION}, {localdate().isoformat()}",
    }
    return [f"- {tell.say(name)} {value}" for name, value in facts.items()]


def legend(tell: Teller) -> list[str]:
    said = register.words("category").values()
    return [f"- **{each[tell.language]}** : {each['means'][tell.language]}" for each in said]


def chapters(tell: Teller) -> Iterator[list[str]]:
    for treatment, said in register.words("treatment").items():
        lines = [line for each in register.tables() if each.treatment == treatment for line in lines_of(each, tell)]
        if lines:
            ground = f"{tell.say('basis')} {tell.of('basis', said['basis'])}."
            yield [f"## {tell.of('treatment', treatment)}\n", f"{ground}\n", *heading(tell), *lines]


def heading(tell: Teller) -> list[str]:
    names = [tell.say(f"column_{name}") for name in ("data", "whose", "keeps", "seen", "leaves")]
    return [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]


def lines_of(table: Table, tell: Teller) -> Iterator[str]:
    """One for each fate: what is kept as long, seen by the same and sent to the same stands together."""
    by_fate = defaultdict[tuple[str, ...], list[Column]](list)
    for column in table.columns:
        by_fate[column.fate].append(column)
    for number, ((whose, keeps, seen, leaves), columns) in enumerate(by_fate.items()):
        title = f"**{table.title[tell.language]}** `{table.label}`" if number == 0 else f"`{table.label}`"
        fate = (tell.of("whose", whose), tell.of("keeps", keeps), tell.of("seen", seen), tell.of("leaves", leaves))
        yield f"| {title}<br>{kinds(columns, tell)} | {' | '.join(fate)} |"


def kinds(columns: list[Column], tell: Teller) -> str:
    by_kind = defaultdict[str, list[str]](list)
    for each in columns:
        by_kind[each.category].append(f"`{each.name}`")
    return "<br>".join(f"{tell.of('category', kind)} : {', '.join(names)}" for kind, names in by_kind.items())


def places(tell: Teller) -> list[str]:
    said = register.read(register.PLACES).values()
    rows = [(each[tell.language], each["what"][tell.language], each["until"][tell.language]) for each in said]
    names = [tell.say(f"column_{name}") for name in ("place", "what", "keeps")]
    lines = [tell.fill(f"| {' | '.join(row)} |") for row in rows]
    return [f"## {tell.say('elsewhere')}\n", f"| {' | '.join(names)} |", f"|{'---|' * 3}", *lines]


def left(tell: Teller) -> list[str]:
    """What nothing erases yet: said, so that nobody believes otherwise."""
    rules = [(key, said) for key, said in register.retention().items() if said.get("open")]
    used = {each.keeps: table for table in register.tables() for each in table.columns}
    lines = []
    for key, said in rules:
        about = sorted({t.label for t in register.tables() for each in t.columns if each.keeps == key})
        if key in used:
            lines.append(f"- {tell.fill(said[tell.language])} ({', '.join(f'`{each}`' for each in about)})")
    open_places = [each for each in register.read(register.PLACES).values() if each.get("open")]
    lines += [f"- {each[tell.language]} : {tell.fill(each['until'][tell.language])}" for each in open_places]
    return [f"## {tell.say('left')}\n", f"{tell.say('left_why')}\n", *lines]


def none(tell: Teller) -> list[str]:
    plain = [each for each in register.tables() if not each.columns]
    lines = [f"- {each.title[tell.language]} (`{each.label}`)" for each in plain]
    mixed = [f"`{t.label}` : {', '.join(f'`{n}`' for n in sorted(t.plain))}" for t in register.tables() if t.columns]
    nothing = [f"- {each}" for each in mixed if not each.endswith(": ")]
    return [f"## {tell.say('none')}\n", *lines, f"\n{tell.say('rest')}\n", *nothing, f"\n{tell.say('never')}"]


def sheet(language: str) -> str:
    """One line for each column that holds personal data, as CSV for a spreadsheet."""
    tell, out = teller(language, here=True), io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([tell.say("column_table"), tell.say("column_column"), *(tell.say(f"csv_{n}") for n in HEADINGS)])
    for table in register.tables():
        basis = register.words("treatment")[table.treatment]["basis"] if table.treatment else ""
        for each in table.columns:
            keys = (table.treatment, basis, each.whose, each.category, each.keeps, each.seen, each.leaves)
            told = [tell.of(kind, key) for kind, key in zip(HEADINGS, keys, strict=True)]
            writer.writerow([table.label, each.name, *told])
    return BYTE_ORDER + out.getvalue()
