#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
#
# R4, R6, R7, R12: three clones with a real DHCP client against a real server. The holder is up; then two clones boot,
# one of them with the holder's lease file. Under mac-fallback each clone gets an address of its own, and under refuse
# none. The holder renews its lease all the time. Then the remedy of the audit record is run in each machine, and each
# comes back with an identity of its own.
#
#   CLONE_GUARD_LIBRARY=.../libdhcp_clone_guard.so tests/lab/clients_test.sh CLIENT
#
# CLIENT is networkd, dhcpcd, dhclient, udhcpc or NetworkManager. The test prints seconds, and asserts no duration.

set -uo pipefail
CHECKOUT=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.." && pwd)
HERE=$CHECKOUT/kea-config
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
umask 022
WORK=$(mktemp -d)
OUTPUT=$WORK/output LAB_PROCESS=
FAILURES=0
. "$CHECKOUT/tests/lab/lab_expect.sh"
. "$HERE/lab/network.sh"
. "$HERE/lab/templates.sh"
. "$CHECKOUT/tests/lab/clients_machines.sh"

CLIENT=${1:-}
LIBRARY=$CLONE_GUARD_LIBRARY
LIMIT=6000          # tenths of a second
RENEW=4
ALL=("$HOLDER" "$WITH_LEASE" "$WITHOUT_LEASE")
CLONES=("$WITH_LEASE" "$WITHOUT_LEASE")
SHARED=0            # how often two machines were seen with one address

clean_up_lab() {
    [ "$FAILURES" -eq 0 ] || show_logs
    lab_remove
    clean_up
}

show_logs() {
    local i
    for i in "${ALL[@]}"; do
        echo "--- ${LAB_NAME[$i]}:"
        tail -n 25 "$LAB_DIRECTORY/machines/$i/log"
    done
    echo "--- server:"
    tail -n 10 "$DIRECTORY"/{output,kea-dhcp4.log} 2>/dev/null | cut -c1-300
    echo "--- messages:"
    messages "$DIRECTORY/clones.pcap"
}

# --- the server and the wire ---------------------------------------------------------------------------------------

configure() {
    cat <<CONFIGURATION
{ "Dhcp4": {
    "interfaces-config": { "interfaces": [ "lab0" ] },
    "lease-database": { "type": "memfile", "lfc-interval": 0, "name": "$DIRECTORY/kea-leases4.csv" },
    "renew-timer": $RENEW, "rebind-timer": 50, "valid-lifetime": 120,
    "option-data": [ { "name": "routers", "data": "192.0.2.1" } ],
    "hooks-libraries": [ { "library": "$LIBRARY", "parameters": { "policy": "$POLICY" } } ],
    "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "pools": [ { "pool": "192.0.2.10 - 192.0.2.240" } ] } ],
    "loggers": [
        { "name": "kea-dhcp4", "severity": "INFO", "output_options": [ { "output": "$DIRECTORY/kea-dhcp4.log" } ] },
        { "name": "kea-dhcp4.clone-guard-audit", "severity": "INFO",
          "output_options": [ { "output": "$DIRECTORY/audit.jsonl", "pattern": "%m%n" } ] } ]
} }
CONFIGURATION
}

# Prints the DHCP messages of a capture, one "SECONDS MAC TYPE YOUR-ADDRESS" a line.
messages() {
    tcpdump -r "$1" -tt -n -vv 2>/dev/null | awk '
        /^[0-9]+\.[0-9]+ IP / { time = $1 }
        /BOOTP\/DHCP, / { yours = "-" }
        /Your-IP/ { yours = $2 }
        /Client-Ethernet-Address/ { mac = $2 }
        /DHCP-Message/ { print time, mac, toupper($NF), yours }'
}

count_messages() {  # MACHINE, TYPE
    messages "$DIRECTORY/clones.pcap" | awk -v mac="${LAB_MAC[$1]}" -v type="$2" '$2 == mac && $3 == type' | wc -l
}

# The audit records of a machine with a remedy.
records_of() {  # MACHINE
    jq -c --arg mac "${LAB_MAC[$1]}" 'select(.hw_address == $mac and .remedy)' "$DIRECTORY/audit.jsonl" 2>/dev/null
}

# --- waiting ---------------------------------------------------------------------------------------------------------

now() { date +%s.%N; }

# Waits for a condition. Meanwhile no two machines may have one address.
until_apart() {  # WHAT, COMMAND...
    local what=$1 tenths sharing
    shift
    for ((tenths = 0; tenths < LIMIT; tenths++)); do
        sharing=$(for i in "${ALL[@]}"; do lab_address "$i"; done | sort | uniq -d | wc -l)
        SHARED=$((SHARED + sharing))
        "$@" && return 0
        sleep 0.1
    done
    failure "not reached within the limit: $what"
    return 1
}

