#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
#
# Tests of kea-config/run-lab. They count again from the tables and records, so that they do not depend on the lab's own
# verdicts.
#
#   CLONE_GUARD_LIBRARY=.../libdhcp_clone_guard.so tests/lab/lab_test.sh TEST

set -uo pipefail
HERE=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
CHECKOUT=$(dirname "$(dirname "$HERE")")
RUN_LAB=$CHECKOUT/kea-config/run-lab
WORK=$(mktemp -d)
OUTPUT=$WORK/output
LAB_PROCESS=
FAILURES=0

. "$HERE/lab_expect.sh"
. "$HERE/lab_recipes.sh"

# --help describes every option; a wrong option is reported by name, with status 2.
optionsAreExplainedAndChecked() {
    local option
    run_lab 0 --help
    for option in --clones --templates --policy --installed --keep --records --listen --report --help; do
        expect_text "$option"
    done
    expect_narrow
    run_lab 2 --nonsense
    expect_text "unknown option '--nonsense'"
    run_lab 2 --clones
    expect_text "--clones needs a value"
    for option in two 2 101 -1; do
        run_lab 2 --clones "$option"
        expect_text "invalid --clones '$option', must be a number from 3 to 100"
    done
    for option in 0 4 all; do
        run_lab 2 --templates "$option"
        expect_text "invalid --templates '$option', must be 1, 2 or 3"
    done
    run_lab 2 --clones 34 --templates 3
    expect_text "invalid --clones '34' with --templates 3, must be at most 100 machines in all"
    run_lab 2 --policy foo
    expect_text "invalid --policy 'foo', must be one of mac-fallback, refuse, monitor"
    run_lab 2 --phases cured
    expect_text "invalid --phases 'cured'"
    run_lab 2 --listen --phases guarded
    expect_text "--listen is for the phase stock, which --phases leaves out"
    run_lab 2 --library /nonexistent
    expect_text "the file given with --library does not exist"
    run_lab 2 --installed --library "$RUN_LAB"
    expect_text "--installed and --library exclude each other"
}

# If all packages are installed, apt-get is not called; a missing package is reported by name.
packagesThatAreThereAreLeftAlone() {
    mkdir "$WORK/bin"
    printf '#!/bin/sh\necho apt-get was called >&2\nexit 1\n' > "$WORK/bin/apt-get"
    chmod +x "$WORK/bin/apt-get"
    (
        PATH=$WORK/bin:$PATH
        . "$CHECKOUT/cmake/packages.sh"
        clone_guard_install bash coreutils
        echo "missing: $(clone_guard_missing bash no-such-package-as-this)"
    ) > "$OUTPUT" 2>&1
    cat "$OUTPUT"
    expect_text "Packages: all 2 are installed."
    expect_text "missing: no-such-package-as-this"
    ! grep -q "apt-get was called" "$OUTPUT" || failure "apt-get was called"
}

# R6: stock Kea allocates one address to several machines, the guard gives each its own, and sealing ends the conflict.
rule06MacFallbackKeepsRealClonesApart() {
    local before after
    before=$(ip -oneline link | awk '{ print $2 }' | sort)
    run_lab 0 --clones 7 --library "$CLONE_GUARD_LIBRARY"
    after=$(ip -oneline link | awk '{ print $2 }' | sort)
    expect_equal "$before" "$after" "interfaces of this machine"
    for name in stock guarded cured; do
        expect_nmap "$name"
        expect_text "lab: phase=$name policy=mac-fallback machines=7"
    done
    expect_identifiers 1 7 stock
    expect_sharing stock
    expect_identifiers 1 7 guarded
    expect_distinct_addresses 7 guarded
    expect_equal 6 "$(claimants guarded)" "claimants in guarded"
    expect_equal 6 "$(rows guarded | grep -c 'kept apart (mac-fallback)')" "machines kept apart"
    expect_equal 1 "$(rows guarded | grep -c 'holder, passed')" "holders"
    expect_equal "$(rows guarded | awk '/kept apart/ { print $3, $5 }' | sort)" \
        "$(records guarded | jq -r 'select(.event == "address-assigned") | .hw_address + " " + .address' | sort)" \
        "addresses in the audit log"
    expect_identifiers 7 7 cured
    expect_distinct_addresses 7 cured
    expect_equal 0 "$(claimants cured)" "claimants in cured"
    expect_valid_records
    expect_product
    expect_narrow
}

