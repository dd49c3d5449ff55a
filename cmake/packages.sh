# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# The Debian packages that building, the lab and the tests need, and how they are installed. Sourced
# by kea-config/run-lab and tests/run; defines the arrays below and clone_guard_install.
#
#   . cmake/packages.sh
#   clone_guard_install "${CLONE_GUARD_BUILD_PACKAGES[@]}" "${CLONE_GUARD_TEST_PACKAGES[@]}"
#
# Debian's kea-dhcp4-server starts and enables a DHCP server when it is installed. A machine that is used
# for a build or for the lab must not run one. So no service is started here, and a service that was not
# enabled before is disabled again.

# To build the library and the command. kea-dev brings Kea's headers and libraries but not what the
# headers include. dpkg-dev finds the dependencies of the packages.
CLONE_GUARD_BUILD_PACKAGES=(
    g++ cmake ninja-build dpkg-dev
    kea-dev libboost-dev libboost-iostreams-dev libboost-program-options-dev
    libcap-ng-dev liblog4cplus-dev libpcap-dev libssl-dev libtins-dev nlohmann-json3-dev
)

# To run kea-config/run-lab.
CLONE_GUARD_LAB_PACKAGES=(
    kea-dhcp4-server    # the server
    systemd             # has systemd-networkd, the client
    iproute2            # namespaces, bridge, veth pairs
    tcpdump             # what was on the wire
    nmap                # a second opinion about the servers on the network
    jq                  # reads the audit records
)

# For kea-config/run-lab --templates: the client of the second and third template.
CLONE_GUARD_LAB_TEMPLATES_PACKAGES=(
    dhcpcd-base
)

# The other clients that tests/lab boots.
CLONE_GUARD_CLIENT_PACKAGES=(
    isc-dhcp-client udhcpc iputils-ping
    network-manager dbus-daemon     # NetworkManager needs a bus
)

# To build and run the tests, beside the two above.
CLONE_GUARD_TEST_PACKAGES=(
    libgtest-dev libgmock-dev
    faketime shellcheck
    mandoc              # checks the manual pages
    zsh fish            # run the completion of the command
    time                # measures the memory of a command
    socat               # talks to a server's control socket, as docs/recipes.md does
    python3-jsonschema  # checks audit records
    postgresql mariadb-server kea-admin     # lease databases for several servers
    kea-dhcp-ddns-server    # keeps names in the DNS
    knot knot-dnsutils      # the name server that has them
    isc-dhcp-server dnsmasq-base    # servers whose lease files the scan reads
)

# Debian 13 was the last that had these. Elsewhere they are left out, and their tests are skipped.
CLONE_GUARD_RETIRED_PACKAGES=(isc-dhcp-client isc-dhcp-server)

# For the further checks of tests/run: another compiler, style, memory, costs, changed files, a browser.
CLONE_GUARD_TOOL_PACKAGES=(
    clang clang-format clang-tidy valgrind git
    libclang-rt-dev llvm    # the address sanitizer of clang, and the program that names functions in its reports
    chromium            # shows the report as its readers see it
)

# For tests/vm.
CLONE_GUARD_VM_PACKAGES=(
    qemu-system-x86 qemu-utils  # virtual machines and their disks
    debootstrap e2fsprogs       # what is on the disks
)

# For tests/matrix.
CLONE_GUARD_MATRIX_PACKAGES=(
    debootstrap         # makes Debian systems for other releases of Kea in directories
    lintian             # checks the packages
)

# Where the output of apt-get goes.
CLONE_GUARD_INSTALL_LOG=${CLONE_GUARD_INSTALL_LOG:-/var/log/clone-guard-install.log}

# State that clone_guard_install_clean_up undoes.
_clone_guard_policy_rc_d=
_clone_guard_policy_rc_d_saved=
_clone_guard_enabled_before=

# Prints the named packages that are not installed.
clone_guard_missing() {
    local package
    for package; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            echo "$package"
    done
}

# Prints the named packages without those of CLONE_GUARD_RETIRED_PACKAGES that this Debian no longer has.
_clone_guard_without_retired() {
    local package
    for package; do
        case " ${CLONE_GUARD_RETIRED_PACKAGES[*]} " in
        *" $package "*) LC_ALL=C apt-cache policy "$package" | grep -q '^  Candidate: [^(]' || continue ;;
        esac
        echo "$package"
    done
}

# The links by which systemd's services are enabled.
_clone_guard_enabled() {
    find /etc/systemd/system -mindepth 2 -type l \
        \( -path '*.wants/*' -o -path '*.requires/*' \) 2>/dev/null | sort
}

