# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# The three machines of clients_test.sh: a holder, a clone with the holder's lease file, and a clone without. Sourced by
# clients_test.sh.

HOLDER=1
WITH_LEASE=2
WITHOUT_LEASE=3

# The identifier of the clients that have it in their configuration, and not in a file that they make themselves.
CONFIGURED=ff:00:00:00:12:$LAB_TEMPLATE_DUID

# Fills the arrays of templates.sh with three machines that run CLIENT.
clients_plan() {  # CLIENT
    local i name
    for name in holder lease-file no-lease; do
        i=$((++MACHINES))
        LAB_NAME[i]=$name
        printf -v "LAB_MAC[i]" 'bc:24:11:5e:00:%02x' "$i"
        LAB_CLIENT[i]=$1
        LAB_TEMPLATE[i]=debian-12-base
        [ "$1" != dhcpcd ] || LAB_TEMPLATE[i]=old-router-image
    done
}

# Makes the files of a machine as the template has them: an identity, and no lease.
clients_install() {  # NUMBER
    local directory=$LAB_DIRECTORY/machines/$1
    rm -rf "$directory"
    lab_clone "$1"
    case ${LAB_CLIENT[$1]} in
    dhclient) _clients_dhclient "$directory/etc/dhcp" ;;
    udhcpc) echo "-x 0x3d:${CONFIGURED//:/}" > "$directory/udhcpc.options" ;;
    NetworkManager) _clients_network_manager "$directory/etc/NetworkManager" ;;
    esac
}

# The shipped configuration with an identifier. After "timeout" without an offer dhclient tries its recorded lease, and
# uses it if the router answers a ping.
_clients_dhclient() {  # DIRECTORY
    mkdir -p "$1"
    cp /etc/dhcp/dhclient.conf "$1/dhclient.conf"
    printf '%s\n' "send dhcp-client-identifier $CONFIGURED;" "timeout 6;" >> "$1/dhclient.conf"
}

_clients_network_manager() {  # DIRECTORY
    mkdir -p "$1/system-connections"
    cat > "$1/NetworkManager.conf" <<'CONFIGURATION'
[main]
plugins=keyfile
dhcp=internal
dns=none
no-auto-default=*
auth-polkit=false
hostname-mode=none
CONFIGURATION
    (
        umask 077
        cat > "$1/system-connections/ens18.nmconnection" <<'CONNECTION'
[connection]
id=ens18
uuid=4b43d0d6-53cc-4a6f-8a13-8d1eff2b0d6a
type=ethernet
interface-name=ens18

[ipv4]
method=auto
dhcp-client-id=duid

[ipv6]
method=disabled
CONNECTION
    )
}

# Copies the lease files of the holder, which is up, to the clone that was made from a running template. udhcpc has no
# lease file; it asks for an address with -r. networkd keeps its lease in /run.
clients_copy_lease() {  # ADDRESS
    local from=$LAB_DIRECTORY/machines/$HOLDER to=$LAB_DIRECTORY/machines/$WITH_LEASE
    case ${LAB_CLIENT[$HOLDER]} in
    dhclient) mkdir -p "$to/dhcp"; cp "$from"/dhcp/*.leases "$to/dhcp/" ;;
    dhcpcd) cp "$from"/dhcpcd/*.lease "$to/dhcpcd/" ;;
    NetworkManager) mkdir -p "$to/NetworkManager"; cp "$from"/NetworkManager/* "$to/NetworkManager/" ;;
    udhcpc) echo "-r $1" >> "$to/udhcpc.options" ;;
    esac
}

# Prints the processes inside a running machine that see its files, its first process before the others. The process
# unshare is outside of the machine's process namespace, and dhcpcd has processes in an empty directory.
_clients_processes() {  # NUMBER
    local pid inside
    for pid in $(ip netns pids "$(lab_netns "${LAB_NAME[$1]}")"); do
        inside=$(awk '/^NSpid:/ && NF > 2 { print $NF }' "/proc/$pid/status" 2>/dev/null)
        [ -n "$inside" ] || continue
        [ ! -e "/proc/$pid/root/bin/sh" ] || echo "$inside $pid"
    done | sort -n | cut -d ' ' -f 2
}

# Runs a command as root in a running machine.
clients_run() {  # NUMBER, COMMAND
    local pid
    pid=$(_clients_processes "$1" | head -n 1)
    [ -n "$pid" ] && nsenter --target "$pid" --mount --pid --root --wd=/ -- sh -c "$2"
}

# Makes a client renew its lease if it does not follow the server's time. udhcpc renews at half of the lifetime.
clients_renew() {  # NUMBER
    [ "${LAB_CLIENT[$1]}" != udhcpc ] || kill -USR1 "$(_clients_processes "$1" | head -n 1)"
}

# Runs the remedy in a machine.
clients_cure() {  # NUMBER, REMEDY, COMMAND
    if [ "${LAB_CLIENT[$1]}" = udhcpc ]; then
        # The remedy names an option of udhcpc, and no command.
        grep -q "'-x 0x3d:" <<< "$2" && sed -i 's/-x 0x3d:[0-9a-f]*//' "$LAB_DIRECTORY/machines/$1/udhcpc.options"
    else
        [ -n "$3" ] && clients_run "$1" "$3"
    fi
}
