# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# Runs the recipes of the documents on a lab that was kept. Sourced by lab_test.sh.

# The block of docs/recipes.md that contains a text.
recipe() {
    awk -v text="$1" '
        /^```/ { inside = !inside; if (!inside && index(block, text)) { printf "%s", block; exit } block = ""; next }
        inside { block = block $0 "\n" }' "$CHECKOUT/docs/recipes.md"
}

# Checks the recipes that read the server or the audit log.
expect_recipes() {
    local audit=$1 socket=$2
    cd "$WORK" || return
    cp "$audit" clone-guard-audit.jsonl
    expect_equal "2 debian-12-base 00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d" \
        "$(bash <(recipe 'uniq -c | sort -rn') | xargs)" "recipe: clones of each template"
    bash <(recipe '.duid, .remedy]') | grep -q "^debian-12-base.in the template debian-12-base run 'truncate" ||
        failure "recipe: what to do"
    expect_equal "$(rows guarded | awk '/kept apart/ { print $3, $1, $5 }' | sort)" \
        "$(bash <(recipe '"address-assigned"') | tr '\t' ' ')" "recipe: which address each claimant got"
    expect_at_least 2 "$(bash <(recipe '--arg mac' | sed 's/52:54:00:5e:00:01/bc:24:11:5e:00:01/') | wc -l)" "recipe: one machine"
    expect_equal "$(wc -l < "$audit")" "$(bash <(recipe '1 hour ago') | awk '{ n += $1 } END { print n }')" "recipe: the last hour"

    recipe "# clone-guard-metrics SOCKET FILE" > metrics
    sh metrics "$socket" clone-guard.prom || failure "recipe: metrics"
    expect_equal 13 "$(grep -c '^kea_clone_guard_[a-z_]*_total [0-9]*$' clone-guard.prom)" "recipe: metrics of the server"
    grep -qx 'kea_clone_guard_suspected_total 2' clone-guard.prom || failure "recipe: metrics: $(cat clone-guard.prom)"
    grep -qx 'kea_subnet_clone_guard_suspected_total{subnet_id="1"} 2' clone-guard.prom || failure "recipe: metrics of the subnet"
    ! sh metrics "$socket.gone" clone-guard.prom 2>/dev/null || failure "recipe: metrics without a server"
    [ -s clone-guard.prom ] || failure "recipe: metrics without a server spoil the file"

    printf '#!/bin/sh\necho "$@"\ncat\n' > mail
    chmod +x mail
    recipe "# clone-guard-mail ADDRESS" > alert
    # So short a time confirms only some conflicts: suspected conflicts replace confirmed ones in this test.
    { echo "no record"; jq -c 'select(.event != "conflict-confirmed")
        | if .event == "conflict-suspected" then .event = "conflict-confirmed" else . end' "$audit"; } |
        env PATH="$WORK:$PATH" sh alert root > mails
    expect_equal 2 "$(grep -c '^-s clone of debian-12-base: bc:24:11:5e:00:0. clone-. root$' mails)" "recipe: mails"
    expect_equal 2 "$(grep -c '^To cure it: in the template debian-12-base run .truncate' mails)" "recipe: mails with the cure"
}
