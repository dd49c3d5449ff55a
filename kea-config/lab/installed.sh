# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# run-lab --installed: adapts the configuration of the installed packages to the lab. Sourced by run-lab.

LAB_INSTALLED_CONF=/etc/kea/kea-dhcp4.conf

# Prints a configuration of Kea as plain JSON, without comments and without the trailing commas that Kea accepts.
_lab_plain_json() {
    perl -0777 -pe '
        s{("(?:\\.|[^"\\])*")|//[^\n]*|\#[^\n]*|/\*.*?\*/}{$1 // " "}gse;
        s{("(?:\\.|[^"\\])*")|,(?=\s*[\]\}])}{$1 // ""}gse;' "$1"
}

# Fails with a message unless the packages are installed and the configuration loads the clone guard.
lab_installed_check() {
    if ! [ -e /lib/systemd/system/kea-dhcp4-server.service ]; then
        echo "run-lab: the package kea-dhcp4-server is not installed; install it" >&2
        return 1
    fi
    if has_phase guarded && ! _lab_plain_json "$LAB_INSTALLED_CONF" | jq -e \
        '.Dhcp4["hooks-libraries"] // [] | any(.library | endswith("libdhcp_clone_guard.so"))' > /dev/null; then
        echo "run-lab: $LAB_INSTALLED_CONF does not load the clone guard; README.md has the lines to add" >&2
        return 1
    fi
}

# Copies the configuration of the packages to DIRECTORY/etc and changes what the lab needs: interface, network, short
# times, no partner, no database, leases in a file, the policy of the lab, audit records in the system log.
lab_installed_configuration() {
    local directory=$1
    cp -a "$(dirname "$LAB_INSTALLED_CONF")" "$directory/etc" || return 1
    _lab_plain_json "$LAB_INSTALLED_CONF" | jq \
        --arg phase "$PHASE" --arg policy "$POLICY" --argjson renew "$RENEW_TIMER" \
        --arg pool "192.0.2.$LAB_POOL_FIRST - 192.0.2.$LAB_POOL_LAST" --argjson templates "[ $(lab_templates_json) ]" '
        def guard: .library | endswith("libdhcp_clone_guard.so");
        def audit: .name == "kea-dhcp4.clone-guard-audit";
        .Dhcp4 |= (
            .["interfaces-config"] = { "interfaces": [ "lab0" ] }
            | .["renew-timer"] = $renew | .["rebind-timer"] = 20 | .["valid-lifetime"] = 60
            | del(.["shared-networks"], .["config-control"], .["hosts-database"], .["hosts-databases"])
            | .["hooks-libraries"] = [ .["hooks-libraries"][]? | select(.library | endswith("libdhcp_ha.so") | not) ]
            | .subnet4 = [ { "id": 1, "subnet": "192.0.2.0/24", "pools": [ { "pool": $pool } ] } ]
            | if .["lease-database"].type == "memfile" then . else .["lease-database"] = { "type": "memfile" } end
            | if $phase == "stock" then
                  .["hooks-libraries"] = [ .["hooks-libraries"][]? | select(guard | not) ]
              else
                  (.["hooks-libraries"][] | select(guard)).parameters |= . + { "policy": $policy, "templates": $templates }
                  | if any(.loggers[]?; audit and any(.[]; . == [ { "output": "syslog", "pattern": "%m%n" } ])) then .
                    else .loggers = [ .loggers[]? | select(audit | not) ] + [ {
                        "name": "kea-dhcp4.clone-guard-audit", "severity": "INFO",
                        "output_options": [ { "output": "syslog", "pattern": "%m%n" } ] } ]
                    end
              end)' > "$directory/kea-dhcp4.conf" || return 1
    cat "$directory/kea-dhcp4.conf" > "$directory/etc/$(basename "$LAB_INSTALLED_CONF")"
    # The other parts of the lab read this path.
    ln -s state/kea-leases4.csv "$directory/kea-leases4.csv"
}

# Prints the path of the server's control socket as seen from outside its mount namespace.
lab_installed_socket() {
    local name
    name=$(jq -r '.Dhcp4 | .["control-socket"] // .["control-sockets"][0] | .["socket-name"] // empty' \
        "$1/kea-dhcp4.conf")
    case $name in
    "") echo "none is configured" ;;
    /*) echo "/proc/$LAB_SERVER_PID/root$name" ;;
    *) echo "/proc/$LAB_SERVER_PID/root/run/kea/$name" ;;
    esac
}
