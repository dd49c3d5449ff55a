# SPDX-License-Identifier: MPL-2.0
#
# Reads a dump of callgrind and prints the most expensive functions, one a line: instructions per exchange in the
# function itself, instructions with its callees, calls per exchange, name. callgrind_annotate misreads dumps of a
# running program.
#   awk -v exchanges=1000 -v top=40 -f functions.awk DUMP

function identify(text,    id, name) {
    match(text, /^\([0-9]+\)/)
    id = substr(text, 1, RLENGTH)
    name = substr(text, RLENGTH + 2)
    if (name != "")
        names[id] = name
    return id
}

/^fn=/ { current = identify(substr($0, 4)); next }
/^cfn=/ { callee = identify(substr($0, 5)); next }
/^calls=/ {
    split($1, part, "=")
    calls[callee] += part[2]
    getline
    within[current] += $2
    next
}
/^[-+*0-9]/ { self[current] += $2; within[current] += $2 }

END {
    order = "sort -k1,1nr | head -n " top
    printf "%12s %12s %10s  %s\n", "itself", "with callees", "calls", "function"
    fflush()
    for (id in within)
        printf "%12.1f %12.1f %10.2f  %s\n", self[id] / exchanges, within[id] / exchanges,
            calls[id] / exchanges, substr(names[id], 1, 150) | order
    close(order)
}
