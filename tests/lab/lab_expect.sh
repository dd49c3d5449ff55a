# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# Runs the lab and checks its output. Sourced by the tests of the lab.

clean_up() {
    [ -z "$LAB_PROCESS" ] || kill -TERM "$LAB_PROCESS" 2>/dev/null
    [ -z "$LAB_PROCESS" ] || wait "$LAB_PROCESS" 2>/dev/null
    rm -rf "$WORK"
}
trap clean_up EXIT

failure() {
    echo "FAILED (line ${BASH_LINENO[1]}): $1"
    FAILURES=$((FAILURES + 1))
}

expect_equal() { [ "$1" = "$2" ] || failure "${3:-value}: expected '$1', got '$2'"; }
expect_at_least() { [ "$2" -ge "$1" ] || failure "${3:-value}: expected at least $1, got '$2'"; }
expect_text() { grep -qF -- "$1" "$OUTPUT" || failure "not in the output: $1"; }

need_root() {
    [ "$(id -u)" -eq 0 ] && return
    echo "Skipped: network namespaces need root."
    exit 77
}

# Debian may no longer have the program.
need_program() {
    command -v "$1" >/dev/null && return
    echo "Skipped: $1 is not installed."
    exit 77
}

# Runs the lab and keeps its output; the remaining arguments are its options.
run_lab() {
    local expected=$1 status=0
    shift
    "$RUN_LAB" --records --report "$WORK/report.html" "$@" > "$OUTPUT" 2>&1 || status=$?
    cat "$OUTPUT"
    expect_equal "$expected" "$status" "status of run-lab $*"
}

# Starts the lab in its own process group, as a terminal would, so that a test can interrupt it.
start_lab() {
    set -m
    "$RUN_LAB" "$@" > "$OUTPUT" 2>&1 &
    LAB_PROCESS=$!
    set +m
}

# Waits until the lab has printed a text.
wait_for() {
    local tenths
    for ((tenths = 0; tenths < 12000; tenths++)); do
        grep -qF -- "$1" "$OUTPUT" && return 0
        kill -0 "$LAB_PROCESS" 2>/dev/null || break
        sleep 0.1
    done
    cat "$OUTPUT"
    failure "the lab never printed: $1"
    return 1
}

# The output of a phase, and the rows of its table: name, template, MAC, identifier, address.
phase() { awk -v wanted="$1" '/^Phase / { now = $2; sub(/:/, "", now) } now == wanted' "$OUTPUT"; }
rows() {
    phase "$1" | awk '/^  (clone|router|board)-[0-9]+ / { row[++rows] = $0 }
        /^    #[0-9]+ / { identifier[$1] = $2 }
        END { for (i = 1; i <= rows; ++i) { $0 = row[i]; $4 = identifier[$4]; print } }'
}
addresses() { rows "$1" | awk '$5 ~ /^192\.0\.2\./ { print $5 }'; }
records() { phase "$1" | sed -n 's/^    {/{/p'; }
claimants() { records "$1" | jq -r 'select(.event | test("^conflict-(suspected|confirmed)")) | .hw_address' | sort -u | wc -l; }

# Checks that every machine of the phase sent an identifier like those of systemd-networkd, of KINDS different ones.
expect_identifiers() {
    local kinds=$1 machines=$2 name=$3 real
    real=$(rows "$name" | awk '$4 ~ /^ff:ca:53:09:5a:00:02:00:00:ab:11:/' | wc -l)
    expect_equal "$machines" "$real" "machines of $name with a real client identifier"
    expect_equal "$kinds" "$(rows "$name" | awk '{ print $4 }' | sort -u | wc -l)" "identifiers in $name"
}

expect_distinct_addresses() {
    expect_equal "$1" "$(addresses "$2" | wc -l)" "machines with an address in $2"
    expect_equal "$1" "$(addresses "$2" | sort -u | wc -l)" "different addresses in $2"
}

expect_sharing() {
    expect_at_least 2 "$(addresses "$1" | sort | uniq -D | wc -l)" "machines that share in $1"
}

# Checks that nmap, the check that the documents recommend, sees one server and an offer in every phase.
expect_nmap() {
    local count
    count=$(phase "$1" | grep -c 'nmap broadcast-dhcp-discover: one server (192.0.2.1), offers 192.0.2.')
    expect_equal 1 "$count" "nmap's line in $1"
}

