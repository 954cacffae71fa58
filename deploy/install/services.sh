# shellcheck shell=bash
# systemd's units: what runs always, and what runs each night or hour.

timers() { echo preau-backup.timer preau-night.timer preau-doctor.timer; }
running() {
    if [ "$FORM" = small ]; then echo preau.service; else
        echo preau-web.service preau-streaming.service preau-worker.service preau-beat.service
    fi
}
unit_files() { for each in $(running) $(timers); do echo "$each" "${each/.timer/.service}"; done | tr ' ' '\n' | sort -u; }

units_said() { say "services : $(running | tr '\n' ' ')et, à leurs heures : $(timers)"; }
units_done() {
    local each
    for each in $(unit_files); do
        cmp --silent "$ROOT/deploy/systemd/$each" "/etc/systemd/system/$each" || return 1
    done
    for each in $(running) $(timers); do
        [ "$(systemctl is-enabled "$each" 2>/dev/null)" = enabled ] || return 1
    done
}
units_do() {
    local each
    for each in $(unit_files); do
        install -m 644 "$ROOT/deploy/systemd/$each" "/etc/systemd/system/.$each.part"
        mv "/etc/systemd/system/.$each.part" "/etc/systemd/system/$each"
    done
    if has_systemd; then systemctl daemon-reload; fi
    # shellcheck disable=SC2046
    systemctl enable $(running) $(timers)
}
units_help() { say "systemd-analyze verify /etc/systemd/system/preau*.service dit ce qui ne va pas."; }

# The version that runs, as its last start wrote it down.
readonly STARTED=$ETC/started
version() { git -C "$ROOT" rev-parse HEAD; }

start_said() { say "démarrage, et première réponse"; }
start_done() {
    # shellcheck disable=SC2046
    [ "$(cat "$STARTED" 2>/dev/null)" = "$(version)" ] && systemctl is-active --quiet $(running) && answers_here
}
start_do() {
    local waited=0
    [ "$FORM" = small ] || systemctl start redis-server
    # shellcheck disable=SC2046
    systemctl restart $(running)
    # shellcheck disable=SC2046
    systemctl start $(timers)
    until answers_here; do
        waited=$((waited + 1))
        [ $waited -lt 60 ] || return 1
        sleep 1
    done
    version >"$STARTED"
}
start_help() { say "journalctl -u 'preau*' -n 50 dit pourquoi ; corrigez, puis relancez."; }

answers_here() {
    python3 - "$(answer domain)" <<'END'
import http.client, sys
line = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
line.request("GET", "/.well-known/nodeinfo", headers={"Host": sys.argv[1], "X-Forwarded-Proto": "https"})
answer = line.getresponse()
# Under maintenance it answers too.
sys.exit(answer.status != 200 and not (answer.status == 503 and answer.getheader("Retry-After")))
END
}
