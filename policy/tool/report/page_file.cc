// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/failure.h>
#include <tool/report/page_file.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace clone_guard {

void
reportWriteFailure(const std::string& path) {
    throw Failure("cannot write " + inQuotes(path) + ": " + std::strerror(errno));
}

PageFile::PageFile(std::string path) : path_(std::move(path)), temporary_(path_ + ".XXXXXX") {
    const int file = mkstemp(temporary_.data());
    if (file < 0) {
        reportWriteFailure(path_);
    }
    // mkstemp() gives access to the owner alone; the user's mask decides about this file as about any other.
    const auto mask = umask(0);
    umask(mask);
    fchmod(file, 0666 & ~mask);
    close(file);
    out_.open(temporary_, std::ios::binary | std::ios::trunc);
}

PageFile::~PageFile() {
    if (!temporary_.empty()) {
        unlink(temporary_.c_str());
    }
}

void
PageFile::commit() {
    errno = 0;
    out_.close();
    if (!out_ || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
        reportWriteFailure(path_);
    }
    temporary_.clear();
}

}  // namespace clone_guard
