#!/bin/sh
# Installs what Menpai needs on this machine: system packages (once, with sudo) and .venv.
# Nothing that is there already is installed again, so every run after the first takes a second.
#   scripts/install.sh            what running needs
#   scripts/install.sh --tests    what tests and benchmarks need as well (Chromium, wrk, development tools)
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "install: $*" >&2; }
fail() { say "$1"; say "Mend: $2"; exit 3; }
now() { date +%s; }

# --- the part that runs as root: scripts/install.sh --as-root PACKAGE… ------------------------
newest_postgis() {
    apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' |
        sed -n 's/^postgresql-\([0-9]*\)-postgis-3 .*/\1/p' | sort -n | tail -1
}

install_as_root() {
    apt-get update -qq || fail "apt-get update failed" "check the network and /etc/apt"
    packages="$*"
    # Menpai runs its own cluster; without this the package would start another one. The file is
    # no conffile of the package (so nothing asks about it) and goes again when we are done.
    quiet=/etc/postgresql-common/createcluster.d/menpai.conf
    case " $packages " in *" postgis "*)
        version=$(newest_postgis)
        [ "${version:-0}" -ge 15 ] || fail "apt knows no PostGIS for PostgreSQL 15 or newer" \
            "add the PostgreSQL project's packages: sudo apt-get install -y postgresql-common && sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh"
        packages=$(printf '%s' "$packages" | sed "s/\bpostgis\b/postgresql-$version postgresql-$version-postgis-3/")
        mkdir -p "$(dirname "$quiet")"
        trap 'rm -f "$quiet"' EXIT
        echo "create_main_cluster = false" >"$quiet"
        ;;
    esac
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Use-Pty=0 $packages >/dev/null ||
        fail "apt-get could not install: $packages" "read the lines above; then make install again"
}

if [ "${1:-}" = "--as-root" ]; then
    shift
    install_as_root "$@"
    exit 0
fi

# --- what is missing ----------------------------------------------------------------------------
has_package() { dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'; }

has_postgis() {
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        [ -e "$control" ] || continue
        version=${control#/usr/share/postgresql/}
        version=${version%%/*}
        [ "$version" -ge 15 ] && [ -x "/usr/lib/postgresql/$version/bin/initdb" ] && return 0
    done
    return 1
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        path=$(command -v "$name" 2>/dev/null) || continue
        if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$path"
            return 0
        fi
    done
    return 1
}

missing_packages() {
    has_postgis || printf 'postgis '
    for package in fonts-noto-cjk fonts-hanazono tzdata; do
        has_package "$package" || printf '%s ' "$package"
    done
    command -v pdfinfo >/dev/null || printf 'poppler-utils '
    if [ ! -x .venv/bin/python ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
        # Debian keeps ensurepip in a package of its own, one for each Python.
        printf '%s-venv ' "$("$python" -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}")')"
    fi
    [ "$tests" = yes ] || return 0
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null || printf '%s ' "$chromium"
    command -v wrk >/dev/null || printf 'wrk '
}

why() {
    case $1 in
    postgis) echo "PostgreSQL (15 or newer) with PostGIS: the register" ;;
    fonts-noto-cjk) echo "the bold Chinese font on plates" ;;
    fonts-hanazono) echo "rare characters that the first font lacks" ;;
    tzdata) echo "time zones" ;;
    poppler-utils) echo "pdfinfo and pdffonts, which prove plate files" ;;
    python3*) echo "a virtual environment for Python" ;;
    chromium*) echo "a browser, for tests" ;;
    wrk) echo "loads the server, for benchmarks and drills" ;;
    esac
}

install_packages() {
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    began=$(now)
    say "these packages are missing and will be installed with apt-get (about a minute):"
    for package in $packages; do say "  $package: $(why "$package")"; done
    # shellcheck disable=SC2086 # a list of packages
    if [ "$(id -u)" -eq 0 ]; then
        "./scripts/install.sh" --as-root $packages
    elif command -v sudo >/dev/null; then
        say "sudo may ask for your password, once"
        sudo ./scripts/install.sh --as-root $packages
    else
        fail "installing packages needs root, and there is no sudo" "run make install as root once"
    fi
    say "packages installed in $(($(now) - began)) s"
}

install_light_browser() {
    # Chromium without windows of its own: the browser tests take half as long. Nobody needs it.
    command -v chromium-headless-shell >/dev/null && return 0
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        return 0
    fi
    say "chromium-headless-shell will be installed with apt-get: browser tests take half as long with it"
    light="apt-get install -y -qq --no-install-recommends chromium-headless-shell"
    $as_root env DEBIAN_FRONTEND=noninteractive timeout 90 \
        sh -c "$light || { apt-get update -qq && $light; }" >/dev/null 2>&1 ||
        say "it could not be installed; tests use the Chromium that is here"
}

explain_mac() {
    command -v pg_ctl >/dev/null || ls /opt/homebrew/opt/postgresql@*/bin/pg_ctl \
        /usr/local/opt/postgresql@*/bin/pg_ctl >/dev/null 2>&1 ||
        fail "on macOS install by hand what apt does elsewhere" \
            "brew install python@3.13 postgresql@17 postgis poppler, download the font Noto Sans CJK SC Bold, set MENPAI_FONT to it, then make install again"
}

# --- Python -------------------------------------------------------------------------------------
make_environment() {
    began=$(now)
    if [ ! -x .venv/bin/python ]; then
        say "making .venv with $("$python" --version)"
        "$python" -m venv .venv
    fi
    if ! .venv/bin/python -m uv --version >/dev/null 2>&1; then
        .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
    fi
    groups=--no-dev
    [ "$tests" = yes ] && groups=
    # shellcheck disable=SC2086 # no group, or one option
    # Compiled once here, instead of at each start where PYTHONDONTWRITEBYTECODE is set.
    UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv VIRTUAL_ENV= UV_COMPILE_BYTECODE=1 \
        .venv/bin/python -m uv sync --frozen --inexact --quiet $groups ||
        fail "the Python packages could not be installed" "check the network, then make install again"
    say "Python packages are in .venv ($(($(now) - began)) s)"
}

tests=no
[ "${1:-}" = "--tests" ] && tests=yes
chromium=chromium
grep -qs '^ID=ubuntu' /etc/os-release && chromium=chromium-browser # a snap there

python=$(find_python) || {
    found=$(python3 --version 2>/dev/null || echo none)
    fail "Python 3.11 or newer is needed (found: $found)" \
        "use Debian 12, Ubuntu 24.04 or newer, or install python3.11 and run make install again"
}
case $(uname -s) in
Darwin) explain_mac ;;
*)
    command -v apt-get >/dev/null || has_postgis || fail "this system has no apt-get" \
        "install PostgreSQL 15 or newer with PostGIS, Noto Sans CJK Bold, HanaMin and poppler by hand"
    if command -v apt-get >/dev/null; then
        install_packages
        [ "$tests" = no ] || install_light_browser
    fi
    ;;
esac
make_environment
