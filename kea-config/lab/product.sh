# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# What an operator sees of the clone guard: the line in the server's log, the output of `clone-guard conflicts`, the
# report page; and the commands that --keep prints. Sourced by run-lab.

# The page that --report names.
REPORT=
PRODUCT_LISTEN_PID=

# Prints the path of the command clone-guard that belongs to the library; fails if it was not built.
product_command() {
    local path=$CHECKOUT/build/default/policy:$PATH
    [ -z "$LIBRARY" ] || path=${LIBRARY%/*/*}/policy:$path
    [ "$INSTALLED" = no ] || path=$PATH
    PATH=$path command -v clone-guard
}

# Makes the command reachable as LAB_DIRECTORY/clone-guard: that path is short enough for a line.
product_link_command() {
    local command
    command=$(product_command) || return 1
    ln -sf "$command" "$LAB_DIRECTORY/clone-guard"
}

# Prints the path of the running server's control socket.
product_socket() {
    if [ "$INSTALLED" = yes ]; then
        lab_installed_socket "$1"
    else
        echo "$1/control/socket"
    fi
}

# Prints the warnings about clones that the server has logged, one a line. The pattern of a logger decides where the
# severity is.
product_warnings() {
    cat "$1/kea-dhcp4.log" "$1/output" "$1"/logs/* "$1/syslog" 2>/dev/null |
        grep -E '(^| )WARN .*CLONE_GUARD_CONFLICT_'
}

_product_log_line() {
    local warnings
    warnings=$(product_warnings "$1")
    echo
    if [ -z "$warnings" ]; then
        echo "  The server's log has no warning about clones."
        return 1
    fi
    echo "  The server's log has $(text_count "$(wc -l <<< "$warnings")" warning warnings) about clones. The first one:"
    head -n 1 <<< "$warnings" | text_wrap 4
}

# Prints a command and its output, and keeps its status.
#   _product_run ARGUMENT...
_product_run() {
    local status
    echo
    echo "$ clone-guard $*" | text_wrap 2
    "$LAB_DIRECTORY/clone-guard" "$@" 2>&1 | text_wrap 4
    status=${PIPESTATUS[0]}
    return "$status"
}

# Lists the conflicts; status 1 of the command says that there are some.
_product_conflicts() {
    local socket
    socket=$(product_socket "$1")
    if ! [ -S "$socket" ]; then
        echo "  The server has no control socket, so clone-guard conflicts has nothing to ask."
        return 0
    fi
    _product_run conflicts --socket "$socket"
    [ $? -eq 1 ]
}

# Shows all of it for the phase in DIRECTORY; fails if a part is missing.
#   product_show DIRECTORY
product_show() {
    local status=0
    _product_log_line "$1" || status=1
    if ! product_link_command; then
        echo "  The command clone-guard is not installed; it would list the conflicts and write the report page."
        return "$status"
    fi
    _product_conflicts "$1" || status=1
    if [ -z "$REPORT" ]; then
        REPORT=$(mktemp --suffix=.html "$LAB_PARENT/clone-guard-report.XXXXXX") || return 1
        chmod 644 "$REPORT"
    fi
    _product_run report "$1/audit.jsonl" --html "$REPORT" || status=1
    [ -s "$REPORT" ] || status=1
    echo "  Report page, for a browser: $REPORT"
    return "$status"
}

# Starts to listen on the bridge. The names of the machines are in a list, as their owner may have one.
#   product_listen_start DIRECTORY
product_listen_start() {
    local i waited
    product_link_command || die "--listen needs the command clone-guard, which is not installed"
    for ((i = 1; i <= MACHINES; i++)); do
        echo "${LAB_MAC[$i]},${LAB_NAME[$i]},${LAB_TEMPLATE[$i]}"
    done > "$1/machines.csv"
    nsenter --net="/run/netns/$(lab_netns server)" -- "$LAB_DIRECTORY/clone-guard" listen -i lab0 \
        --inventory "$1/machines.csv" > "$1/listen" 2>&1 < /dev/null &
    PRODUCT_LISTEN_PID=$!
    for ((waited = 0; waited < 100; waited++)); do
        ! grep -q 'listening' "$1/listen" || return 0
        sleep 0.1
    done
    cat "$1/listen" >&2
    die "clone-guard listen did not start"
}

# Ends listening and prints the report; fails if it has no clones, or an address of one machine only.
#   product_listen_show DIRECTORY
product_listen_show() {
    local status=0
    kill -TERM "$PRODUCT_LISTEN_PID"
    wait "$PRODUCT_LISTEN_PID" || status=$?
    echo
    echo "  The same phase, seen on the bridge without access to the server:"
    echo
    echo "$ clone-guard listen -i lab0 --inventory machines.csv" | text_wrap 2
    text_wrap 4 < "$1/listen"
    [ "$status" -eq 1 ] && grep -q '^Clones: ' "$1/listen"
}

# One line for --keep.
_product_hint() {
    printf '  %-21s %s\n' "$1" "$2"
}

product_hints() {
    local directory=$LAB_DIRECTORY/guarded log=kea-dhcp4.log socket=control/socket command=../clone-guard
    has_phase guarded || directory=$LAB_DIRECTORY/stock
    if [ "$INSTALLED" = yes ]; then
        log=output
        socket=$(lab_installed_socket "$directory")
    fi
    touch "$LAB_DIRECTORY/kept"
    cat <<HINTS

The lab stays up. To look around:
  cd $directory
HINTS
    _product_hint "the server's log" "tail -f $log"
    _product_hint "the audit log" "tail -f audit.jsonl"
    _product_hint "its configuration" "less kea-dhcp4.conf"
    _product_hint "its leases" "less kea-leases4.csv"
    _product_hint "its control socket" "$(product_socket "$directory")"
    _product_hint "a machine's address" "nsenter --net=/run/netns/$(lab_netns clone-1) ip address show ens18"
    _product_hint "all namespaces" "ip netns list | grep $LAB_ID"
    _product_hint "packets on the wire" "nsenter --net=/run/netns/$(lab_netns server) tcpdump -n -vv -i lab0 port 67"
    if product_link_command; then
        # The lease file of a server without the guard shows its clones, too.
        ! has_phase stock || _product_hint "clones without guard" \
            "$command scan ../stock/kea-leases4.csv --templates kea-dhcp4.conf"
        if has_phase guarded; then
            _product_hint "the guard's state" "$command status --socket $socket"
            _product_hint "the conflicts" "$command conflicts --socket $socket"
            _product_hint "new audit records" "$command watch audit.jsonl"
            _product_hint "a report page" "$command report audit.jsonl --html report.html"
        fi
    fi
    cat <<HINTS
To stop it:
  $HERE/run-lab --stop $LAB_ID
HINTS
}