# R12: clones of three templates at once, with two DHCP clients: each record names the template, the interface, the
# vendor of the virtual network card, the parts of the DUID, and the remedy for these clones. The remedies end the
# conflicts of all three. A scan of the lease file of the server without the guard finds the same machines.
rule12RecordsNameTemplateInterfaceVendorAndCure() {
    local scan
    run_lab 0 --templates 3 --clones 3 --library "$CLONE_GUARD_LIBRARY" --keep
    inspect_lab
    expect_equal 3 "$(rows stock | awk '{ print $4 }' | sort -u | wc -l)" "identifiers in stock"
    expect_equal "debian-12-base twin-board" \
        "$(rows stock | awk '$5 ~ /^192/ && seen[$5]++ { print $2 }' | sort -u | xargs)" "templates whose clones share"
    # dhcpcd on old-router-image checks whether an address is in use, and declines it then.
    phase stock | grep -q 'declined=[1-9]' || failure "no machine declined an address in stock"
    expect_distinct_addresses 9 guarded
    expect_equal 6 "$(claimants guarded)" "claimants in guarded"
    expect_equal 3 "$(rows guarded | grep -c 'holder, passed')" "holders"
    expect_text "deleted=0 declined=0 servers=1 result=ok"
    expect_explained debian-12-base '{ "nic": "ens18", "hw_vendor": "Proxmox", "duid_type": "DUID-EN",
        "duid_enterprise_name": "systemd", "remedy": "in the template debian-12-base run '"'truncate -s 0 /etc/machine-id;"'" }'
    expect_explained old-router-image '{ "hw_vendor": "QEMU/KVM", "duid_type": "DUID-LLT",
        "duid_hw_address": "52:54:00:12:34:56", "duid_hw_vendor": "QEMU/KVM", "duid_time": "2023-06-01T19:12:16.000Z",
        "remedy": "in the template old-router-image run '"'"'rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease" }'
    expect_explained twin-board '{ "hw_vendor": "VMware", "duid_type": "DUID-UUID",
        "duid_uuid": "03000200-0400-0500-0006-000700080009",
        "remedy": "remove the line uuid.bios from the .vmx file of each VM while it is off, start it, run '"'rm -f /var/lib/dhcpcd/duid'"'" }'
    expect_equal 0 "$(records guarded | jq -r 'select(.template | not) | .event' | wc -l)" "records without a template"
    expect_equal "debian-12-base" "$(records guarded | jq -r 'select(.nic) | .template' | sort -u)" "templates whose interface is known"
    expect_valid_records
    expect_equal 9 "$(rows cured | awk '{ print $4 }' | sort -u | wc -l)" "identifiers in cured"
    expect_distinct_addresses 9 cured
    expect_equal 0 "$(claimants cured)" "claimants in cured"
    expect_narrow
    cd "$DIRECTORY/guarded" || return
    scan=$(printed_commands scan)
    expect_equal "$(rows stock | awk '{ print $2, $4, $3 }' | sort)" "$($scan --json |
        jq -r '.clones[] | .template + " " + .client_id + " " + .machines[].hw_address' | sort)" "machines that '$scan' names"
    "$RUN_LAB" --stop "$ID"
}

# --listen: the bridge alone shows the clones, the address that they share and the server.
listenSeesTheStockPhase() {
    local shared
    run_lab 0 --listen --phases stock --clones 3 --library "$CLONE_GUARD_LIBRARY"
    shared=$(addresses stock | sort | uniq -d | head -n 1)
    expect_text "Clones: 1 client identifier on 3 machines"
    expect_text "SHARED     192.0.2.1 acknowledged $shared to clone-"
    expect_text "from template debian-12-base"
    expect_text "in the template debian-12-base run"
}

# R7: one machine is served, and the others stay without an address.
rule07RefuseServesTheFirstHolderOnly() {
    run_lab 0 --policy refuse --phases guarded,cured --library "$CLONE_GUARD_LIBRARY"
    expect_identifiers 1 4 guarded
    expect_distinct_addresses 1 guarded
    expect_equal 3 "$(rows guarded | grep -c 'none *refused$')" "machines refused"
    expect_equal 3 "$(claimants guarded)" "claimants in guarded"
    expect_valid_records
    expect_nmap guarded
    expect_distinct_addresses 4 cured
    expect_nmap cured
}

# R5: under monitor the addresses are those of stock Kea, and the conflicts are reported.
rule05MonitorChangesNothingAndLogs() {
    run_lab 0 --policy monitor --phases guarded --library "$CLONE_GUARD_LIBRARY"
    expect_identifiers 1 4 guarded
    expect_sharing guarded
    expect_at_least 1 "$(claimants guarded)" "claimants in guarded"
    expect_equal 0 "$(records guarded | jq -r 'select(.action != "none") | .event' | wc -l)" \
        "records of an action"
    expect_valid_records
    expect_nmap guarded
}

