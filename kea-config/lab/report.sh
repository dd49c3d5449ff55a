# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# What run-lab prints about a phase: a table of the machines, the verdict, nmap's answer. Sourced by run-lab.

# Prints what the guard did with a hardware address, by the audit records of the phase.
#   report_guard_action RECORDS MAC
report_guard_action() {
    local action
    action=$(jq -r --arg mac "$2" \
        'select(.hw_address == $mac and (.event | startswith("conflict-") or . == "address-assigned"))
         | .action // empty' "$1" 2>/dev/null | tail -n 1)
    case $action in
    mac-fallback) echo "kept apart (mac-fallback)" ;;
    refuse) echo "refused" ;;
    none) echo "claimant, logged only" ;;
    *)
        if jq -e --arg mac "$2" -n 'any(inputs; .holder.hw_address == $mac)' "$1" >/dev/null 2>&1; then
            echo "holder, passed"
        else
            echo "passed"
        fi
        ;;
    esac
}

# Client identifiers are too long for a table: it has their numbers, and a list follows.
report_table() {
    local i action
    local row='  %-9s %-16s %-17s %-4s %-12s %s\n'
    local -a identifiers=()
    local -A number=() machines=()
    # shellcheck disable=SC2059
    printf "\n$row" machine template MAC id address "what the guard did"
    for ((i = 1; i <= MACHINES; i++)); do
        if [ -z "${number[${IDENTIFIER[$i]}]:-}" ]; then
            identifiers+=("${IDENTIFIER[$i]}")
            number[${IDENTIFIER[$i]}]=#${#identifiers[@]}
        fi
        machines[${IDENTIFIER[$i]}]=$((${machines[${IDENTIFIER[$i]}]:-0} + 1))
        action="- (no guard)"
        [ "$PHASE" = stock ] || action=$(report_guard_action "$RECORDS" "${LAB_MAC[$i]}")
        # shellcheck disable=SC2059
        printf "$row" "${LAB_NAME[$i]}" "${LAB_TEMPLATE[$i]}" "${LAB_MAC[$i]}" \
            "${number[${IDENTIFIER[$i]}]}" "${WORST[$i]:-none}" "$action"
    done
    printf '\n  Client identifiers on the wire:\n'
    for ((i = 0; i < ${#identifiers[@]}; i++)); do
        printf '    %-4s %s  (%s)\n' "#$((i + 1))" "${identifiers[$i]}" \
            "$(text_count "${machines[${identifiers[$i]}]}" machine machines)"
    done
    echo
}

# The raw audit records of the phase, for --records.
report_records() {
    local count
    [ "$PHASE" != stock ] || return 0
    count=$(wc -l < "$RECORDS")
    printf '\n  Audit records: %s.\n' "$count"
    sed 's/^/    /' "$RECORDS"
}

# Starts nmap, which looks for DHCP servers for a few seconds.
report_nmap_start() {
    lab_in probe nmap --script broadcast-dhcp-discover -e ens18 \
        --script-args broadcast-dhcp-discover.timeout=3 > "$1/nmap.output" 2>&1 < /dev/null &
    NMAP_PID=$!
}

# Prints what nmap has found; sets NMAP_SERVERS and NMAP_OFFER.
report_nmap() {
    local output=$1/nmap.output verdict
    wait "$NMAP_PID"
    NMAP_SERVERS=$(sed -n 's/.*Server Identifier: *//p' "$output" | sort -u | wc -l)
    NMAP_OFFER=$(sed -n 's/.*IP Offered: *//p;' "$output" | head -n 1)
    if [ "$NMAP_SERVERS" -ne 1 ] || [ -z "$NMAP_OFFER" ]; then
        verdict="$NMAP_SERVERS servers answered, one was expected"
    else
        verdict="one server ($(sed -n 's/.*Server Identifier: *//p' "$output" | head -n 1)), offers $NMAP_OFFER"
        if _report_is_held "$NMAP_OFFER"; then
            verdict="$verdict, WHICH A MACHINE IS USING"
        else
            verdict="$verdict, which no machine uses"
            [ "$PHASE" != stock ] || verdict="$verdict: nmap does not see the fault"
        fi
    fi
    echo "nmap broadcast-dhcp-discover: $verdict." | text_wrap 2
}

_report_is_held() {
    local i
    for ((i = 1; i <= MACHINES; i++)); do
        [ "${WORST[$i]:-}" != "$1" ] || return 0
    done
    return 1
}

# Counts in the snapshot WORST. Sets WITH_ADDRESS, ADDRESSES, SHARED (how many machines share an address with another),
# SHARERS (their names and the address) and AT_FAULT (their templates).
report_count_addresses() {
    local i address
    local -A holders=()
    declare -gA AT_FAULT=()
    WITH_ADDRESS=0 SHARED=0 SHARERS=
    for ((i = 1; i <= MACHINES; i++)); do
        address=${WORST[$i]:-}
        [ -n "$address" ] || continue
        WITH_ADDRESS=$((WITH_ADDRESS + 1))
        [ -z "${holders[$address]:-}" ] || AT_FAULT[${LAB_TEMPLATE[$i]}]=1
        holders[$address]="${holders[$address]:-} ${LAB_NAME[$i]}"
    done
    ADDRESSES=${#holders[@]}
    for address in "${!holders[@]}"; do
        set -- ${holders[$address]}
        [ $# -gt 1 ] || continue
        SHARED=$((SHARED + $#))
        SHARERS="${SHARERS:+$SHARERS; }$(text_names "$@") hold $address"
    done
}

# How many machines the audit records of this phase name as claimants, with the given action.
_report_claimants() {
    jq -r --arg action "$1" \
        'select((.event | test("^conflict-(suspected|confirmed)$")) and .action == $action) | .hw_address' "$RECORDS" \
        2>/dev/null | sort -u | wc -l
}

# Whether every identifier comes from the client that the lab shows: with networkd the IAID of ens18, a DUID-EN and
# systemd's enterprise number; with dhcpcd the IAID of dhcpcd.conf.
_report_real_clients() {
    local i
    for ((i = 1; i <= MACHINES; i++)); do
        case ${LAB_CLIENT[$i]}/${IDENTIFIER[$i]} in
        networkd/ff:ca:53:09:5a:00:02:00:00:ab:11:* | dhcpcd/ff:00:00:00:12:00:0*) ;;
        *) return 1 ;;
        esac
    done
}

# The holders in words: one, or one of each template.
_report_holders() {
    [ "$TEMPLATES" -eq 1 ] && echo "the first holder" || echo "the first holder of each template"
}

# "3 machines with 1 identifier have 3 addresses"
_report_served() {
    echo "$WITH_ADDRESS machines with $(text_count "$IDENTIFIERS" identifier identifiers) have" \
        "$(text_count "$ADDRESSES" address addresses)"
}

# Sets VERDICT, one sentence; fails if the phase did not keep what its policy promises.
report_verdict() {
    IDENTIFIERS=$(printf '%s\n' "${IDENTIFIER[@]}" | sort -u | wc -l)
    report_count_addresses
    if ! _report_real_clients; then
        VERDICT="the lab itself failed: not every machine sent a client identifier as its client does"
        return 1
    fi
    case $PHASE/$POLICY in
    stock/*) _verdict_stock ;;
    guarded/mac-fallback) _verdict_mac_fallback ;;
    guarded/refuse) _verdict_refuse ;;
    guarded/monitor) _verdict_monitor ;;
    cured/*) _verdict_cured ;;
    esac
}

# Stock Kea has to show the fault: without it the other phases prove nothing.
_verdict_stock() {
    VERDICT="${SHARERS:-no two machines hold one address} at the same time"
    VERDICT+="; for $(text_count "$ADDRESSES" address addresses) in use the server knows"
    VERDICT+=" $(text_count "$LEASES" lease leases)"
    [ "$DELETED" -eq 0 ] ||
        VERDICT+=", and the lease of a running machine was deleted $(text_count "$DELETED" time times)"
    if [ "$DECLINED" -gt 0 ]; then
        VERDICT+="; machines that probe first declined addresses in use:"
        VERDICT+=" $(text_count "$DECLINED" address addresses) blocked for a day"
        AT_FAULT[old-router-image]=1
    fi
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$SHARED" -ge 2 ] && [ "${#AT_FAULT[@]}" -eq "$TEMPLATES" ]
}

_verdict_mac_fallback() {
    local claimants
    claimants=$(_report_claimants mac-fallback)
    VERDICT="$(_report_served) and $(text_count "$LEASES" lease leases); $(_report_holders) passed,"
    VERDICT+=" $claimants kept apart, ${MOVED/#0/none} changed address later"
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$ADDRESSES" -eq "$MACHINES" ] && [ "$SHARED" -eq 0 ] &&
        [ "$LEASES" -eq "$MACHINES" ] && [ "$claimants" -eq $((MACHINES - TEMPLATES)) ] &&
        [ "$MOVED" -eq 0 ] && [ "$DELETED" -eq 0 ]
}

_verdict_refuse() {
    local claimants
    claimants=$(_report_claimants refuse)
    VERDICT="$MACHINES machines with $(text_count "$IDENTIFIERS" identifier identifiers): $WITH_ADDRESS served,"
    VERDICT+=" $(_report_holders); $claimants refused"
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$WITH_ADDRESS" -eq "$TEMPLATES" ] && [ "$LEASES" -eq "$TEMPLATES" ] &&
        [ "$claimants" -eq $((MACHINES - TEMPLATES)) ] && [ "$MOVED" -eq 0 ]
}

_verdict_monitor() {
    local claimants
    claimants=$(_report_claimants none)
    VERDICT="${SHARERS:-no two machines hold one address} at the same time, as in stock;"
    VERDICT+=" the guard logged $(text_count "$claimants" claimant claimants)"
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$SHARED" -ge 2 ] && [ "$claimants" -ge 1 ]
}

_verdict_cured() {
    local conflicts
    conflicts=$(jq -n '[inputs | select(.event == "conflict-suspected" or .event == "conflict-confirmed")]
        | length' "$RECORDS")
    VERDICT="$(_report_served); the guard reported $(text_count "${conflicts/#0/no}" conflict conflicts)"
    [ "$IDENTIFIERS" -eq "$MACHINES" ] && [ "$ADDRESSES" -eq "$MACHINES" ] && [ "$SHARED" -eq 0 ] &&
        [ "$conflicts" -eq 0 ] && [ "$MOVED" -eq 0 ]
}
