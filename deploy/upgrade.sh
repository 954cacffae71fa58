#!/bin/bash
# Moves an installed Préau to a newer version, or leaves it as it was; as root: preau upgrade --help
set -euo pipefail
umask 022
ROOT=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
# shellcheck disable=SC2034
readonly ROOT LOG=/var/log/preau-upgrade.log TIDY=drop_next
export LC_ALL=C.UTF-8
for part in words place answers system database services front; do
    # shellcheck source=/dev/null
    . "$ROOT/deploy/install/$part.sh"
done

usage() {
    cat <<'END'
Met Préau à jour (en root) : sauvegarde, arrête, met à jour la base, redémarre ; si quelque chose échoue, remet tout comme avant.

  preau upgrade              la dernière version publiée (ou la branche principale du dépôt, s'il n'y en a pas)
  preau upgrade --to VERSION celle-là, telle que v0.2.0
  preau upgrade --check      dit ce qui serait fait, et prépare la nouvelle version sans l'installer

Une ville parmi d'autres : preau @saint-aubin upgrade ; toutes, l'une après l'autre : preau-host upgrade
END
}

main() {
    local wanted="" check=no
    NEXT=$CODE/.next
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help) usage && exit 0 ;;
            --check) check=yes ;;
            --to) wanted=${2:?--to attend une version} && shift ;;
            *) fail "Je ne connais pas $1." "$COMMAND upgrade --help" ;;
        esac
        shift
    done
    [ "$(id -u)" = 0 ] || fail "La mise à jour arrête et redémarre des services : elle doit être lancée en root."
    [ -r "$ETC/install.answers" ] || fail "Préau n'a pas été installé ici par deploy/install.sh." "$CLONE/deploy/install.sh"
    recall_answers
    check_settings
    ! rests >/dev/null || fail "$TOWN ne tourne pas ($(rests)) : elle reste à sa version." "preau-host start $TOWN ; puis relancez."
    touch "$LOG" && chmod 600 "$LOG"
    trap 'drop_next; fail "Interrompu. Rien n'\''a été changé : l'\''instance sert comme avant."' INT TERM HUP
    alone
    ! grep -qs restauration "$DATA/maintenance" || fail "Une restauration n'est pas finie." "$COMMAND restore DOSSIER --replace"
    choose "$wanted"
    stage "préparation de la nouvelle version, à côté de l'ancienne" prepare "Rien n'a été changé."
    [ "$check" = no ] || { drop_next && say "" "Tout est prêt : $COMMAND upgrade" && exit 0; }
    stage "sauvegarde dans $SAVES/upgrades" back_up "Rien n'a été changé."
    stage "ce que les pages montrent" show_next "Rien n'a été changé."
    switch
    drop_next
}

# FROM and TO, by their commits; TO must follow FROM.
choose() {
    FROM=$(version)
    [ -z "$(git -C "$CODE" status --porcelain --untracked-files=no)" ] ||
        fail "Des fichiers de $CODE ont été modifiés à la main." "git -C $CODE stash ; puis relancez."
    git -C "$CODE" fetch --quiet --tags origin || fail "Le dépôt ne répond pas." "git -C $CODE fetch origin"
    local name=$1
    [ -n "$name" ] || name=$(git -C "$CODE" tag --list 'v*' --sort=-version:refname | grep -v -- - | head -n 1 || true)
    [ -n "$name" ] || name=origin/HEAD
    TO=$(git -C "$CODE" rev-parse --quiet --verify "$name^{commit}") || fail "Il n'y a pas de version $name."
    [ -z "$TOWN" ] || NEXT=$(version_folder "$TO")
    [ "$FROM" != "$TO" ] || stay "$name"
    git -C "$CODE" merge-base --is-ancestor "$FROM" "$TO" ||
        fail "$name n'est pas plus récente que la version installée (${FROM:0:10})." "Pour revenir en arrière : $COMMAND restore"
    say "De ${FROM:0:10} à $name (${TO:0:10}), $(git -C "$CODE" rev-list --count "$FROM..$TO") changements."
}

