# Shared by the scripts beside it (sourced, not run): installs packages, builds the release preset.

# Bold on a terminal.
say() {
  if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi
}

build_packages="g++ cmake ninja-build libeigen3-dev libfmt-dev libcli11-dev libspdlog-dev \
libarchive-dev zlib1g-dev libicu-dev nlohmann-json3-dev libxxhash-dev libdnnl-dev"
test_packages="catch2 clang-format mandoc"

# Installs what is missing of the given packages; does nothing, and asks for nothing, when all are there.
install_packages() {
  missing=""
  for package in "$@"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "$0: this script installs packages with apt-get, which is not here. Install the" \
      "equivalents of:$missing" >&2
    exit 1
  fi
  as_root=""
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "$0: missing packages:$missing. Run as root: apt-get install$missing" >&2
      exit 1
    fi
    as_root=sudo
  fi
  say "Installing:$missing"
  $as_root apt-get update -q
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
}

# build_release TESTS TARGET...: builds the targets in build/release; TESTS is ON or OFF
build_release() {
  tests=$1
  shift
  say "Building"
  mkdir -p build
  cmake --preset release -DXALIGN_BUILD_TESTS="$tests" -DXALIGN_BUILD_BENCH="$tests" \
    >build/configure.log 2>&1 || {
    cat build/configure.log >&2
    exit 1
  }
  cmake --build --preset release --target "$@"
}
