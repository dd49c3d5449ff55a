// SPDX-License-Identifier: MPL-2.0

#include <tool/commands/command.h>

#include <iostream>

namespace clone_guard {

namespace {

/// A command as the scripts need it.
struct Entry {
    Description command;
    std::vector<Option> options;
};

std::vector<std::string>
namesOf(const std::vector<Entry>& all) {
    std::vector<std::string> names;
    for (const auto& entry : all) {
        names.push_back(entry.command.name);
    }
    return (names);
}

std::vector<Entry>
entries() {
    std::vector<Entry> all;
    for (const auto& command : allCommands()) {
        CommonOptions common;
        all.push_back({command->description(), optionsOf(*command, common).all()});
    }
    for (auto& entry : all) {
        if (entry.command.complete == Complete::COMMANDS) {
            entry.command.complete = Complete::CHOICES;
            entry.command.choices = namesOf(all);
        }
    }
    return (all);
}

std::string
joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return (text);
}

/// Puts a text between single quotation marks, for any of the three shells.
std::string
quoted(const std::string& text) {
    std::string result = "'";
    for (const char character : text) {
        // The texts of options have no backslash, in which the shells differ.
        result += character == '\'' ? "'\\''" : std::string(1, character);
    }
    return (result + "'");
}

std::string
bashValues(Complete complete, const std::vector<std::string>& choices) {
    switch (complete) {
    case Complete::FILES:
        return ("compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\")");
    case Complete::CHOICES:
        return ("mapfile -t COMPREPLY < <(compgen -W '" + joined(choices) + "' -- \"$current\")");
    case Complete::COMMANDS:
    case Complete::NOTHING:
        break;
    }
    return (":");
}

void
printBash(std::ostream& out) {
    const auto all = entries();
    out << R"(# bash completion for clone-guard; made by 'clone-guard completion bash'
_clone_guard() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    # bash makes three words of --color=auto.
    [[ $current != = ]] || current=
    [[ $previous != = ]] || previous=${COMP_WORDS[COMP_CWORD - 2]}
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W ')"
        << joined(namesOf(all)) << R"( --help --version' -- "$current")
        return
    fi
    case ${COMP_WORDS[1]} in
)";
    for (const auto& [command, options] : all) {
        std::vector<std::string> names;
        out << "    " << command.name << ")\n        case $previous in\n";
        for (const auto& option : options) {
            names.push_back("--" + option.name);
            if (!option.value.empty()) {
                out << "        --" << option.name
                    << (option.letter.empty() ? "" : " | -" + option.letter) << ") "
                    << bashValues(option.complete, option.choices) << "; return ;;\n";
            }
        }
        out << "        esac\n        if [[ $current == -* ]]; then\n            "
            << bashValues(Complete::CHOICES, names) << "\n        else\n            "
            << bashValues(command.complete, command.choices) << "\n        fi\n        ;;\n";
    }
    out << "    esac\n}\ncomplete -F _clone_guard clone-guard\n";
}

/// Escapes what ends a description or a message of _arguments.
std::string
zshText(const std::string& text) {
    std::string result;
    for (const char character : text) {
        if (character == '[' || character == ']' || character == ':') {
            result += '\\';
        }
        result += character;
    }
    return (result);
}

std::string
zshValues(const std::string& name, Complete complete, const std::vector<std::string>& choices) {
    return (":" + zshText(name) + ":" +
            (complete == Complete::FILES     ? "_files"
             : complete == Complete::CHOICES ? "(" + joined(choices) + ")"
                                             : " "));
}

