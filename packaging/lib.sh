# shellcheck shell=bash
# What run, test and the benchmarks share: what must be there, and the one way in which netprobe is built.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034
lab=$root/Tests/Lab/lab
# shellcheck disable=SC2034
build_packages=(libcap-dev libseccomp-dev libc-ares-dev libpcap-dev pkg-config g++ git iproute2 procps util-linux)
swift_at_least="6.2"

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

install_missing() { # PACKAGE…      Debian's and Ubuntu's names; elsewhere, whatever is missing speaks for itself
    local package missing=() become_root=()
    command -v dpkg-query >/dev/null || return 0
    for package; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || { [[ -t 0 ]] && command -v sudo >/dev/null; } ||
            die "packages are missing; as root: apt-get install ${missing[*]}"
        become_root=(sudo)
    fi
    echo "Installing ${missing[*]}" >&2
    "${become_root[@]}" apt-get update -qq >&2 || true
    "${become_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "${missing[@]}" >&2
}

need_swift() {
    local found wanted="Swift $swift_at_least or newer is needed; get it at https://www.swift.org/install"
    found=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9.]+).*/\1/p' | head -n 1) || true
    [[ $found ]] || die "no swift in PATH. $wanted"
    printf '%s\n' "$swift_at_least" "$found" | sort -CV || die "swift is $found. $wanted"
    # The package manager and the compiler keep caches at home.
    if [[ ! -w ${HOME:-/nonexistent} ]]; then
        export HOME=$root/.build/home
        mkdir -p "$HOME"
    fi
}

# Libraries that are loaded cost half a millisecond of every start: where there is an archive, it is linked in instead,
# from a directory that holds nothing else. The .pc files put it before the system's own directories.
static_libraries() { # prints the flags
    local directory=$root/.build/static-libraries name archive
    rm -rf "$directory"
    mkdir -p "$directory"
    for name in stdc++ cap seccomp cares; do
        archive=$(gcc -print-file-name="lib$name.a")
        [[ -e $archive ]] || continue
        ln -s "$archive" "$directory/lib$name.a"
        printf '%s\n' "Name: lib$name" "Description: an archive" "Version: 0" "Libs: -L$directory -l$name" \
            >"$directory/lib$name.pc"
    done
    # Nothing is loaded from the program's own directory. Swift's runtime looks through all symbols that a program offers
    # when it starts, which are ten thousand unless it offers none.
    printf '%s\n' --disable-local-rpath --static-swift-stdlib --pkg-config-path "$directory" -Xlinker "-L$directory" \
        -Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xswiftc -cross-module-optimization \
        -Xlinker "--version-script=$root/packaging/symbols.map"
}

# Builds a program of this package, and prints its path. The build speaks on standard error, and is silent when there is
# nothing to do.
build_product() { # PRODUCT
    local flags ritual='^\[0/[0-9]+\] |^Building for |^Build (of product .*)?complete!'
    mapfile -t flags < <(static_libraries)
    swift build --package-path "$root" -c release --product "$1" "${flags[@]}" 2>&1 |
        { grep --line-buffered -vE "$ritual" >&2 || true; } || return
    echo "$root/.build/release/$1"
}

# NETPROBE_BINARY names another program to use in netprobe's place.
build_netprobe() {
    if [[ ${NETPROBE_BINARY:-} ]]; then echo "$NETPROBE_BINARY"; else build_product netprobe; fi
}