# The lab's verdict can fail: with a library that guards nothing, the lab ends with status 1.
aLibraryThatGuardsNothingIsFoundOut() {
    run_lab 1 --clones 3 --phases guarded --library "$CLONE_GUARD_OTHER_LIBRARY"
    expect_text "NOT AS PROMISED"
    expect_text "result=failed"
    expect_text "not every phase went as promised"
}

# A lab that is interrupted while machines boot leaves nothing behind.
interruptLeavesNothing() {
    local status=0
    start_lab --phases stock
    wait_for "Watching the machines" || return
    inspect_lab
    kill -INT -- "-$LAB_PROCESS"
    wait "$LAB_PROCESS" || status=$?
    LAB_PROCESS=
    cat "$OUTPUT"
    expect_equal 130 "$status" "status"
    expect_text "interrupted, cleaning up"
    expect_nothing_left "$ID" "$DIRECTORY" "$PROCESSES"
}

# With --keep the machines stay up, the printed commands and the recipes of the documents work, and --stop ends the lab.
# The server is a copy in the lab's directory, which Debian's AppArmor profile does not confine.
keepLeavesTheLabUpUntilStop() {
    local command pid programs="" status socket
    run_lab 0 --phases guarded --clones 3 --keep --library "$CLONE_GUARD_LIBRARY"
    inspect_lab
    socket=$(sed -n 's/^  its control socket  *//p' "$OUTPUT")
    expect_equal 0 "$(echo '{ "command": "version-get" }' | socat - "UNIX-CONNECT:$socket" | jq .result)" "the server's answer"
    expect_equal 3 "$(printed_commands 'status|conflicts|report' | wc -l)" "commands for the command clone-guard"
    expect_text "  cd $DIRECTORY/guarded"
    cd "$DIRECTORY/guarded" || return
    while read -r command; do
        status=0
        $command > "$WORK/said" 2>&1 || status=$?
        # Status 1 means that there are conflicts.
        [ "$status" -le 1 ] || failure "'$command' ended with $status: $(cat "$WORK/said")"
    done < <(printed_commands 'status|conflicts|report')
    (FAILURES=0; expect_recipes "$DIRECTORY/guarded/audit.jsonl" "$socket"; exit "$FAILURES") || FAILURES=$((FAILURES + $?))
    command=$(sed -n "s/^  a machine's address  *//p" "$OUTPUT")
    bash -c "$command" > "$WORK/address" 2>&1
    grep -q 'inet 192.0.2' "$WORK/address" || failure "'$command' shows no address: $(cat "$WORK/address")"
    for pid in $PROCESSES; do
        programs="$programs $(readlink "/proc/$pid/exe")"
    done
    [[ $programs = *" $DIRECTORY/kea-dhcp4"* ]] || failure "the server is not a copy: $programs"
    # The kernel doubles the 8 MiB of docs/sizing.md.
    nsenter --net="/run/netns/$ID-server" ss --udp --all --memory | grep -q rb16777216, ||
        failure "the receive buffer of the server has the default size"
    command=$(sed -n 's/^  \(.*run-lab --stop .*\)$/\1/p' "$OUTPUT")
    expect_equal "$RUN_LAB --stop $ID" "$command" "the command to stop"
    cd "$WORK" || return
    $command || failure "'$command' failed"
    expect_nothing_left "$ID" "$DIRECTORY" "$PROCESSES"
}

# The next run, or --stop, removes what a killed run left; neither removes a running lab.
labOfAKilledRunIsRemoved() {
    start_lab --phases stock
    wait_for "Watching the machines" || return
    inspect_lab
    ! "$RUN_LAB" --stop "$ID" || failure "--stop says that it removed a lab that is running"
    [ -d "$DIRECTORY" ] || failure "--stop removed a lab that is running"
    kill -KILL "$LAB_PROCESS"
    wait "$LAB_PROCESS" 2>/dev/null
    LAB_PROCESS=
    "$RUN_LAB" --stop "$ID"
    expect_nothing_left "$ID" "$DIRECTORY" "$PROCESSES"
}

case ${1:-} in
optionsAreExplainedAndChecked | packagesThatAreThereAreLeftAlone) ;;
rule* | a* | interrupt* | keep* | lab* | listen*) need_root ;;
*)
    echo "usage: $0 TEST; the tests are listed in CMakeLists.txt" >&2
    exit 2
    ;;
esac
"$1"
if [ "$FAILURES" -gt 0 ]; then
    echo "$1: $FAILURES failure(s)"
    exit 1
fi
echo "$1: passed"