# The version is there already: it runs, or an upgrade was cut short.
stay() {
    start_done || stage "la mise à jour n'était pas finie : elle l'est" arrive "L'instance ne marche pas."
    say "Préau est à jour ($1, ${TO:0:10})."
    exit 0
}

# Downloads what it needs and starts it once, while the former serves.
prepare() {
    if [ -n "$TOWN" ]; then put_version "$TO"; else
        drop_next
        git -C "$CODE" worktree add --quiet --detach "$NEXT" "$TO"
    fi
    make -C "$NEXT" install
    "$NEXT/deploy/preau" check --deploy --fail-level ERROR
    "$NEXT/deploy/preau" migrate --plan
}

# Under names of their own: what the former version shows stays.
show_next() { "$NEXT/deploy/preau" collectstatic --no-input --verbosity 0; }

# That of a town may be another's too: preau-host forgets those that are no more run.
drop_next() {
    [ -z "$TOWN" ] || return 0
    rm -rf "$NEXT"
    git -C "$CODE" worktree prune
}

# Apart from those of the nights, which several tries would push out.
back_up() { as_preau backup --to "$SAVES/upgrades" --keep 2; }

# The doors are closed from here; whatever fails, they open again on what there was.
switch() {
    local begun=$SECONDS
    BEFORE=$(applied as_preau)
    trap '' HUP INT TERM # from here on there is no half
    # shellcheck disable=SC2046
    systemctl stop $(running)
    printf 'passage à la nouvelle version ...'
    attempt move
    if [ "$STATUS" != 0 ]; then
        show_failure
        printf 'retour à la version précédente ...'
        attempt move_back
        [ "$STATUS" = 0 ] || fail "Le retour a échoué aussi : l'instance est arrêtée, et la sauvegarde d'avant est dans $SAVES/upgrades." \
            "docs/operations/sauvegarder-et-restaurer.md dit comment la restaurer ; le journal : $LOG"
        say " ✓"
        fail "La mise à jour a échoué ; l'instance marche comme avant (fermée $((SECONDS - begun)) s)." "Le journal : $LOG"
    fi
    say " ✓ (fermée $((SECONDS - begun)) s)"
    say "Préau est à jour : https://$(answer domain)"
}

move() {
    change_code "$TO"
}

# The new version's own words from here on: its units, its site.
arrive() {
    account_done || account_do
    code_done || code_do
    as_preau migrate --no-input
    units_done || units_do
    [ "$TLS" = none ] || front_done || front_do
    start_do
}

move_back() {
    # shellcheck disable=SC2046
    systemctl stop $(running)
    unapply
    change_code "$FROM"
}

# The rest is said by that version.
change_code() {
    if [ -n "$TOWN" ]; then lead_to "$1"; else git -C "$CODE" checkout --quiet --detach "$1"; fi
    "$CODE/deploy/upgrade.sh" ${TOWN:+--town "$TOWN"} --arrive
}

# The last migration of each application, a line each, in the words of that version: applied as_preau
applied() {
    "$1" showmigrations --list |
        awk '/^[a-z]/ { app = $1 } /^ \[X\]/ { last[app] = $2 } END { for (app in last) print app, last[app] }'
}

# The new version, from the environment in which it was found sound.
as_next() { "$NEXT/deploy/preau" "$@"; }

# What was applied since, when the new version could not start after it; a migration that failed left nothing.
unapply() {
    local app name former
    while read -r app name; do
        former=$(awk -v app="$app" '$1 == app { print $2 }' <<<"$BEFORE")
        [ "$former" = "$name" ] || as_next migrate "$app" "${former:-zero}" --no-input
    done < <(applied as_next)
}

if [ "${1:-}" = --town ]; then
    place "${2:?--town attend un nom}"
    shift 2
else
    place
fi
if [ "${1:-}" = --arrive ]; then
    recall_answers
    arrive
else
    main "$@"
fi
