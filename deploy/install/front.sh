# shellcheck shell=bash
# nginx before the instance: TLS, the name, and what no slow client may hold.

readonly WEBROOT=/var/www/html
site_file() { echo "/etc/nginx/sites-available/$SITE_NAME"; }
served() { echo "$ETC/served"; } # younger than the site that nginx took

# A town that has moved here brings its certificate, which serves until this host may ask for one.
lineage() { echo "/etc/letsencrypt/live/$(answer domain)"; }
tls_folder() { if [ ! -r "$(lineage)/fullchain.pem" ] && [ -r "$ETC/tls/fullchain.pem" ]; then echo "$ETC/tls"; else lineage; fi; }
certificate_file() { if [ "$TLS" = files ]; then answer certificate; else echo "$(tls_folder)/fullchain.pem"; fi; }
key_file() { if [ "$TLS" = files ]; then answer key; else echo "$(tls_folder)/privkey.pem"; fi; }

# The site in words of this nginx: since 1.25 HTTP/2 is said apart. In the form of one process, one port serves all.
site() {
    local streaming=8001 http2='s/^$/&/'
    [ "$FORM" = large ] || streaming=8000
    if dpkg --compare-versions "$(dpkg-query -W -f='${Version}' nginx)" ge 1.25; then
        http2='s/^\( *\)listen 443 ssl http2;/\1http2 on;\n\1listen 443 ssl;/; s/ ssl http2;/ ssl;/'
    fi
    sed -e "s/rsi\.exemple\.fr/$(answer domain)/g" \
        -e "s|/etc/letsencrypt/live/[^/]*/fullchain.pem|$(certificate_file)|; s|/etc/letsencrypt/live/[^/]*/privkey.pem|$(key_file)|" \
        -e "s/127\.0\.0\.1:8001/127.0.0.1:$streaming/; s/127\.0\.0\.1:8000/127.0.0.1:$PORT/" -e "$http2" \
        -e "s/\bpreau_connection\b/${SITE_NAME//-/_}_connection/; s|/preau\.error|/$SITE_NAME.error|" "$ROOT/deploy/nginx.conf"
}

front_said() { say "nginx pour https://$(answer domain)$([ "$TLS" = files ] || echo ", avec un certificat de Let's Encrypt")"; }
front_done() {
    cmp --silent "$(site_file)" <(site) && [ -e "/etc/nginx/sites-enabled/$SITE_NAME" ] && [ -r "$(certificate_file)" ] &&
        [ "$(served)" -nt "$(site_file)" ] || return 1
    [ "$TLS" = files ] || [ -r "$(lineage)/fullchain.pem" ] || return 1
    ! has_systemd || systemctl is-active nginx
}
front_do() {
    [ "$TLS" = files ] || [ -r "$(lineage)/fullchain.pem" ] || ask_letsencrypt || [ -r "$ETC/tls/fullchain.pem" ]
    put_site "$(site)"
    [ -z "$TOWN" ] || refuse_other_names
    reload_nginx
}
front_help() {
    say "nginx -t dit ce qui ne va pas. Let's Encrypt doit pouvoir joindre http://$(answer domain) : le nom mène-t-il à cette machine, et le port 80 est-il ouvert ?"
}

# nginx answers the challenge before there is a certificate, by the first half of the site alone.
ask_letsencrypt() {
    install -d "$WEBROOT"
    put_site "server {
    listen 80;
    listen [::]:80;
    server_name $(answer domain);
    location /.well-known/acme-challenge/ { root $WEBROOT; }
}"
    reload_nginx
    certbot certonly --non-interactive --agree-tos --email "$(answer email)" --webroot --webroot-path "$WEBROOT" \
        --domain "$(answer domain)" --deploy-hook "systemctl reload nginx"
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
