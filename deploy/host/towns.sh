# shellcheck shell=bash disable=SC2154,SC2153
# The towns of this host: adding one, seeing them, stopping and starting one, and what is done to each in turn.

towns() { find "$HOST_ETC" -mindepth 2 -maxdepth 2 -name install.answers -printf '%h\n' 2>/dev/null | sed 's|.*/||' | sort; }
is_here() { [ -e "$HOST_ETC/$1/install.answers" ]; }

# of TOWN: this process speaks of that one from here on.
of() {
    [ -n "${1:-}" ] || fail "Il manque le nom de la ville." "preau-host list"
    place "$1"
    is_here "$1" || fail "Il n'y a pas de ville $1 ici." "preau-host list"
    recall_answers
}

host_add() {
    case ${1:-} in
        '' | -*) "$CLONE/deploy/install.sh" --help && exit 0 ;;
    esac
    local town=$1 script=$CLONE/deploy/install.sh
    shift
    (
        place "$town"
        ! rests >/dev/null || fail "$town ne tourne pas ($(rests))." "preau-host start $town, ou : preau-host remove $town"
    )
    # A town is repaired by its own version.
    [ ! -d "$TOWNS/$town" ] || script=$TOWNS/$town/deploy/install.sh
    exec "$script" --town "$town" "$@"
}

host_list() {
    printf '%s\t' VILLE ADRESSE ÉTAT VERSION PORT DONNÉES
    printf '%s\n' SAUVEGARDE
    local town
    for town in $(towns); do (of "$town" && line); done
}

line() {
    local last
    last=$(find "$SAVES" -mindepth 1 -maxdepth 1 -type d -name 'preau-*' 2>/dev/null | sort | tail -n 1)
    printf '%s\t' "$TOWN" "https://$(answer domain)" "$(state)" "$(version | head -c 10)" "$PORT" \
        "$(du --summarize --human-readable "$DATA" | cut -f 1)"
    last=${last##*-}
    printf '%s\n' "${last:-aucune}"
}

state() {
    if rests; then :
    elif [ ! -d "$CODE" ]; then echo "à finir : preau-host add $TOWN"
    elif systemctl is-active --quiet "$(running)"; then echo "en marche"
    else echo "en panne"; fi
}

host_stop() {
    of "${1:-}"
    alone
    ! gone || fail "$TOWN est $(rests)."
    stage "arrêt de $TOWN" put_to_rest
    say "$TOWN est arrêtée ; rien n'est effacé. Pour la remettre en marche : preau-host start $TOWN"
}

host_start() {
    of "${1:-}"
    ! gone || fail "$TOWN est $(rests) : en service à deux endroits, elle perdrait ce qu'elle reçoit." \
        "Si elle n'y sert pas, et ne doit jamais y servir : rm $ETC/resting ; puis relancez."
    alone
    stage "démarrage de $TOWN" wake
    say "$TOWN est en marche : https://$(answer domain)"
}

# Marked first: whatever stops the script, it does not start again by itself.
put_to_rest() {
    echo arrêtée >"$ETC/resting"
    rest
}

gone() { [[ $(rests) == partie* ]]; }

wake() {
    rm -f "$ETC/resting"
    units_do
    start_do
}

host_upgrade() {
    local town done=0 all
    mapfile -t all < <(towns)
    for town in "${all[@]}"; do
        if (of "$town" && { rests >/dev/null || [ ! -d "$CODE" ]; }); then
            say "— $town ne tourne pas : elle reste à sa version."
            continue
        fi
        say "— $town"
        "$TOWNS/$town/deploy/upgrade.sh" --town "$town" "$@" ||
            fail "$town n'est pas mise à jour ; $done sur ${#all[@]} le sont, et les suivantes n'ont pas été touchées." \
                "Corrigez, puis relancez : preau-host upgrade"
        done=$((done + 1))
    done
    [[ " $* " == *" --check "* ]] || { alone && follow; }
}

# The clone, whose scripts install the next towns, comes to the newest version that runs.
follow() {
    local newest
    newest=$(newest)
    # An instance that lives alone in the clone is upgraded by its own command.
    [ -e /etc/preau/install.answers ] || git -C "$CLONE" checkout --quiet --detach "$newest"
    drop_versions
}

host_doctor() {
    local town worst=0 status
    for town in $(towns); do
        say "━━ $town"
        if (of "$town" && rests); then continue; fi
        status=0
        "$TOWNS/$town/deploy/preau" "@$town" doctor "$@" || status=$?
        [ $status -le $worst ] || worst=$status
    done
    exit $worst
}
