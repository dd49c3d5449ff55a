# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# Debian systems in directories, one for each release of Kea that the guard is built for. Build, tests and installation
# run there as on a machine of its own. Sourced by tests/matrix and tests/packaging/packages.
#
#   . tests/packaging/debian-root.sh
#   debian_root_make 2.6.3 /var/cache/clone-guard/2.6.3
#   debian_root_run /var/cache/clone-guard/2.6.3 apt-get update

# The releases that every change is tested with, and those that are tested by name or with --all: Debian testing replaces
# its Kea at any time.
DEBIAN_ROOT_RELEASES=(2.2.0 2.6.3 3.0.3)
DEBIAN_ROOT_FURTHER=(3.0.4)

debian_root_suite() {  # RELEASE
    case $1 in
        2.2.0) echo bookworm ;;
        2.6.3 | 3.0.3) echo trixie ;;
        3.0.4) echo forky ;;    # Debian testing in November 2026
        *)
            echo "no Debian with Kea $1 is known; there are: ${DEBIAN_ROOT_RELEASES[*]} ${DEBIAN_ROOT_FURTHER[*]}" >&2
            return 1
            ;;
    esac
}

# What apt takes before the suite's own packages, if anything.
debian_root_backports() {  # RELEASE
    [[ $1 != 3.0.3 ]] || echo trixie-backports
}

# The mirror that this machine uses.
_debian_root_mirror() {
    local uri
    # shellcheck disable=SC2016
    uri=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(ORIGIN)' 2>/dev/null |
        awk '$3 == "Debian" && $2 !~ /-/ { print $1; exit }')
    echo "${DEBIAN_MIRROR:-$uri}"
}

# The script of debootstrap, if it knows no script of this name: Debian 12's debootstrap is older than later suites.
_debian_root_script() {  # SUITE
    [[ -e /usr/share/debootstrap/scripts/$1 ]] || echo /usr/share/debootstrap/scripts/sid
}

# Makes the system, unless it exists.
debian_root_make() {  # RELEASE, DIRECTORY
    local release=$1 directory=$2 suite backports mirror script proxy="" check=""
    [[ ! -e $directory/.complete ]] || return 0
    suite=$(debian_root_suite "$release") || return
    backports=$(debian_root_backports "$release")
    mirror=$(_debian_root_mirror)
    script=$(_debian_root_script "$suite")
    command -v debootstrap >/dev/null || { echo "debootstrap is not installed" >&2; return 1; }
    # An interrupted run may have left an incomplete system.
    rm -rf --one-file-system "$directory"
    mkdir -p "$directory"
    # shellcheck disable=SC2086
    debootstrap --variant=minbase "$suite" "$directory" ${mirror:-http://deb.debian.org/debian} $script || return
    if [[ -n $backports ]]; then
        sed -n "s/ $suite / $backports /p" "$directory/etc/apt/sources.list" >"$directory/etc/apt/sources.list.d/backports.list"
        printf 'Package: kea* python3-kea*\nPin: release n=%s\nPin-Priority: 600\n' "$backports" \
            >"$directory/etc/apt/preferences.d/kea"
    fi
    # apt there reaches the mirror as this machine does. A mirror of Debian testing may lag behind the date in its Release file.
    eval "$(apt-config shell proxy Acquire::http::Proxy check Acquire::Check-Valid-Until)"
    [[ -z $check ]] || printf 'Acquire::Check-Valid-Until "%s";\n' "$check" >"$directory/etc/apt/apt.conf.d/valid-until"
    [[ -z $proxy ]] || printf 'Acquire::http::Proxy "%s";\n' "$proxy" >"$directory/etc/apt/apt.conf.d/proxy"
    # No service is started in a directory, and apt asks no question.
    printf '#!/bin/sh\nexit 101\n' >"$directory/usr/sbin/policy-rc.d"
    chmod 755 "$directory/usr/sbin/policy-rc.d"
    printf 'Dpkg::Use-Pty "0";\nAPT::Install-Recommends "0";\n' >"$directory/etc/apt/apt.conf.d/quiet"
    # The system is a machine of its own.
    rm -f "$directory/etc/machine-id"
    tr -d - </proc/sys/kernel/random/uuid >"$directory/etc/machine-id"
    touch "$directory/.complete"
}

# Runs a command in the system, with processes, shared memory, /run and /tmp of its own. All of them end with the command.
debian_root_run() {  # DIRECTORY, COMMAND...
    local directory=$1
    shift
    cp -L /etc/resolv.conf "$directory/etc/resolv.conf" 2>/dev/null
    # shellcheck disable=SC2016
    unshare --mount --pid --fork --kill-child --propagation private sh -c '
        set -e
        directory=$1
        shift
        mount --bind "$directory" "$directory"
        mount -t proc proc "$directory/proc"
        mount --rbind /sys "$directory/sys"
        mount --rbind /dev "$directory/dev"
        mount -t tmpfs -o mode=1777 tmpfs "$directory/dev/shm"
        mount -t tmpfs -o mode=755 tmpfs "$directory/run"
        mount -t tmpfs -o mode=1777 tmpfs "$directory/tmp"
        exec chroot "$directory" "$@"' sh "$directory" \
        /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
        LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive ${CI:+CI=true} "$@"
}

# Prints the files of a checkout without build/ and .git, as "./NAME" and a null byte each.
debian_root_sources() {  # CHECKOUT
    (cd "$1" && find . \( -path ./build -o -path ./.git \) -prune -o \( -type f -o -type l \) -print0 | LC_ALL=C sort -z)
}

# Prints a digest of all files of a checkout.
debian_root_digest() {  # CHECKOUT
    debian_root_sources "$1" | (cd "$1" && xargs -0 sha256sum) | sha256sum | cut -c1-16
}

# Copies a checkout into the system as it is now, committed or not. Unchanged files keep their time, so that a build
# there compiles only what changed.
debian_root_copy() {  # CHECKOUT, DIRECTORY, PLACE WITHIN
    local checkout=$1 target=$2/$3
    mkdir -p "$target"
    # Removes files that the checkout no longer has.
    LC_ALL=C comm -z -13 <(debian_root_sources "$checkout") <(debian_root_sources "$target") |
        (cd "$target" && xargs -0 -r rm -f)
    debian_root_sources "$checkout" | tar -C "$checkout" --null -T - -cf - | tar -C "$target" -xf -
}
