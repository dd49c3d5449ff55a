# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# The lab itself: namespaces, the server, the machines, the capture. Sourced by run-lab.
#
# The lab makes network namespaces named LAB_ID-..., and every interface inside one of them. It changes nothing that
# existed before. Files are in LAB_DIRECTORY:
#
#   owner            process id and start time of the run-lab that made the lab
#   kept             exists after --keep
#   clone-guard      the command
#   machines/N/      the files that machine number N keeps when it is off, and its log
#   PHASE/           configuration, log, audit log, leases and capture of a phase

LAB_PARENT=/var/tmp
LAB_DIRECTORY=
LAB_ID=

LAB_POOL_FIRST=10
LAB_POOL_LAST=240
LAB_PROBE_ADDRESS=192.0.2.250

# "yes": the server of the packages as its unit starts it, instead of a copy with the lab's configuration.
INSTALLED=no

LAB_SERVER_PID=
LAB_CAPTURE_PID=

lab_netns() { printf '%s-%s' "$LAB_ID" "$1"; }

# Runs a command in one of the lab's network namespaces.
lab_in() {
    local name=$1
    shift
    nsenter --net="/run/netns/$(lab_netns "$name")" -- "$@"
}

# Prints the start time of a process in ticks since boot: process ids are reused, the pair of both is not.
_lab_start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    set -- $stat
    echo "${20}"
}

lab_create() {
    LAB_DIRECTORY=$(mktemp -d "$LAB_PARENT/clone-guard-lab.XXXXXX") || return 1
    LAB_ID=cg-$$
    mkdir "$LAB_DIRECTORY/machines"
    echo "$$ $(_lab_start_time $$)" > "$LAB_DIRECTORY/owner"
    [ "$INSTALLED" = no ] || return 0
    # Debian's AppArmor profile confines /usr/sbin/kea-dhcp4 to the files of the packaged service. The profile
    # applies to that path, so a copy may use the files of the lab.
    cp "$(PATH=$PATH:/usr/sbin command -v kea-dhcp4)" "$LAB_DIRECTORY/kea-dhcp4"
}

