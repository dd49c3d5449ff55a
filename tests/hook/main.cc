// SPDX-License-Identifier: MPL-2.0

#include <log/logger_support.h>
#include <log4cplus/logger.h>
#include <process/daemon.h>

#include <gtest/gtest.h>

#include <cstdlib>

int
main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    // The tests capture the log themselves, so there is no lock file and no output on the terminal.
    setenv("KEA_LOCKFILE_DIR", "none", 1);
    isc::process::Daemon::setProcName("kea-dhcp4");
    isc::log::initLogger("kea-dhcp4", isc::log::DEBUG, 99);
    log4cplus::Logger::getInstance("kea-dhcp4").removeAllAppenders();
    return (RUN_ALL_TESTS());
}
