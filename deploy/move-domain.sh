#!/bin/bash
# Gives an installed Préau another name, and keeps the former one alive; as root: preau move-domain --help
set -euo pipefail
umask 022
ROOT=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
# shellcheck disable=SC2034
readonly ROOT LOG=/var/log/preau-move-domain.log
export LC_ALL=C.UTF-8
for part in words place answers system settings services front; do
    # shellcheck source=/dev/null
    . "$ROOT/deploy/install/$part.sh"
done

usage() {
    cat <<'END'
Donne un autre nom à l'instance (en root). L'ancien nom reste à elle : ce qui a été publié sous lui garde ses adresses.

  preau move-domain NOUVEAU-NOM [--yes] [--certificate FICHIER --key FICHIER]
      --certificate, --key   le certificat du nouveau nom, quand les certificats sont des fichiers (--tls files)
      --yes                  sans demander confirmation

Le nouveau nom doit mener à cette machine. Les deux noms, et leurs certificats, sont à garder. On ne revient pas en
arrière. Coupée ou échouée, la commande se relance : elle reprend où elle en était.
Une ville parmi d'autres : preau @saint-aubin move-domain NOUVEAU-NOM
END
}

main() {
    local certificate="" key=""
    WANTED=""
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help) usage && exit 0 ;;
            --yes) YES=yes ;;
            --certificate) certificate=${2:?--certificate attend un fichier} && shift ;;
            --key) key=${2:?--key attend un fichier} && shift ;;
            -*) fail "Je ne connais pas $1." "$COMMAND move-domain --help" ;;
            *) [ -z "$WANTED" ] || fail "Un seul nom à la fois : $WANTED, ou $1 ?" && WANTED=$1 ;;
        esac
        shift
    done
    [ "$(id -u)" = 0 ] || fail "Cette commande arrête et redémarre des services : elle doit être lancée en root."
    [ -n "$WANTED" ] || fail "Il manque le nouveau nom." "$COMMAND move-domain --help"
    [ -r "$ETC/install.answers" ] || fail "Préau n'a pas été installé ici par deploy/install.sh." "$CLONE/deploy/install.sh"
    recall_answers
    ! rests >/dev/null || fail "$TOWN ne tourne pas ($(rests))." "preau-host start $TOWN ; puis relancez."
    touch "$LOG" && chmod 600 "$LOG"
    alone
    ! grep -qs restauration "$DATA/maintenance" || fail "Une restauration n'est pas finie." "$COMMAND restore DOSSIER --replace"
    [ "$(installed PREAU_HOST)" != "$WANTED" ] || finish
    sound "$certificate" "$key"
    tell
    confirm
    change "$certificate" "$key"
}

# What would be refused halfway is refused now.
sound() {
    [[ $WANTED =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$ ]] ||
        fail "« $WANTED » n'a pas la forme d'un nom, tel que rsi.exemple.fr."
    as_preau domain check "$WANTED" || exit 1
    [ -z "$(installed PREAU_FORMER_HOSTS | tr ' ,' '\n\n' | grep -Fx "$WANTED")" ] || fail "$WANTED est un ancien nom de l'instance : on ne revient pas en arrière."
    [ "$TLS" = none ] || getent ahosts "$WANTED" >/dev/null ||
        fail "Le nom $WANTED ne mène nulle part." "Faites-le mener à cette machine dans le DNS ; puis relancez."
    if [ "$TLS" = files ]; then
        { [ -r "$1" ] && [ -r "$2" ]; } || fail "Il faut le certificat du nouveau nom." \
            "$COMMAND move-domain $WANTED --certificate FICHIER --key FICHIER"
    fi
}

