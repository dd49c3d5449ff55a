# SPDX-License-Identifier: MPL-2.0
#
# Reads the output of 'ctest -V'. Prints a line for each failure at once, and for each test of ctest at its end. Adds
# every single test, of GoogleTest or of a script, to the results of tests/run. A file in the directory "running" has
# the name of each running test.

function record(result, name, why) {
    printf "%s\t%s\t%s\n", result, prefix name, why >>account
    fflush(account)
    if (result == "failed") {
        printf "[%3d s] FAILED: %s%s%s\n", systime() - begun, prefix, name, why == "" ? "" : ": " why
        fflush()
    }
}

# Writes the name of a running test, or an empty text at its end.
function set_running(number, text) {
    printf "%s", text >(running "/" number)
    close(running "/" number)
}

# "      Start 12: e2e/storm"
match($0, /^ *Start +[0-9]+: /) {
    number = $2 + 0
    started[number] = prefix $3
    set_running(number, started[number] "\n")
    next
}

# The output of a test: "12: text", since several run at once.
match($0, /^[0-9]+: /) {
    number = $1 + 0
    text = substr($0, RLENGTH + 1)
    output[number] = output[number] "    " text "\n"
    if (text ~ /^\[ RUN      \] /) {
        name = text
        sub(/^\[[^]]*\] /, "", name)
        set_running(number, started[number] ": " name "\n")
    }
    if (text ~ /^\[ +(OK|FAILED|SKIPPED) +\] .*\([0-9]+ ms\)$/) {
        name = text
        sub(/^\[[^]]*\] /, "", name)
        sub(/,? *(where .*)?\([0-9]+ ms\)$/, "", name)
        if (text ~ /^\[ +OK/) {
            ++passed[number]
            record("passed", name, "")
        } else if (text ~ /^\[ +FAILED/) {
            ++failed[number]
            record("failed", name, "")
        } else {
            ++skipped[number]
            record("skipped", name, said[number])
        }
    } else if (text ~ /[^ ]/)
        said[number] = text
    next
}

# " 3/10 Test  #3: e2e/storm .....   Passed    1.23 sec", "***Failed", "***Timeout", "***Skipped", "***Exception: ..."
match($0, /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /) {
    number = $0
    sub(/^[^#]*#/, "", number)
    number += 0
    rest = substr($0, RLENGTH + 1)
    name = rest
    sub(/ .*/, "", name)
    sub(/^[^ ]+ [. ]*/, "", rest)
    well = rest ~ /^Passed/
    left_out = rest ~ /^\*\*\*Skipped/
    result = rest
    sub(/ +[0-9.]+ sec.*/, "", result)
    if (!(number in passed) && !(number in failed) && !(number in skipped)) {
        if (well) { ++passed[number]; record("passed", name, "") }
        else if (left_out) { ++skipped[number]; record("skipped", name, said[number]) }
        else { ++failed[number]; record("failed", name, result) }
    } else if (!well && !left_out && !failed[number]) {
        # All of its tests passed, and then the program failed.
        ++failed[number]
        record("failed", name, result)
    }
    time = rest
    sub(/ sec.*/, "", time)
    sub(/.* /, "", time)
    printf "[%3d s] %s%s: %d passed%s%s (%.1f s)\n", systime() - begun, prefix, name, passed[number],
        failed[number] ? sprintf(", %d FAILED", failed[number]) : "",
        skipped[number] ? sprintf(", %d skipped", skipped[number]) : "", time
    if (failed[number]) {
        lines = split(output[number], line, "\n")
        for (i = lines > 120 ? lines - 120 : 1; i <= lines; ++i) print line[i]
    }
    delete output[number]
    set_running(number, "")
    fflush()
}