void
printZsh(std::ostream& out) {
    const auto all = entries();
    out << "#compdef clone-guard\n# zsh completion for clone-guard; made by 'clone-guard completion "
           "zsh'\n"
           "_clone_guard() {\n    local curcontext=$curcontext state line\n    local -a commands=(\n";
    for (const auto& entry : all) {
        out << "        " << quoted(entry.command.name + ":" + zshText(entry.command.summary)) << '\n';
    }
    out << R"(    )
    _arguments -C '(- *)'{-h,--help}'[print the list of commands]' \
        '(- *)'{-V,--version}'[print the version]' '1:command:->command' '*::argument:->argument'
    case $state in
    command) _describe command commands ;;
    argument)
        case $words[1] in
)";
    for (const auto& [command, options] : all) {
        out << "        " << command.name << ")\n            _arguments";
        for (const auto& option : options) {
            const auto values =
                option.value.empty() ? "" : zshValues(option.value, option.complete, option.choices);
            const auto text = "[" + zshText(option.text) + "]" + values;
            out << " \\\n                ";
            if (option.letter.empty()) {
                out << quoted((option.may_repeat ? "*--" : "--") + option.name +
                              (option.value.empty() ? "" : "=") + text);
            } else {
                out << quoted("(-" + option.letter + " --" + option.name + ")") << "{-" << option.letter
                    << ",--" << option.name << (option.value.empty() ? "" : "=") << '}' << quoted(text);
            }
        }
        if (!command.arguments.empty()) {
            out << " \\\n                "
                << quoted("*" + zshValues(command.arguments, command.complete, command.choices));
        }
        out << "\n            ;;\n";
    }
    out << "        esac\n        ;;\n    esac\n}\n"
           "# Sourced, the file declares the function; from $fpath, it is the function.\n"
           "if [[ $funcstack[1] == _clone_guard || $funcstack[1] == _clone-guard ]]; then\n"
           "    _clone_guard \"$@\"\nelse\n    compdef _clone_guard clone-guard\nfi\n";
}

/// The end of a line that declares what fish offers in place of a value.
std::string
fishValues(Complete complete, const std::vector<std::string>& choices) {
    return (complete == Complete::FILES     ? " -r -F"
            : complete == Complete::CHOICES ? " -x -a " + quoted(joined(choices))
                                            : " -x");
}

void
printFish(std::ostream& out) {
    const auto all = entries();
    out << "# fish completion for clone-guard; made by 'clone-guard completion fish'\n"
           "complete -c clone-guard -f\n"
           "complete -c clone-guard -n __fish_use_subcommand -s h -l help -d 'print the list of "
           "commands'\n"
           "complete -c clone-guard -n __fish_use_subcommand -s V -l version -d 'print the version'\n";
    for (const auto& [command, options] : all) {
        out << "complete -c clone-guard -n __fish_use_subcommand -a " << command.name << " -d "
            << quoted(command.summary) << '\n';
        const auto begin =
            "complete -c clone-guard -n '__fish_seen_subcommand_from " + command.name + "'";
        for (const auto& option : options) {
            out << begin << (option.letter.empty() ? "" : " -s " + option.letter) << " -l "
                << option.name
                << (option.value.empty() ? "" : fishValues(option.complete, option.choices)) << " -d "
                << quoted(option.text) << '\n';
        }
        if (command.complete == Complete::FILES) {
            out << begin << " -F\n";
        } else if (command.complete == Complete::CHOICES) {
            out << begin << " -a " << quoted(joined(command.choices)) << '\n';
        }
    }
}

class Completion : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "completion",
            "SHELL",
            "print the completion script of a shell",
            "bash|zsh|fish",
            R"(Prints the script by which a shell completes commands, options and their values. The package
installs the scripts of all three shells. Without the package, for the user alone:

    source <(clone-guard completion bash)      # in ~/.bashrc
    source <(clone-guard completion zsh)       # in ~/.zshrc, after compinit
    clone-guard completion fish | source       # in ~/.config/fish/config.fish
)",
            Complete::CHOICES,
            {"bash", "zsh", "fish"}});
    }

    int run(const Arguments& arguments) override {
        const auto shell = arguments.size() == 1 ? arguments[0] : std::string();
        if (shell == "bash") {
            printBash(std::cout);
        } else if (shell == "zsh") {
            printZsh(std::cout);
        } else if (shell == "fish") {
            printFish(std::cout);
        } else {
            throw UsageError("completion needs the name of a shell: bash, zsh or fish");
        }
        return (EXIT_OK);
    }
};

}  // namespace

std::unique_ptr<Command>
makeCompletion() {
    return (std::make_unique<Completion>());
}

}  // namespace clone_guard
