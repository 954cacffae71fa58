"""The page in French that lies in each export, for who has nothing but the export."""

from django.conf import settings

from instance.exports.kinds import KEPT

TEXT = """\
# Export de {host}

Toute l’instance Préau {host} (version {version}), dans des fichiers que l’on lit sans Préau. Gardez ce dossier comme
vous gardez la base de données : il contient les messages privés de chacun. Personne ne peut s’en servir pour entrer, ni
pour signer : on n’y trouve que des empreintes de mots de passe et de jetons, et des clés privées scellées.

- `export.json` : la version, la date, le nombre de lignes, la taille et l’empreinte (SHA-256) de chaque fichier.
- `donnees/` : un fichier par sorte de chose, une ligne par chose, en JSON (UTF-8). Un nom qui finit par `_id`
  renvoie au champ `id` d’un autre fichier : `author_id` d’une publication, au fichier `actors.actor.jsonl`. Les dates
  sont en temps universel.
- `media/` : les photos et documents, sous les noms que donnent `outbox.attachment.jsonl`, `outbox.emoji.jsonl` et
  `actors.actor.jsonl`.

## Relire sans Préau

Un tableur n’ouvre pas ces fichiers tels quels ; `jq` les met en colonnes. Les publications écrites ici :

    jq -r 'select(.local) | [.published_at, .audience, .uri, .html] | @csv' donnees/outbox.post.jsonl > publications.csv

Vérifier qu’aucun fichier n’a changé :

    jq -r '.parts | to_entries[] | "\\(.value[1])  \\(.key)"' export.json | sha256sum --check --quiet

## Remettre dans une instance

Sur une machine où Préau est installé sous le même nom, vide, dans la même version ou une plus récente, avec n’importe
laquelle de ses bases de données :

    preau import CE-DOSSIER

## Les fichiers de `donnees/`

| fichier | lignes | ce que c’est |
|---|---|---|
{kinds}
"""


def text(counts: dict[str, int]) -> str:
    table = (f"| `{kind}.jsonl` | {count} | {KEPT[kind]} |" for kind, count in counts.items())
    return TEXT.format(host=settings.HOST, version=settings.VERSION, kinds="\n".join(table))