# Ends every process in the namespaces of one lab, removes them and its directory.
#   _lab_remove ID DIRECTORY
_lab_remove() {
    local id=$1 directory=$2 netns pids waited
    for netns in /run/netns/"$id"-*; do
        [ -e "$netns" ] || continue
        netns=${netns##*/}
        for ((waited = 0; waited < 50; waited++)); do
            pids=$(ip netns pids "$netns" 2>/dev/null)
            [ -n "$pids" ] || break
            # shellcheck disable=SC2086
            kill -KILL $pids 2>/dev/null
            sleep 0.1
        done
        ip netns delete "$netns" 2>/dev/null
    done
    [ -z "$directory" ] || rm -rf "$directory"
}

lab_remove() {
    [ -n "$LAB_ID" ] || return 0
    _lab_remove "$LAB_ID" "$LAB_DIRECTORY"
    LAB_ID=
    LAB_DIRECTORY=
}

# Removes labs whose run-lab was killed; with the argument "kept" also labs that --keep left up, and with a second
# argument only the lab of that name. Prints the number of labs removed.
lab_sweep() {
    local what=${1:-} wanted=${2:-} directory pid start count=0
    for directory in "$LAB_PARENT"/clone-guard-lab.*; do
        # Every user can write to /var/tmp: accept only directories of root.
        [ -d "$directory" ] && [ ! -L "$directory" ] && [ -O "$directory" ] || continue
        [ -f "$directory/owner" ] && read -r pid start < "$directory/owner" || continue
        [ -z "$wanted" ] || [ "$wanted" = "cg-$pid" ] || continue
        if [ -f "$directory/kept" ]; then
            [ "$what" = kept ] || continue
        elif [ "$(_lab_start_time "$pid")" = "$start" ]; then
            continue
        fi
        _lab_remove "cg-$pid" "$directory"
        count=$((count + 1))
    done
    echo "$count"
}

# Makes the bridge, the namespace of the server, the probe (the machine that runs nmap) and all machines.
lab_network_up() {
    local i
    ip netns add "$(lab_netns server)" || return 1
    lab_in server ip link set lo up
    lab_in server ip link add lab0 type bridge || return 1
    lab_in server ip address add 192.0.2.1/24 dev lab0
    lab_in server ip link set lab0 up
    _lab_plug_in probe bc:24:11:5e:00:00 || return 1
    lab_in probe ip address add "$LAB_PROBE_ADDRESS/24" dev ens18
    for ((i = 1; i <= MACHINES; i++)); do
        _lab_plug_in "${LAB_NAME[$i]}" "${LAB_MAC[$i]}" || return 1
    done
}

# Makes a namespace with an interface ens18 and connects it to the bridge.
_lab_plug_in() {
    local name=$1 netns
    netns=$(lab_netns "$name")
    ip netns add "$netns" || return 1
    lab_in server ip link add "port-$name" type veth \
        peer name ens18 address "$2" netns "$netns" || return 1
    lab_in server ip link set "port-$name" master lab0 up
    lab_in "$name" ip link set lo up
    lab_in "$name" ip link set ens18 up
}

lab_machine_on() {
    local directory=$LAB_DIRECTORY/machines/$1 name=${LAB_NAME[$1]}
    nsenter --net="/run/netns/$(lab_netns "$name")" -- setsid \
        unshare --mount --pid --uts --fork --kill-child --mount-proc --propagation unchanged \
        "$HERE/lab/machine" "$directory" "$name" "${LAB_CLIENT[$1]}" \
        >> "$directory/log" 2>&1 < /dev/null &
    disown
}

# Shuts machines down by ending their first process, the client. As in a real machine, networkd releases its lease then,
# and dhcpcd does not.
lab_machines_off() {
    local i netns pid pids waited
    for i; do
        for pid in $(ip netns pids "$(lab_netns "${LAB_NAME[$i]}")"); do
            grep -qs '^NSpid:.*[[:space:]]1$' "/proc/$pid/status" && kill -TERM "$pid"
        done
    done
    for i; do
        netns=$(lab_netns "${LAB_NAME[$i]}")
        for ((waited = 0; waited < 50; waited++)); do
            pids=$(ip netns pids "$netns")
            [ -n "$pids" ] || break
            sleep 0.1
        done
        # shellcheck disable=SC2086
        [ -z "$pids" ] || kill -KILL $pids 2>/dev/null
        ip -netns "$netns" address flush dev ens18
    done
}

# Prints the address that a machine holds, if there is one.
lab_address() {
    lab_in "${LAB_NAME[$1]}" ip -4 -oneline address show dev ens18 |
        sed -n 's/.* inet \([0-9.]*\)\/.*/\1/p;q'
}

# Enlarges the receive buffers of a process, as docs/sizing.md recommends for a server: 100 machines may boot at once. The
# sysctl for this is the same for all network namespaces, so the lab must not set it. Numbers of system calls are those of
# pidfd_open(2) and pidfd_getfd(2), the option is SO_RCVBUFFORCE. A kernel without these calls changes nothing.
lab_enlarge_buffers() {
    perl -MSocket -e '
        my ($pid, $bytes) = @ARGV;
        my $process = syscall(434, $pid + 0, 0);
        exit if $process < 0;
        for my $file (glob "/proc/$pid/fd/*") {
            my ($number) = $file =~ /(\d+)$/;
            (readlink($file) // "") =~ /^socket:/ or next;
            my $copy = syscall(438, $process, $number + 0, 0);
            open(my $socket, "+<&=", $copy) if $copy >= 0;
            setsockopt($socket, SOL_SOCKET, 33, pack("i", $bytes)) if $socket;
        }' "$1" "$2" 2>/dev/null || true
}

# Prints the entry of a server's configuration for a UNIX socket: a list from Kea 3.0 on, since 3.3.1 accepts only that.
lab_control_socket() {  # PATH
    local socket="{ \"socket-type\": \"unix\", \"socket-name\": \"$1\" }"
    case $("$LAB_DIRECTORY/kea-dhcp4" -v) in
    2.*) echo "\"control-socket\": $socket" ;;
    *) echo "\"control-sockets\": [ $socket ]" ;;
    esac
}

