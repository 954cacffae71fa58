# shellcheck shell=bash
# nginx before the instance: TLS, the name, and what no slow client may hold.

readonly WEBROOT=/var/www/html
site_file() { echo "/etc/nginx/sites-available/$SITE_NAME"; }
served() { echo "$ETC/served"; } # younger than the site that nginx took

# Each name has a certificate of its own: that a former one is lost some day must not touch the present one.
# shellcheck disable=SC2046
names() { printf '%s\n' "$(answer domain)" $(answer former); }

# A town that has moved here brings its certificate, which serves until this host may ask for one.
lineage() { echo "/etc/letsencrypt/live/$1"; }
tls_folder() { if [ ! -r "$(lineage "$1")/fullchain.pem" ] && [ -r "$ETC/tls/$1/fullchain.pem" ]; then echo "$ETC/tls/$1"; else lineage "$1"; fi; }
certificate_file() { if [ "$TLS" = files ]; then file_of certificate "$1"; else echo "$(tls_folder "$1")/fullchain.pem"; fi; }
key_file() { if [ "$TLS" = files ]; then file_of key "$1"; else echo "$(tls_folder "$1")/privkey.pem"; fi; }

# file_of certificate|key NAME
# shellcheck disable=SC2046
file_of() { paste -d ' ' <(names) <(printf '%s\n' "$(answer "$1")" $(answer "former-$1")) | sed -n "s|^$2 ||p"; }

# The site in words of this nginx: since 1.25 HTTP/2 is said apart. In the form of one process, one port serves all.
# Former names have servers of their own in it, the model's but for what it says once.
site() {
    local name
    site_of "$(answer domain)" <"$ROOT/deploy/nginx.conf"
    for name in $(answer former); do sed '/^map /,/^}/d; /^#/d' "$ROOT/deploy/nginx.conf" | site_of "$name"; done
}

site_of() {
    local streaming=8001 http2='s/^$/&/'
    [ "$FORM" = large ] || streaming=8000
    if dpkg --compare-versions "$(dpkg-query -W -f='${Version}' nginx)" ge 1.25; then
        http2='s/^\( *\)listen 443 ssl http2;/\1http2 on;\n\1listen 443 ssl;/; s/ ssl http2;/ ssl;/'
    fi
    sed -e "s/rsi\.exemple\.fr/$1/g" \
        -e "s|/etc/letsencrypt/live/[^/]*/fullchain.pem|$(certificate_file "$1")|; s|/etc/letsencrypt/live/[^/]*/privkey.pem|$(key_file "$1")|" \
        -e "s/127\.0\.0\.1:8001/127.0.0.1:$streaming/; s/127\.0\.0\.1:8000/127.0.0.1:$PORT/" -e "$http2" \
        -e "s/\bpreau_connection\b/${SITE_NAME//-/_}_connection/; s|/preau\.error|/$SITE_NAME.error|"
}

certified() {
    local name
    for name in $(names); do [ -r "$(lineage "$name")/fullchain.pem" ] || return 1; done
}
readable() {
    local name
    for name in $(names); do [ -r "$(certificate_file "$name")" ] || return 1; done
}

front_said() { say "nginx pour https://$(answer domain)$([ "$TLS" = files ] || echo ", avec un certificat de Let's Encrypt")"; }
front_done() {
    cmp --silent "$(site_file)" <(printf '%s\n' "$(site)") && [ -e "/etc/nginx/sites-enabled/$SITE_NAME" ] &&
        readable && [ "$(served)" -nt "$(site_file)" ] || return 1
    [ "$TLS" = files ] || certified || return 1
    ! has_systemd || systemctl is-active nginx
}
front_do() {
    [ "$TLS" = files ] || certified || ask_letsencrypt || readable
    put_site "$(site)"
    [ -z "$TOWN" ] || refuse_other_names
    reload_nginx
}
front_help() {
    say "nginx -t dit ce qui ne va pas. Let's Encrypt doit pouvoir joindre http://$(answer domain) : le nom mène-t-il à cette machine, et le port 80 est-il ouvert ?"
}

# nginx answers the challenge before there is a certificate, by the first half of the site alone; what it serves already
# goes on meanwhile.
ask_letsencrypt() {
    local name
    install -d "$WEBROOT"
    for name in $(names); do
        [ -r "$(lineage "$name")/fullchain.pem" ] || ask_letsencrypt_for "$name" || return 1
    done
}

ask_letsencrypt_for() {
    local challenge="server {
    listen 80;
    listen [::]:80;
    server_name $1;
    location /.well-known/acme-challenge/ { root $WEBROOT; }
}"
    put_site "$challenge
$(cat "$(site_file)" 2>/dev/null)" || put_site "$challenge"
    reload_nginx
    certbot certonly --non-interactive --agree-tos --email "$(answer email)" --webroot --webroot-path "$WEBROOT" \
        --domain "$1" --deploy-hook "systemctl reload nginx"
}

# A name that leads here and is no town's is not shown the certificate of one; unless another site does that already.
refuse_other_names() {
    local file=/etc/nginx/conf.d/preau-host.conf
    printf 'server {\n    listen %s default_server;\n    listen [::]:%s default_server;\n    ssl_reject_handshake on;\n}\n' \
        "$(listened)" "$(listened)" >"$file"
    nginx -t || rm "$file"
}
listened() { sed -n 's/^ *listen \(443.*\);/\1/p' "$(site_file)"; }

# A site that nginx does not take is not left there: it would keep every other from starting.
put_site() {
    local file enabled=/etc/nginx/sites-enabled/$SITE_NAME
    file=$(site_file)
    printf '%s\n' "$1" >"$file.part"
    [ ! -e "$file" ] || cp -p "$file" "$file.before"
    mv "$file.part" "$file"
    ln -sfn "$file" "$enabled"
    nginx -t || {
        if [ -e "$file.before" ]; then mv "$file.before" "$file"; else rm -f "$file" "$enabled"; fi
        return 1
    }
    rm -f "$file.before"
}

forget_site() {
    [ -e "$(site_file)" ] || return 0
    rm -f "/etc/nginx/sites-enabled/$SITE_NAME" "$(site_file)"
    reload_nginx
}

reload_nginx() {
    if has_systemd; then
        systemctl enable nginx
        systemctl reload-or-restart nginx
    fi
    touch "$(served)"
}
