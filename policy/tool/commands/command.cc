// SPDX-License-Identifier: MPL-2.0

#include <tool/commands/command.h>

#include <iostream>

namespace clone_guard {

namespace options = boost::program_options;

std::optional<options::variables_map>
parse(const Arguments& arguments, const options::options_description& options, const std::string& help) {
    options::options_description visible("Options", 80, 56);
    for (const auto& option : options.options()) {
        visible.add(option);
    }
    visible.add_options()("help,h", "print this text");
    options::options_description all;
    all.add(visible).add_options()("argument", options::value<Arguments>(), "");
    options::positional_options_description positional;
    positional.add("argument", -1);
    options::variables_map values;
    try {
        options::store(options::command_line_parser(arguments).options(all).positional(positional).run(),
                       values);
        options::notify(values);
    } catch (const options::error& error) {
        throw UsageError(error.what());
    }
    if (values.count("help") > 0) {
        std::cout << help << '\n' << visible;
        return (std::nullopt);
    }
    return (values);
}

Arguments
positional(const options::variables_map& values) {
    return (values.count("argument") > 0 ? values["argument"].as<Arguments>() : Arguments());
}

}  // namespace clone_guard
