# The Debian packages sentio needs, and how missing ones are installed. Sourced, not run.
# Names are those of Debian 12 and Ubuntu 24.04; "a|b" means the first that apt knows.

# To build and run sentio_cli.
packages_build=(
  build-essential cmake ninja-build python3
  libeigen3-dev nlohmann-json3-dev libexpected-dev zlib1g-dev libcli11-dev libspdlog-dev libfmt-dev
  libcurl4-openssl-dev libwebsocketpp-dev libboost-dev libboost-system-dev libssl-dev
  libjs-dygraphs
  'libmsgpack-cxx-dev|libmsgpack-dev'
)
# The C++ tests, the tests that start the binary, and the Python ones.
packages_test=(libgtest-dev libgmock-dev librapidcheck-dev libhowardhinnant-date-dev python3-venv jq openssl
  'chromium|chromium-browser')
# scripts/package.sh, beside what builds; and what tries a package in a bare Debian (tests/package), never needed else.
packages_package=(dpkg-dev file)
packages_bare_debian=(debootstrap lintian)
packages_bench=(libbenchmark-dev)
packages_coverage=(gcovr)

package_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# packages_missing NAME... : those of which no alternative is installed, one a line.
packages_missing() {
  local entry name
  for entry in "$@"; do
    for name in ${entry//|/ }; do
      package_installed "$name" && continue 2
    done
    echo "$entry"
  done
}

# packages_ensure NAME... : installs what is missing; does not touch apt when nothing is.
packages_ensure() {
  local missing names=() entry name as_root=()
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian-like system; these packages (or their like) must be there: $*" >&2
    return 0
  fi
  missing=$(packages_missing "$@")
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing packages, and neither root nor sudo to install them. As root, run:" >&2
      echo "  apt-get update && apt-get install -y ${missing//$'\n'/ }" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "Installing: ${missing//$'\n'/ }"
  # env, because sudo drops the variable.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq || {
    echo "apt-get update failed; trying with the lists that are there" >&2
  }
  for entry in $missing; do
    for name in ${entry//|/ }; do
      if apt-cache show "$name" >/dev/null 2>&1; then
        names+=("$name")
        continue 2
      fi
    done
    echo "apt knows no package ${entry//|/ or }; Debian 12 or Ubuntu 24.04 and later have it" >&2
    return 1
  done
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${names[@]}" \
    >/dev/null || {
    echo "apt-get could not install: ${names[*]}" >&2
    return 1
  }
}
