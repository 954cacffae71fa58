"""What an application may be allowed to do, in the words of the client API and in sentences for people."""

from django.utils.translation import gettext_lazy as _

OFFLINE = "offline_access"
DEFAULT = "read"
READS = (
    "accounts", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes", "notifications", "search",
    "statuses",
)  # fmt: skip
WRITES = (
    "accounts", "blocks", "bookmarks", "conversations", "favourites", "filters", "follows", "lists", "media", "mutes",
    "notifications", "reports", "statuses",
)  # fmt: skip
SENTENCES = {
    "read": _("Lire tout ce que vous lisez ici : publications, messages, notifications, listes, recherche."),
    "write": _("Agir en votre nom : publier, modifier et retirer, réagir, et changer votre profil et vos listes."),
    "follow": _("Gérer qui vous suivez, masquez ou bloquez."),
    "push": _("Envoyer vos notifications sur cet appareil."),
    "profile": _("Connaître votre nom, votre portrait et votre page."),
    OFFLINE: _("Prolonger cet accès sans vous le redemander."),
    "read:accounts": _("Voir les profils et qui suit qui."),
    "read:blocks": _("Voir qui vous bloquez."),
    "read:bookmarks": _("Voir vos signets."),
    "read:favourites": _("Voir ce que vous avez trouvé utile."),
    "read:filters": _("Voir vos filtres."),
    "read:follows": _("Voir qui vous suivez, et qui demande à vous suivre."),
    "read:lists": _("Voir vos listes."),
    "read:mutes": _("Voir qui vous masquez."),
    "read:notifications": _("Lire vos notifications."),
    "read:search": _("Chercher en votre nom."),
    "read:statuses": _("Lire les publications et les messages que vous pouvez lire."),
    "write:accounts": _("Modifier votre profil."),
    "write:blocks": _("Bloquer et débloquer des personnes."),
    "write:bookmarks": _("Ajouter et retirer des signets."),
    "write:conversations": _("Marquer comme lus et masquer vos échanges."),
    "write:favourites": _("Dire « utile » en votre nom."),
    "write:filters": _("Modifier vos filtres."),
    "write:follows": _("Suivre et ne plus suivre des personnes."),
    "write:lists": _("Modifier vos listes."),
    "write:media": _("Envoyer des photos et des fichiers."),
    "write:mutes": _("Masquer des personnes et des fils."),
    "write:notifications": _("Effacer vos notifications."),
    "write:reports": _("Signaler en votre nom."),
    "write:statuses": _("Publier, modifier et retirer en votre nom."),
}
KNOWN = frozenset(SENTENCES)
# What one scope gives beyond the part after its colon.
WIDER = {
    **{f"{verb}:{what}": ("follow",) for verb in ("read", "write") for what in ("blocks", "follows", "mutes")},
    "profile": ("read", "read:accounts"),
}


def covers(granted: set[str], wanted: str) -> bool:
    """Whether one of the granted scopes is the wanted one, or its parent: `read` gives `read:accounts`."""
    if wanted in granted:
        return True
    parent, colon, _part = wanted.partition(":")
    return bool(colon and parent in granted) or any(wider in granted for wider in WIDER.get(wanted, ()))


def parse(text: str) -> list[str]:
    """The scopes of a request, each once, in their order; a few clients put `+` or commas between them."""
    return list(dict.fromkeys(text.replace("+", " ").replace(",", " ").split()))


def allowed(wanted: list[str], registered: str) -> bool:
    """Whether an application that registered these may ask for those: all known, and none that it did not name."""
    own = set(registered.split())
    return bool(wanted) and all(each in KNOWN and covers(own, each) for each in wanted)


def sentences(scopes: list[str]) -> list[str]:
    """What they allow, in sentences: what a wider one says already is not said twice."""
    granted = set(scopes)
    return [str(SENTENCES[each]) for each in SENTENCES if each in granted and not covers(granted - {each}, each)]
