// SPDX-License-Identifier: MPL-2.0
#include <tests/bench/measure.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace clone_guard {
namespace bench {

double
processorTime(pid_t pid) {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) {
        throw std::runtime_error("cannot read the processor time of process " + std::to_string(pid));
    }
    return (double(time.tv_sec) + double(time.tv_nsec) / 1e9);
}

double
memory(pid_t pid, const std::string& field) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(field + ":", 0) == 0) {
            return (std::stod(line.substr(field.size() + 1)) / 1024);
        }
    }
    return (0);
}

uint64_t
droppedDatagrams(pid_t pid) {
    std::ifstream sockets("/proc/" + std::to_string(pid) + "/net/udp");
    std::string line;
    std::getline(sockets, line);
    uint64_t dropped = 0;
    while (std::getline(sockets, line)) {
        // The last column counts the drops of the socket.
        line.erase(line.find_last_not_of(' ') + 1);
        dropped += std::stoull(line.substr(line.find_last_of(' ') + 1));
    }
    return (dropped);
}

double
median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return (values.at(values.size() / 2));
}

}  // namespace bench
}  // namespace clone_guard
