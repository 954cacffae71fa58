# shellcheck shell=bash
# systemd's units: what runs always, and what runs each night or hour.

# Those of a town are made of the same ones: preau@saint-aubin.service, preau-backup@saint-aubin.timer.
of_place() { echo "${@/./${TOWN:+@$TOWN}.}"; }
timers() { of_place preau-backup.timer preau-night.timer preau-doctor.timer; }
running() {
    if [ "$FORM" = small ]; then of_place preau.service; else
        echo preau-web.service preau-streaming.service preau-worker.service preau-beat.service
    fi
}
unit_files() { for each in $(running) $(timers); do echo "$each" "${each/.timer/.service}"; done | tr ' ' '\n' | sort -u; }

# unit NAME: its text. In a town's, what it may touch is its own, and it can answer at no port but its own.
unit() {
    local model=$ROOT/deploy/systemd/${1/@$TOWN/}
    [ -n "$TOWN" ] || { cat "$model" && return; }
    sed -e "s/^\(User\|Group\)=preau$/\1=$ACCOUNT/; s|/etc/preau/|$ETC/|g; s|/opt/preau|$CODE|g; s|/var/backups/preau|$SAVES|g" \
        -e "s|^StateDirectory=preau$|StateDirectory=${DATA#/var/lib/}|; s/--port 8000/--port $PORT/; s/=tcp:8000/=tcp:$PORT/" \
        -e "s/^Description=Préau/& de $TOWN/; s/^RandomizedDelaySec=20m/RandomizedDelaySec=1h/" "$model"
}

units_said() { say "services : $(running | tr '\n' ' ')et, à leurs heures : $(timers)"; }
units_done() {
    local each
    for each in $(unit_files); do
        cmp --silent <(unit "$each") "/etc/systemd/system/$each" || return 1
    done
    ! rests || return 0
    for each in $(running) $(timers); do
        [ "$(systemctl is-enabled "$each" 2>/dev/null)" = enabled ] || return 1
    done
}
units_do() {
    local each
    for each in $(unit_files); do
        unit "$each" >"/etc/systemd/system/.$each.part"
        mv "/etc/systemd/system/.$each.part" "/etc/systemd/system/$each"
    done
    if has_systemd; then systemctl daemon-reload; fi
    # shellcheck disable=SC2046
    rests || systemctl enable $(running) $(timers)
}
# Neither now nor at the next start of the machine.
rest() {
    # shellcheck disable=SC2046
    systemctl stop $(unit_files) # with a backup that may be under way
    # shellcheck disable=SC2046
    systemctl disable $(running) $(timers)
}
forget_units() {
    unit_files | sed 's|^|/etc/systemd/system/|' | xargs rm -f
    if has_systemd; then systemctl daemon-reload; fi
}

units_help() { say "systemd-analyze verify $(unit_files | sed "s|^|/etc/systemd/system/|" | tr "\n" " ")dit ce qui ne va pas."; }

# The version that runs, as its last start wrote it down.
started() { echo "$ETC/started"; }

start_said() { say "démarrage, et première réponse"; }
start_done() {
    # shellcheck disable=SC2046
    [ "$(cat "$(started)" 2>/dev/null)" = "$(version)" ] && systemctl is-active --quiet $(running) && answers_here
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
    version >"$(started)"
}
start_help() { say "journalctl -u '$(running | sed "s/ .*//")' -n 50 dit pourquoi ; corrigez, puis relancez."; }

answers_here() {
    python3 - "$(answer domain)" "$PORT" <<'END'
import http.client, sys
line = http.client.HTTPConnection("127.0.0.1", int(sys.argv[2]), timeout=5)
line.request("GET", "/.well-known/nodeinfo", headers={"Host": sys.argv[1], "X-Forwarded-Proto": "https"})
answer = line.getresponse()
# Under maintenance it answers too.
sys.exit(answer.status != 200 and not (answer.status == 503 and answer.getheader("Retry-After")))
END
}
