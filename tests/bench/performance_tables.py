# SPDX-License-Identifier: MPL-2.0
"""The tables of tests/bench/performance: from the JSON of the benchmarks to Markdown."""

import re

# The label of each situation, and the one that its clients are compared with.
SITUATIONS = {
    "clean": ("outside any conflict", "clean"),
    "conflicts-1": ("the same, after the first claimant", "clean"),
    "conflicts-1000": ("the same, beside 1000 conflicts", "clean"),
    "conflicts-10000": ("the same, beside 10,000 conflicts", "clean"),
    "leases": ("the same, beside 1,000,000 leases", "clean"),
    "claimants": ("claimants, each of another holder", "clean"),
    "rivals": ("1000 claimants of one holder", "clean"),
    "holders": ("holders, each with a claimant", "clean"),
    "clean-1000": ("1000 subnets: outside any conflict", "clean-1000"),
    "claimants-1000": ("1000 subnets: claimants", "clean-1000"),
    "apart-1000": ("1000 subnets: one machine in each, all with one identifier", "clean-1000"),
    "clean-250x4": ("250 networks of 4 subnets: outside any conflict", "clean-250x4"),
    "claimants-250x4": ("250 networks of 4 subnets: claimants", "clean-250x4"),
    "clean-1x1000": ("one network of 1000 subnets: outside any conflict", "clean-1x1000"),
    "claimants-1x1000": ("one network of 1000 subnets: claimants", "clean-1x1000"),
}

PAGES = {
    "scan": "scan, 1,000,000 leases",
    "conflicts": "list of conflicts, 1,000,000 leases, 1000 conflicts",
    "scan-one-identifier": "scan, 3000 leases of one identifier in 3000 networks",
    "conflict-of-20000": "one conflict with 20,000 claimants",
    "list-with-20000": "list of conflicts, one with 20,000 claimants",
}

DATABASES = {
    "postgresql-0": "PostgreSQL, 1 thread",
    "postgresql-4": "PostgreSQL, 4 threads",
    "mysql-0": "MariaDB, 1 thread",
    "mysql-4": "MariaDB, 4 threads",
}


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def header(*cells):
    return [row(*cells), "|" + "---|" * len(cells)]


def number(value, digits=0):
    return f"{value:,.{digits}f}"


def percent(part, whole):
    return f"{(part / whole - 1) * 100:+.1f} %"


def lines_of_cost(label, cost, clean=None):
    """Two rows, for DISCOVER to ACK and for renewals, of one run of clone-guard-processor-bench."""
    for phase, text in (("acquire", "DISCOVER to ACK"), ("renew", "renewal")):
        one = cost[phase]
        cells = [label, text, number(one["stock-us"], 1), number(one["guard-us"], 1),
                 f"{one['processor-ratio']:.2f}"]
        if clean is not None:
            cells.append(f"{one['guard-us'] / clean[phase]['guard-us']:.2f}")
        else:
            cells += [number(one["stock-per-second"]), number(one["guard-per-second"]), f"{one['rate-ratio']:.2f}"]
        yield row(*cells)


RATES = ["processor µs: Kea alone", "with the guard", "ratio", "exchanges a second: Kea alone", "with the guard",
         "ratio"]


def machine(value):
    return [f"{value['day']}, {value['processors']} processors ({value['model']}), Linux {value['kernel']}, "
            f"gcc {value['compiler']}."]


def instructions(value):
    flex_id = {"flex-mac": "flex_id, `pkt4.mac`", "flex-duid": "flex_id, MAC only for type 255"}
    flex_id = {key: label for key, label in flex_id.items() if any(key in one for one in value)}
    guard_of = {(one["subnets"], one["exchange"]): one["guard"] for one in value}
    out = header("subnets", "exchange", "Kea alone", "empty library", "over Kea", "guard", "over Kea", "at most",
                 "over a client outside any conflict", *flex_id.values())
    for one in value:
        limit = f"+{one['limit']} %" if one["limit"] else ""
        clean = guard_of[one["subnets"], one["exchange"].split(",")[0] + ", one DUID each"]
        over_clean = "" if one["limit"] else percent(one["guard"], clean)
        out.append(row(number(one["subnets"]), one["exchange"], number(one["stock"]), number(one["empty"]),
                       percent(one["empty"], one["stock"]), number(one["guard"]),
                       percent(one["guard"], one["stock"]), limit, over_clean,
                       *(percent(one[key], one["stock"]) if key in one else "" for key in flex_id)))
    return out


def processor(value):
    out = header("identifier", "exchange", *RATES)
    for key, label in (("duid", "one DUID each"), ("mac", "MAC"), ("duid-threads", "one DUID each, 4 threads")):
        out += lines_of_cost(label, value[key])
    return out


def situations(value):
    out = header("clients", "exchange", "µs: Kea alone", "with the guard", "ratio", "of a client outside any conflict")
    for key, (label, clean) in SITUATIONS.items():
        if key in value:
            out += lines_of_cost(label, value[key], value.get(clean, value["clean"]))
    return out


def databases(value):
    out = header("lease database", "exchange", *RATES)
    for key, label in DATABASES.items():
        if key in value:
            out += lines_of_cost(label, value[key])
    return out


