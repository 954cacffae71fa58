#!/bin/sh
# Stands where systemd does not run: starts and stops Préau's units by their own command lines, as their own account.
# nginx too, when /run/units/nginx is there. What only changes files (enable, is-enabled) is left to the real one.
set -u
verb=$1
shift
case $verb in
    start | stop | restart | reload | reload-or-restart | is-active) ;;
    daemon-reload) exit 0 ;;
    *) SYSTEMD_OFFLINE=1 exec /usr/bin/systemctl "$verb" "$@" ;;
esac

said() { sed -n "s/^$2=//p" "/etc/systemd/system/$1"; }

as_it_says() { # UNIT COMMAND
    exec setpriv --reuid "$(said "$1" User)" --regid "$(said "$1" Group)" --init-groups --no-new-privs \
        python3 -I "$(said "$1" WorkingDirectory)/instance/environment_file.py" "$(said "$1" EnvironmentFile)" try \
        sh -c "cd $(said "$1" WorkingDirectory); umask $(said "$1" UMask); exec $2"
}

pid_of() { cat "/run/units/$1" 2>/dev/null; }
is_active() { kill -0 "$(pid_of "$1")" 2>/dev/null; }

start() {
    ! is_active "$1" || return 0
    said "$1" ExecStartPre | while read -r line; do (as_it_says "$1" "$line") || exit 1; done || return 1
    (as_it_says "$1" "$(said "$1" ExecStart)") >>"/var/log/$1.log" 2>&1 </dev/null 9>&- &
    echo $! >"/run/units/$1"
}

stop() {
    is_active "$1" || return 0
    kill "$(pid_of "$1")"
    waited=0
    while is_active "$1"; do
        waited=$((waited + 1))
        [ $waited -lt 200 ] || kill -9 "$(pid_of "$1")"
        sleep 0.1
    done
}

nginx_runs() { kill -0 "$(cat /run/nginx.pid 2>/dev/null)" 2>/dev/null; }

nginx_too() {
    case $verb in
        is-active) nginx_runs ;;
        stop) ! nginx_runs || nginx -s stop ;;
        *) if nginx_runs; then nginx -s reload; else nginx </dev/null >>/var/log/nginx.start.log 2>&1 9>&-; fi ;;
    esac
}

mkdir -p /run/units
for unit; do
    case $unit in
        preau*.service) ;;
        nginx | nginx.service)
            [ ! -e /run/units/nginx ] || nginx_too || exit 1
            continue
            ;;
        *) continue ;; # timers, and what others start
    esac
    case $verb in
        start) start "$unit" ;;
        stop) stop "$unit" ;;
        restart | reload*) stop "$unit" && start "$unit" ;;
        is-active) is_active "$unit" ;;
    esac || exit 1
done
