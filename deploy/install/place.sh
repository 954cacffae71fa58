# shellcheck shell=bash disable=SC2034
# Where an instance lives: alone on its machine, or as one of the towns of a host, each apart from the others.

readonly HOST_ETC=/etc/preau-host HOST_DATA=/var/lib/preau-host HOST_SAVES=/var/backups/preau-host
readonly CLONE=/opt/preau TOWNS=/opt/preau-host VERSIONS=/opt/preau-host/versions
readonly TOWN_NAME='^[a-z][a-z0-9]*(-[a-z0-9]+)*$'

# place [TOWN]: sets the names of all that belongs to this instance.
place() {
    TOWN=${1:-}
    if [ -z "$TOWN" ]; then
        COMMAND=preau ACCOUNT=preau CODE=$ROOT SITE_NAME=preau PORT=8000
        ETC=/etc/preau DATA=/var/lib/preau SAVES=/var/backups/preau
    else
        # The account's name holds it, and has 32 letters at most.
        { [[ $TOWN =~ $TOWN_NAME ]] && [ ${#TOWN} -le 24 ] && [ "$TOWN" != versions ]; } || fail \
            "« $TOWN » ne peut pas nommer une ville ici : au plus 24 lettres minuscules, chiffres et tirets, telles que saint-aubin."
        COMMAND="preau @$TOWN" ACCOUNT=preau-$TOWN CODE=$TOWNS/$TOWN SITE_NAME=preau-$TOWN
        ETC=$HOST_ETC/$TOWN DATA=$HOST_DATA/$TOWN SAVES=$HOST_SAVES/$TOWN
        export PREAU_SETTINGS=$ETC/preau.env
        PORT=$(sed -n 's/^port=//p' "$ETC/install.answers" 2>/dev/null || true)
    fi
    readonly TOWN COMMAND ACCOUNT CODE SITE_NAME ETC DATA SAVES
}

# The first port, from 8100 on, that no town of this host has.
settle_port() {
    local taken
    taken=$(cat $HOST_ETC/*/install.answers 2>/dev/null | sed -n 's/^port=//p') || true
    [ -z "$PORT" ] || return 0
    PORT=8100
    while grep -qx "$PORT" <<<"$taken"; do PORT=$((PORT + 1)); done
}

# The clone, of which each town's version is a worktree.
version() { git -C "$CODE" rev-parse HEAD; }
version_folder() { echo "$VERSIONS/$1"; }

# Why it does not run, if it is not to: stopped, arriving, or moved and where to.
rests() { cat "$ETC/resting" 2>/dev/null; }

# The newest version of those that run here, and of the clone.
newest() {
    local link found each
    found=$(git -C "$CLONE" rev-parse HEAD)
    for link in "$TOWNS"/*; do
        [ -L "$link" ] || continue
        each=$(git -C "$link" rev-parse HEAD)
        git -C "$CLONE" merge-base --is-ancestor "$each" "$found" || found=$each
    done
    echo "$found"
}

# A worktree of that version, whole or not there.
put_version() {
    local folder
    folder=$(version_folder "$1")
    [ ! -d "$folder" ] || return 0
    rm -rf "$folder.part"
    git -C "$CLONE" worktree prune
    git -C "$CLONE" worktree add --quiet --detach --force "$folder.part" "$1"
    git -C "$CLONE" worktree move "$folder.part" "$folder"
}

lead_to() { ln -sfn "$(version_folder "$1")" "$CODE.part" && mv -T "$CODE.part" "$CODE"; }

# The versions that no town runs any more.
drop_versions() {
    local each link
    for each in "$VERSIONS"/*; do
        for link in "$TOWNS"/*; do
            [ "$(readlink "$link")" != "$each" ] || continue 2
        done
        rm -rf "$each"
    done
    git -C "$CLONE" worktree prune
}
