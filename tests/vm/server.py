# SPDX-License-Identifier: MPL-2.0
"""The DHCP server of the virtual machines: Debian's Kea, with the guard as the documents describe it.

Commands, configuration and profile come from the documents of this checkout, word for word.
"""

import json
import os
import re
import shutil
import subprocess

from machine import Failure, Machine, expect, until

CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CONF = "/etc/kea/kea-dhcp4.conf"
AUDIT_FILE = "/var/log/kea/clone-guard-audit.jsonl"
SERVICE = "kea-dhcp4-server"


def block(document, after):
    """Returns the lines of the next block of code in a document after the line that contains a text."""
    lines = open(os.path.join(CHECKOUT, document)).read().split("\n")
    begin = next(i for i, line in enumerate(lines) if after in line)
    found = []
    for line in lines[begin + 1:]:
        code = line.startswith("    ") or "```" in line or (found and "```" in found[0])
        if found and not line.strip() and "```" not in found[0]:
            break
        if code:
            found.append(line)
            if "```" in line and len(found) > 1:
                break
    return [line.strip() for line in found if "```" not in line]


def line_of(document, text):
    """Returns the command of a document that contains a text."""
    return next(line.strip() for line in open(os.path.join(CHECKOUT, document)) if line.startswith("    ") and text in line)


class Server(Machine):
    """A machine with Kea, on which the guard is not installed yet.

    packages is a folder with the packages of the guard, unloaded whether the configuration lacks the guard.
    """

    def __init__(self, release, packages, disks, network, directory, unloaded=False):
        shared = os.path.join(directory, "packages.img")
        folder = os.path.join(directory, "checkout")
        shutil.copytree(packages, os.path.join(folder, "build/package"),
                        ignore=lambda _, names: [name for name in names if not name.endswith(".deb")])
        subprocess.run(["mkfs.ext4", "-q", "-d", folder, shared, "64M"], check=True)
        super().__init__("dhcp", f"{disks}/server.img", network, "bc:24:11:00:00:fe", directory, shared=shared)
        self.release = release
        self._unloaded = unloaded
        self._configuration = ""
        self._audit_in_file = False

    # --- set-up ---------------------------------------------------------------------------------------------------

    def await_kea(self):
        """Waits until the machine has booted and Kea runs without the guard."""
        self.await_boot()
        until(lambda: self.attempt("pidof kea-dhcp4")[0] == 0, f"{SERVICE} runs")
        self._configuration = self.run(f"cat {CONF}") + "\n"

    def await_guard(self):
        until(lambda: self.attempt("clone-guard status")[0] == 0, f"{SERVICE} answers commands")

    def install(self):
        """Installs the packages with the command of README.md."""
        self.run("mkdir -p /mnt/clone-guard && mount -o ro /dev/vdb /mnt/clone-guard")
        self.run(f"cd /mnt/clone-guard && {line_of('README.md', './build/package/')}")
        said = self.run("dpkg-query -W -f '${db:Status-Status} ' kea-clone-guard clone-guard")
        expect(said == "installed installed ", f"the packages are not installed: {said}")

    def reload(self, policy, audit=None, lifetime=None):
        """Writes the documented lines into Debian's configuration, checks and reloads it by the words of README.md.

        audit is an entry for 'loggers', lifetime the lease lifetime in seconds; Debian's is an hour.
        """
        guard = "\n".join(block("README.md", 'below `"Dhcp4": {`')).replace('"monitor"', f'"{policy}"')
        text = self._configuration
        if not self._unloaded:
            text = re.sub(r'("Dhcp4": *\{\n)', lambda match: match[1] + guard + ",\n", text, count=1)
        if lifetime:
            for name, share in (("valid-lifetime", 1), ("rebind-timer", 2), ("renew-timer", 3)):
                text, found = re.subn(f'"{name}": *[0-9]+', f'"{name}": {lifetime // share}', text, count=1)
                expect(found, f"{CONF} has no '{name}'")
        if audit:
            self._audit_in_file = AUDIT_FILE in audit
            text = re.sub(r'("loggers": *\[\n)', lambda match: match[1] + audit + ",\n", text, count=1)
        self.write(CONF, text)
        check, kill, look = block("README.md", "Check the file, reload")
        said = self.run(check)
        expect(not re.search("Syntax check failed|Error encountered", said), f"'{check}' printed:\n{said}")
        if self.release != "2.2.0":
            self.run(check.replace(" -t ", " -T "))
        before = len(self.journal("CLONE_GUARD_CONFIGURED"))
        self.run(kill)
        if self._unloaded:
            return
        until(lambda: len(self.journal("CLONE_GUARD_CONFIGURED")) > before, "CLONE_GUARD_CONFIGURED")
        said = self.run(look + " --no-pager")
        expect(f"policy {policy}" in said, f"'{look}' does not show the policy {policy}:\n{said}")

    # --- questions ------------------------------------------------------------------------------------------------

    def journal(self, pattern):
        return self.run(f"journalctl -u {SERVICE} -o cat --no-pager | grep -E '{pattern}' || true").splitlines()

    def identifier(self, clone):
        """Returns the identifier of a clone's last lease, which is a derived one if it begins with 00:43:47."""
        rows = self.run("cat /var/lib/kea/kea-leases4.csv.2 /var/lib/kea/kea-leases4.csv 2>/dev/null || true")
        return [row[2] for row in (line.split(",") for line in rows.split("\n")) if len(row) > 3 and row[1] == clone.mac][-1]

    def records(self, *events):
        """Returns the audit records of some events: from the file, or before that by the command of docs/audit.md."""
        command = line_of("docs/audit.md", "| jq .").replace("jq .", "jq -c .")
        rows = [json.loads(row) for row in self.run(f"cat {AUDIT_FILE}" if self._audit_in_file else command).splitlines()]
        return [row for row in rows if not events or row["event"] in events]

    def conflicts(self):
        """Returns the output of 'clone-guard conflicts', which has status 1 if there are any."""
        status, said = self.attempt("clone-guard conflicts")
        expect(status in (0, 1), f"'clone-guard conflicts' ended with status {status}:\n{said}")
        return said

    def remedy(self):
        """Returns the last command in the remedy of 'clone-guard conflicts': after a cure that failed, it has two."""
        said = self.conflicts()
        found = re.findall(r"run '([^']*)'", re.sub(r"\s+", " ", said))
        expect(found, f"'clone-guard conflicts' prints no command to run:\n{said}")
        return found[-1]
