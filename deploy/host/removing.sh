# shellcheck shell=bash disable=SC2154,SC2153
# A town leaves this host: a last backup with its settings, then nothing of it is left.

readonly REMOVED=$HOST_SAVES/.removed

host_remove() {
    of "${1:-}"
    local agreed=${2:-}
    if [ "$agreed" != --yes ]; then
        say "Efface $TOWN (https://$(answer domain)) de cette machine : ses publications, ses comptes, ses clés." \
            "Les collectivités partenaires ne sont pas prévenues d'elles-mêmes : preau @$TOWN peers revoke NOM, avant."
        [ -t 0 ] || fail "Il manque votre accord, et personne n'est au clavier." "preau-host remove $TOWN --yes"
        read -r -p "Tapez son nom pour l'effacer : " agreed
        [ "$agreed" = "$TOWN" ] || fail "Rien n'a été changé."
    fi
    alone
    local kept
    kept=$REMOVED/$TOWN-$(date +%Y%m%d-%H%M%S)
    if [ -d "$CODE" ] && [ -d "$DATA" ]; then
        gone || stage "dernière sauvegarde" last_backup
        stage "mise de côté dans $kept" put_aside
        gone || say "Ses réglages et ses clés y sont aussi. Tant que vous gardez $kept, $TOWN peut revivre : docs/operations/heberger-plusieurs-communes.md"
    fi
    stage "arrêt" rest
    stage "effacement" forget
    say "$TOWN n'est plus ici."
}

last_backup() {
    install -d -o "$ACCOUNT" -g "$ACCOUNT" -m 700 "$SAVES" # an interrupted removal has taken it away already
    as_preau backup --to "$SAVES"
}

put_aside() {
    install -d -m 700 "$REMOVED" "$kept"
    gone || cp -a "$ETC/preau.env" "$ETC/install.answers" "$kept/" # its keys have gone with it
    [ ! -d "$SAVES" ] || mv "$SAVES" "$kept/backups"
    chown -R root:root "$kept"
}

# The answers last: until they are gone, the same command finishes what was interrupted.
forget() {
    forget_units
    [ "$TLS" = none ] || forget_site
    local name
    for name in $(names); do
        [ "$TLS" != letsencrypt ] || [ ! -d "$(lineage "$name")" ] || certbot delete --non-interactive --cert-name "$name"
    done
    rm -rf "$DATA"
    [ ! -d "$SAVES" ] || rmdir --ignore-fail-on-non-empty "$SAVES" # backups are never erased here
    rm -f "$CODE"
    drop_versions
    ! getent passwd "$ACCOUNT" || userdel "$ACCOUNT"
    rm -rf "$ETC"
}
