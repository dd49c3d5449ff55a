// SPDX-License-Identifier: MPL-2.0

#include <tool/commands/command.h>
#include <tool/templates/template_json.h>
#include <tool/templates/template_list.h>

#include <core/audit/escape.h>
#include <core/explain/systemd.h>

#include <filesystem>
#include <iostream>
#include <map>

namespace clone_guard {

namespace {

const char* const TEMPLATES_HELP = R"(Usage: clone-guard templates FILE|DIR...

Prints the 'templates' of the guard's configuration, so that reports name the template a clone comes from.
It reads

    FILE    /etc/machine-id of a template, its DUID file of dhcpcd or wicked, or a list with a name and a
            machine-id or DUID on each line, in either order, with blanks or commas between them
    DIR     the root of a mounted image, or a folder with such roots

The template is called as in NAME/etc/machine-id or NAME.machine-id, else as the file, unless --name says it.
A template whose machine-id is empty is sealed: its clones get identities of their own.

    clone-guard templates /mnt/debian-12-base web.machine-id
    virt-cat -a debian-12.qcow2 /etc/machine-id | clone-guard templates --name debian-12 -
)";

/// Where text for people goes: before the configuration, as a comment that Kea takes too, or beside it.
class Notes {
public:
    explicit Notes(bool beside) : out_(beside ? std::cerr : std::cout), mark_(beside ? "" : "# ") {}
    void add(const std::string& text) {
        out_ << mark_ << text << '\n';
    }

private:
    std::ostream& out_;
    const char* mark_;
};

/// Each template once; says which are the same.
std::vector<Template>
withoutDuplicates(const std::vector<Template>& templates, Notes& notes) {
    std::map<Bytes, std::string, ByteLess> names;
    std::vector<Template> kept;
    for (const auto& entry : templates) {
        const auto duid = entry.duid.empty() ? systemd::duidOf(entry.machine_id) : entry.duid;
        const auto [known, added] = names.emplace(duid, entry.name);
        if (added) {
            kept.push_back(entry);
        } else if (known->second != entry.name) {
            notes.add("'" + escape(entry.name) + "' has the identity of '" + escape(known->second) +
                      "': one is a clone of the other, left out");
        }
    }
    return (kept);
}

/// @return whether everything could be read.
bool
readAll(const Arguments& paths, const std::string& name, TemplateList& list) {
    bool good = true;
    for (const auto& path : paths) {
        try {
            std::error_code ignored;
            if (std::filesystem::is_directory(path, ignored)) {
                readImageRoots(path, name, list);
            } else {
                readTemplateFile(path, name, list);
            }
        } catch (const Failure& failure) {
            std::cerr << "clone-guard: " << failure.what() << '\n';
            good = false;
        }
    }
    return (good);
}

void
sayMistakes(const TemplateList& list, bool verbose) {
    if (list.bad_lines > 0 && !verbose) {
        std::cerr << "clone-guard: skipped " << list.bad_lines
                  << (list.bad_lines == 1 ? " line" : " lines")
                  << " without a name and an identity; -v says which\n";
    }
    for (const auto& mistake : list.mistakes) {
        if (verbose || list.bad_lines == 0) {
            std::cerr << "clone-guard: " << mistake << '\n';
        }
    }
}

}  // namespace

int
templates(const Arguments& arguments) {
    namespace options = boost::program_options;
    options::options_description known("Options", 100, 70);
    known.add_options()("name", options::value<std::string>()->value_name("NAME"),
                        "what the template is called, for one FILE or DIR")(
        "json", "print a JSON object and nothing else")("verbose,v", "name each line that is skipped");
    const auto values = parse(arguments, known, TEMPLATES_HELP);
    if (!values) {
        return (EXIT_OK);
    }
    const auto paths = positional(*values);
    const auto name = values->count("name") > 0 ? (*values)["name"].as<std::string>() : std::string();
    if (paths.empty()) {
        throw UsageError("templates needs a file or a mounted image, for example /etc/machine-id");
    }
    if (values->count("name") > 0 && (paths.size() > 1 || name.empty())) {
        throw UsageError("--name takes a name, for one file or image");
    }
    TemplateList list;
    const bool good = readAll(paths, name, list);
    sayMistakes(list, values->count("verbose") > 0);
    const bool json = values->count("json") > 0;
    Notes notes(json);
    for (const auto& sealed : list.sealed) {
        notes.add("'" + escape(sealed) + "' is sealed: good, there is nothing to configure");
    }
    const auto kept = withoutDuplicates(list.templates, notes);
    if (json) {
        std::cout << "{" << templateJson(kept) << "}\n";
    } else if (!kept.empty()) {
        notes.add("Put this below \"parameters\" of the guard's library in the server's configuration:");
        std::cout << templateJson(kept) << '\n';
    }
    return (good ? EXIT_OK : EXIT_USAGE);
}

}  // namespace clone_guard
