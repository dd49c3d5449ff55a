// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_OPTIONS_H
#define CLONE_GUARD_TOOL_CLI_OPTIONS_H

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief The words after the name of a command.
using Arguments = std::vector<std::string>;

/// @brief What a shell offers in place of a value.
enum class Complete { NOTHING, FILES, CHOICES, COMMANDS };

/// @brief One option of a command, as help, completion and parser need it.
struct Option {
    std::string name;    ///< without "--"
    std::string letter;  ///< without "-"; empty if the option has none
    std::string value;   ///< the name of its value as in "FILE"; empty for a flag
    std::string text;    ///< what the option does, in half a sentence
    Complete complete = Complete::NOTHING;
    std::vector<std::string> choices;
    bool may_repeat = false;  ///< each use adds a value
    std::function<void(const std::string&)> set;
};

/// @brief The options of a command: each is declared once, with the variable that receives it.
///
/// An option is named as in "verbose,v".
class Options {
public:
    /// @brief Declares an option without a value.
    void flag(const std::string& names, bool& target, const char* text);

    /// @brief Declares an option with a text as its value.
    void value(const std::string& names, const char* value, std::string& target, const char* text);
    void value(const std::string& names, const char* value, std::optional<std::string>& target,
               const char* text);

    /// @brief Declares an option with a text as its value, which may be given several times.
    void values(const std::string& names, const char* value, std::vector<std::string>& target,
                const char* text);

    /// @brief Declares an option with a number from 0 to 2^32 - 1 as its value.
    void number(const std::string& names, const char* value, std::optional<uint32_t>& target,
                const char* text);

    /// @brief Declares an option with a path as its value.
    void file(const std::string& names, const char* value, std::optional<std::string>& target,
              const char* text);
    void file(const std::string& names, const char* value, std::string& target, const char* text);

    /// @brief Declares an option with a path as its value, which may be given several times.
    void files(const std::string& names, const char* value, std::vector<std::string>& target,
               const char* text);

    /// @brief Declares an option with one of some words as its value.
    void choice(const std::string& names, const char* value, std::string& target,
                std::vector<std::string> choices, const char* text);

    [[nodiscard]] const std::vector<Option>& all() const noexcept {
        return (all_);
    }

    /// @brief Reads a command line into the declared variables.
    ///
    /// @return the words that are not options.
    /// @throw UsageError if an option is unknown, or its value is missing or invalid.
    [[nodiscard]] Arguments parse(const Arguments& words) const;

private:
    Option& add(const std::string& names, const char* value, const char* text);

    std::vector<Option> all_;
};

}  // namespace clone_guard

#endif
