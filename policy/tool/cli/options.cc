// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/options.h>

#include <tool/cli/failure.h>

#include <boost/lexical_cast/try_lexical_convert.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/variables_map.hpp>

#include <algorithm>
#include <limits>

namespace clone_guard {

namespace {

namespace po = boost::program_options;

std::string
joinedWords(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return (text);
}

}  // namespace

Option&
Options::add(const std::string& names, const char* value, const char* text) {
    const auto comma = std::min(names.find(','), names.size());
    Option option;
    option.name = names.substr(0, comma);
    option.letter = names.substr(std::min(comma + 1, names.size()));
    option.value = value;
    option.text = text;
    all_.push_back(std::move(option));
    return (all_.back());
}

void
Options::flag(const std::string& names, bool& target, const char* text) {
    add(names, "", text).set = [&target](const std::string&) { target = true; };
}

void
Options::value(const std::string& names, const char* value, std::string& target, const char* text) {
    add(names, value, text).set = [&target](const std::string& given) { target = given; };
}

void
Options::value(const std::string& names, const char* value, std::optional<std::string>& target,
               const char* text) {
    add(names, value, text).set = [&target](const std::string& given) { target = given; };
}

void
Options::values(const std::string& names, const char* value, std::vector<std::string>& target,
                const char* text) {
    auto& option = add(names, value, text);
    option.may_repeat = true;
    option.set = [&target](const std::string& given) { target.push_back(given); };
}

void
Options::number(const std::string& names, const char* value, std::optional<uint32_t>& target,
                const char* text) {
    auto& option = add(names, value, text);
    option.set = [&target, name = option.name](const std::string& given) {
        int64_t number = 0;
        if (!boost::conversion::try_lexical_convert(given, number) || number < 0 ||
            number > std::numeric_limits<uint32_t>::max()) {
            throw UsageError("--" + name + " takes a number from 0 to 4294967295, not '" + given + "'");
        }
        target = static_cast<uint32_t>(number);
    };
}

void
Options::file(const std::string& names, const char* value, std::optional<std::string>& target,
              const char* text) {
    this->value(names, value, target, text);
    all_.back().complete = Complete::FILES;
}

void
Options::file(const std::string& names, const char* value, std::string& target, const char* text) {
    this->value(names, value, target, text);
    all_.back().complete = Complete::FILES;
}

void
Options::files(const std::string& names, const char* value, std::vector<std::string>& target,
               const char* text) {
    auto& option = add(names, value, text);
    option.complete = Complete::FILES;
    option.may_repeat = true;
    option.set = [&target](const std::string& given) { target.push_back(given); };
}

void
Options::choice(const std::string& names, const char* value, std::string& target,
                std::vector<std::string> choices, const char* text) {
    auto& option = add(names, value, text);
    option.complete = Complete::CHOICES;
    option.choices = choices;
    option.set = [&target, name = option.name, choices = std::move(choices)](const std::string& given) {
        if (std::find(choices.begin(), choices.end(), given) == choices.end()) {
            throw UsageError("--" + name + " is one of " + joinedWords(choices) + ", not '" + given +
                             "'");
        }
        target = given;
    };
}

Arguments
Options::parse(const Arguments& words) const {
    po::options_description known;
    for (const auto& option : all_) {
        const auto names = option.name + (option.letter.empty() ? "" : "," + option.letter);
        if (option.value.empty()) {
            known.add_options()(names.c_str(), "");
        } else if (option.may_repeat) {
            known.add_options()(names.c_str(), po::value<Arguments>()->composing(), "");
        } else {
            known.add_options()(names.c_str(), po::value<std::string>(), "");
        }
    }
    // A word that is not an option gets this name, which cannot be typed.
    const char* const rest = "";
    known.add_options()("argument", po::value<Arguments>(), rest);
    po::positional_options_description positional;
    positional.add("argument", -1);
    po::variables_map values;
    try {
        po::store(po::command_line_parser(words).options(known).positional(positional).run(), values);
    } catch (const po::error& error) {
        throw UsageError(error.what());
    }
    for (const auto& option : all_) {
        if (values.count(option.name) == 0) {
            continue;
        }
        if (option.may_repeat) {
            const auto& all = values[option.name].as<Arguments>();
            std::for_each(all.begin(), all.end(), option.set);
        } else {
            option.set(option.value.empty() ? std::string() : values[option.name].as<std::string>());
        }
    }
    return (values.count("argument") > 0 ? values["argument"].as<Arguments>() : Arguments());
}

}  // namespace clone_guard
