#!/bin/sh
# Sees that the Debian packages which the tests need are there, and installs them when it may.
set -eu

missing=""
need() { missing="$missing $1"; }

ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need postgresql
command -v redis-server >/dev/null || need redis-server
[ -x /usr/sbin/pgbouncer ] || need pgbouncer
command -v chromium >/dev/null || need chromium
ls /usr/share/fonts/truetype/*/*.ttf >/dev/null 2>&1 || need fonts-dejavu-core
command -v git >/dev/null || need git
command -v setpriv >/dev/null || need util-linux
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "The tests need Debian packages that are missing:$missing" >&2
    echo "Install them as root, then run make test again: apt-get update && $install" >&2
    exit 1
fi
echo "Installing the Debian packages that the tests need:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive $install -qq >&2
