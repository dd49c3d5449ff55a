# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash
#
# Text for a terminal: run-lab prints nothing wider than TEXT_WIDTH, but for raw audit records. Sourced by run-lab.

TEXT_WIDTH=100

# Indents the lines of the standard input and breaks those that are too wide, at words. What follows a break is indented
# further: below the second column if the line has two columns.
#   text_wrap SPACES
text_wrap() {
    awk -v indent="$1" -v width="$TEXT_WIDTH" '
        function spaces(count) { return sprintf("%" count "s", "") }
        /^ *$/ { print ""; next }
        {
            hang = match($0, /^ *[^ ]+  +/) && RLENGTH <= 24 ? RLENGTH : match($0, /[^ ]|$/) + 1
            line = spaces(indent) $0
            rest = spaces(indent + hang)
            while (length(line) > width) {
                for (at = width + 1; at > length(rest) && substr(line, at, 1) != " "; --at) ;
                # A word that is wider than a line is broken inside.
                if (at <= length(rest)) at = width + 1
                head = substr(line, 1, at - 1)
                sub(/ +$/, "", head)
                print head
                line = substr(line, at)
                sub(/^ +/, "", line)
                line = rest line
            }
            print line
        }'
}

# A number with its noun: "1 lease", "2 leases".
#   text_count NUMBER SINGULAR PLURAL
text_count() {
    case $1 in
    1) echo "1 $2" ;;
    *) echo "$1 $3" ;;
    esac
}

# The first names of a list, in words.
text_names() {
    local rest=$(($# - 5))
    if [ "$rest" -gt 0 ]; then
        echo "$1, $2, $3, $4, $5 and $rest more"
    else
        echo "$*" | sed 's/ /, /g; s/\(.*\), /\1 and /'
    fi
}
