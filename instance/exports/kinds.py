"""What an export holds, kind by kind, and what it leaves out and why: each kind of row is in one of the two lists."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

# Said to people in the README of an export: French.
KEPT = {
    "federation.peer": "les autres instances : partenaires, demandes, blocages",
    "federation.key": "les clés publiques ; les clés privées y sont scellées par PREAU_KEYS_SECRET, qui n’est pas ici",
    "federation.dispatch": "les lettres à d’autres instances, tant que l’une les attend",
    "federation.delivery": "à qui elles sont dues, et ce qu’elles sont devenues",
    "actors.actor": "les personnes, services et organisations, d’ici et d’ailleurs",
    "actors.agent": "les comptes d’ici : identifiant, rôle, empreinte du mot de passe",
    "actors.organisation": "les collectivités, la nôtre et les voisines",
    "actors.service": "nos services, et de quel autre chacun dépend",
    "actors.follow": "qui suit qui, et si c’est accepté",
    "actors.comparison": "les listes d’abonnés à vérifier auprès d’autres instances",
    "actors.block": "qui bloque qui",
    "actors.mute": "qui a masqué qui",
    "actors.remark": "les notes que chacun garde pour soi sur quelqu’un",
    "actors.endorsement": "qui est mis en avant sur un profil",
    "actors.exchange": "ce qui a été dit de chaque partenariat",
    "actors.convention": "ce que chaque partenariat dit au registre des traitements",
    "actors.approach": "les offres d’instances inconnues, en attente",
    "actors.signinlink": "les liens de connexion qui n’ont pas servi (leur empreinte)",
    "outbox.post": "les publications, d’ici et reçues, avec leur audience (audience)",
    "outbox.post_named": "les personnes nommées dans une publication : elles la lisent",
    "outbox.post_houses": "les partenaires choisis pour une publication",
    "outbox.post_hashtags": "les mots-dièse d’une publication",
    "outbox.hashtag": "les mots-dièse",
    "outbox.version": "ce que disait une publication avant d’être modifiée",
    "outbox.tombstone": "les publications d’ailleurs qui ont été retirées, et ne doivent pas revenir",
    "outbox.attachment": "les photos et documents : leur fichier est sous media/",
    "outbox.vote": "les votes aux sondages",
    "outbox.tally": "les résultats de sondages à annoncer",
    "outbox.like": "qui a trouvé utile quelle publication",
    "outbox.boost": "qui a partagé quelle publication",
    "outbox.scheduled": "les publications programmées",
    "outbox.scheduled_attachments": "leurs pièces jointes",
    "outbox.asked": "les demandes de publication déjà faites par une application",
    "outbox.featuredtag": "les mots-dièse montrés sur un profil",
    "outbox.emoji": "les émojis de la collectivité",
    "inbox.receipt": "ce qui est arrivé, et ne doit pas être pris deux fois",
    "inbox.notification": "les notifications",
    "inbox.report": "les signalements",
    "inbox.bookmark": "les marque-pages",
    "inbox.mutedthread": "les conversations mises en silence",
    "inbox.list": "les listes de lecture",
    "inbox.list_members": "qui est dans ces listes",
    "inbox.followedtag": "les mots-dièse suivis",
    "inbox.filter": "les filtres",
    "inbox.filterkeyword": "leurs mots",
    "inbox.filterpost": "leurs publications",
    "inbox.marker": "jusqu’où chacun a lu",
    "inbox.conversation": "les échanges privés, rassemblés",
    "inbox.notificationpolicy": "ce dont chacun veut être averti",
    "inbox.notificationpermission": "les exceptions à cela",
    "inbox.pushsubscription": "les appareils à faire sonner",
    "inbox.announcement": "les annonces de la collectivité à ses agents",
    "instance.application": "les applications connues (l’empreinte de leur secret)",
    "instance.spentcode": "les codes qui ont servi (leur empreinte)",
    "instance.unerased": "les fichiers que le stockage n’a pas encore effacés",
    "oauth2_provider.accesstoken": "les applications qu’un agent a connectées (l’empreinte du jeton)",
    "oauth2_provider.refreshtoken": "leurs jetons de renouvellement (l’empreinte)",
}
LEFT_OUT = {
    "sessions.session": "the very value of a cookie: whoever reads it is signed in",
    "oauth2_provider.grant": "a code lives for a minute",
    "oauth2_provider.idtoken": "not used",
    "oauth2_provider.devicegrant": "not used",
    "auth.permission": "not used; made by Django",
    "auth.group": "not used",
    "auth.group_permissions": "not used",
    "contenttypes.contenttype": "made by Django, for each database",
    "federation.absence": "addresses that did not answer: they are asked again",
    "actors.attempt": "how often a door was tried lately: swept within a day",
    "inbox.push": "rings that are owed to devices: late, they help nobody",
}


def label(model: type[Model]) -> str:
    return model._meta.label_lower


def kept() -> Iterator[type[Model]]:
    """In the order of their names."""
    for name in sorted(KEPT):
        yield apps.get_model(name)


def unnamed() -> set[str]:
    """Kinds of rows that nobody has thought about yet."""
    return {label(model) for model in apps.get_models(include_auto_created=True)} - set(KEPT) - set(LEFT_OUT)
