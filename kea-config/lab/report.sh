# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# What run-lab prints about a phase, whether it went as the policy promises, and what can be done with a lab that
# is kept. Sourced by run-lab.

# What the guard did with a hardware address, from the audit records since the phase began.
#   report_guard_action RECORDS MAC
report_guard_action() {
    local action
    action=$(jq -r --arg mac "$2" \
        'select(.hw_address == $mac and (.event | startswith("conflict-") or . == "address-assigned"))
         | .action // empty' "$1" 2>/dev/null | tail -n 1)
    case $action in
    mac-fallback) echo "kept apart (mac-fallback)" ;;
    refuse) echo "refused" ;;
    none) echo "logged as a claimant, not touched" ;;
    *)
        if jq -e --arg mac "$2" -n 'any(inputs; .holder.hw_address == $mac)' "$1" >/dev/null 2>&1; then
            echo "holder, passed"
        else
            echo "passed"
        fi
        ;;
    esac
}

report_table() {
    local i action width
    local row='  %-9s %-16s %-17s  %-*s  %-13s %s\n'
    width=$(printf '%s\n' "${IDENTIFIER[@]}" | wc -L)
    # shellcheck disable=SC2059
    printf "\n$row" machine template MAC "$width" "client identifier (on the wire)" address "what the guard did"
    for ((i = 1; i <= MACHINES; i++)); do
        action="- (no guard)"
        [ "$PHASE" = stock ] || action=$(report_guard_action "$RECORDS" "${LAB_MAC[$i]}")
        # shellcheck disable=SC2059
        printf "$row" "${LAB_NAME[$i]}" "${LAB_TEMPLATE[$i]}" "${LAB_MAC[$i]}" \
            "$width" "${IDENTIFIER[$i]}" "${WORST[$i]:-none}" "$action"
    done
    echo
}

report_records() {
    local count
    [ "$PHASE" != stock ] || return 0
    count=$(wc -l < "$RECORDS")
    if [ "$count" -eq 0 ]; then
        echo "  Audit records: none."
        return 0
    fi
    echo "  Audit records ($count):"
    sed 's/^/    /' "$RECORDS"
    echo
}

# Begins to ask with nmap what servers answer: it takes a few seconds.
report_nmap_start() {
    lab_in probe nmap --script broadcast-dhcp-discover -e ens18 \
        --script-args broadcast-dhcp-discover.timeout=3 > "$1/nmap.output" 2>&1 < /dev/null &
    NMAP_PID=$!
}

# What came of it; sets NMAP_SERVERS and NMAP_OFFER.
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
            [ "$PHASE" != stock ] || verdict="$verdict: it sees nothing of the fault"
        fi
    fi
    echo "  nmap broadcast-dhcp-discover: $verdict."
}

_report_is_held() {
    local i
    for ((i = 1; i <= MACHINES; i++)); do
        [ "${WORST[$i]:-}" != "$1" ] || return 0
    done
    return 1
}

# Counts in the snapshot WORST: sets WITH_ADDRESS, ADDRESSES, SHARED (machines that share an address
# with another), SHARERS (their names and the address) and AT_FAULT (the templates that they come from).
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
        SHARERS="${SHARERS:+$SHARERS; }$(_report_names "$@") hold $address"
    done
}

# The first names of a list, in words.
_report_names() {
    local rest=$(($# - 5))
    if [ "$rest" -gt 0 ]; then
        echo "$1, $2, $3, $4, $5 and $rest more"
    else
        echo "$*" | sed 's/ /, /g; s/\(.*\), /\1 and /'
    fi
}

# "1 lease", "2 leases"
_report_count() {
    case $1 in
    1) echo "1 $2" ;;
    *) echo "$1 $3" ;;
    esac
}

# How many machines the audit log names as claimants in this phase, with which action.
_report_claimants() {
    jq -r --arg action "$1" \
        'select((.event | test("^conflict-(suspected|confirmed)$")) and .action == $action) | .hw_address' "$RECORDS" \
        2>/dev/null | sort -u | wc -l
}

# IAID of ens18, DUID-EN, systemd's enterprise number; or the IAID of dhcpcd.conf: anything else is not the client to
# be shown.
_report_real_clients() {
    local i
    for ((i = 1; i <= MACHINES; i++)); do
        case ${LAB_CLIENT[$i]}/${IDENTIFIER[$i]} in
        networkd/ff:ca:53:09:5a:00:02:00:00:ab:11:* | dhcpcd/ff:00:00:00:12:00:0*) ;;
        *) return 1 ;;
        esac
    done
}

# "the first holder" of the template, or of each.
_report_holders() {
    [ "$TEMPLATES" -eq 1 ] && echo "the first holder" || echo "the first holder of each template"
}

# Does the phase keep what its policy promises? Sets VERDICT (one sentence) and returns 0 when it does.
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

