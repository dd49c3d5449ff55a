#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
#
# R12: clone-guard listen on the bridge of a network with DHCPv6. Real clients boot on a real server, some of them behind
# a relay. The command names the clones, and no other machine.
#
#   CLONE_GUARD_COMMAND=.../clone-guard tests/lab/listen6_test.sh

set -uo pipefail
CHECKOUT=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.." && pwd)
HERE=$CHECKOUT/kea-config
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
umask 022
WORK=$(mktemp -d)
# shellcheck disable=SC2034 # lab_expect.sh has them.
OUTPUT=$WORK/output LAB_PROCESS=
FAILURES=0
. "$CHECKOUT/tests/lab/lab_expect.sh"
. "$HERE/lab/network.sh"
. "$HERE/lab/templates.sh"

# shellcheck disable=SC2034
LIMIT=3000          # tenths of a second
SERVER_PID=
LISTENERS=()

clean_up_lab() {
    [ "$FAILURES" -eq 0 ] || tail -n 30 "$LAB_DIRECTORY"/{server.log,relay.log,lines,machines/*/log} 2>/dev/null
    local pid
    for pid in "${LISTENERS[@]}" "$SERVER_PID"; do _lab_end "$pid"; done
    lab_remove
    clean_up
}

# --- the network -----------------------------------------------------------------------------------------------------

# Makes a namespace with a bridge. DAD is left out on it, so that a server can use its addresses at once.
add_bridge() {  # NAMESPACE, BRIDGE, ADDRESS
    lab_in "$1" ip link set lo up
    lab_in "$1" ip link add "$2" type bridge
    lab_in "$1" ip link set "$2" up
    lab_in "$1" ip address add "$3/64" dev "$2" nodad
}

# Connects a machine to a bridge.
plug_in() {  # NAME, MAC, NIC, NAMESPACE, BRIDGE
    local netns
    netns=$(lab_netns "$1")
    [ -e "/run/netns/$netns" ] || ip netns add "$netns" || return 1
    lab_in "$4" ip link add "$1-$3" type veth peer name "$3" address "$2" netns "$netns" || return 1
    lab_in "$4" ip link set "$1-$3" master "$5" up
    lab_in "$1" ip link set lo up
    lab_in "$1" ip link set "$3" up
}

# Adds a machine to the arrays of templates.sh.
add_machine() {  # NAME, CLIENT, NAMESPACE, BRIDGE
    local i=$((++MACHINES))
    LAB_NAME[i]=$1
    printf -v "LAB_MAC[i]" 'bc:24:11:5e:00:%02x' "$i"
    LAB_CLIENT[i]=$2
    LAB_TEMPLATE[i]=debian-12-base
    [ "$2" != dhcpcd ] || LAB_TEMPLATE[i]=old-router-image
    plug_in "$1" "${LAB_MAC[i]}" ens18 "$3" "$4" && lab_clone "$i"
    cat > "$LAB_DIRECTORY/machines/$i/ens18.network" <<'NETWORK'
[Match]
Name=ens18

[Network]
DHCP=yes
LinkLocalAddressing=ipv6
IPv6AcceptRA=no

[DHCPv6]
WithoutRA=solicit
NETWORK
    echo -6 ens18 > "$LAB_DIRECTORY/machines/$i/dhclient.options"
    mkdir -p "$LAB_DIRECTORY/machines/$i/etc/dhcp"
    cat > "$LAB_DIRECTORY/machines/$i/dhcpcd.conf" <<'CONFIGURATION'
ipv6only
duid
slaac private
noipv6rs
script /bin/true
interface ens18
ia_na
CONFIGURATION
}

start_server() {
    # Debian's AppArmor profile applies to the path of the packaged server.
    cp "$(command -v dhcpd)" "$LAB_DIRECTORY/dhcpd"
    touch "$LAB_DIRECTORY/leases"
    cat > "$LAB_DIRECTORY/dhcpd.conf" <<'CONFIGURATION'
default-lease-time 20; preferred-lifetime 10; option dhcp-renewal-time 2; option dhcp-rebinding-time 8; authoritative;
subnet6 fd00::/64 { range6 fd00::1000 fd00::ffff; prefix6 fd00:1:: fd00:1:ff00:: /56; }
subnet6 fd01::/64 { range6 fd01::1000 fd01::ffff; }
CONFIGURATION
    lab_in server setsid "$LAB_DIRECTORY/dhcpd" -6 -f -d -cf "$LAB_DIRECTORY/dhcpd.conf" -lf "$LAB_DIRECTORY/leases" \
        -pf "$LAB_DIRECTORY/pid" lab0 > "$LAB_DIRECTORY/server.log" 2>&1 < /dev/null &
    SERVER_PID=$!
    disown
    lab_in relay setsid dnsmasq -k -C /dev/null -p 0 -i far0 -i ens18 --user=root --group=root --log-facility=- --log-dhcp \
        --dhcp-relay=fd01::1,fd00::1 --pid-file="$LAB_DIRECTORY/relay.pid" > "$LAB_DIRECTORY/relay.log" 2>&1 < /dev/null &
    disown
    until_true "the server runs" grep -q 'Sending on' "$LAB_DIRECTORY/server.log" &&
        until_true "the relay runs" grep -q 'DHCP relay' "$LAB_DIRECTORY/relay.log"
}

packet_sockets() { lab_in "$1" awk 'END { print NR }' /proc/net/packet; }
has_more_sockets() { [ "$(packet_sockets "$1")" -gt "$2" ]; }

# Starts clone-guard listen in a namespace. Its output is a file of the lab.
listen_in() {  # NAMESPACE, FILE, OPTION...
    local namespace=$1 name=$2 file=$LAB_DIRECTORY/$2 sockets
    shift 2
    sockets=$(packet_sockets "$namespace")
    nsenter --net="/run/netns/$(lab_netns "$namespace")" -- "$CLONE_GUARD_COMMAND" listen "$@" \
        > "$file" 2> "$file.errors" < /dev/null &
    LISTENERS+=($!)
    # A command that prints JSON says nothing before its end.
    until_true "$name has an open socket" has_more_sockets "$namespace" "$sockets" && return
    cat "$file.errors"
    return 1
}

start_capture() {
    nsenter --net="/run/netns/$(lab_netns server)" -- setsid tcpdump -Z root -U --immediate-mode -n -i lab0 -w "$LAB_DIRECTORY/lab0.pcap" \
        'udp and (port 67 or 68 or 546 or 547)' > /dev/null 2> >(cat > "$LAB_DIRECTORY/capture.log") < /dev/null &
    LAB_CAPTURE_PID=$!
    disown
    until_true "the capture runs" grep -qs 'listening on' "$LAB_DIRECTORY/capture.log"
}

# --- the machines ----------------------------------------------------------------------------------------------------

has_no_tentative() { [ -z "$(lab_in "$1" ip -6 address show tentative)" ]; }

# Prints the global addresses of a machine that passed DAD, in one line.
addresses6() {  # NAME
    lab_in "$1" ip -6 -oneline address show scope global -tentative -dadfailed |
        sed -n 's/.* inet6 \([0-9a-f:]*\)\/.*/\1/p' | sort | xargs
}

has_addresses() { [ "$(addresses6 "$1" | wc -w)" -eq "$2" ]; }

# --- what listen found -----------------------------------------------------------------------------------------------

read_capture() { "$CLONE_GUARD_COMMAND" listen --read --json "$LAB_DIRECTORY/lab0.pcap" > "$LAB_DIRECTORY/read.json"; }

# Both conflicts are confirmed when each machine of them has renewed. The capture may lag behind.
is_confirmed() {
    [ "$(grep -c ' CONFIRMED ' "$LAB_DIRECTORY/lines")" -ge 2 ] || return
    read_capture
    [ "$(found read.json '[.clones[] | select(.evidence.confirmed)] | length')" -ge 2 ]
}

# Prints a value of a file of the lab.
found() {  # FILE, FILTER
    jq -r "$2" "$LAB_DIRECTORY/$1"
}

# The last bytes of the hardware addresses of each finding of a kind, as "1+2 5+6".
machines_of() {  # FILE, KIND
    found "$1" "[.$2[] | [.machines[] | .hw_address? // . | .[12:]] | sort | join(\"+\")] | sort | unique | join(\" \")"
}

expect_findings() {  # FILE
    expect_equal "00:01+00:02 00:05+00:06" "$(machines_of "$1" clones)" "$1: the clones"
    expect_equal "00:04+02:04 00:07+00:08" "$(machines_of "$1" duids)" "$1: DUIDs with several IAIDs"
    expect_equal 0 "$(found "$1" '[.moved, .apart, .sealed] | map(length) | add')" "$1: other findings"
    expect_equal "true true" "$(found "$1" '[.clones[].evidence.confirmed] | join(" ")')" "$1: both alive"
    expect_equal "0 0 0" "$(found "$1" '.counts | [.damaged, .cut, .unidentified] | join(" ")')" "$1: unreadable messages"
    expect_equal "1 0" "$(found "$1" '[(.servers | length), .servers[].competing] | join(" ")')" "$1: the server"
}

# --- the test --------------------------------------------------------------------------------------------------------

need_root
need_program dhcpd
need_program dhclient
lab_create || exit 1
trap clean_up_lab EXIT
ip netns add "$(lab_netns server)" || exit 1
add_bridge server lab0 fd00::1
plug_in relay bc:24:11:5e:01:00 ens18 server lab0 || exit 1
add_bridge relay far0 fd01::1
lab_in relay ip address add fd00::2/64 dev ens18 nodad
# The clones of a machine-id, a machine with an identity of its own, and a machine with two NICs and one DUID.
add_machine clone-1 networkd server lab0
add_machine clone-2 networkd server lab0
add_machine sealed networkd server lab0
: > "$LAB_DIRECTORY/machines/3/machine-id"
add_machine two-nics dhclient server lab0
plug_in two-nics bc:24:11:5e:02:04 ens19 server lab0
echo -6 ens18 ens19 > "$LAB_DIRECTORY/machines/4/dhclient.options"
# Behind the relay: a clone with the lease file of another, and clones of a DUID that make the IAID of the hardware address.
add_machine far-1 dhclient relay far0
add_machine far-2 dhclient relay far0
add_machine far-3 dhcpcd relay far0
add_machine far-4 dhcpcd relay far0
# The address of the last one does not show its hardware address.
lab_in far-4 ip link set ens18 down addrgenmode random
lab_in far-4 ip link set ens18 up
start_server || exit 1
listen_in server lines -i lab0 --write "$LAB_DIRECTORY/audit.jsonl" || exit 1
listen_in server live.json -i lab0 --json || exit 1
listen_in relay relay.json --json || exit 1
start_capture || exit 1
for name in server relay "${LAB_NAME[@]}"; do until_true "$name has a link-local address" has_no_tentative "$name"; done
for i in 1 3 4 5 7 8; do lab_machine_on "$i"; done
for name in clone-1 sealed far-1 far-3 far-4; do until_true "$name has an address" has_addresses "$name" 1 || exit 1; done
until_true "both NICs have an address" has_addresses two-nics 2 || exit 1
cp -r "$LAB_DIRECTORY/machines/5/dhcp" "$LAB_DIRECTORY/machines/6/"
for i in 2 6; do lab_machine_on "$i"; done
until_true "the conflicts are confirmed" is_confirmed || exit 1
# A signal ends a listener at once, so the other two need the time to read the same messages.
sleep 1
for pid in "${LISTENERS[@]}"; do
    kill -TERM "$pid"
    wait "$pid"
    expect_equal 1 $? "status of listen"
done
lab_capture_stop
read_capture
expect_equal 1 $? "status of listen --read"
for file in live.json relay.json read.json; do expect_findings "$file"; done

# What the report says of the clones is what the machines have.
holder=$(addresses6 clone-1) far=$(addresses6 far-1)
expect_equal "$holder $far" "$(found live.json '[.addresses[].address | select(contains("/") | not)] | join(" ")')" \
    "addresses of several machines"
expect_equal "00:01+00:02 00:05+00:06" "$(machines_of live.json addresses)" "machines with these addresses"
expect_equal "00:01+00:02" "$(found live.json '.addresses[] | select(.address | endswith("/56")) | .machines | map(.[12:]) | join("+")')" \
    "machines with one prefix"
for file in live.json read.json; do
    for name in sealed two-nics far-3 far-4; do
        for address in $(addresses6 "$name"); do
            ! found "$file" '.clones, .addresses, .declined' | grep -qF "\"$address\"" || failure "$file: $name is named"
        done
    done
done
expect_equal "ens18 lab0, DHCPv4; lab0, DHCPv6" \
    "$(found live.json '.clones[] | select(.nic) | .nic + " " + (.segments | join("; "))')" "networkd's clones are seen on"
expect_equal "lab0, DHCPv6, relay fd01::1" "$(found live.json '.clones[] | select(.nic | not) | .segments[]')" \
    "dhclient's clones are seen on"
remedies=$(found live.json '.clones[] | select(.nic | not) | .remedy')
grep -q "^in the template run 'rm -f .* /var/lib/dhcp/dhclient\* " <<< "$remedies" || failure "no remedy for dhclient: $remedies"
expect_equal "$remedies" "$(jq -r 'select(.relay) | .remedy' "$LAB_DIRECTORY/audit.jsonl" | sort -u)" "the remedy in the audit log"
grep -q "CONFIRMED  clone-2 (bc:24:11:5e:00:02, Proxmox) is active at the same time as clone-1 (bc:24:11:5e:00:01, $holder)" \
    "$LAB_DIRECTORY/lines" || failure "no line about clone-2"
"$CHECKOUT/tests/docs/audit-schema" - < "$LAB_DIRECTORY/audit.jsonl" || failure "records that the schema does not know"
expect_equal "clone-1 $holder" "$(jq -r 'select(.event == "conflict-confirmed" and .network == "DHCPv6" and (.relay | not)) |
    .holder | .hostname + " " + .address' "$LAB_DIRECTORY/audit.jsonl")" "the holder in the audit log"
[ "$FAILURES" -eq 0 ] || exit 1
echo "listen: passed"
