"""What an instance needs, in words for whoever buys or lends the machine, and as the tables of the page on sizes."""

from collections.abc import Iterable, Sequence
from math import ceil

from instance import sizing
from instance.sizing import House, Need

ENOUGH = 6  # processors on one machine, beyond which a second is worth the trouble
BEGIN, END = "<!-- preau size --page -->", "<!-- /preau size -->"
# A network of five hundred: its towns, and what each writes a day.
DEPARTMENT = ((450, 50, 4), (45, 300, 20), (5, 3000, 120))  # how many, agents, posts
ALL = sum(many * posts for many, _, posts in DEPARTMENT)
EXAMPLES = (
    House(50, 4, 20),
    House(300, 20, 60),
    House(1000, 50, 120),
    *(House(agents, posts, 499, (ALL - posts) * sizing.REACH) for _, agents, posts in DEPARTMENT),
)
HEAD = {
    "fr": (
        "agents", "publications par jour", "partenaires", "arrivées par jour", "forme", "processeurs", "mémoire",
        "base, par an", "photos, par an", "sortant, par jour", "entrant, par jour",
    ),
    "en": (
        "agents", "posts a day", "peers", "arrivals a day", "form", "processors", "memory", "database a year",
        "photos a year", "out a day", "in a day",
    ),
}  # fmt: skip
FORMS = {
    "fr": {
        "embedded": "petite",
        "production": "production",
        "several": "plusieurs machines",
        "all": "les 500 ensemble",
        "hosts": "une instance chacune",
    },
    "en": {
        "embedded": "small",
        "production": "production",
        "several": "several machines",
        "all": "the 500 together",
        "hosts": "an instance each",
    },
}
COSTS = {
    "post_new": ("une lettre à une collectivité, connexion neuve", "a letter to one house, over a new connection"),
    "post_kept": ("la même, connexion gardée", "the same, over a connection that was kept"),
    "arrival": ("une publication qui arrive, traitée", "a post that arrives, handled"),
    "page": ("la page d’accueil d’un agent", "the home page of an agent"),
}
SIZES = {
    "letter_bytes": ("une lettre qui part, avant TLS", "a letter that leaves, before TLS"),
    "arrival_bytes": ("une lettre qui arrive, avant TLS", "a letter that arrives, before TLS"),
    "arrival_kept": ("ce que la base garde d’une arrivée", "what the database keeps of an arrival"),
    "owed_bytes": ("ce qu’elle garde de chaque lettre partie", "what it keeps of each letter that left"),
}
SAID = {
    "fr": "D’où, pour quelques collectivités (à l’heure la plus chargée entre parenthèses) :",
    "en": "Hence, for some houses (at the busiest hour in brackets):",
}
NEXT = {"fr": "Le réseau simulé, forme par forme :", "en": "The network that was simulated, form by form:"}
RUNS = {
    "production": ("production", "production"),
    "unpooled": ("production", "production"),
    "pooled": ("production, par PgBouncer", "production, through PgBouncer"),
    "embedded": ("petite", "small"),
}
FOUND = {
    "peers": ("partenaires", "peers"),
    "seconds": ("s jusqu’à ce que tous ceux qui répondent l’aient", "s until all that answer have a post"),
    "busy_seconds": ("s, pendant qu’ils écrivent", "s, while they write in"),
    "post_new": ("ms de processeur par lettre, connexion neuve", "ms of processor a letter, new connection"),
    "post_kept": ("gardée", "kept"),
    "arrival": ("ms par arrivée", "ms an arrival"),
    "answer_ms": ("ms pour répondre 202", "ms to answer 202"),
    "late_ms": ("95 % en", "95 % within"),
}
UNITS = {"fr": ("ms de processeur", "octets", "o"), "en": ("ms of processor", "bytes", "B")}
MARKS = {"fr": str.maketrans(".,", ",\u202f"), "en": str.maketrans("", "")}


