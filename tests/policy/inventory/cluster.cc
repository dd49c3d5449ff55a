// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/inventory/cluster.h>

#include <array>
#include <cstdio>

namespace clone_guard {
namespace test {

namespace {

/// Returns the volume of a disk. "base-" begins that of a template.
std::string
volume(Storage storage, unsigned number, unsigned base, const char* owner) {
    const auto own = owner + std::string("-") + std::to_string(number) + "-disk-0";
    const auto below = "base-" + std::to_string(base) + "-disk-0";
    switch (storage) {
    case Storage::ZFS:
        return ("local-zfs:" + (base == 0 ? "" : below + "/") + own);
    case Storage::RBD:
        return ("ceph:" + (base == 0 ? "" : below + "/") + own);
    case Storage::LVM_THIN:
        return ("local-lvm:" + own);
    case Storage::DIRECTORY:
        break;
    }
    return ("local:" + (base == 0 ? "" : std::to_string(base) + "/" + below + ".qcow2/") +
            std::to_string(number) + "/" + own + ".qcow2");
}

std::string
vmFile(unsigned number) {
    return ("qemu-server/" + std::to_string(number) + ".conf");
}

}  // namespace

void
Cluster::write(unsigned node, const std::string& name, const std::string& text) {
    folder_.write("nodes/pve" + std::to_string(node) + "/" + name, text);
}

void
Cluster::addVm(unsigned node, unsigned number, const std::string& name, const std::string& hw_address,
               Storage storage, unsigned base) {
    const auto disk = volume(storage, number, base, "vm");
    write(node, vmFile(number),
          "#Owner%3A the web team\nagent: 1\nboot: order=scsi0;net0\nide2: none,media=cdrom\nmemory: "
          "2048\n"
          "name: " +
              name + "\nnet0: virtio=" + hw_address +
              ",bridge=vmbr0,firewall=1,tag=5\nparent: before\n" + "scsi0: " + disk +
              ",size=8G\nsmbios1: uuid=4c4c4544-0042-3510-8053-b4c04f564433\n"
              "\n[before]\nname: snapshot\nnet0: virtio=BC:24:11:FF:FF:FF,bridge=vmbr9\n"
              "scsi0: local-zfs:base-7777-disk-0/vm-1-disk-0\ntemplate: 1\n");
}

void
Cluster::addTemplate(unsigned node, unsigned number, const std::string& name, Storage storage) {
    write(node, vmFile(number),
          "name: " + name + "\nnet0: virtio=" + hwAddressNumber(number) +
              ",bridge=vmbr0\nscsi0: " + volume(storage, number, 0, "base") + ",size=8G\ntemplate: 1\n");
}

void
Cluster::addContainer(unsigned node, unsigned number, const std::string& name,
                      const std::string& hw_address, unsigned base) {
    write(node, "lxc/" + std::to_string(number) + ".conf",
          "arch: amd64\nhostname: " + name + "\nnet0: name=eth0,bridge=vmbr1,hwaddr=" + hw_address +
              ",ip=dhcp,type=veth\nrootfs: local-zfs:basevol-" + std::to_string(base) +
              "-disk-0/subvol-" + std::to_string(number) + "-disk-0,size=4G\n");
}

std::string
hwAddressNumber(unsigned number) {
    std::array<char, 18> text{};
    std::snprintf(text.data(), text.size(), "bc:24:11:5e:%02x:%02x", number >> 8U & 0xffU,
                  number & 0xffU);
    return (text.data());
}

}  // namespace test
}  // namespace clone_guard