# Notes when a machine got its address.
has_address() {  # MACHINE...
    local i missing=0
    for i; do
        [ -z "${REACHED[$i]:-}" ] || continue
        ADDRESS[i]=$(lab_address "$i")
        if [ -n "${ADDRESS[$i]}" ]; then REACHED[i]=$(now); else missing=1; fi
    done
    return "$missing"
}

acks() {  # MACHINE
    grep -c "DHCP4_LEASE_ALLOC.*hwtype=1 ${LAB_MAC[$1]}" "$DIRECTORY/kea-dhcp4.log"
}

acked() { [ "$(acks "$1")" -ge "$2" ]; }

# A refused clone asks again and again. dhclient gives up for a while, and has no recorded lease any more.
refused() {  # MACHINE
    [ -n "$(records_of "$1")" ] || return
    if [ "$CLIENT" = dhclient ]; then
        grep -qE 'No working leases|bound' "$LAB_DIRECTORY/machines/$1/log"
    else
        [ "$(count_messages "$1" DISCOVER)" -ge 2 ]
    fi
}

# Whether a capture has the replies that gave the machines their addresses.
captured() {  # FILE, MACHINE...
    local file=$1 i
    shift
    for i; do messages "$DIRECTORY/$file" | grep -q " ${LAB_MAC[$i]} ACK ${ADDRESS[$i]}$" || return; done
}

switch_on() {
    local i
    for i; do
        REACHED[i]=
        ADDRESS[i]=
        STARTED[i]=$(now)
        lab_machine_on "$i"
    done
}

# --- what is checked ---------------------------------------------------------------------------------------------

# R4: the holder renews after everything that the clones sent, and keeps its address and its lease.
expect_kept() {
    local before
    before=$(acks "$HOLDER")
    clients_renew "$HOLDER"
    until_apart "the holder renews" acked "$HOLDER" "$((before + 1))"
    expect_equal "${ADDRESS[$HOLDER]}" "$(lab_address "$HOLDER")" "the holder's address"
    expect_equal "${LAB_MAC[$HOLDER]}" "$(awk -F, -v address="${ADDRESS[$HOLDER]}" '$1 == address { mac = $2 } END { print mac }' \
        "$DIRECTORY/kea-leases4.csv")" "the machine of the holder's lease"
    expect_equal 0 "$(count_messages "$HOLDER" NACK)" "NAKs to the holder"
}

# R7: a client that asks for its recorded address in INIT-REBOOT gets a NAK.
expect_nak() {
    case $CLIENT in
    dhclient | dhcpcd)
        expect_equal 1 "$(count_messages "$WITH_LEASE" NACK)" "NAKs to the clone with a lease file"
        ;;
    esac
    expect_equal 0 "$(count_messages "$WITHOUT_LEASE" NACK)" "NAKs to the clone without a lease file"
}

row() { printf 'clients: %-15s %-13s %-14s %-14s %-11s %5s  %s\n' "$@"; }

# Prints the line of a machine: the seconds begin with its first message.
report() {  # MACHINE, WHAT
    local first seconds=-
    first=$(messages "$DIRECTORY/clones.pcap" | awk -v mac="${LAB_MAC[$1]}" -v since="${STARTED[$1]}" \
        '$2 == mac && $1 >= since { print $1; exit }')
    [ -z "${REACHED[$1]}" ] || seconds=$(awk -v end="${REACHED[$1]}" -v begin="$first" 'BEGIN { printf "%.1f s", end - begin }')
    row "$CLIENT" "$POLICY" "${LAB_NAME[$1]}" "${ADDRESS[$1]:-none}" "$seconds" "$(count_messages "$1" NACK)" "$2"
}

clones_mac_fallback() {
    until_apart "each clone has an address" has_address "${CLONES[@]}"
    until_apart "the messages of the clones are captured" captured clones.pcap "${CLONES[@]}"
    expect_kept
    expect_equal 3 "$(for i in "${ALL[@]}"; do lab_address "$i"; done | sort -u | wc -l)" "different addresses"
}

clones_refuse() {
    local i
    for i in "${CLONES[@]}"; do
        until_apart "${LAB_NAME[$i]} is refused" refused "$i"
    done
    expect_kept
    for i in "${CLONES[@]}"; do
        expect_equal "" "$(lab_address "$i")" "the address of ${LAB_NAME[$i]}"
        # dhclient tries its recorded lease if it gets neither an offer nor a NAK.
        ! grep -q 'Trying recorded lease' "$LAB_DIRECTORY/machines/$i/log" ||
            failure "${LAB_NAME[$i]} tried the address of its lease file"
    done
}

