// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_BENCH_MEASURE_H
#define CLONE_GUARD_TESTS_BENCH_MEASURE_H

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace clone_guard {
namespace bench {

/// @brief Returns the processor time that a process has used, in seconds.
///
/// @throw std::runtime_error if the process does not exist.
double processorTime(pid_t pid);

/// @brief Reads a field of /proc/PID/status in megabytes: VmRSS for the resident memory, VmHWM for its maximum.
double memory(pid_t pid, const std::string& field = "VmRSS");

/// @brief Returns the number of datagrams that were dropped because the buffer of a UDP socket was full.
///
/// @param pid a process in the network namespace of the sockets.
uint64_t droppedDatagrams(pid_t pid);

/// @brief Returns the median, or the higher of the two middle values.
///
/// @throw std::out_of_range if there are no values.
double median(std::vector<double> values);

}  // namespace bench
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_BENCH_MEASURE_H
