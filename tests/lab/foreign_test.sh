#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
#
# R12: clone-guard scan reads the lease file of a server that is not Kea. Two clones and a machine with an identity of its
# own, all with systemd-networkd, boot on a real server. The scan names the two clones and nothing else.
#
#   CLONE_GUARD_COMMAND=.../clone-guard tests/lab/foreign_test.sh SERVER
#
# SERVER is dhcpd or dnsmasq.

set -uo pipefail
CHECKOUT=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.." && pwd)
HERE=$CHECKOUT/kea-config
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
WORK=$(mktemp -d)
# shellcheck disable=SC2034 # lab_expect.sh has them.
OUTPUT=$WORK/output LAB_PROCESS=
FAILURES=0
. "$CHECKOUT/tests/lab/lab_expect.sh"
. "$HERE/lab/network.sh"
. "$HERE/lab/templates.sh"

SERVER=${1:-}
# shellcheck disable=SC2034
LIMIT=3000          # tenths of a second
SERVER_PID=

clean_up_lab() {
    [ "$FAILURES" -eq 0 ] || tail -n 30 "$LAB_DIRECTORY"/{server.log,leases,copy-*,machines/*/log} 2>/dev/null
    _lab_end "$SERVER_PID"
    lab_remove
    clean_up
}

# Fills the arrays of templates.sh: two clones, and a machine whose machine-id is its own.
plan() {
    local name i
    for name in clone-1 clone-2 sealed; do
        i=$((++MACHINES))
        LAB_NAME[i]=$name
        printf -v "LAB_MAC[i]" 'bc:24:11:5e:00:%02x' "$i"
        LAB_CLIENT[i]=networkd
        LAB_TEMPLATE[i]=debian-12-base
    done
}

start_server() {
    local program
    case $SERVER in
    dhcpd)
        # Debian's AppArmor profile applies to the path of the packaged server.
        cp "$(command -v dhcpd)" "$LAB_DIRECTORY/dhcpd"
        touch "$LAB_DIRECTORY/leases"
        cat > "$LAB_DIRECTORY/dhcpd.conf" <<'CONFIGURATION'
default-lease-time 8; max-lease-time 8; authoritative; ping-check false;
subnet 192.0.2.0 netmask 255.255.255.0 { range 192.0.2.10 192.0.2.240; option routers 192.0.2.1; }
CONFIGURATION
        program=("$LAB_DIRECTORY/dhcpd" -4 -f -cf "$LAB_DIRECTORY/dhcpd.conf" -lf "$LAB_DIRECTORY/leases"
            -pf "$LAB_DIRECTORY/pid" lab0)
        ;;
    dnsmasq)
        program=(dnsmasq -k -C /dev/null -p 0 -i lab0 --bind-interfaces --no-ping --dhcp-authoritative --user=root
            --group=root --dhcp-range="192.0.2.10,192.0.2.240,2m" --dhcp-leasefile="$LAB_DIRECTORY/leases"
            --pid-file="$LAB_DIRECTORY/pid" --log-facility=-)
        ;;
    esac
    : > "$LAB_DIRECTORY/server.log"
    nsenter --net="/run/netns/$(lab_netns server)" -- setsid "${program[@]}" \
        >> "$LAB_DIRECTORY/server.log" 2>&1 < /dev/null &
    SERVER_PID=$!
    disown
    until_true "the server runs" grep -qE 'Sending on|sockets bound' "$LAB_DIRECTORY/server.log"
}

has_address() { [ -n "$(lab_address "$1")" ]; }

has_lease() { grep -q "${LAB_MAC[$1]}" "$LAB_DIRECTORY/leases"; }

boot() {  # MACHINE
    lab_machine_on "$1"
    until_true "${LAB_NAME[$1]} has an address" has_address "$1" && until_true "its lease is on record" has_lease "$1"
}

scan() { "$CLONE_GUARD_COMMAND" scan --json "$@" > "$WORK/found.json"; }

finds_clones() { scan "$@"; [ $? -eq 1 ]; }

need_root
case $SERVER in
dhcpd | dnsmasq) ;;
*)
    echo "usage: $0 dhcpd|dnsmasq" >&2
    exit 2
    ;;
esac
need_program "$SERVER"
lab_create || exit 1
trap clean_up_lab EXIT
plan
lab_network_up || exit 1
for i in 1 2 3; do lab_clone "$i"; done
: > "$LAB_DIRECTORY/machines/3/machine-id"
start_server || exit 1
boot 3 && boot 1 || exit 1
cp "$LAB_DIRECTORY/leases" "$LAB_DIRECTORY/copy-1"
boot 2 || exit 1
cp "$LAB_DIRECTORY/leases" "$LAB_DIRECTORY/copy-2"
expect_equal "$(lab_address 1)" "$(lab_address 2)" "the address of both clones"
if [ "$SERVER" = dhcpd ]; then
    # The first clone renews its lease after four seconds.
    until_true "the scan finds clones" finds_clones "$LAB_DIRECTORY/leases"
else
    scan "$LAB_DIRECTORY/leases"
    expect_equal 3 $? "status of a scan of one copy"
    finds_clones --copies --lease-time 120 "$LAB_DIRECTORY/copy-1" "$LAB_DIRECTORY/copy-2" ||
        failure "the scan of two copies finds no clones"
fi
expect_equal "${LAB_MAC[1]} ${LAB_MAC[2]}" "$(jq -r '[.clones[].machines[].hw_address] | sort | join(" ")' \
    "$WORK/found.json")" "the clones"
expect_equal ens18 "$(jq -r '.clones[0].nic' "$WORK/found.json")" "the interface"
expect_equal 0 "$(jq '[.moved, .apart, .sealed, .duids] | map(length) | add' "$WORK/found.json")" "other findings"
[ "$FAILURES" -eq 0 ] || exit 1
echo "$SERVER: passed"
