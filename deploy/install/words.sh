# shellcheck shell=bash disable=SC2154,SC2034
# What the one who installs reads: the plan, each step as it goes, and for each failure what to type next.

say() { printf '%s\n' "$@"; }

# Nobody else installs or upgrades meanwhile.
alone() {
    [ -z "${PREAU_ALONE:-}" ] || return 0
    exec 9>/run/preau-installing
    flock --nonblock 9 || fail "Une autre installation ou mise à jour est en cours sur cette machine."
    export PREAU_ALONE=$$ # what this one runs belongs to it
}

# fail WHAT [WHAT TO DO]
fail() {
    printf '\n✗ %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf '  → %s\n' "$2" >&2
    exit 1
}

is_done() { declare -F "$1_done" >/dev/null && "$1_done" >/dev/null 2>&1; }

tell_plan() {
    say "" "Préau pour $(answer organisation)${TOWN:+ ($TOWN)}, à https://$(answer domain), sur cette machine ($PRETTY_NAME) :"
    [ "$FORM" = large ] || say "Forme : petite, un seul processus et SQLite."
    [ "$FORM" = small ] || say "Forme : grande, PostgreSQL, Redis et plusieurs processus."
    [ "$TLS" != letsencrypt ] || getent ahosts "$(answer domain)" >/dev/null ||
        say "! Le nom $(answer domain) ne mène nulle part pour l'instant : Let's Encrypt refusera le certificat."
    local number=0
    for step in "${STEPS[@]}"; do
        number=$((number + 1))
        printf '  %2d. %s%s\n' "$number" "$("${step}_said")" "$(is_done "$step" && echo ' (déjà fait)')"
    done
    say "" "Détails de chaque étape : $LOG" ""
}

confirm() {
    [ "$YES" = no ] || return 0
    [ -t 0 ] || fail "Il manque votre accord, et personne n'est au clavier." "Ajoutez --yes à la commande."
    local agreed
    read -r -p "Continuer ? [o/N] " agreed
    case $agreed in o | O | oui | y | yes) ;; *) fail "Rien n'a été changé." ;; esac
}

# In a shell of its own, which ends at the first command that fails; its status is in STATUS.
attempt() {
    printf '\n== %s %s\n' "$(date -Is)" "$*" >>"$LOG"
    set +e
    (
        set -e
        "$@"
    ) </dev/null >>"$LOG" 2>&1 9>&- # what it starts does not hold the lock
    STATUS=$?
    set -e
}

show_failure() {
    say " ✗"
    tail -n 12 "$LOG" | sed 's/^/    /' >&2
}

# stage WHAT FUNCTION [WHEN_IT_FAILS]: TIDY, if it is set, is what goes first then.
stage() {
    printf '%s ...' "$1"
    attempt "$2"
    if [ "$STATUS" != 0 ]; then
        show_failure
        ${TIDY:-true}
        fail "Cette étape a échoué.${3:+ $3}" "Le journal entier : $LOG"
    fi
    say " ✓"
}

# perform STEP NUMBER OF
perform() {
    local begun=$SECONDS
    printf '[%d/%d] %s ' "$2" "$3" "$("$1_said")"
    if is_done "$1"; then
        say "✓ déjà fait"
        return
    fi
    printf '...'
    # What runs is not what is here any more; the organisation is looked at each time, by the instance itself.
    [ "$1" = organisation ] || rm -f "$(started)"
    attempt "$1_do"
    [ "$STATUS" = 0 ] || {
        show_failure
        fail "Cette étape a échoué (les dernières lignes de $LOG sont au-dessus)." "$("$1_help")"
    }
    say " ✓ ($((SECONDS - begun)) s)"
}

tell_end() {
    say "" "Préau est installé : https://$(answer domain)"
    if ! has_systemd; then
        say "systemd ne tourne pas ici : les services sont installés, mais pas démarrés."
    fi
    if rests >/dev/null; then
        say "L'instance ne tourne pas ($(rests))."
        return
    fi
    tell_way_in
    say "Les secrets sont dans $ETC/preau.env : gardez-en une copie à part des sauvegardes."
}