def sentences(house: House) -> list[str]:
    found = sizing.need(house)
    form = FORMS["fr"][form_of(found)]
    return [
        f"Forme conseillée : {form} (docs/operations/dimensionner.md).",
        f"Processeurs : {found.processors} ({number(found.cores, 'fr')} à l’heure la plus chargée).",
        f"Mémoire : {memory(found, 'fr')}.",
        f"Disque : {size(found.database, 'fr')} par an pour la base, {size(found.photos, 'fr')} pour les photos.",
        f"Réseau : par jour, {size(found.outgoing / 1e3, 'fr')} sortent et {size(found.incoming / 1e3, 'fr')} entrent.",
        f"Compté : {number(house.letters, 'fr')} lettres partent par jour, {number(house.arriving, 'fr')} viennent.",
    ]


def form_of(found: Need) -> str:
    return "several" if found.processors > ENOUGH else found.form


def page(language: str) -> str:
    """The tables between the marks of both pages."""
    return "\n\n".join(
        (BEGIN, costs(language), SAID[language], examples(language), NEXT[language], simulated(language), END)
    )


def examples(language: str) -> str:
    lines = [line(each, sizing.need(each), language) for each in EXAMPLES]
    towns = [(many, House(agents, posts, 499, (ALL - posts) * sizing.REACH)) for many, agents, posts in DEPARTMENT]
    all_agents = sum(many * each.agents for many, each in towns)
    whole = line(House(all_agents, ALL, 499, 0), sizing.together(towns), language)
    whole[3:5] = [FORMS[language]["all"], FORMS[language]["hosts"]]
    return table(HEAD[language], [*lines, whole])


def line(house: House, found: Need, language: str) -> list[str]:
    return [
        number(house.agents, language), number(house.posts, language), number(house.peers, language),
        number(house.arriving, language), FORMS[language][form_of(found)],
        f"{found.processors} ({number(found.cores, language)})", memory(found, language),
        *(size(each, language) for each in (found.database, found.photos, found.outgoing / 1e3, found.incoming / 1e3)),
    ]  # fmt: skip


def costs(language: str) -> str:
    which = 0 if language == "fr" else 1
    forms = ("embedded", "production")
    known = {form: sizing.measured()[form] for form in forms}
    owed = {form: each["own_bytes"] / each["peers"] for form, each in known.items()}
    cpu, kilobytes, _ = UNITS[language]
    lines = [(f"{words[which]} ({cpu})", *(number(known[form][name], language) for form in forms))
             for name, words in COSTS.items()]  # fmt: skip
    lines += [(f"{words[which]} ({kilobytes})",
               *(number(round(known[form].get(name, owed[form]), -1), language) for form in forms))
              for name, words in SIZES.items()]  # fmt: skip
    return table(("", *(FORMS[language][form] for form in forms)), lines)


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join(each)} |".replace("|  |", "| |") for each in rows)


def memory(found: Need, language: str) -> str:
    return size(ceil((found.memory + sizing.SYSTEM) / 1000), language)


def size(gigabytes: float, language: str) -> str:
    unit = UNITS[language][2]
    if gigabytes < 1:
        return f"{number(max(1, round(gigabytes * 1000)), language)} M{unit}"
    return f"{number(gigabytes, language)} G{unit}"


def number(value: float, language: str) -> str:
    """Two figures are more than such a model knows."""
    digits = 2 if value < 0.1 else 1 if value < 10 else 0
    said = f"{round(value):,}" if value == int(value) else f"{value:,.{digits}f}"
    return said.translate(MARKS[language])


def simulated(language: str) -> str:
    which = 0 if language == "fr" else 1
    head = ["", *(words[which] for words in FOUND.values()), ("Mo (PSS)", "MB (PSS)")[which], "RSA-2048 / s"]
    lines = []
    for run, words in RUNS.items():
        each = sizing.measured()[run]
        used, signs = sum(each["memory"].values()), 1000 / each["floor"]["sign_ms"]
        values = [*(each[name] for name in FOUND), used, signs]
        lines.append([words[which], *(number(value, language) for value in values)])
    return table(head, lines)
