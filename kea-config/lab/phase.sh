# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# One phase of the lab: configure the server, boot the machines, watch them, report. Sourced by run-lab.

RENEW_TIMER=4
WATCH=9             # seconds: every machine renews at least twice
SETTLE=30           # seconds that a machine may take to get an address

# Prints the server's configuration for a phase: a small network, the guard and the audit log.
configuration() {
    local directory=$1 guard='"hooks-libraries": [ ],'
    if [ "$PHASE" != stock ]; then
        guard='"hooks-libraries": [
        { "library": "'$LIBRARY'",
          "parameters": { "policy": "'$POLICY'",
                          "templates": [ '$(lab_templates_json)' ] } }
    ],'
    fi
    cat <<CONFIGURATION
{ "Dhcp4": {
    "interfaces-config": { "interfaces": [ "lab0" ] },
    "lease-database": { "type": "memfile", "persist": true, "lfc-interval": 0,
                        "name": "$directory/kea-leases4.csv" },
    // Short times: the fault shows within seconds.
    "renew-timer": $RENEW_TIMER, "rebind-timer": 20, "valid-lifetime": 60,
    $guard
    $(lab_control_socket "$directory/control/socket"),
    "subnet4": [
        { "id": 1, "subnet": "192.0.2.0/24",
          "pools": [ { "pool": "192.0.2.$LAB_POOL_FIRST - 192.0.2.$LAB_POOL_LAST" } ] }
    ],
    "loggers": [
        { "name": "kea-dhcp4", "severity": "INFO",
          "output_options": [ { "output": "$directory/kea-dhcp4.log" } ] },
        // One JSON object a line and nothing else.
        { "name": "kea-dhcp4.clone-guard-audit", "severity": "INFO",
          "output_options": [ { "output": "$directory/audit.jsonl", "pattern": "%m%n" } ] }
    ]
} }
CONFIGURATION
}

# Whether a machine holds an address, or the guard has refused it one.
settled() {
    [ -n "$(lab_address "$1")" ] && return 0
    [ "$PHASE/$POLICY" = guarded/refuse ] || return 1
    [ "$(report_guard_action "$AUDIT" "${LAB_MAC[$1]}")" = refused ]
}

wait_until_settled() {
    local i tenths=0
    for i; do
        until settled "$i"; do
            [ "$((tenths += 2))" -le $((SETTLE * 10)) ] || break 2
            sleep 0.2
        done
    done
    [ "$tenths" -gt $((SETTLE * 10)) ] || return 0
    echo "  After $SETTLE seconds ${LAB_NAME[$i]} has no address. The last lines of its log:" >&2
    tail -n 3 "$LAB_DIRECTORY/machines/$i/log" | sed 's/^/    /' >&2
}

# Boots the machines with these numbers, of each template, and waits for them.
boot_numbers() {
    local number template
    local -a machines=()
    for number; do
        for ((template = 0; template < TEMPLATES; template++)); do
            machines+=($((template * CLONES + number)))
        done
    done
    for number in "${machines[@]}"; do
        lab_machine_on "$number"
    done
    wait_until_settled "${machines[@]}"
    observe
}

boot() {
    local together=$(((CLONES + 1) / 2)) each="" number
    [ "$TEMPLATES" -eq 1 ] || each=" of each template"
    echo "  Booting the first $together machines$each together."
    # shellcheck disable=SC2046
    boot_numbers $(seq 1 "$together")
    echo "  Booting the rest$each one after the other."
    for ((number = together + 1; number <= CLONES; number++)); do
        boot_numbers "$number"
    done
}

# Reads the addresses that the machines hold now, and counts the machines whose address changed. WORST keeps the latest
# snapshot in which the most machines shared an address.
observe() {
    local i address sharing
    local -a now=()
    for ((i = 1; i <= MACHINES; i++)); do
        address=$(lab_address "$i")
        now[i]=$address
        [ -n "$address" ] || continue
        if [ -n "${LAST[$i]:-}" ] && [ "${LAST[$i]}" != "$address" ]; then
            MOVERS[i]=1
        fi
        LAST[i]=$address
    done
    sharing=$(printf '%s\n' "${now[@]}" | grep . | sort | uniq -D | wc -l)
    if [ "$sharing" -ge "$MOST_SHARED" ]; then
        MOST_SHARED=$sharing
        for ((i = 1; i <= MACHINES; i++)); do
            WORST[i]=${now[i]}
        done
    fi
    MOVED=${#MOVERS[@]}
}

watch_renewals() {
    local end=$((SECONDS + WATCH))
    echo "  Watching the machines renew their leases for $WATCH seconds."
    while ((SECONDS < end)); do
        observe
        sleep 0.5
    done
}

# Boots the machines under the server that is up, watches them and prints the report; fails if the phase did not go as
# promised.
run_machines() {
    local directory=$1 capture=$1/$PHASE.pcap result=ok mac identifier i first_record
    AUDIT=$directory/audit.jsonl
    RECORDS=$directory/records.$PHASE
    WORST=() LAST=() MOVERS=() IDENTIFIER=() MOST_SHARED=0 MOVED=0
    for ((i = 1; i <= MACHINES; i++)); do
        IDENTIFIER[i]="none seen"
    done
    touch "$AUDIT"
    first_record=$(($(wc -l < "$AUDIT") + 1))
    DELETED=$(lab_deletions "$directory")
    lab_capture_start "$capture" || die "no capture"
    boot
    report_nmap_start "$directory"
    watch_renewals
    lab_capture_stop
    LEASES=$(lab_leases "$directory")
    DECLINED=$(lab_declined "$directory")
    DELETED=$(($(lab_deletions "$directory") - DELETED))
    tail -n "+$first_record" "$AUDIT" > "$RECORDS"
    while read -r mac identifier; do
        for ((i = 1; i <= MACHINES; i++)); do
            [ "${LAB_MAC[$i]}" != "$mac" ] || IDENTIFIER[i]=$identifier
        done
    done < <(lab_wire_identifiers "$capture")
    report_table
    report_verdict || result=failed
    print_verdict "$result"
    report_nmap "$directory"
    [ "$NMAP_SERVERS" -eq 1 ] && [ -n "$NMAP_OFFER" ] || result=failed
    [ "$PHASE" != guarded ] || product_show "$directory" || result=failed
    [ "$SHOW_RECORDS" = no ] || report_records
    print_summary "$result"
    [ "$result" = ok ]
}

# Under stock Kea and under monitor the promise is that the fault shows.
print_verdict() {
    local word=RIGHT
    case $PHASE/$POLICY in
    stock/* | guarded/monitor) word=WRONG ;;
    esac
    [ "$1" = ok ] || word="NOT AS PROMISED"
    echo "$word: $VERDICT." | text_wrap 2
}

# The figures of the phase, for scripts.
print_summary() {
    echo
    echo "lab: phase=$PHASE policy=$POLICY machines=$MACHINES templates=$TEMPLATES with-address=$WITH_ADDRESS" \
        "addresses=$ADDRESSES"
    echo "lab: shared=$SHARED moved=$MOVED leases=$LEASES deleted=$DELETED declined=$DECLINED" \
        "servers=$NMAP_SERVERS result=$1"
}
