# SPDX-License-Identifier: MPL-2.0
"""What a test with virtual machines needs before the first one boots: packages of the guard, disks, and a network.

    options = begin(parser)     # has release, packages (a folder) and disks (a folder); the process is alone in its network
"""

import os
import shutil
import subprocess
import sys

from machine import Failure, expect

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77


def skip(reason):
    print(reason)
    sys.exit(SKIPPED)


def check_machine():
    """Skips the test on a machine that cannot run it."""
    if os.geteuid() != 0:
        skip("needs root, for disks and networks of virtual machines")
    for program in ("qemu-system-x86_64", "qemu-img", "debootstrap", "mkfs.ext4", "debugfs", "ip"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    if not os.path.exists("/dev/net/tun"):
        skip("there is no /dev/net/tun")


def images(*arguments):
    """Runs tests/vm/images, and returns the folder that it prints."""
    made = subprocess.run([os.path.join(HERE, "images"), *arguments], stdout=subprocess.PIPE, text=True)
    if made.returncode == SKIPPED:
        skip(made.stdout.strip())
    expect(made.returncode == 0, f"tests/vm/images {' '.join(arguments)} failed:\n{made.stdout}")
    return made.stdout.strip()


def read_file(image, path):
    """Returns the content of a file in the disk of a machine."""
    return subprocess.run(["debugfs", "-R", f"cat {path}", image], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=True).stdout


def prepare(options, kind):
    """Builds the packages, unless their folder is known, and makes the disks."""
    if options.build:
        options.release = subprocess.run(["kea-dhcp4", "-v"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        options.packages = os.path.join(os.path.abspath(options.build), "tests/vm/packages")
        shutil.rmtree(options.packages, ignore_errors=True)
        made = subprocess.run(["cpack", "-G", "DEB", "--config", os.path.join(options.build, "CPackConfig.cmake"),
                               "-B", options.packages], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        expect(made.returncode == 0, f"the packages could not be built:\n{made.stdout}")
    elif not options.packages:
        options.packages = images("--packages", options.release)
    options.disks = images(*kind, options.release, options.packages)


def begin(parser, *kind):
    """Adds the options that all tests have, parses them, and starts the program once more in a network of its own.

    kind is the option of tests/vm/images for further disks. The function returns in the second process only.
    """
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    parser.add_argument("build", nargs="?", help="a build directory for the Kea of this machine, for the packages")
    parser.add_argument("--release", help="another release of Kea, built in the Debian root of tests/matrix")
    parser.add_argument("--packages", help="with --release, a folder that has the packages already")
    parser.add_argument("--disks", help="with --release and --packages, a folder that has the disks already")
    options = parser.parse_args()
    if os.environ.get("CLONE_GUARD_VM_NETWORK"):
        return options
    if bool(options.build) == bool(options.release):
        parser.error("a build directory or --release is necessary")
    check_machine()
    try:
        if not options.disks:
            prepare(options, kind)
    except Failure as error:
        sys.exit(str(error))
    own = [argument for argument in sys.argv[1:] if argument != options.build]
    # All processes end with this one, and the network with them.
    os.environ["CLONE_GUARD_VM_NETWORK"] = "yes"
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                          sys.executable, sys.argv[0], *own, "--release", options.release, "--packages", options.packages,
                          "--disks", options.disks])
