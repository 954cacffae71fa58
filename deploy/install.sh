#!/bin/bash
# Installs Préau on Debian 12 or 13, or repairs what is there; as root, as often as you like: deploy/install.sh --help
set -euo pipefail
umask 022
ROOT=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
# shellcheck disable=SC2034
readonly ROOT LOG=/var/log/preau-install.log
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
for part in words place answers system database settings founding services front; do
    # shellcheck source=/dev/null
    . "$ROOT/deploy/install/$part.sh"
done

usage() {
    cat <<'END'
Installe Préau sur Debian 12 ou 13 (en root). Relancée, même sans option, la commande répare ce qui manque et ne change
rien d'autre.

  /opt/preau/deploy/install.sh [--small] [--answers FICHIER] [--yes] [--plan] [une option par réponse]

  --small                une petite commune : un seul processus, SQLite ; sinon PostgreSQL, Redis et Celery
  --domain NOM           le nom de l'instance, tel que rsi.exemple.fr (ensuite : preau move-domain)
  --organisation NOM     « Ville de Saint-Aubin-la-Rivière »
  --short-name NOM       « Saint-Aubin »
  --siren NUMÉRO         neuf chiffres
  --kind SORTE           commune (par défaut), epci, syndicat, departement, region
  --admin NOM            la personne qui administrera : « Hélène Vasseur »
  --email ADRESSE        où prévenir de ce qui demande une personne, et d'un certificat qui expire
  --tls letsencrypt      (par défaut) demande le certificat à Let's Encrypt et le renouvelle
  --tls files            avec --certificate FICHIER et --key FICHIER : un certificat que vous fournissez
  --tls none             nginx est ailleurs : voir deploy/nginx.conf
  --answers FICHIER      les réponses, une par ligne : domain=rsi.exemple.fr
  --yes                  sans demander confirmation
  --plan                 dit ce qui serait fait, et s'arrête

Chaque réponse qui manque est demandée. Aucun secret n'est demandé : ils sont tirés au hasard sur cette machine.
END
}

main() {
    if [ "${1:-}" = --town ]; then
        place "${2:?--town attend un nom}"
        shift 2
        FORM=small
    else
        place
    fi
    recall_answers
    read_options "$@"
    check_machine
    trap 'fail "Interrompu. Rien n'\''a été changé."' INT TERM HUP
    complete_answers
    mapfile -t STEPS < <(steps)
    tell_plan
    [ "$PLAN_ONLY" = no ] || exit 0
    confirm
    alone
    settle_port
    save_answers
    trap 'fail "Interrompu. Rien n'\''est perdu." "Relancez la même commande : elle reprend où elle en était."' INT TERM HUP
    touch "$LOG" && chmod 600 "$LOG"
    local number=0
    for step in "${STEPS[@]}"; do
        number=$((number + 1))
        perform "$step" "$number" "${#STEPS[@]}"
    done
    tell_end
}

steps() {
    printf "%s\n" packages account code
    [ "$FORM" = small ] || echo database
    printf "%s\n" settings organisation admin units
    [ "$TLS" = none ] || echo front
    ! has_systemd || rests >/dev/null || echo start
}

main "$@"
