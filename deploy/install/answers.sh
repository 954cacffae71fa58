# shellcheck shell=bash disable=SC2034
# The answers: from options, from a file, from what is installed already, or asked for; checked before anything is done.

declare -A ANSWERS=([kind]=commune)
readonly NAMES="domain organisation short-name siren kind admin email certificate key"
# Of the names that it went by, written by preau move-domain: the names, and for files theirs, in the same order.
readonly FORMER="former former-certificate former-key"
FORM=large TLS=letsencrypt YES=no PLAN_ONLY=no

answer() { printf '%s' "${ANSWERS[$1]:-}"; }

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help) usage && exit 0 ;;
            --small) FORM=small ;;
            --yes) YES=yes ;;
            --plan) PLAN_ONLY=yes ;;
            --tls | --answers | --domain | --organisation | --short-name | --siren | --kind | --admin | --email | \
                --certificate | --key)
                [ $# -ge 2 ] || fail "$1 attend une valeur." "$0 --help"
                take "${1#--}" "$2"
                shift
                ;;
            *) fail "Je ne connais pas $1." "$0 --help" ;;
        esac
        shift
    done
}

# take NAME VALUE
take() {
    case $1 in
        answers) read_answers "$2" ;;
        tls) TLS=$2 ;;
        *) ANSWERS[$1]=$2 ;;
    esac
}

read_answers() {
    [ -r "$1" ] || fail "Je ne peux pas lire le fichier de réponses $1."
    local name value
    while IFS='=' read -r name value || [ -n "$name" ]; do
        case $name in
            '' | '#'*) ;;
            small) [ "$value" != yes ] || FORM=small ;;
            port) ;; # of a town: see place.sh
            tls) TLS=$value ;;
            *)
                [[ " $NAMES $FORMER " == *" $name "* ]] || fail "$1 : je ne connais pas « $name »." "$0 --help"
                ANSWERS[$name]=$value
                ;;
        esac
    done <"$1"
}

check_machine() {
    [ "$(id -u)" = 0 ] || fail "Cette commande installe des services : elle doit être lancée en root." "sudo $0"
    # shellcheck source=/dev/null
    . /etc/os-release
    case "${ID:-}:${VERSION_ID:-}" in
        debian:12 | debian:13) ;;
        *) fail "Cette commande connaît Debian 12 et 13 ; voici ${PRETTY_NAME:-un autre système}." \
            "Pour installer à la main, suivez README.md." ;;
    esac
    [ "$ROOT" = "$CLONE" ] || [ -n "$TOWN" ] || fail "Préau doit être dans /opt/preau ; il est dans $ROOT." \
        "mv '$ROOT' /opt/preau && /opt/preau/deploy/install.sh"
    local free
    free=$(df --output=avail -k /opt | tail -n 1)
    [ "$free" -gt 1500000 ] || fail "Il reste $((free / 1024)) Mo sur le disque ; il en faut 1 500 pour commencer."
}

# The settings file as systemd and `preau` understand it.
read_settings() { python3 -I "$ROOT/instance/environment_file.py" "$ETC/preau.env" "$@"; }
installed() { [ -e "$ETC/preau.env" ] && read_settings value "$1"; }
check_settings() {
    local said
    [ ! -e "$ETC/preau.env" ] || ! command -v python3 >/dev/null || said=$(read_settings check 2>&1) || fail "$said" "nano $ETC/preau.env"
}

# What was answered last time stands, unless it is said again.
recall_answers() { [ ! -r "$ETC/install.answers" ] || read_answers "$ETC/install.answers"; }

# save_answers [FILE]
save_answers() {
    local file=${1:-$ETC/install.answers}
    install -d -m 755 "$(dirname "$ETC")"
    install -d -m 750 "$ETC"
    {
        echo "# Les réponses données à install.sh. Aucune n'est secrète."
        [ "$FORM" = large ] || echo small=yes
        [ -z "$TOWN" ] || echo "port=$PORT"
        echo "tls=$TLS"
        local name
        for name in $NAMES $FORMER; do [ -z "$(answer "$name")" ] || echo "$name=$(answer "$name")"; done
    } >"$ETC/.install.answers.part"
    mv "$ETC/.install.answers.part" "$file"
}

complete_answers() {
    local here form
    check_settings
    here=$(installed PREAU_HOST || true)
    tidy domain
    ANSWERS[domain]=${ANSWERS[domain]:-$here}
    ask domain "Nom de l'instance (tel que rsi.exemple.fr)" '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$'
    [ -z "$here" ] || [ "$here" = "$(answer domain)" ] || fail \
        "L'instance s'appelle déjà $here, et toutes ses adresses en sont faites." \
        "Pour réparer : $0 --domain $here ; pour qu'elle prenne un autre nom : $COMMAND move-domain $(answer domain)"
    if [ -n "$here" ]; then
        form=small && [ -z "$(installed DATABASE_URL)" ] || form=large
        [ "$form" = "$FORM" ] || fail "L'instance est déjà installée dans l'autre forme." \
            "Relancez $([ "$form" = small ] && echo 'avec' || echo 'sans') --small."
    fi
    ask organisation "Nom complet de la collectivité" '^.{2,200}$'
    ask short-name "Nom court, celui que l'on dit" '^.{2,100}$'
    ask siren "Numéro SIREN (neuf chiffres)" '^[0-9]{9}$'
    ask kind "Sorte de collectivité" '^[a-z]{2,30}$'
    ask admin "Prénom et nom de la personne qui administre" '^.{2,100}$'
    ask email "Son adresse électronique (pour être prévenue de ce qui demande une personne)" '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]+$'
    case $TLS in
        files)
            ask certificate "Fichier du certificat (avec sa chaîne)" '^/.+'
            ask key "Fichier de sa clé privée" '^/.+'
            check_certificate
            ;;
        letsencrypt | none) ;;
        *) fail "--tls peut être letsencrypt, files ou none ; pas « $TLS »." ;;
    esac
}

# ask NAME QUESTION PATTERN
ask() {
    local value
    while tidy "$1" && [[ ! $(answer "$1") =~ $3 ]]; do
        [ -t 0 ] || fail "Il manque une réponse, ou elle n'a pas la bonne forme : $2 ; reçu « $(answer "$1") »." \
            "Ajoutez --$1 VALEUR à la commande."
        [ -z "$(answer "$1")" ] || say "✗ « $(answer "$1") » n'a pas la bonne forme."
        read -r -p "$2 : " value
        ANSWERS[$1]=$value
    done
}

# As people write them: a SIREN in groups of three, a name with its https://
tidy() {
    case $1 in
        siren) ANSWERS[siren]=$(answer siren | tr -d '[:space:]') ;;
        domain) ANSWERS[domain]=$(answer domain | tr '[:upper:]' '[:lower:]' | sed 's|^https\?://||; s|/$||') ;;
    esac
}

check_certificate() {
    local of
    for of in certificate key; do
        [ -r "$(answer $of)" ] || fail "Je ne peux pas lire $(answer $of)." "Donnez le bon chemin : --$of FICHIER"
    done
}
