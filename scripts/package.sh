#!/usr/bin/env bash
# Makes the Debian package of this commit: build/package/sentio_VERSION_ARCHITECTURE.deb.
#
#   scripts/package.sh [--build-dir DIR] [--output DIR]
#
#   --build-dir DIR   pack the sentio_cli of this build as it is, instead of building with the preset "package"
#   --output DIR      where the package goes (build/package)
#
# Installs the packages missing to build and pack. The same commit and compiler give the same bytes, in any folder. The
# package fits the release of Debian or Ubuntu that it is made on, and later ones as far as their libraries do.
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

build=
output=build/package
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' scripts/package.sh && exit 0 ;;
    --build-dir | --output) [ $# -ge 2 ] || { echo "package.sh: $1 needs a value" >&2 && exit 2; } ;;&
    --build-dir) build=$(cd "$here" && realpath -m -- "$2") ;;
    --output) output=$(cd "$here" && realpath -m -- "$2") ;;
    *) echo "package.sh: unknown argument $1" >&2 && exit 2 ;;
  esac
  shift 2
done
umask 022
export LC_ALL=C.UTF-8

if [ -z "$build" ]; then
  packages_ensure "${packages_build[@]}" "${packages_package[@]}"
  build=build/package
  export CCACHE_DISABLE=1  # it changes the paths of headers that are compiled in
  cmake --preset package
  cmake --build --preset package
fi
program=$build/src/cli/sentio_cli
[ -x "$program" ] || { echo "package.sh: there is no $program; build it first" >&2 && exit 1; }

# 1.0.0+git20261128164502.b4400fb3c1d2: later commits are later versions. Outside a clone 1.0.0.
version=$("$program" --version)
version=${version##* }
commit=$(cmake -DFOLDER="$PWD" -DVERSION="$version" -P cmake/binary_version.cmake | sed -n 's/^-- .*+//p')
if [ -n "$commit" ]; then
  seconds=$(git log -1 --format=%ct "$commit")
  version+=+git$(date -u -d "@$seconds" +%Y%m%d%H%M%S).$commit
  if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
    echo "package.sh: warning: the work tree differs from the commit that the version names" >&2
  fi
else
  seconds=$(stat -c %Y CMakeLists.txt)
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$seconds}

scripts/package/make_files.sh "$program" "$version" "$build/package/files"
mkdir -p -- "$output"
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$output" -D CPACK_PACKAGE_VERSION="$version" >&2
rm -rf -- "$output/_CPack_Packages"
package=$output/sentio_${version}_$(dpkg --print-architecture).deb
[ -f "$package" ] || { echo "package.sh: cpack made no $package" >&2 && exit 1; }
echo "$package"