def configure(value):
    out = header("subnets", "", "Kea alone", "with the guard")
    for one in value.values():
        stock, guard, times = one["stock"], one["guard"], one["times"]
        for label, key, unit, scale in (
                ("start until the first answer", "start-ms", "ms", 1), ("first config-set", "first-ms", "ms", 1),
                (f"config-set number {times}", "last-ms", "ms", 1),
                (f"memory after {times} config-set", "memory-last-mb", "MB", 1),
                ("statistic-get-all then", "statistics-bytes", "KB", 1e-3)):
            digits = 1 if unit == "ms" and stock[key] < 100 else 0
            out.append(row(number(one["subnets"]), label, f"{number(stock[key] * scale, digits)} {unit}",
                           f"{number(guard[key] * scale, digits)} {unit}"))
    return out


def pages(value):
    out = header("command, pages of 1000", "in all", "longest page", "largest answer", "longest wait of a client",
                 "without the command", "memory")
    for key, label in PAGES.items():
        if key in value:
            one, walk = value[key], value[key]["walk"]
            out.append(row(label, f"{walk['seconds']:.1f} s", f"{walk['longest-page-ms']:.0f} ms",
                           f"{walk['largest-page-bytes'] / 1000:,.0f} KB",
                           f"{one['client-meanwhile']['longest-ms']:.0f} ms",
                           f"{one['client-undisturbed']['longest-ms']:.0f} ms",
                           f"+{one['memory-most-mb'] - one['memory-before-mb']:.0f} MB"))
    return out


def report(value):
    out = [f"{number(value['records'])} records of {value['megabytes']} MB, {number(value['conflicts'])} conflicts.", ""]
    out += header("command", "processor seconds", "memory")
    for key, label in (("report", "`report`"), ("json", "`report --json`"), ("html", "`report --html`"),
                       ("watch", "`watch`"), ("jq", "jq, one condition")):
        if key in value:
            out.append(row(label, f"{value[key]['seconds']:.1f}", f"{value[key]['memory-mb']} MB"))
    return out


def storm(value):
    out = header("server", "receive buffer", "packet queue", "until the last ACK", "dropped by the kernel", "sent again")
    for one in value:
        buffer = f"{one['buffer'] // (1 << 20)} MiB" if one["buffer"] else "default"
        out.append(row(one["case"].replace("stock", "Kea alone"), buffer, one["queue"],
                       f"{one['seconds']:.2f} s", number(one["dropped"]), number(one["sent-again"])))
    return out


def flood(value):
    out = header("milliseconds until the ACK", "median", "99 %", "longest", "sent again", "shared addresses")
    for one in value:
        side = "with the guard" if one["guard"] else "Kea alone"
        for key, label in (("renewals", "renewals"), ("boots", "DISCOVER to ACK")):
            waits = one[key]
            out.append(row(f"{label}, {side}", *(number(waits[name]) for name in (
                "median-ms", "p99-ms", "longest-ms", "sent-again", "shared-addresses"))))
    return out


def memory(value):
    """Memory for each claim and each conflict: what a server with the guard needs more than one without."""
    def more(one, phase):
        return one["memory"][f"guard-{phase}-mb"] - one["memory"][f"stock-{phase}-mb"]

    many, beside = value["processor"]["duid"], value["situations"]
    claim = (more(many, "after") - more(many, "before")) * (1 << 20) / 40000
    conflict = (more(beside["conflicts-10000"], "before") - more(beside["clean"], "before")) * (1 << 20) / 10000
    out = header("", "each", "full table of the default size")
    out.append(row("claim", f"{number(claim)} bytes", f"{number(claim * 262144 / 1e6)} MB for 262,144 claims"))
    out.append(row("conflict of two machines, and their claims", f"{number(conflict)} bytes",
                   f"{number(conflict * 10000 / 1e6)} MB for 10,000 conflicts"))
    return out


TABLES = {"machine": machine, "instructions": instructions, "processor": processor, "situations": situations,
          "databases": databases, "configure": configure, "pages": pages, "report": report, "storm": storm,
          "flood": flood}


def table(name, found):
    """Returns the lines of a table, or None if there is no result for it."""
    if name == "memory":
        return memory(found) if {"situations", "processor"} <= set(found) else None
    return TABLES[name](found[name]) if name in found else None


def problems(value):
    """The number of messages that were repeated or refused during a measurement: each makes an exchange dearer."""
    if isinstance(value, dict):
        return sum(part if key.endswith("-problems") else problems(part) for key, part in value.items())
    return sum(map(problems, value)) if isinstance(value, list) else 0


def tables(found):
    out = []
    for name in found:
        out += table(name, found) + [""]
    return out


BLOCK = re.compile(r"(<!-- tests/bench/performance (\S+) (\S+) begins -->\n).*?"
                   r"(<!-- tests/bench/performance \2 \3 ends -->)", re.S)


def faults(text):
    """Yields the faults in the blocks of a document: an unknown table, a block without its end."""
    for _, version, name, _ in BLOCK.findall(text):
        if name not in TABLES and name != "memory":
            yield f"unknown table '{name}' of {version}"
    if len(BLOCK.findall(text)) * 2 != text.count("<!-- tests/bench/performance "):
        yield "a block has no end of the same name"


def fill(text, version, found):
    """Replaces the blocks of a release in a document."""

    def replace(match):
        if match[2] != version:
            return match[0]
        lines = table(match[3], found)
        return match[1] + "\n" + "\n".join(lines) + "\n\n" + match[4] if lines else match[0]
    return BLOCK.sub(replace, text)
