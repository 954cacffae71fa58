# shellcheck shell=bash
# The house itself: its tables and keys, the organisation, and the first person who may let others in.

organisation_said() { say "la collectivité : $(answer organisation), SIREN $(answer siren)"; }
organisation_do() {
    [ "$FORM" = small ] || start_postgresql
    as_preau setup --once --name "$(answer organisation)" --short-name "$(answer short-name)" --siren "$(answer siren)" \
        --kind "$(answer kind)"
}
organisation_help() { say "La phrase au-dessus dit quel réglage corriger : $ETC/preau.env, ou l'option du même nom ; puis relancez."; }

admin_login() { as_preau agents list | awk -F '\t' '$3 == "admin" && NF == 3 { print $1; exit }'; }
admin_said() { say "la personne qui administre : $(answer admin)"; }
admin_done() { [ -n "$(admin_login)" ]; }
admin_do() {
    touch "$(unshown)"
    as_preau agents invite "$(answer admin)" --role admin >/dev/null
}
admin_help() { say "$COMMAND agents list montre qui a un compte ; $COMMAND agents invite \"Prénom Nom\" --role admin en ouvre un."; }

unshown() { echo "$ETC/unshown"; } # while nobody has been shown a way in, however often this is interrupted before
# Nobody administers who has a password, or a link that still opens.
nobody_can_enter() { ! as_preau doctor --only administrateurs >/dev/null 2>&1; }

tell_way_in() {
    local login link
    login=$(admin_login)
    if [ -e "$(unshown)" ] || nobody_can_enter; then
        link=$(as_preau agents link "$login")
        say "Connexion de $login, valable une seule fois, pendant quatorze jours :" "" "    $link" ""
        rm -f "$(unshown)"
    else
        say "$login administre déjà cette instance. Pour un nouveau lien de connexion : $COMMAND agents link $login"
    fi
}
