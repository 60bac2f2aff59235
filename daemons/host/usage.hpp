// What can be said to a program, as a value: manual pages and the shells' completions are made of the same definitions as its
// --help, so that they cannot go stale.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace archaeologist::host {

struct UsageOption {
    std::vector<std::string> names;   // "-p", "--project"
    std::string value_name;           // "NAME"; empty = a flag
    std::vector<std::string> values;  // its value is one of these; empty = anything
    std::string description;
};

struct UsageArgument {
    std::string name;  // "PATH"
    std::string description;
    std::vector<std::string> values;  // it is one of these; empty = anything
    bool is_required = false;
    bool is_repeatable = false;
};

struct Usage {
    std::string name;
    std::string summary;
    std::vector<UsageArgument> arguments;
    std::vector<UsageOption> options;
    std::vector<Usage> commands;
    std::string footer;  // may end with a sentence "Exit: 0 done, …"
};

// An option's values are those of its first check's name, with commas between them.
[[nodiscard]] Usage usage_of(CLI::App& app);

// Adds the option --describe FORM, which is not in the help: it prints what description_of says and ends the program.
// For the build, which makes files of it.
void add_describe_option(CLI::App& app);

// Of "manual", "bash", "zsh" or "fish".
[[nodiscard]] std::optional<std::string> description_of(const Usage& usage, std::string_view form);

// "archaeologist_httpd": what a shell's function may be called.
[[nodiscard]] std::string function_name(const Usage& usage);

// A command and those that lead to it; the first is the program.
using UsagePath = std::vector<const Usage*>;

// "jobs list"; empty for the program itself.
[[nodiscard]] std::string words_of(const UsagePath& path);

// The program and each of its commands, outer ones first.
void for_each_command(const Usage& usage, const std::function<void(const UsagePath&)>& visit);

// Each option once, of all commands, that has a value.
[[nodiscard]] std::vector<std::string> names_with_value(const Usage& usage);

// With each @NAME@ replaced by its text.
[[nodiscard]] std::string filled(std::string_view form,
                                 const std::vector<std::pair<std::string_view, std::string>>& texts);

[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);

}  // namespace archaeologist::host