tell() {
    local former
    former=$(answer domain)
    say "" "$former s'appellera $WANTED :" \
        "  - les agents s'y connectent de nouveau, chacun avec son mot de passe ou un lien ; les pages de $former y mènent ;" \
        "  - leurs adresses deviennent @prenom.nom@$(installed PREAU_ACCOUNT_DOMAIN | grep . || echo "$WANTED") ;" \
        "  - chaque collectivité partenaire doit confirmer le nouveau nom, dans sa page Administration : prévenez-la. Jusque-là," \
        "    ce qui est publié ici attend pour elle, et ce qu'elle publie arrive comme avant ;" \
        "  - $former reste à cette instance, pour toujours : gardez le nom et son certificat ;" \
        "  - on ne revient pas en arrière. Une sauvegarde est faite avant, dans $SAVES/upgrades." ""
}

change() {
    local former
    former=$(answer domain)
    stage "sauvegarde dans $SAVES/upgrades" back_up "Rien n'a été changé."
    # As they will be answered; written down once the names are changed.
    ANSWERS[former]="$former${ANSWERS[former]:+ ${ANSWERS[former]}}"
    ANSWERS[former-certificate]="$(answer certificate)${ANSWERS[former-certificate]:+ ${ANSWERS[former-certificate]}}"
    ANSWERS[former-key]="$(answer key)${ANSWERS[former-key]:+ ${ANSWERS[former-key]}}"
    ANSWERS[domain]=$WANTED ANSWERS[certificate]=$1 ANSWERS[key]=$2
    [ "$TLS" = none ] || stage "nginx pour les deux noms" front_do "L'instance marche comme avant, à https://$former."
    save_answers "$(next)"
    trap '' HUP INT TERM # from here on there is no half
    # shellcheck disable=SC2046
    systemctl stop $(running)
    printf 'le nom, dans les réglages et dans la base ...'
    attempt take
    if [ "$STATUS" != 0 ]; then
        show_failure
        printf "retour à l'ancien nom ..."
        attempt give_back
        [ "$STATUS" = 0 ] || fail "Le retour a échoué aussi : l'instance est arrêtée." "Le journal : $LOG"
        say " ✓"
        fail "Le changement a échoué ; l'instance marche comme avant, à https://$former." "Le journal : $LOG"
    fi
    say " ✓"
    arrive
}

# The answers as they will be; while they are here, the change is not over.
next() { echo "$ETC/install.answers.next"; }

take() {
    cp -p "$ETC/preau.env" "$ETC/preau.env.before"
    change_settings "PREAU_HOST=$(answer domain)" "PREAU_FORMER_HOSTS='$(answer former)'"
    as_preau domain take
}

# The accounts were not changed: it is all or none of them.
give_back() {
    mv "$ETC/preau.env.before" "$ETC/preau.env"
    rm -f "$(next)"
    unset 'ANSWERS[former]' 'ANSWERS[former-certificate]' 'ANSWERS[former-key]' 'ANSWERS[certificate]' 'ANSWERS[key]'
    recall_answers
    start_do
    [ "$TLS" = none ] || front_do
}

# What was cut short after the settings were written.
finish() {
    if [ -e "$(next)" ]; then read_answers "$(next)"; elif start_done; then
        say "L'instance s'appelle déjà $WANTED : https://$WANTED"
        exit 0
    fi
    # shellcheck disable=SC2046
    systemctl stop $(running)
    stage "le nom, dans la base" take_rows "L'instance est arrêtée : corrigez, puis relancez."
    arrive
}
take_rows() { as_preau domain take; }

arrive() {
    [ ! -e "$(next)" ] || mv "$(next)" "$ETC/install.answers"
    rm -f "$ETC/preau.env.before"
    stage "démarrage sous le nouveau nom" start_do "Corrigez, puis relancez : $COMMAND move-domain $WANTED"
    say "" "L'instance s'appelle $WANTED : https://$WANTED" \
        "Qui ne le sait pas encore : $COMMAND domain" \
        "Une nouvelle copie du fichier des clés est à garder : $COMMAND backup --keys-to DOSSIER"
    exit 0
}

back_up() { as_preau backup --to "$SAVES/upgrades" --keep 2; }

if [ "${1:-}" = --town ]; then
    place "${2:?--town attend un nom}"
    shift 2
else
    place
fi
main "$@"
