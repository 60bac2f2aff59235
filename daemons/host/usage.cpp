#include "host/usage.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "host/completion.hpp"
#include "host/manual.hpp"

namespace archaeologist::host {
namespace {

std::vector<std::string> values_of(CLI::Option& option) {
    std::vector<std::string> values;
    try {
        std::istringstream names(option.get_validator(0)->get_name());
        for (std::string name; std::getline(names >> std::ws, name, ',');) values.push_back(name);
    } catch (const CLI::OptionNotFound&) {  // CLI11 cannot be asked whether there is a check.
    }
    return values;
}

std::vector<std::string> names_of(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const auto& name : option.get_snames()) names.push_back('-' + name);
    for (const auto& name : option.get_lnames()) names.push_back("--" + name);
    return names;
}

void visit_from(UsagePath& path, const std::function<void(const UsagePath&)>& visit) {
    visit(path);
    for (const auto& command : path.back()->commands) {
        path.push_back(&command);
        visit_from(path, visit);
        path.pop_back();
    }
}

}  // namespace

Usage usage_of(CLI::App& app) {
    Usage usage{.name = app.get_name(),
                .summary = app.get_description(),
                .arguments = {},
                .options = {},
                .commands = {},
                .footer = app.get_footer()};
    for (auto* option : app.get_options([](const CLI::Option* one) { return !one->get_group().empty(); })) {
        if (option->get_positional()) {
            usage.arguments.push_back({.name = option->get_single_name(),
                                       .description = option->get_description(),
                                       .values = values_of(*option),
                                       .is_required = option->get_required(),
                                       .is_repeatable = option->get_items_expected_max() > 1});
            continue;
        }
        const bool is_flag = option->get_type_size_max() == 0;
        usage.options.push_back({.names = names_of(*option),
                                 .value_name = is_flag ? std::string() : option->get_type_name(),
                                 .values = values_of(*option),
                                 .description = option->get_description()});
    }
    for (auto* command : app.get_subcommands([](CLI::App*) { return true; })) {
        usage.commands.push_back(usage_of(*command));
    }
    return usage;
}

void add_describe_option(CLI::App& app) {
    app.add_option_function<std::string>("--describe",
                                         [&app](const std::string& form) {
                                             // As CLI11 ends for --version: there is no other way out of its parser.
                                             throw CLI::CallForVersion(*description_of(usage_of(app), form), 0);
                                         })
        ->check(CLI::IsMember({"manual", "bash", "zsh", "fish"}))
        ->trigger_on_parse()
        ->group("");
}

std::optional<std::string> description_of(const Usage& usage, std::string_view form) {
    if (form == "manual") return manual(usage);
    if (form == "bash") return bash_completion(usage);
    if (form == "zsh") return zsh_completion(usage);
    if (form == "fish") return fish_completion(usage);
    return std::nullopt;
}

std::string function_name(const Usage& usage) {
    std::string name = usage.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

std::string words_of(const UsagePath& path) {
    std::string words;
    for (std::size_t i = 1; i < path.size(); ++i) words += (i == 1 ? "" : " ") + path[i]->name;
    return words;
}

void for_each_command(const Usage& usage, const std::function<void(const UsagePath&)>& visit) {
    UsagePath path{&usage};
    visit_from(path, visit);
}

std::vector<std::string> names_with_value(const Usage& usage) {
    std::vector<std::string> all;
    for_each_command(usage, [&all](const UsagePath& path) {
        for (const auto& option : path.back()->options) {
            for (const auto& name : option.names) {
                if (option.value_name.empty() || std::find(all.begin(), all.end(), name) != all.end()) continue;
                all.push_back(name);
            }
        }
    });
    return all;
}

std::string filled(std::string_view form, const std::vector<std::pair<std::string_view, std::string>>& texts) {
    std::string out;
    while (!form.empty()) {
        const auto* text = &texts.front();
        for (const auto& one : texts) {
            if (form.starts_with('@' + std::string(one.first) + '@')) text = &one;
        }
        if (form.starts_with('@' + std::string(text->first) + '@')) {
            out += text->second;
            form.remove_prefix(text->first.size() + 2);
        } else {
            out += form.front();
            form.remove_prefix(1);
        }
    }
    return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (const auto& word : words) out.append(&word == &words.front() ? "" : between).append(word);
    return out;
}

}  // namespace archaeologist::host