# Keeps invoke-rc.d and deb-systemd-invoke from starting anything until the clean-up.
_clone_guard_forbid_starts() {
    local policy=/usr/sbin/policy-rc.d saved=/usr/sbin/policy-rc.d.clone-guard-saved
    # An interrupted run may have left a file of this script, which is not the administrator's.
    if grep -qs "Made by clone-guard" "$policy"; then
        rm -f "$policy"
    elif [ -e "$policy" ] || [ -L "$policy" ]; then
        mv "$policy" "$saved"
    fi
    if [ -e "$saved" ] || [ -L "$saved" ]; then
        _clone_guard_policy_rc_d_saved=$saved
    fi
    printf '#!/bin/sh\n# Made by clone-guard while it installs packages, and removed after that.\nexit 101\n' \
        > "$policy"
    chmod 755 "$policy"
    _clone_guard_policy_rc_d=$policy
}

# Allows services to be started again, and disables the services that the new packages enabled. It does nothing
# if no installation was begun. A script that sources this file calls it in its EXIT trap.
clone_guard_install_clean_up() {
    local link unit
    [ -n "$_clone_guard_policy_rc_d" ] || return 0
    rm -f "$_clone_guard_policy_rc_d"
    _clone_guard_policy_rc_d=
    if [ -n "$_clone_guard_policy_rc_d_saved" ]; then
        mv "$_clone_guard_policy_rc_d_saved" /usr/sbin/policy-rc.d
        _clone_guard_policy_rc_d_saved=
    fi
    while read -r link; do
        unit=${link##*/}
        case $unit in
        kea-* | systemd-networkd* | postgresql* | mariadb* | mysql* | knot* | \
            NetworkManager* | isc-dhcp-server* | *nm-dispatcher* | *wpa_supplicant* | dbus.* | dbus-*)
            systemctl --quiet disable "$unit" 2>/dev/null || true
            rm -f "$link"
            ;;
        esac
    done < <(comm -13 "$_clone_guard_enabled_before" <(_clone_guard_enabled))
    rm -f "$_clone_guard_enabled_before"
}

# Turns the output of apt-get into progress: one line that is rewritten on a terminal, each twentieth line
# elsewhere.
_clone_guard_progress() {
    local line word package rest total=0 fetched=0 set_up=0
    while IFS= read -r line; do
        read -r word package rest <<< "$line"
        case $word in
        Get:*) fetched=$((fetched + 1)); line="  fetched $fetched" ;;
        Unpacking) total=$((total + 1)); line="  unpacked $total: $package" ;;
        Setting) set_up=$((set_up + 1)); line="  set up $set_up of $total: ${rest%% *}" ;;
        *) continue ;;
        esac
        if [ -t 1 ]; then
            printf '\r\033[K%.78s' "$line"
        elif [ $(((fetched + total + set_up) % 20)) -eq 0 ]; then
            printf '%s\n' "$line"
        fi
    done
    [ ! -t 1 ] || printf '\r\033[K'
}

_clone_guard_apt() {
    LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" \
        2>&1 < /dev/null | tee -a "$CLONE_GUARD_INSTALL_LOG" | _clone_guard_progress
    return "${PIPESTATUS[0]}"
}

# Installs the named packages that are missing.
clone_guard_install() {
    local missing status=0 start=$SECONDS
    mapfile -t missing < <(clone_guard_missing "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        echo "Packages: all $# are installed."
        return 0
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "Not root, so these packages cannot be installed: ${missing[*]}" >&2
        return 1
    fi
    if ! command -v apt-get >/dev/null; then
        echo "No apt-get here. Install what corresponds to: ${missing[*]}" >&2
        return 1
    fi
    echo "Packages: installing ${missing[*]} (no service is started or enabled)."
    : > "$CLONE_GUARD_INSTALL_LOG"
    _clone_guard_enabled_before=$(mktemp)
    _clone_guard_enabled > "$_clone_guard_enabled_before"
    _clone_guard_forbid_starts
    # An interrupted installation has to be completed first.
    dpkg --force-confold --configure -a >> "$CLONE_GUARD_INSTALL_LOG" 2>&1 < /dev/null || true
    if ! _clone_guard_apt update; then
        echo "  apt-get update had errors (see $CLONE_GUARD_INSTALL_LOG); continuing." >&2
    fi
    mapfile -t missing < <(_clone_guard_without_retired "${missing[@]}")
    _clone_guard_apt install --yes --no-install-recommends "${missing[@]}" || status=$?
    clone_guard_install_clean_up
    if [ "$status" -ne 0 ]; then
        echo "Installing failed; the last lines of $CLONE_GUARD_INSTALL_LOG:" >&2
        tail -n 15 "$CLONE_GUARD_INSTALL_LOG" >&2
        return 1
    fi
    echo "Packages: done after $((SECONDS - start)) s."
}
