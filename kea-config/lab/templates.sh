# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# The templates of the lab: the identity that their clones share, and how a clone is sealed. Sourced by run-lab.
#
#   template           client            the identity that its clones share
#   debian-12-base     systemd-networkd  /etc/machine-id: a DUID-EN
#   old-router-image   dhcpcd            /var/lib/dhcpcd/duid: a DUID-LLT
#   twin-board         dhcpcd            /var/lib/dhcpcd/duid: a DUID-UUID, the same UUID on each of these boards
#
# dhcpcd makes the IAID from the hardware address unless dhcpcd.conf has one; in both images it has one. dhcpcd makes
# the DUID from the UUID of the board up to version 9; later versions keep the existing file.
#
# dhcpcd probes the network for an address before it uses the address. So clones with dhcpcd rarely share an address:
# they decline the addresses of the others, and the server blocks each declined address for a day. twin-board switches
# the probe off (noarp), and its machines share an address as those with networkd do.

LAB_TEMPLATES=(debian-12-base old-router-image twin-board)
_LAB_CLIENTS=(networkd dhcpcd dhcpcd)
_LAB_NAMES=(clone router board)
# Proxmox, QEMU/KVM, VMware.
_LAB_VENDORS=(bc:24:11 52:54:00 00:50:56)

# The machine-id that the first template kept, and the DUID and UUID of the other two.
LAB_TEMPLATE_MACHINE_ID=d31ba602070b463aac004744a10d3e28
LAB_TEMPLATE_DUID=00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56
LAB_TEMPLATE_UUID=03000200-0400-0500-0006-000700080009

# Properties of each machine, by its number from 1 to MACHINES. The first CLONES machines come from the first template.
MACHINES=0
LAB_NAME=()
LAB_MAC=()
LAB_TEMPLATE=()
LAB_CLIENT=()

# Fills these arrays.
#   lab_plan TEMPLATES CLONES
lab_plan() {
    local template number
    for ((template = 0; template < $1; template++)); do
        for ((number = 1; number <= $2; number++)); do
            MACHINES=$((MACHINES + 1))
            LAB_NAME[MACHINES]=${_LAB_NAMES[template]}-$number
            printf -v "LAB_MAC[MACHINES]" '%s:5e:00:%02x' "${_LAB_VENDORS[template]}" "$number"
            LAB_TEMPLATE[MACHINES]=${LAB_TEMPLATES[template]}
            LAB_CLIENT[MACHINES]=${_LAB_CLIENTS[template]}
        done
    done
}

# Prints the DUID-UUID of a UUID: 00:04 and its bytes.
_lab_uuid_duid() { echo "0004${1//-/}" | sed 's/../&:/g; s/:$//'; }

# Prints the parameter "templates" of the guard, which names the templates, as JSON.
lab_templates_json() {
    local key value i separator=""
    local -a identities=("machine-id $LAB_TEMPLATE_MACHINE_ID" "duid $LAB_TEMPLATE_DUID"
        "duid $(_lab_uuid_duid "$LAB_TEMPLATE_UUID")")
    for ((i = 0; i < TEMPLATES; i++)); do
        read -r key value <<< "${identities[i]}"
        printf '%s{ "name": "%s", "%s": "%s" }' "$separator" "${LAB_TEMPLATES[i]}" "$key" "$value"
        separator=", "
    done
}

_lab_new_uuid() { cat /proc/sys/kernel/random/uuid; }

# Makes a machine from its template: its files are in machines/I, where lab/machine reads them.
lab_clone() {
    local directory=$LAB_DIRECTORY/machines/$1
    mkdir -p "$directory/dhcpcd"
    echo "$LAB_TEMPLATE_MACHINE_ID" > "$directory/machine-id"
    _lab_new_uuid > "$directory/product_uuid"
    _lab_dhcpcd_conf "$1" > "$directory/dhcpcd.conf"
    case ${LAB_TEMPLATE[$1]} in
    old-router-image) echo "$LAB_TEMPLATE_DUID" > "$directory/dhcpcd/duid" ;;
    twin-board)
        echo "$LAB_TEMPLATE_UUID" > "$directory/product_uuid"
        _lab_uuid_duid "$LAB_TEMPLATE_UUID" > "$directory/dhcpcd/duid"
        ;;
    esac
}

# Prints dhcpcd.conf of a machine. dhcpcd's own script would write this machine's resolv.conf: /bin/true replaces it.
_lab_dhcpcd_conf() {
    cat <<'CONFIGURATION'
ipv4only
noipv4ll
script /bin/true
hostname
duid
option domain_name_servers, interface_mtu
require dhcp_server_identifier

interface ens18
iaid 18
CONFIGURATION
    [ "${LAB_TEMPLATE[$1]}" != twin-board ] || echo noarp
}

# Seals a machine that is off, with the commands of the guard's remedy.
lab_seal() {
    local directory=$LAB_DIRECTORY/machines/$1
    case ${LAB_TEMPLATE[$1]} in
    debian-12-base) _lab_new_uuid | tr -d - > "$directory/machine-id" ;;
    old-router-image) rm -f "$directory"/dhcpcd/duid "$directory"/dhcpcd/*.lease ;;
    twin-board)
        _lab_new_uuid > "$directory/product_uuid"
        rm -f "$directory/dhcpcd/duid"
        ;;
    esac
}
