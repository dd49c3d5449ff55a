# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# run-lab --installed: the configuration of the installed packages, made fit for the lab. Sourced by run-lab.

LAB_INSTALLED_CONF=/etc/kea/kea-dhcp4.conf

# Kea's configuration as plain JSON: without comments, and without the commas at an end that Kea forgives.
_lab_plain_json() {
    perl -0777 -pe '
        s{("(?:\\.|[^"\\])*")|//[^\n]*|\#[^\n]*|/\*.*?\*/}{$1 // " "}gse;
        s{("(?:\\.|[^"\\])*")|,(?=\s*[\]\}])}{$1 // ""}gse;' "$1"
}

# Complains and returns 1 unless packages and configuration are as README.md has them.
lab_installed_check() {
    if ! [ -e /lib/systemd/system/kea-dhcp4-server.service ]; then
        echo "run-lab: the package kea-dhcp4-server is not installed" >&2
        return 1
    fi
    if has_phase guarded && ! _lab_plain_json "$LAB_INSTALLED_CONF" | jq -e \
        '.Dhcp4["hooks-libraries"] // [] | any(.library | endswith("libdhcp_clone_guard.so"))' > /dev/null; then
        echo "run-lab: $LAB_INSTALLED_CONF does not load the clone guard; README.md has the lines to add" >&2
        return 1
    fi
}

# A copy of the packages' configuration in DIRECTORY/etc, changed in what the lab needs: its interface, its network,
# short times, no partner and no database, leases in a file, the policy to be shown, audit records in the system log.
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
    # Where the other parts of the lab look.
    ln -s state/kea-leases4.csv "$directory/kea-leases4.csv"
}

# Where the control socket of the running server can be reached from outside.
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
