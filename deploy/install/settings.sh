# shellcheck shell=bash disable=SC2154
# The settings file: written once, with secrets drawn on this machine; afterwards it is the admin's.

settings_said() { say "réglages $ETC/preau.env, avec des secrets tirés au hasard ici"; }
settings_done() { [ -n "$(installed PREAU_KEYS_SECRET)" ] && [ "$(stat -c '%U:%G %a' "$ETC/preau.env")" = "root:$ACCOUNT 640" ]; }
settings_do() {
    if [ ! -e "$ETC/preau.env" ]; then
        local database=""
        [ "$FORM" = small ] || database=$(database_url)
        PREAU_HOST=$(answer domain) PREAU_ADMIN_EMAIL=$(answer email) DATABASE_URL=$database PREAU_DATA=$DATA \
            python3 "$ROOT/deploy/install/settings.py" "$ETC/preau.env"
    fi
    chown "root:$ACCOUNT" "$ETC/preau.env"
    chmod 640 "$ETC/preau.env"
}
# change_settings NAME=VALUE ...: all of them in one go, or none.
change_settings() { python3 "$ROOT/deploy/install/settings.py" --change "$ETC/preau.env" "$@"; }
settings_help() { say "Un réglage manque dans $ETC/preau.env ; chacun est expliqué dans $ROOT/deploy/env.sample"; }
