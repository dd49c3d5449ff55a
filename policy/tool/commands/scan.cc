// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/progress.h>
#include <tool/commands/command.h>
#include <tool/scan/lease_file.h>
#include <tool/scan/lease_file_set.h>
#include <tool/scan/scan_report.h>
#include <tool/templates/template_list.h>

#include <core/audit/escape.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>
#include <memory>

namespace clone_guard {

namespace {

const char* const SCAN_HELP = R"(Usage: clone-guard scan LEASEFILE...

Finds clones in the DHCPv4 lease files of Kea's memfile, also before the guard is installed: one client
identifier that several hardware addresses hold in turn or at once. It reads the companions FILE.2, FILE.1 and
FILE.completed of a file too, because the more history there is the more it shows. Files of several servers may be
named. '-' is the standard input.

    clone-guard scan /var/lib/kea/kea-leases4.csv
    clone-guard scan --templates templates.json --json /var/lib/kea/kea-leases4.csv | jq '.clones'

Exit status: 0 no clones, 1 clones were found, 2 a file cannot be read or is no lease file.
)";

/// So many records between two looks at the progress.
constexpr uint64_t PROGRESS_STEP = 4096;

uint64_t
totalSize(const std::vector<LeaseFileSet>& sets) {
    uint64_t total = 0;
    for (const auto& set : sets) {
        for (const auto& part : set) {
            std::error_code error;
            const auto size = std::filesystem::file_size(part.path, error);
            total += error ? 0 : size;
        }
    }
    return (total);
}

LeaseFile::OnDamage
complainer(const std::string& path, bool verbose) {
    if (!verbose) {
        return {};
    }
    return ([path](uint64_t line, const std::string& why) {
        std::cerr << "clone-guard: " << inQuotes(path) << ": line " << line << ": " << why
                  << ", skipped\n";
    });
}

void
readSets(const std::vector<LeaseFileSet>& sets, bool verbose, LeaseHistory& history,
         ScanResult& result) {
    Progress progress(std::cerr, totalSize(sets), Progress::onTerminal());
    uint64_t done = 0;
    bool first = true;
    for (const auto& set : sets) {
        if (!first) {
            history.nextServer();
        }
        first = false;
        // All are opened before the first is read: the server may clean them up and rename them meanwhile.
        std::vector<std::unique_ptr<LeaseFile>> files;
        files.reserve(set.size());
        for (const auto& part : set) {
            files.push_back(std::make_unique<LeaseFile>(part.path, complainer(part.path, verbose)));
        }
        for (size_t i = 0; i < set.size(); ++i) {
            auto& file = *files[i];
            while (const auto* row = file.next()) {
                history.add(*row, set[i].restated);
                if (file.rows() % PROGRESS_STEP == 0) {
                    progress.update(done + file.position());
                }
            }
            done += file.position();
            result.files.push_back({set[i].path, file.rows(), file.damaged()});
        }
    }
}

std::vector<Template>
knownTemplates(const boost::program_options::variables_map& values) {
    TemplateList list;
    if (values.count("templates") > 0) {
        readTemplateFile(values["templates"].as<std::string>(), "", list);
        for (const auto& mistake : list.mistakes) {
            std::cerr << "clone-guard: " << mistake << '\n';
        }
    }
    return (list.templates);
}

}  // namespace

int
scan(const Arguments& arguments) {
    namespace options = boost::program_options;
    options::options_description known("Options", 100, 70);
    known.add_options()(
        "templates", options::value<std::string>()->value_name("FILE"),
        "names of templates: the server's configuration, or what 'clone-guard templates' printed")(
        "all,a", "list what is harmless too")("json",
                                              "print JSON, with the field names of the audit log")(
        "no-companions", "read only the files that are named")("verbose,v",
                                                               "name each line that is skipped");
    const auto values = parse(arguments, known, SCAN_HELP);
    if (!values) {
        return (EXIT_OK);
    }
    const auto paths = positional(*values);
    if (paths.empty()) {
        throw UsageError("scan needs a lease file, for example /var/lib/kea/kea-leases4.csv");
    }
    const Explainer explainer(knownTemplates(*values));
    LeaseHistory history;
    ScanResult result;
    readSets(leaseFileSets(paths, values->count("no-companions") == 0), values->count("verbose") > 0,
             history, result);
    result.shared = history.shared();
    result.duids = history.sharedDuids();
    result.identifiers = history.identifiers();
    if (values->count("json") > 0) {
        std::cout << scanJson(result, explainer).dump(2) << '\n';
    } else {
        printScan(std::cout, result, explainer, values->count("all") > 0);
    }
    return (result.count(Sharing::CLONES) > 0 ? EXIT_FINDINGS : EXIT_OK);
}

}  // namespace clone_guard