lab_server_start() {
    local directory=$1 waited
    # Later releases of Kea accept libraries, logs, leases and the control socket only in one directory each. The
    # directory of the socket has to be unreadable for other users.
    local -a program=(env KEA_PIDFILE_DIR="$directory" KEA_LOCKFILE_DIR="$directory"
        KEA_HOOKS_PATH="${LIBRARY%/*}" KEA_LOG_FILE_DIR="$directory" KEA_DHCP_DATA_DIR="$directory"
        KEA_CONTROL_SOCKET_DIR="$directory/control"
        "$LAB_DIRECTORY/kea-dhcp4" -c "$directory/kea-dhcp4.conf")
    install -d -m 750 "$directory/control"
    [ "$INSTALLED" = no ] ||
        program=(unshare --mount --propagation private "$HERE/lab/server" "$directory")
    nsenter --net="/run/netns/$(lab_netns server)" -- setsid "${program[@]}" \
        > "$directory/output" 2>&1 < /dev/null &
    LAB_SERVER_PID=$!
    disown
    for ((waited = 0; waited < 300; waited++)); do
        if grep -qs DHCP4_STARTED "$directory/kea-dhcp4.log" "$directory/output"; then
            lab_enlarge_buffers "$LAB_SERVER_PID" 8388608
            return 0
        fi
        kill -0 "$LAB_SERVER_PID" 2>/dev/null || break
        sleep 0.1
    done
    echo "The server did not start. Its last lines:" >&2
    cat "$directory/output" "$directory/kea-dhcp4.log" 2>/dev/null | tail -n 5 >&2
    return 1
}

# Ends a process and waits until it is gone.
_lab_end() {
    local waited
    [ -n "$1" ] && kill -TERM "$1" 2>/dev/null || return 0
    for ((waited = 0; waited < 100; waited++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null
}

lab_server_stop() {
    _lab_end "$LAB_SERVER_PID"
    LAB_SERVER_PID=
}

# Captures the DHCP messages. Debian's AppArmor profile allows tcpdump to write only files *.pcap, so its messages go
# through a pipe.
lab_capture_start() {
    local file=$1 waited
    nsenter --net="/run/netns/$(lab_netns server)" -- setsid \
        tcpdump -Z root -U -n -i lab0 -w "$file" \
        'udp port 67 or udp port 68' > /dev/null 2> >(cat > "$file.output") < /dev/null &
    LAB_CAPTURE_PID=$!
    disown
    for ((waited = 0; waited < 100; waited++)); do
        grep -qs 'listening on' "$file.output" && return 0
        sleep 0.1
    done
    echo "tcpdump did not start:" >&2
    tail -n 3 "$file.output" >&2
    return 1
}

lab_capture_stop() {
    _lab_end "$LAB_CAPTURE_PID"
    LAB_CAPTURE_PID=
}

# Prints the last client identifier that each hardware address sent, one "MAC IDENTIFIER" a line.
lab_wire_identifiers() {
    tcpdump -r "$1" -n -vv 2>/dev/null | awk '
        /BOOTP\/DHCP, Request from / { mac = $0; sub(/.*Request from /, "", mac); sub(/,.*/, "", mac) }
        /BOOTP\/DHCP, Reply/ { mac = "" }
        mac != "" && /Client-ID .*hardware-type 255/ { sub(/.*hardware-type 255, */, ""); seen[mac] = "ff:" $0 }
        mac != "" && /Client-ID .*: ether / { sub(/.*: ether */, ""); seen[mac] = "01:" $0 }
        END { for (mac in seen) print mac, seen[mac] }'
}

# Prints how often the server has deleted a lease. The correct number is 0 in a phase without shutdowns.
lab_deletions() {
    awk -F, '$1 ~ /^[0-9]/ && $4 == 0 { n++ } END { print n + 0 }' "$1/kea-leases4.csv" 2>/dev/null
}

# Prints the number of addresses that machines have declined.
lab_declined() {
    awk -F, '$1 ~ /^[0-9]/ { declined[$1] = $10 == 1 }
        END { for (address in declined) n += declined[address]; print n + 0 }' "$1/kea-leases4.csv" 2>/dev/null
}

# Prints the number of live leases. The last line of an address counts; a lifetime of 0 means that it was deleted.
lab_leases() {
    awk -F, -v now="$(date +%s)" '
        $1 ~ /^[0-9]/ { live[$1] = $4 > 0 && $5 > now && $10 == 0 }
        END { for (address in live) n += live[address]; print n + 0 }' \
        "$1/kea-leases4.csv" 2>/dev/null
}
