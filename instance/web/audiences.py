"""The audience picker in words, with head-counts: who will read, before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors import directory, following, former_names, neighbours
from actors.models import Actor, Organisation
from federation import peers
from federation.models import Peer
from instance.web import wording
from outbox.audience import Reach
from outbox.posts import Post


@dataclass(frozen=True)
class Choice:
    """One line of the picker: what it is called, how many will read, what the button says."""

    code: str
    label: str
    detail: str
    count: str
    readers: str
    button: str


@dataclass(frozen=True)
class House:
    """A partner that can be chosen, with its number of agents."""

    host: str
    name: str
    count: str
    organisation: Organisation | None


def figure(count: int) -> dict[str, str]:
    """`1 986` in French."""
    return {"count": number_format(count, force_grouping=True)}


def agents(count: int) -> str:
    return ngettext("%(count)s agent", "%(count)s agents", count) % figure(count)


def persons(count: int) -> str:
    return ngettext("%(count)s personne", "%(count)s personnes", count) % figure(count)


def houses_words(count: int) -> str:
    return ngettext("%(count)s collectivité", "%(count)s collectivités", count) % figure(count)


def listed(names: Sequence[str]) -> str:
    """`Vernay, Villebrac et Montclar`."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s et %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def codes(author: Actor) -> list[str]:
    """Every audience that `author` may choose, from the nearest to the widest."""
    near = ["service"] if author.service else []
    wide = ["partners", "chosen_partners"] if peers.partners().exists() else []
    last = ["public"] if settings.PUBLIC_POSTS else []
    return [*near, "organisation", *wide, "followers", "named", *last]


def choice(code: str, author: Actor, house: Organisation) -> Choice:
    """One of them in words; its readers are counted now."""
    if code == "service" and author.service:
        return service(author.service)
    if code == "organisation":
        return our_organisation(house)
    if code == "followers":
        return followers(author)
    return {"partners": network, "chosen_partners": chosen, "named": named, "public": public}[code]()


def service(unit: Actor) -> Choice:
    count = agents(unit.members.filter(gone_at=None, suspended_at=None).count())
    return Choice(
        "service",
        _("Mon service"),
        _("%(service)s : %(count)s") % {"service": unit.name, "count": count},
        count,
        _("Visible par %(count)s, service %(service)s.") % {"count": count, "service": unit.name},
        _("Publier pour mon service"),
    )


def our_organisation(house: Organisation) -> Choice:
    count = agents(neighbours.our_headcount())
    facts = {"name": house.short_name, "count": count}
    return Choice(
        "organisation",
        _("Ma collectivité"),
        _("%(name)s : %(count)s. Ne sort pas de nos serveurs.") % facts,
        count,
        _("Visible par %(count)s de %(name)s.") % facts,
        _("Publier pour %(name)s") % facts,
    )


def network() -> Choice:
    partners = former_names.partners()
    total = neighbours.our_headcount() + (partners.aggregate(total=Sum("agent_count"))["total"] or 0)
    facts = {
        "houses": houses_words(partners.count() + 1),
        "count": agents(total),
        "network": settings.NETWORK_NAME,
    }
    return Choice(
        "partners",
        capfirst(settings.NETWORK_NAME),
        _("%(houses)s : %(count)s. Une copie part chez chacune.") % facts,
        str(facts["count"]),
        _("Visible par %(count)s de %(houses)s.") % facts,
        _("Publier pour %(network)s") % facts,
    )


def chosen() -> Choice:
    return Choice(
        "chosen_partners",
        _("Des collectivités choisies"),
        _("La vôtre, et celles que vous cochez. Une copie part chez chacune."),
        _("Celles que vous cochez"),
        _("Visible par votre collectivité et par celles que vous cochez."),
        _("Publier pour ces collectivités"),
    )


def followers(author: Actor) -> Choice:
    count = persons(following.followers(author).filter(directory.on_the_list()).count())
    return Choice(
        "followers",
        _("Les collègues qui me suivent"),
        _("%(count)s, ici et chez nos voisins.") % {"count": count},
        count,
        _("Visible par %(count)s qui vous suivent, et par les personnes citées.") % {"count": count},
        _("Publier pour ceux qui me suivent"),
    )


def named() -> Choice:
    return Choice(
        "named",
        _("Des personnes choisies"),
        _("Message privé : vous les désignez une par une."),
        _("Celles que vous désignez"),
        _("Visible par les personnes désignées ou citées, personne d’autre."),
        _("Envoyer en privé"),
    )


def public() -> Choice:
    return Choice(
        "public",
        _("Tout internet"),
        _("N’importe qui, sans limite."),
        _("Tout le monde"),
        _("Visible par tout le monde."),
        _("Publier sur internet"),
    )


def partner_houses() -> list[House]:
    known = {each.host: each for each in neighbours.known()}
    return [house_of(peer, known.get(peer.host)) for peer in former_names.partners().order_by("name", "host")]


def house_of(peer: Peer, organisation: Organisation | None) -> House:
    name = organisation.name if organisation else peer.name or peer.host
    return House(peer.host, name, agents(peer.agent_count), organisation)


def words_of_reply(reach: Reach, parent: Post) -> str:
    """Who will read a reply; its audience is not chosen, it comes from what it answers."""
    if reach.audience == "named":
        if not reach.named:
            return ""
        return _("Seulement %(people)s") % {"people": listed([person.name for person in reach.named])}
    if reach.audience == "chosen_partners":
        names = dict(neighbours.known().values_list("host", "short_name"))
        there = [names.get(house.host, house.name or house.host) for house in reach.houses]
        return _("Votre collectivité et %(houses)s") % {"houses": listed(there)} if there else _("Votre collectivité")
    home = parent.author.organisation
    label = wording.audience(
        reach.audience,
        organisation=home.short_name if home else parent.author.host,
        network=settings.NETWORK_NAME,
        service=reach.service.name if reach.service else "",
        author=parent.author.first_name,
    )
    return _("Comme la publication : %(audience)s") % {"audience": label}
