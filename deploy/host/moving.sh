# shellcheck shell=bash disable=SC2154,SC2153,SC2034
# A town goes to another host with all that it has, over ssh; it serves at one place or at the other, never at both.

host_move() {
    of "${1:-}"
    local to=${2:-}
    [ -n "$to" ] || fail "Il manque la machine d'arrivée, telle que root@autre.exemple.fr." "preau-host move $TOWN MACHINE"
    alone
    there true || fail "$to ne laisse pas entrer cette machine par ssh, sans mot de passe." "ssh-copy-id $to ; puis relancez."
    there "$CLONE/deploy/preau-host" ready "$TOWN" "$(version)" "$(du --summarize --block-size=M "$DATA" | sed 's/M.*//')" || exit 1
    say "$TOWN va sur $to. Elle est fermée pendant le voyage ; ce que les autres lui écrivent attend chez eux."
    # Until it is written down that it has left, whatever happens has it serve here; from then on, never again here.
    trap 'return_here' EXIT
    stage "arrêt ici" put_to_rest
    stage "voyage" send
    trap - EXIT
    echo "partie sur $to" >"$ETC/resting"
    printf 'démarrage là-bas ...'
    attempt there "$CLONE/deploy/preau-host" start "$TOWN"
    [ "$STATUS" = 0 ] || { show_failure && fail "$TOWN est arrivée entière sur $to, et n'y a pas démarré." "Là-bas : preau-host start $TOWN"; }
    say " ✓" "$TOWN est en marche sur $to." \
        "Faites mener $(answer domain) à cette machine dans le DNS ; puis, là-bas : preau-host add $TOWN (pour le certificat)." \
        "Quand tout va bien : preau-host remove $TOWN, ici."
}

there() { ssh -o BatchMode=yes "$to" "$@"; }

# What did not arrive whole has changed nothing there, and goes on here.
return_here() {
    trap - EXIT
    attempt wake
    if [ "$STATUS" = 0 ]; then say "$TOWN n'est pas partie : elle marche de nouveau ici. Le journal : $LOG"; else
        say "$TOWN n'est pas partie, et ne démarre pas : preau-host start $TOWN. Le journal : $LOG"
    fi
}

send() {
    carry_certificate
    tar --create --directory / "${ETC#/}" "${DATA#/}" | there "$CLONE/deploy/preau-host" receive "$TOWN"
}

carry_certificate() {
    [ "$TLS" != none ] || return 0
    local name to
    for name in $(names); do
        to=$ETC/tls/$name
        install -d -m 700 "$ETC/tls" "$to"
        cat "$(certificate_file "$name")" >"$to/fullchain.pem.part"
        (umask 077 && cat "$(key_file "$name")" >"$to/privkey.pem.part")
        mv "$to/fullchain.pem.part" "$to/fullchain.pem"
        mv "$to/privkey.pem.part" "$to/privkey.pem"
    done
}

# ready TOWN VERSION MEGABYTES: may that town come here?
host_ready() {
    (place "$1" && may_come) || fail "$(hostname) a déjà une ville $1." "Sur $(hostname) : preau-host list"
    git -C "$CLONE" merge-base --is-ancestor "$2" HEAD 2>/dev/null ||
        fail "$(hostname) a une version plus ancienne de Préau que cette machine (${2:0:10})." "Sur $(hostname) : git -C $CLONE pull ; preau-host upgrade"
    local free
    install -d -m 755 "$HOST_DATA"
    free=$(df --output=avail --block-size=M "$HOST_DATA" | tail -n 1 | tr -dc 0-9)
    [ "$free" -gt $(($3 + 1000)) ] || fail "Il reste $free Mo sur $(hostname) ; il en faut $(($3 + 1000))."
}

# One that arrived and never started here may arrive again.
may_come() { ! is_here "$TOWN" || [ "$(rests)" = arrivée ]; }

# receive TOWN: what `send` sends, from standard input; all of it, or nothing. It does not start yet.
host_receive() {
    place "$1"
    may_come || fail "$(hostname) a déjà une ville $1."
    alone
    FORM=small
    bag=$HOST_DATA/.$1.part
    rm -rf "$bag"
    install -d -m 700 "$bag"
    trap 'rm -rf "$bag"' EXIT
    tar --extract --directory "$bag" --no-same-owner
    { [ -s "$bag$ETC/preau.env" ] && [ -s "$bag$ETC/install.answers" ] && [ -d "$bag$DATA" ]; } ||
        fail "Il n'est arrivé qu'une partie de $1."
    trap 'undo_receiving' EXIT
    unpack
    "$CLONE/deploy/install.sh" --town "$1" --yes
    rm -rf "$bag"
    trap - EXIT
}

unpack() {
    getent passwd "$ACCOUNT" >/dev/null || useradd --system --user-group --home-dir "$DATA" --shell /usr/sbin/nologin "$ACCOUNT"
    rm -rf "$DATA" "$ETC"
    install -d -m 755 "$HOST_ETC"
    mv "$bag$DATA" "$DATA"
    chown -R "$ACCOUNT:$ACCOUNT" "$DATA"
    local answers=$bag$ETC/install.answers domain former
    domain=$(sed -n 's/^domain=//p' "$answers") former=$(sed -n 's/^former=//p' "$answers")
    # The port is of this host; a certificate that was a file there is the one that came along.
    sed -i -e '/^port=/d' -e "s|^certificate=.*|certificate=$ETC/tls/$domain/fullchain.pem|; s|^key=.*|key=$ETC/tls/$domain/privkey.pem|" \
        -e "s|^former-certificate=.*|former-certificate=$(came_along fullchain.pem $former)|" \
        -e "s|^former-key=.*|former-key=$(came_along privkey.pem $former)|" "$answers"
    rm -f "$bag$ETC/started" "$bag$ETC/served"
    echo arrivée >"$bag$ETC/resting"
    mv "$bag$ETC" "$ETC"
    chown -R root:root "$ETC"
    chown "root:$ACCOUNT" "$ETC/preau.env"
}

# came_along FILE [NAME ...]
came_along() {
    local file=$1 found=""
    shift
    for name; do found="$found $ETC/tls/$name/$file"; done
    echo "${found# }"
}

undo_receiving() {
    trap - EXIT
    recall_answers
    attempt rest
    attempt forget
    rm -rf "$bag"
}
