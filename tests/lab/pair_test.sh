#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
#
# R3, R6: two servers in two network namespaces on one network without a relay, with real clones (systemd-networkd). The
# first server is killed, a clone boots, the first server returns and the second is killed. Every machine keeps its
# address, and no two machines share one.
#
#   CLONE_GUARD_LIBRARY=.../libdhcp_clone_guard.so CLONE_GUARD_KEA_HOOKS=DIRECTORY tests/lab/pair_test.sh KIND
#
# KIND is hot-standby or load-balancing (Kea's high availability), or postgresql (one lease database for both servers).

set -uo pipefail
CHECKOUT=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.." && pwd)
HERE=$CHECKOUT/kea-config
WORK=$(mktemp -d)
# shellcheck disable=SC2034 # lab_expect.sh has them.
OUTPUT=$WORK/output LAB_PROCESS=
FAILURES=0
. "$CHECKOUT/tests/lab/lab_expect.sh"
. "$HERE/lab/network.sh"
. "$HERE/lab/templates.sh"

KIND=${1:-}
# The first four are clones that boot together, the fifth is sealed, and the sixth is a clone that boots last.
CLONES=4
SEALED=5
LATE=6
RENEW=3
REBIND=5
# shellcheck disable=SC2034
LIMIT=6000          # tenths of a second

BEGUN=$(date +%s%N)
say() { awk -v now="$(date +%s%N)" -v begun="$BEGUN" -v text="$1" 'BEGIN { printf "%5.1f s  %s\n", (now - begun) / 1e9, text }'; }

clean_up_lab() {
    [ "$FAILURES" -eq 0 ] || tail -n 15 "$LAB_DIRECTORY"/server-*/{output,kea-dhcp4.log} 2>/dev/null | cut -c1-300
    lab_remove
    clean_up
}

# --- the servers -------------------------------------------------------------------------------------------------

place_of() { [ "$1" = 1 ] && echo server || echo second; }

library() { echo "{ \"library\": \"$LAB_DIRECTORY/hooks/$1\"${2:+, \"parameters\": $2} }"; }

availability() {
    local peers
    peers="{ \"name\": \"server-1\", \"url\": \"http://192.0.2.1:8001/\", \"role\": \"primary\", \"auto-failover\": true },
        { \"name\": \"server-2\", \"url\": \"http://192.0.2.2:8002/\",
          \"role\": \"$([ "$KIND" = hot-standby ] && echo standby || echo secondary)\", \"auto-failover\": true }"
    echo "{ \"high-availability\": [ { \"this-server-name\": \"server-$1\", \"mode\": \"$KIND\",
        \"heartbeat-delay\": 300, \"max-response-delay\": 1000, \"max-ack-delay\": 1000, \"max-unacked-clients\": 0,
        \"multi-threading\": { \"enable-multi-threading\": true, \"http-dedicated-listener\": true },
        \"peers\": [ $peers ] } ] }"
}

configure() {  # NUMBER
    local directory=$LAB_DIRECTORY/server-$1 interface=lab0 libraries leases class=""
    [ "$1" = 1 ] || interface=ens18
    libraries=$(library libdhcp_clone_guard.so '{ "policy": "mac-fallback" }')
    leases='"type": "memfile", "persist": true, "lfc-interval": 0, "name": "'$directory'/leases.csv"'
    case $KIND in
    postgresql)
        leases='"type": "postgresql", "name": "keatest", "user": "keatest", "host": "192.0.2.1"'
        [ ! -e "$LAB_DIRECTORY/hooks/libdhcp_pgsql.so" ] || libraries="$(library libdhcp_pgsql.so), $libraries"
        ;;
    *)
        libraries="$(library libdhcp_lease_cmds.so), $libraries, $(library libdhcp_ha.so "$(availability "$1")")"
        ;;
    esac
    mkdir -p "$directory"
    cat > "$directory/kea-dhcp4.conf" <<CONFIGURATION
{ "Dhcp4": {
    "interfaces-config": { "interfaces": [ "$interface" ] },
    "lease-database": { $leases },
    "renew-timer": $RENEW, "rebind-timer": $REBIND, "valid-lifetime": 60,
    "multi-threading": { "enable-multi-threading": true, "thread-pool-size": 2 },
    $(lab_control_socket "$directory/control/socket"),
    "hooks-libraries": [ $libraries ],
    "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "pools": [
        $(pools) ] } ],
    "loggers": [
        { "name": "kea-dhcp4", "severity": "INFO", "output_options": [ { "output": "$directory/kea-dhcp4.log" } ] },
        { "name": "kea-dhcp4.clone-guard-audit", "severity": "INFO",
          "output_options": [ { "output": "$directory/audit.jsonl", "pattern": "%m%n" } ] } ]
} }
CONFIGURATION
}

