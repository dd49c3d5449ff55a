# SPDX-License-Identifier: MPL-2.0
"""Boots virtual machines with QEMU, in a network of their own, and runs commands in them.

    network = Network()
    web = Machine("web-01", "template.img", network, "bc:24:11:00:00:01", directory)
    web.boot()
    web.await_boot()
    web.run("ip -4 address")

The network is a bridge in the network namespace of the process. A machine has its kernel's log on the first serial
port, and on the second one the agent that tests/vm/images installed: it takes a command a line and answers with status and
output.
"""

import base64
import os
import re
import socket
import subprocess
import time

# Time limits only bound failures: a boot takes up to 70 seconds without KVM.
BOOT_LIMIT_S = 1200
COMMAND_LIMIT_S = 600
MEMORY_MB = 384
# Without the processor's extensions, KVM of this kernel only emulates.
KVM = (os.access("/dev/kvm", os.R_OK | os.W_OK) and
       re.search(r"^flags.*\b(vmx|svm)\b", open("/proc/cpuinfo").read(), re.M) is not None)


class Failure(Exception):
    """What was expected and did not happen."""


def until(question, what, limit=BOOT_LIMIT_S):
    """Repeats a question until its answer is true, and returns the answer."""
    deadline = time.monotonic() + limit
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failure(f"not within {limit} s: {what}")
        time.sleep(0.5)


def expect(condition, text):
    if not condition:
        raise Failure(text)


class Network:
    """A bridge, to which each machine is connected by a tap."""

    def __init__(self):
        self._taps = 0
        for command in ("link set lo up", "link add lan type bridge", "link set lan up"):
            subprocess.run(["ip", *command.split()], check=True)

    def tap(self):
        """Returns the name of a new tap."""
        self._taps += 1
        name = f"tap{self._taps}"
        for command in (f"tuntap add {name} mode tap", f"link set {name} master lan up"):
            subprocess.run(["ip", *command.split()], check=True)
        return name


class Machine:
    """A virtual machine. Its disk is an overlay over an image, and stays when the machine is powered off.

    uuid is that of the SMBIOS, shared an image that the machine sees as its second disk, arguments are for the kernel, and
    folder has the kernel, by default beside the image.
    """

    def __init__(self, name, image, network, mac, directory, uuid=None, shared=None, arguments="", folder=None):
        self.name, self.mac = name, mac
        self._tap = network.tap()
        self._directory, self._arguments = directory, arguments
        self._images = folder or os.path.dirname(image)
        self._disk = os.path.join(directory, name + ".qcow2")
        self._console = os.path.join(directory, name + ".console")
        self._socket = os.path.join(directory, name + ".agent")
        self.uuid, self._shared = uuid, shared
        self._process = self._agent = None
        self._rest = b""
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2" if image.endswith(".qcow2") else "raw",
                        "-b", image, self._disk], check=True)

    def clone(self, name, network, mac, uuid=None, arguments=""):
        """Returns a copy of the machine, which has to stay off."""
        return Machine(name, self._disk, network, mac, self._directory, uuid, arguments=arguments, folder=self._images)

    def boot(self):
        """Powers the machine on, and returns before it has booted."""
        # The slot of the network card makes it ens18. On a busy host the kernel's check of the timer fails, and it panics.
        command = [
            "qemu-system-x86_64", "-name", self.name, "-nodefaults", "-display", "none", "-machine", "pc",
            "-accel", "kvm" if KVM else "tcg", "-cpu", "host" if KVM else "qemu64", "-m", str(MEMORY_MB),
            "-kernel", f"{self._images}/kernel", "-initrd", f"{self._images}/initrd", "-append",
            "root=/dev/vda rw console=ttyS0 quiet systemd.show_status=no apparmor=1 security=apparmor mitigations=off "
            f"no_timer_check systemd.hostname={self.name} {self._arguments}",
            "-drive", f"file={self._disk},if=none,id=disk,cache=unsafe", "-device", "virtio-blk-pci,drive=disk,addr=0x5",
            "-netdev", f"tap,id=lan,ifname={self._tap},script=no,downscript=no",
            "-device", f"virtio-net-pci,netdev=lan,mac={self.mac},addr=0x12,romfile=",
            "-device", "virtio-rng-pci",
            "-chardev", f"file,id=console,path={self._console},append=on", "-serial", "chardev:console",
            "-chardev", f"socket,id=agent,path={self._socket},server=on,wait=off", "-serial", "chardev:agent"]
        if self.uuid:
            command += ["-uuid", self.uuid]
        if self._shared:
            command += ["-drive", f"file={self._shared},if=none,id=shared,format=raw,readonly=on",
                        "-device", "virtio-blk-pci,drive=shared,addr=0x6"]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        self._agent = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + COMMAND_LIMIT_S
        while True:
            try:
                self._agent.connect(self._socket)
                break
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"QEMU did not start {self.name}") from None
                time.sleep(0.1)

    def await_boot(self):
        """Waits until the machine takes commands."""
        self._rest = b""
        while self._line(BOOT_LIMIT_S, "boot") != "READY":
            pass

    def _line(self, limit, what):
        deadline = time.monotonic() + limit
        while b"\n" not in self._rest:
            self._agent.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                more = self._agent.recv(65536)
            except socket.timeout:
                raise Failure(f"{self.name}: no end of '{what}' after {limit} s") from None
            if not more:
                raise Failure(f"{self.name} ended during '{what}'")
            self._rest += more
        line, self._rest = self._rest.split(b"\n", 1)
        return line.strip(b"\r").decode(errors="replace")

    def _send(self, command):
        """Starts a command. One that ends the machine may end the agent before its answer."""
        self._agent.sendall(base64.b64encode(command.encode()) + b"\n")

    def attempt(self, command):
        """Runs a command and returns its status and its output, without the last newline."""
        self._send(command)
        while True:
            answer = re.fullmatch(r"(\d+) (\S*)", self._line(COMMAND_LIMIT_S, command))
            if answer:
                return int(answer[1]), base64.b64decode(answer[2]).decode(errors="replace").rstrip("\n")

    def run(self, command):
        """Runs a command that has to succeed, and returns its output."""
        status, output = self.attempt(command)
        if status != 0:
            raise Failure(f"{self.name}: '{command}' ended with status {status}:\n{output}")
        return output

    def address(self):
        """Returns the IPv4 address, or None."""
        found = re.search(r"inet (\S+)/", self.run("ip -4 -o address show dev ens18"))
        return found[1] if found else None

    def await_address(self):
        return until(self.address, f"{self.name} has an address")

    def write(self, path, text):
        """Writes a file without changing its owner."""
        self.run(f"base64 -d >{path} <<<'{base64.b64encode(text.encode()).decode()}'")

    def power_off(self):
        """Shuts the machine down in order."""
        self._send("systemctl --no-block poweroff")
        try:
            self._process.wait(BOOT_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} did not shut down") from None
        self._agent.close()

    def reboot(self):
        """Reboots the machine in order, and returns before it has booted."""
        self._send("systemctl --no-block reboot")

    def kill(self):
        """Cuts the power."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def console(self, lines=25):
        """Returns the last lines of the console."""
        try:
            with open(self._console, errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except OSError:
            return ""
