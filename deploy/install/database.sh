# shellcheck shell=bash
# PostgreSQL: a role and a database of the account's own name, opened by the account itself, without any password.

as_postgres() { runuser -u postgres -- "$@"; }
of_preau() { runuser -u preau -- psql --no-psqlrc --quiet --tuples-only --no-align --dbname preau --command "$1"; }

database_said() { say "base PostgreSQL « preau », que seul le compte preau ouvre (sans mot de passe)"; }
database_done() { [ "$(of_preau "SELECT count(*) FROM pg_extension WHERE extname IN ('unaccent', 'pg_trgm')")" = 2 ]; }
database_do() {
    start_postgresql
    as_postgres psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'END'
SELECT 'CREATE ROLE preau LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'preau') \gexec
SELECT 'CREATE DATABASE preau OWNER preau ENCODING ''UTF8'' TEMPLATE template0'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'preau') \gexec
\connect preau
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
END
}
database_help() { say "PostgreSQL répond-il ? pg_lsclusters ; puis : journalctl -u postgresql@* -n 50"; }

# The account's own socket; the port is said where several clusters live side by side.
database_url() {
    local port
    port=$(as_postgres psql --no-psqlrc --quiet --tuples-only --no-align --command 'SHOW port')
    [[ $port =~ ^[0-9]+$ ]] || return 1
    if [ "$port" = 5432 ]; then echo postgres:///preau; else echo "postgres://:$port/preau"; fi
}

start_postgresql() {
    local waited=0
    if has_systemd; then systemctl start postgresql; else service postgresql start; fi
    until as_postgres psql --no-psqlrc --quiet --command 'SELECT 1' >/dev/null; do
        waited=$((waited + 1))
        [ $waited -lt 30 ] || return 1
        sleep 1
    done
}
