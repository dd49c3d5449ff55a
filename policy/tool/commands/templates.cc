// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/count_text.h>
#include <tool/cli/terminal.h>
#include <tool/commands/command.h>
#include <tool/templates/template_json.h>
#include <tool/templates/template_list.h>

#include <core/explain/systemd.h>
#include <core/identity/escape.h>

#include <filesystem>
#include <iostream>
#include <map>

namespace clone_guard {

namespace {

/// Prints notes for the operator: in front of the configuration as comments, which Kea accepts, or to standard error.
class Notes {
public:
    explicit Notes(bool apart) : out_(apart ? std::cerr : std::cout), mark_(apart ? "" : "# ") {}
    void add(const std::string& text) {
        out_ << Styled(Style::FAINT, mark_ + text) << '\n';
    }

private:
    std::ostream& out_;
    std::string mark_;
};

/// Drops templates with an identity that an earlier one has, and notes each.
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
                      "': one is a clone of the other; left out");
        }
    }
    return (kept);
}

/// @return true if everything could be read.
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
reportMistakes(const TemplateList& list, bool verbose) {
    if (list.bad_lines > 0 && !verbose) {
        std::cerr << "clone-guard: skipped " << countText(list.bad_lines, "line")
                  << " without a name and an identity; -v names each\n";
    }
    for (const auto& mistake : list.mistakes) {
        if (verbose || list.bad_lines == 0) {
            std::cerr << "clone-guard: " << mistake << '\n';
        }
    }
}

class Templates : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "templates",
            "FILE|DIR...",
            "print the 'templates' configuration for mounted images or machine-ids",
            "[OPTIONS] FILE|DIR...",
            R"(Prints the 'templates' of the guard's configuration, so that reports name the template of a clone. Each
argument is one of:

    FILE  /etc/machine-id of a template, its DUID file of dhcpcd or
          wicked, or a list with a name and a machine-id or DUID on
          each line, in either order, with blanks or commas between
    DIR   the root of a mounted image, or a folder with such roots

A template gets its name from NAME/etc/machine-id or NAME.machine-id, otherwise from the file, unless
--name sets it. A file that is only called machine-id or duid needs --name. A template with an empty machine-id is sealed: each clone gets an identity of its own.

    clone-guard templates /mnt/debian-12-base web.machine-id
    virt-cat -a debian-12.qcow2 /etc/machine-id |
        clone-guard templates --name debian-12 -
)",
            Complete::FILES,
            {}});
    }

    void declare(Options& options) override {
        options.value("name", "NAME", name_, "the name of the template, for one FILE or DIR");
        options.flag("json", json_, "print only a JSON object");
        options.flag("verbose,v", verbose_, "name each skipped line");
    }

    int run(const Arguments& paths) override {
        if (paths.empty()) {
            throw UsageError(
                "templates needs a file or a mounted image, for example /mnt/debian-12-base");
        }
        if (name_ && (paths.size() > 1 || name_->empty())) {
            throw UsageError("--name takes a name, for one file or image");
        }
        TemplateList list;
        const bool good = readAll(paths, name_.value_or(""), list);
        reportMistakes(list, verbose_);
        Notes notes(json_);
        for (const auto& sealed : list.sealed) {
            notes.add("'" + escape(sealed) + "' is sealed and needs no configuration");
        }
        const auto kept = withoutDuplicates(list.templates, notes);
        if (json_) {
            std::cout << "{" << templateJson(kept) << "}\n";
        } else if (!kept.empty()) {
            notes.add(
                "Put this below \"parameters\" of the guard's library in the server's configuration:");
            std::cout << templateJson(kept) << '\n';
        }
        return (good ? EXIT_OK : EXIT_USAGE);
    }

private:
    std::optional<std::string> name_;
    bool json_ = false;
    bool verbose_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeTemplates() {
    return (std::make_unique<Templates>());
}

}  // namespace clone_guard
