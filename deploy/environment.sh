#!/bin/sh
# Makes .venv hold exactly what a lock file names: `deploy/environment.sh runtime`, or `dev` to work on the code too.
set -eu
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONWARNINGS=ignore

say() { printf '%s\n' "$*" >&2; }
refuse() { say "$*"; exit 1; }

lock=requirements.lock
# Whoever ran the tests once keeps their tools when the runtime is renewed.
if [ "${1:-runtime}" = dev ] || [ -e .venv/dev.stamp ]; then lock=requirements-dev.lock; fi

python=${PREAU_PYTHON:-python3}
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    command -v "$python" >/dev/null || refuse "Préau needs Python 3.11 or later. On Debian, as root: apt-get install -y python3 python3-venv"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        refuse "Préau needs Python 3.11 or later; $python is $("$python" -V 2>&1). Name another with PREAU_PYTHON=/path/to/python3."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        refuse "Python's venv module is missing. On Debian, as root: apt-get install -y python3-venv"
    say "Making the environment in .venv ..."
    "$python" -m venv --clear .venv
fi

uv=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements-uv.lock)
if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$uv" ]; then
    say "Installing uv $uv ..."
    .venv/bin/python -m pip install --quiet --require-hashes -r requirements-uv.lock
fi
say "Installing what $lock names (about a minute the first time) ..."
.venv/bin/uv pip sync --quiet --require-hashes --compile-bytecode --python .venv/bin/python "$lock"
