# shellcheck shell=bash disable=SC2154
# The machine: Debian's packages, the account under which the instance runs, and its Python environment.

has_systemd() { [ -d /run/systemd/system ]; }

# As the instance's account, with its settings: as_preau agents list
as_preau() { "$CODE/deploy/preau" "$@"; }

wanted_packages() {
    echo systemd ca-certificates git make python3 python3-venv logrotate
    [ "$FORM" = small ] || echo postgresql redis-server
    [ "$TLS" = none ] || echo nginx
    [ "$TLS" != letsencrypt ] || echo certbot
}

packages_said() { say "paquets Debian : $(wanted_packages | tr "\n" " " | sed "s, $,,")"; }
packages_done() {
    local each
    for each in $(wanted_packages); do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$each")" = installed ] || return 1
    done
}
packages_do() {
    local apt=(apt-get -o DPkg::Lock::Timeout=300 -y)
    dpkg --configure -a
    "${apt[@]}" --fix-broken install
    apt-get update
    # shellcheck disable=SC2046
    "${apt[@]}" install --no-install-recommends $(wanted_packages)
}
packages_help() { say "Vérifiez l'accès de la machine aux dépôts de Debian : apt-get update ; puis relancez."; }

account_said() { say "compte système $ACCOUNT, dossiers $DATA, $SAVES et $ETC, commande preau"; }
account_done() {
    [ "$(stat -c '%U:%G %a' "$DATA")" = "$ACCOUNT:$ACCOUNT 750" ] &&
        [ "$(stat -c '%U:%G %a' "$SAVES")" = "$ACCOUNT:$ACCOUNT 700" ] &&
        [ "$(stat -c '%U:%G %a' "$ETC")" = "root:$ACCOUNT 750" ] &&
        cmp --silent "$ROOT/deploy/logrotate.conf" /etc/logrotate.d/preau &&
        [ "$(readlink /usr/local/bin/preau)" = "$CLONE/deploy/preau" ] &&
        [ "$(readlink /usr/local/bin/preau-host)" = "$CLONE/deploy/preau-host" ]
}
account_do() {
    getent passwd "$ACCOUNT" || useradd --system --user-group --home-dir "$DATA" --shell /usr/sbin/nologin "$ACCOUNT"
    [ -z "$TOWN" ] || install -d -m 755 "$HOST_DATA" "$HOST_SAVES"
    install -d -o "$ACCOUNT" -g "$ACCOUNT" -m 750 "$DATA"
    install -d -o "$ACCOUNT" -g "$ACCOUNT" -m 700 "$SAVES"
    install -d -o root -g "$ACCOUNT" -m 750 "$ETC"
    install -m 644 "$ROOT/deploy/logrotate.conf" /etc/logrotate.d/preau
    ln -sfn "$CLONE/deploy/preau" "$CLONE/deploy/preau-host" /usr/local/bin/
}
account_help() { say "Un compte ou un dossier de ce nom existe peut-être déjà : ls -ld $DATA $SAVES $ETC ; id $ACCOUNT"; }

readonly CATALOGUE=locale/en/LC_MESSAGES/django.mo
code_said() { say "environnement Python dans $CODE/.venv, aux versions exactes de requirements.lock"; }
code_done() { make -C "$CODE" --question .venv/runtime.stamp "$CATALOGUE"; }
code_do() {
    if [ -n "$TOWN" ] && [ ! -e "$CODE" ]; then
        install -d "$VERSIONS"
        local newest
        newest=$(newest)
        put_version "$newest"
        lead_to "$newest"
    fi
    make -C "$CODE" install
}
code_help() { say "Vérifiez l'accès de la machine à l'index des paquets Python (un mandataire ? voir pip config) ; puis relancez."; }