# The fault has to show here: that is what the lab is for.
_verdict_stock() {
    VERDICT="${SHARERS:-no two machines hold one address} at the same time"
    VERDICT="$VERDICT; for $(_report_count "$ADDRESSES" address addresses) in use the server knows $(_report_count "$LEASES" lease leases)"
    [ "$DELETED" -eq 0 ] || VERDICT="$VERDICT, and the lease of a running machine was deleted $(_report_count "$DELETED" time times)"
    if [ "$DECLINED" -gt 0 ]; then
        VERDICT="$VERDICT; machines that look first declined what others had: $(_report_count "$DECLINED" address addresses) set aside for a day"
        AT_FAULT[old-router-image]=1
    fi
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$SHARED" -ge 2 ] && [ "${#AT_FAULT[@]}" -eq "$TEMPLATES" ]
}

_verdict_mac_fallback() {
    local claimants
    claimants=$(_report_claimants mac-fallback)
    VERDICT="$WITH_ADDRESS machines with $(_report_count "$IDENTIFIERS" identifier identifiers) have $(_report_count "$ADDRESSES" address addresses) and $(_report_count "$LEASES" lease leases)"
    VERDICT="$VERDICT; $(_report_holders) passed, $claimants were kept apart, $MOVED changed address later"
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$ADDRESSES" -eq "$MACHINES" ] && [ "$SHARED" -eq 0 ] &&
        [ "$LEASES" -eq "$MACHINES" ] && [ "$claimants" -eq $((MACHINES - TEMPLATES)) ] &&
        [ "$MOVED" -eq 0 ] && [ "$DELETED" -eq 0 ]
}

_verdict_refuse() {
    local claimants
    claimants=$(_report_claimants refuse)
    VERDICT="$MACHINES machines with $(_report_count "$IDENTIFIERS" identifier identifiers): $WITH_ADDRESS served, $(_report_holders); $claimants refused"
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$WITH_ADDRESS" -eq "$TEMPLATES" ] && [ "$LEASES" -eq "$TEMPLATES" ] &&
        [ "$claimants" -eq $((MACHINES - TEMPLATES)) ] && [ "$MOVED" -eq 0 ]
}

_verdict_monitor() {
    local claimants
    claimants=$(_report_claimants none)
    VERDICT="${SHARERS:-no two machines hold one address} at the same time, as in stock; the guard logged $(_report_count "$claimants" claimant claimants)"
    [ "$IDENTIFIERS" -eq "$TEMPLATES" ] && [ "$SHARED" -ge 2 ] && [ "$claimants" -ge 1 ]
}

_verdict_cured() {
    local conflicts
    conflicts=$(jq -n '[inputs | select(.event == "conflict-suspected" or .event == "conflict-confirmed")]
        | length' "$RECORDS")
    VERDICT="$WITH_ADDRESS machines with $(_report_count "$IDENTIFIERS" identifier identifiers) have $(_report_count "$ADDRESSES" address addresses), and there are $(_report_count "$conflicts" conflict conflicts)"
    [ "$IDENTIFIERS" -eq "$MACHINES" ] && [ "$ADDRESSES" -eq "$MACHINES" ] && [ "$SHARED" -eq 0 ] &&
        [ "$conflicts" -eq 0 ] && [ "$MOVED" -eq 0 ]
}

# One line for --keep, if the command at hand knows what it says.
#   explain_command WHAT SUBCOMMAND ARGUMENT...
explain_command() {
    local what=$1
    shift
    [ -n "$COMMAND" ] && "$COMMAND" "$1" --help > /dev/null 2>&1 || return 0
    printf '  %-21s %s\n' "$what" "$COMMAND $*"
}

explain_keep() {
    local directory=$LAB_DIRECTORY/guarded log socket
    has_phase guarded || directory=$LAB_DIRECTORY/stock
    log=$directory/kea-dhcp4.log
    socket=$directory/control/socket
    if [ "$INSTALLED" = yes ]; then
        log=$directory/output
        socket=$(lab_installed_socket "$directory")
    fi
    COMMAND=$(PATH=${LIBRARY%/*/*}/policy:$CHECKOUT/build/default/policy:$PATH command -v clone-guard)
    touch "$LAB_DIRECTORY/kept"
    cat <<KEEP

The lab stays up. To look around:
  a machine's address   nsenter --net=/run/netns/$(lab_netns clone-1) ip address show ens18
  all namespaces        ip netns list | grep $LAB_ID
  what is on the wire   nsenter --net=/run/netns/$(lab_netns server) tcpdump -n -vv -i lab0 'port 67 or port 68'
  the server's log      tail -f $log
  the audit log         tail -f $directory/audit.jsonl
  its configuration     less $directory/kea-dhcp4.conf
  its leases            less $directory/kea-leases4.csv
  its control socket    $socket
KEEP
    # Which machines the lease file of a server without the guard gives away.
    ! has_phase stock || explain_command "clones without guard" scan "$LAB_DIRECTORY/stock/kea-leases4.csv" \
        --templates "$directory/kea-dhcp4.conf"
    if has_phase guarded; then
        explain_command "the guard's state" status --socket "$socket"
        explain_command "the conflicts" conflicts --socket "$socket"
        explain_command "what happens" watch "$directory/audit.jsonl"
        explain_command "a report" report "$directory/audit.jsonl" --html "$directory/report.html"
    fi
    cat <<KEEP
To stop it:
  $HERE/run-lab --stop $LAB_ID
KEEP
}