# Prints the remedy in the last record of a machine.
remedy_of() { records_of "$1" | tail -n 1 | jq -r .remedy; }

# Runs the remedy in each machine and reboots it.
cure() {
    local remedy command i conflicts
    remedy=$(remedy_of "$WITHOUT_LEASE")
    command=$(sed -n "s/^[^']* run '\([^']*\)'.*/\1/p" <<< "$remedy")
    echo "remedy for $CLIENT: $remedy"
    for i in "${ALL[@]}"; do
        clients_cure "$i" "$remedy" "$command" || failure "the remedy failed in ${LAB_NAME[$i]}: $remedy"
    done
    lab_machines_off "${ALL[@]}"
    conflicts=$(wc -l < "$DIRECTORY/audit.jsonl")
    lab_capture_stop
    lab_capture_start "$DIRECTORY/cured.pcap" || failure "no capture"
    switch_on "${ALL[@]}"
    until_apart "each cured machine has an address" has_address "${ALL[@]}"
    until_apart "the messages of the cured machines are captured" captured cured.pcap "${ALL[@]}"
    lab_capture_stop
    expect_equal 3 "$(for i in "${ALL[@]}"; do lab_address "$i"; done | sort -u | wc -l)" "addresses of cured machines"
    lab_wire_identifiers "$DIRECTORY/cured.pcap" > "$WORK/identifiers"
    expect_equal "" "$(awk '{ print $2 }' "$WORK/identifiers" | sort | uniq -d)" "shared identifiers of cured machines"
    expect_equal "" "$(awk '{ print $2 }' "$WORK/identifiers" | grep -xF "$IDENTIFIER")" "machines with the old identifier"
    expect_equal 0 "$(tail -n "+$((conflicts + 1))" "$DIRECTORY/audit.jsonl" |
        jq -r 'select(.event | test("^conflict-(suspected|confirmed)$")) | .event' | wc -l)" "conflicts of cured machines"
}

# --- the test --------------------------------------------------------------------------------------------------------

phase() {  # POLICY
    local i
    POLICY=$1
    DIRECTORY=$LAB_DIRECTORY/$POLICY
    mkdir "$DIRECTORY"
    configure > "$DIRECTORY/kea-dhcp4.conf"
    touch "$DIRECTORY/audit.jsonl"
    for i in "${ALL[@]}"; do clients_install "$i"; done
    lab_server_start "$DIRECTORY" || exit 1
    lab_capture_start "$DIRECTORY/clones.pcap" || exit 1
    switch_on "$HOLDER"
    until_apart "the holder has an address" has_address "$HOLDER" || exit 1
    clients_copy_lease "${ADDRESS[$HOLDER]}" || failure "the holder has no lease file"
    switch_on "${CLONES[@]}"
    "clones_${POLICY//-/_}"
    expect_nak
    IDENTIFIER=$(lab_wire_identifiers "$DIRECTORY/clones.pcap" | awk '{ print $2 }' | sort -u)
    expect_equal 1 "$(grep -c . <<< "$IDENTIFIER")" "identifiers of the clones ($(xargs <<< "$IDENTIFIER"))"
    report "$HOLDER" "holder"
    report "$WITH_LEASE" "clone"
    report "$WITHOUT_LEASE" "clone"
    cure
    for i in "${ALL[@]}"; do row "$CLIENT" "$POLICY" "${LAB_NAME[$i]}" "${ADDRESS[$i]}" - - cured; done
    lab_machines_off "${ALL[@]}"
    lab_server_stop
}

need_root
case $CLIENT in
networkd | dhcpcd | dhclient | udhcpc | NetworkManager) ;;
*)
    echo "usage: $0 networkd|dhcpcd|dhclient|udhcpc|NetworkManager" >&2
    exit 2
    ;;
esac
[ "$CLIENT" != dhclient ] || need_program dhclient
declare -a STARTED REACHED ADDRESS
lab_create || exit 1
DIRECTORY=$LAB_DIRECTORY
trap clean_up_lab EXIT
clients_plan "$CLIENT"
lab_network_up || exit 1
row client policy machine address seconds NAKs ""
phase mac-fallback
phase refuse
expect_equal 0 "$SHARED" "times that two machines had one address"
[ "$FAILURES" -eq 0 ] || exit 1
echo "$CLIENT: passed"
