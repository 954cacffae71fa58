# shellcheck shell=bash
# nginx before the instance: TLS, the name, and what no slow client may hold.

readonly SITE=/etc/nginx/sites-available/preau WEBROOT=/var/www/html
readonly SERVED=$ETC/served # younger than the site that nginx took

certificate_file() { if [ "$TLS" = files ]; then answer certificate; else echo "/etc/letsencrypt/live/$(answer domain)/fullchain.pem"; fi; }
key_file() { if [ "$TLS" = files ]; then answer key; else echo "/etc/letsencrypt/live/$(answer domain)/privkey.pem"; fi; }

# The site in words of this nginx: since 1.25 HTTP/2 is said apart. In the form of one process, one port serves all.
site() {
    local streaming=8001 http2='s/^$/&/'
    [ "$FORM" = large ] || streaming=8000
    if dpkg --compare-versions "$(dpkg-query -W -f='${Version}' nginx)" ge 1.25; then
        http2='s/^\( *\)listen 443 ssl http2;/\1http2 on;\n\1listen 443 ssl;/; s/ ssl http2;/ ssl;/'
    fi
    sed -e "s/rsi\.exemple\.fr/$(answer domain)/g" \
        -e "s|/etc/letsencrypt/live/[^/]*/fullchain.pem|$(certificate_file)|; s|/etc/letsencrypt/live/[^/]*/privkey.pem|$(key_file)|" \
        -e "s/127\.0\.0\.1:8001/127.0.0.1:$streaming/" -e "$http2" "$ROOT/deploy/nginx.conf"
}

front_said() { say "nginx pour https://$(answer domain)$([ "$TLS" = files ] || echo ", avec un certificat de Let's Encrypt")"; }
front_done() {
    cmp --silent "$SITE" <(site) && [ -e /etc/nginx/sites-enabled/preau ] && [ -r "$(certificate_file)" ] && [ "$SERVED" -nt "$SITE" ] || return 1
    ! has_systemd || systemctl is-active nginx
}
front_do() {
    [ "$TLS" = files ] || [ -r "$(certificate_file)" ] || ask_letsencrypt
    put_site "$(site)"
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

# A site that nginx does not take is not left there: it would keep every other from starting.
put_site() {
    printf '%s\n' "$1" >"$SITE.part"
    [ ! -e "$SITE" ] || cp -p "$SITE" "$SITE.before"
    mv "$SITE.part" "$SITE"
    ln -sfn "$SITE" /etc/nginx/sites-enabled/preau
    nginx -t || {
        if [ -e "$SITE.before" ]; then mv "$SITE.before" "$SITE"; else rm -f "$SITE" /etc/nginx/sites-enabled/preau; fi
        return 1
    }
    rm -f "$SITE.before"
}

reload_nginx() {
    if has_systemd; then
        systemctl enable nginx
        systemctl reload-or-restart nginx
    fi
    touch "$SERVED"
}