# Checks all records against the schema of the audit log.
expect_valid_records() {
    [ -x "$CHECKOUT/tests/docs/audit-schema" ] || return 0
    records guarded | "$CHECKOUT/tests/docs/audit-schema" - || failure "records that the schema does not know"
}

# The command lines that --keep prints for some of the commands of clone-guard.
printed_commands() { sed -nE "s/^  .* ([^ ]*clone-guard ($1) .*)\$/\1/p" <(sed -n '/^The lab stays up/,$p' "$OUTPUT"); }

# Checks what an operator sees of the clones after the guarded phase: a log line, the list of conflicts, the report
# page.
expect_product() {
    local text
    text=$(phase guarded)
    grep -qE "The server's log has [0-9]+ warnings? about clones" <<< "$text" || failure "no count of warnings"
    grep -qE '^    [-0-9]+ .* WARN ' <<< "$text" || failure "no line of the server's log"
    grep -qE '^ +bc:24:11:5e:00:[0-9a-f]+ +claimant ' <<< "$text" || failure "no list of conflicts"
    expect_text "  Report page, for a browser: $WORK/report.html"
    grep -q 'bc:24:11:5e:00:' "$WORK/report.html" || failure "no machine in the report page"
}

# Checks that no line is wider than 100 columns, except audit records (--records) and paths of this checkout.
expect_narrow() {
    expect_equal "" "$(grep -v '^    {' "$OUTPUT" | grep -vF "$CHECKOUT/" | awk 'length > 100')" "lines of more than 100 columns"
}

# Checks that no namespace, process or file of a lab is left.
#   expect_nothing_left ID DIRECTORY PROCESSES
expect_nothing_left() {
    local id=$1 directory=$2 pid left=
    expect_equal 0 "$(find /run/netns -name "$id-*" 2>/dev/null | wc -l)" "namespaces of $id"
    [ ! -e "$directory" ] || failure "$directory is still there"
    for pid in $3; do
        # A process that has ended but was not waited for has no program.
        [ -z "$(readlink "/proc/$pid/exe")" ] || left="$left $pid"
    done
    expect_equal "" "$left" "processes left"
}

# Sets ID, DIRECTORY and PROCESSES of the running lab.
inspect_lab() {
    local netns
    ID=$(sed -n 's/.*in namespaces \(cg-[0-9]*\)-.*/\1/p' "$OUTPUT")
    DIRECTORY=$(grep -l "^${ID#cg-} " /var/tmp/clone-guard-lab.*/owner 2>/dev/null)
    DIRECTORY=${DIRECTORY%/owner}
    PROCESSES=
    for netns in /run/netns/"$ID"-*; do
        PROCESSES="$PROCESSES $(ip netns pids "${netns##*/}" | tr '\n' ' ')"
    done
    [ -d "$DIRECTORY" ] || failure "the lab has no directory"
    # shellcheck disable=SC2086
    expect_at_least 4 "$(echo $PROCESSES | wc -w)" "processes of the lab"
}

# Checks that every record of a template contains EXPECTED, a JSON object whose remedy may be a part of the record's.
# Every machine of the template that was kept apart has to have records of its conflict and of its address.
expect_explained() {
    local template=$1 expected=$2 apart
    expect_equal "" "$(records guarded | jq -c --arg template "$template" --argjson expected "$expected" \
        'select(.template == $template and (contains($expected) | not))')" "records of $template that say something else"
    apart=$(rows guarded | awk -v template="$template" '$2 == template && /kept apart/ { print $3 }' | sort)
    expect_equal 2 "$(wc -w <<< "$apart")" "machines of $template kept apart"
    expect_equal "$apart" "$(records guarded | jq -r --arg template "$template" \
        'select(.template == $template and (.event | startswith("conflict-"))) | .hw_address' | sort -u)" \
        "machines of $template with a conflict"
    expect_equal "$apart" "$(records guarded | jq -r --arg template "$template" \
        'select(.template == $template and .event == "address-assigned") | .hw_address' | sort -u)" \
        "machines of $template with an address of their own"
}

# Repeats a command until it succeeds, for LIMIT tenths of a second.
until_true() {  # WHAT, COMMAND...
    local what=$1 tenths
    shift
    for ((tenths = 0; tenths < LIMIT; tenths++)); do
        "$@" && return 0
        sleep 0.1
    done
    failure "not reached within the limit: $what"
    return 1
}