# In load balancing each server allocates addresses from a pool of its own.
pools() {
    if [ "$KIND" = load-balancing ]; then
        echo '{ "pool": "192.0.2.10 - 192.0.2.120", "client-class": "HA_server-1" },
            { "pool": "192.0.2.121 - 192.0.2.240", "client-class": "HA_server-2" }'
    else
        echo '{ "pool": "192.0.2.10 - 192.0.2.240" }'
    fi
}

start_server() {  # NUMBER
    local directory=$LAB_DIRECTORY/server-$1
    install -d -m 750 "$directory/control"
    rm -f "$directory/control/socket" "$directory"/*.pid
    nsenter --net="/run/netns/$(lab_netns "$(place_of "$1")")" -- setsid env KEA_PIDFILE_DIR="$directory" \
        KEA_LOCKFILE_DIR="$directory" KEA_HOOKS_PATH="$LAB_DIRECTORY/hooks" KEA_LOG_FILE_DIR="$directory" \
        KEA_DHCP_DATA_DIR="$directory" KEA_CONTROL_SOCKET_DIR="$directory/control" \
        "$LAB_DIRECTORY/kea-dhcp4" -c "$directory/kea-dhcp4.conf" >> "$directory/output" 2>&1 < /dev/null &
    SERVER[$1]=$!
    disown
    until_true "server $1 answers" command_of "$1" version-get
}

kill_server() {
    kill -KILL "${SERVER[$1]}"
    until_true "server $1 is gone" gone "${SERVER[$1]}"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# Prints the answer of a server to a command if it succeeds.
command_of() {  # NUMBER, NAME
    echo "{ \"command\": \"$2\" }" |
        socat -t 5 - "UNIX-CONNECT:$LAB_DIRECTORY/server-$1/control/socket" 2>/dev/null |
        jq -e 'select(.result == 0) | .arguments // true' > "$WORK/answer" 2>/dev/null
}

in_state() {  # NUMBER, STATE
    [ "$KIND" = postgresql ] && return
    command_of "$1" status-get && [ "$(jq -r '."high-availability"[0]."ha-servers".local.state' "$WORK/answer")" = "$2" ]
}

# The state of both servers when both run.
NORMAL=hot-standby
[ "$KIND" != load-balancing ] || NORMAL=load-balancing

both_normal() { in_state 1 "$NORMAL" && in_state 2 "$NORMAL"; }

start_database() {
    local programs
    programs=$(dirname "$(find /usr/lib/postgresql -name initdb | head -n 1)")
    install -d -o postgres -g postgres "$LAB_DIRECTORY/database"
    chmod 755 "$LAB_DIRECTORY"
    as_postgres() { lab_in server setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
    as_postgres "$programs/initdb" --no-sync --auth=trust -D "$LAB_DIRECTORY/database/data" > "$WORK/database" 2>&1
    echo "host all all 192.0.2.0/24 trust" >> "$LAB_DIRECTORY/database/data/pg_hba.conf"
    as_postgres setsid "$programs/postgres" -F -D "$LAB_DIRECTORY/database/data" -k "$LAB_DIRECTORY/database" \
        -h 192.0.2.1 >> "$WORK/database" 2>&1 < /dev/null &
    disown
    until_true "PostgreSQL answers" lab_in server psql -q -h 192.0.2.1 -U postgres -c "CREATE ROLE keatest LOGIN" \
        > /dev/null 2>&1
    lab_in server psql -q -h 192.0.2.1 -U postgres -c "CREATE DATABASE keatest OWNER keatest" >> "$WORK/database" 2>&1
    lab_in server kea-admin db-init pgsql -h 192.0.2.1 -u keatest -p keatest -n keatest >> "$WORK/database" 2>&1 ||
        failure "no schema: $(tail -n 3 "$WORK/database")"
}

# --- the machines --------------------------------------------------------------------------------------------------

has_address() { [ -n "$(lab_address "$1")" ]; }

boot() {
    local i
    for i; do lab_machine_on "$i"; done
    for i; do until_true "${LAB_NAME[$i]} has an address" has_address "$i"; done
}

# Counts the ACKs of a server to a machine from the server's log.
acks() {  # SERVER, MACHINE
    grep -c "DHCP4_LEASE_ALLOC.*hwtype=1 ${LAB_MAC[$2]}" "$LAB_DIRECTORY/server-$1/kea-dhcp4.log"
}

acked_more() { [ "$(acks "$1" "$2")" -gt "$3" ]; }

# Waits until a server has extended every machine's lease twice.
await_renewals() {  # SERVER, MACHINES...
    local server=$1 i
    local -a before=()
    shift
    for i; do before[i]=$(acks "$server" "$i"); done
    for i; do until_true "${LAB_NAME[$i]} is served by server $server" acked_more "$server" "$i" "$((before[i] + 1))"; done
}

# Checks that the machines have their earlier addresses, all of them different.
expect_kept() {  # WHEN, MACHINES...
    local when=$1 i address kept=0
    shift
    for i; do
        address=$(lab_address "$i")
        if [ "$address" = "${ADDRESS[$i]}" ]; then
            kept=$((kept + 1))
        else
            failure "$when: ${LAB_NAME[$i]} had ${ADDRESS[$i]}, has ${address:-none}"
        fi
    done
    say "$when: $kept of $# machines have the address that they had"
    expect_equal "$#" "$(for i; do lab_address "$i"; done | sort -u | wc -l)" "$when: different addresses"
}

note_addresses() { local i; for i; do ADDRESS[i]=$(lab_address "$i"); done; }

claimants_at() {
    jq -r 'select(.event | startswith("conflict-")) | .hw_address' "$LAB_DIRECTORY/server-$1/audit.jsonl" | sort -u
}

# --- the test --------------------------------------------------------------------------------------------------------

need_root
case $KIND in
hot-standby | load-balancing | postgresql) ;;
*)
    echo "usage: $0 hot-standby|load-balancing|postgresql" >&2
    exit 2
    ;;
esac
declare -a SERVER ADDRESS
trap clean_up_lab EXIT
INSTALLED=no
lab_create || exit 1
mkdir "$LAB_DIRECTORY/hooks"
ln -s "$CLONE_GUARD_KEA_HOOKS"/*.so "$LAB_DIRECTORY/hooks/"
ln -sf "$CLONE_GUARD_LIBRARY" "$LAB_DIRECTORY/hooks/libdhcp_clone_guard.so"
lab_plan 1 "$LATE"
for ((i = 1; i <= LATE; i++)); do lab_clone "$i"; done
lab_seal "$SEALED"
lab_network_up || exit 1
_lab_plug_in second bc:24:11:5e:01:02 && lab_in second ip address add 192.0.2.2/24 dev ens18
[ "$KIND" != postgresql ] || start_database
for number in 1 2; do
    configure "$number"
    start_server "$number"
done
until_true "both servers are ready" both_normal
say "two servers are up"

mapfile -t first < <(seq 1 "$SEALED")
boot "${first[@]}"
note_addresses "${first[@]}"
expect_equal "$SEALED" "$(printf '%s\n' "${ADDRESS[@]}" | sort -u | wc -l)" "different addresses of $SEALED machines"
say "$CLONES clones and a sealed machine have booted: ${ADDRESS[*]}"

# No machine has renewed, so server 2 knows the leases from the updates of the pair, or from the database.
kill_server 1
say "server 1 is killed"
until_true "server 2 takes over" in_state 2 partner-down
await_renewals 2 "${first[@]}"
expect_kept "served by server 2" "${first[@]}"

boot "$LATE"
note_addresses "$LATE"
say "a clone boots and gets ${ADDRESS[$LATE]}"
claimants_at 2 | grep -qx "${LAB_MAC[$LATE]}" || failure "server 2 does not report the clone that booted there"
all=("${first[@]}" "$LATE")
expect_kept "with another clone" "${all[@]}"

start_server 1
until_true "both servers are ready again" both_normal
say "server 1 is back"
kill_server 2
say "server 2 is killed"
until_true "server 1 takes over" in_state 1 partner-down
await_renewals 1 "${all[@]}"
expect_kept "served by server 1 again" "${all[@]}"
# Both servers keep every claimant apart; the sealed machine is in no conflict.
for number in 1 2; do
    expect_equal "" "$(claimants_at "$number" | grep -x "${LAB_MAC[$SEALED]}")" "conflict of the sealed machine at server $number"
done
expect_equal "$CLONES" "$(claimants_at 1 | grep -c .)" "claimants that server 1 reports"

[ "$FAILURES" -eq 0 ] || exit 1
echo "$KIND: passed"
