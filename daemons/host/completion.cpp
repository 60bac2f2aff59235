#include "host/completion.hpp"

#include "asset/host_completion_bash_in.hpp"
#include "asset/host_completion_fish_in.hpp"
#include "asset/host_completion_zsh_in.hpp"

namespace archaeologist::host {
namespace {

enum class Kind { anything, names, files, folders };

Kind kind_of(const std::vector<std::string>& values, const std::string& name) {
    if (!values.empty()) return Kind::names;
    if (name == "FILE" || name == "PATH") return Kind::files;
    return name == "DIR" ? Kind::folders : Kind::anything;
}

// In single quotes, for any of the shells.
std::string quoted(std::string_view text, std::string_view quote) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string(quote) : std::string(1, c);
    return out + "'";
}
std::string sh_quoted(std::string_view text) { return quoted(text, "'\\''"); }
std::string fish_quoted(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '\\' ? "\\\\" : std::string(1, c);
    return quoted(out, "\\'");
}

// "jobs", "'jobs list'", …: the commands below the program.
std::vector<std::string> quoted_commands(const Usage& usage) {
    std::vector<std::string> all;
    for_each_command(usage, [&all](const UsagePath& path) {
        if (path.size() > 1) all.push_back(sh_quoted(words_of(path)));
    });
    return all;
}

std::vector<std::string> command_names(const Usage& usage) {
    std::vector<std::string> names;
    for (const auto& command : usage.commands) names.push_back(command.name);
    return names;
}

std::vector<std::string> option_names(const Usage& usage) {
    std::vector<std::string> names;
    for (const auto& option : usage.options) names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

std::string bash_answer(const std::vector<std::string>& values, const std::string& name) {
    switch (kind_of(values, name)) {
        case Kind::names: return "words='" + joined(values, " ") + "'";
        case Kind::files: return "files=-f";
        case Kind::folders: return "files=-d";
        case Kind::anything: break;
    }
    return {};
}

std::string bash_values(const UsagePath& path) {
    const std::string command = path.size() == 1 ? "*" : sh_quoted(words_of(path));
    std::string lines;
    for (const auto& option : path.back()->options) {
        const auto answer = bash_answer(option.values, option.value_name);
        if (answer.empty()) continue;
        std::vector<std::string> patterns;
        for (const auto& name : option.names)
            patterns.push_back(std::string(command).append(":").append(name).append(":*"));
        lines += "        " + joined(patterns, " | ") + ") " + answer + " ;;\n";
    }
    return lines;
}

std::string bash_arguments(const UsagePath& path) {
    const Usage& command = *path.back();
    const std::string begin = "                " + sh_quoted(words_of(path)) + ") ";
    if (!command.commands.empty()) return begin + "words='" + joined(command_names(command), " ") + "' ;;\n";
    for (const auto& argument : command.arguments) {
        const auto answer = bash_answer(argument.values, argument.name);
        if (!answer.empty()) return begin + answer + " ;;\n";
    }
    return {};
}

// For a description within an _arguments specification.
std::string zsh_description(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string zsh_action(const std::vector<std::string>& values, const std::string& name) {
    switch (kind_of(values, name)) {
        case Kind::names: return '(' + joined(values, " ") + ')';
        case Kind::files: return "_files";
        case Kind::folders: return "_files -/";
        case Kind::anything: break;
    }
    return " ";
}

std::string zsh_option(const UsageOption& option) {
    std::string lines;
    for (const auto& name : option.names) {
        std::string text = '(' + joined(option.names, " ") + ')' + name;
        if (!option.value_name.empty()) text += name.starts_with("--") ? "=" : "+";
        text += '[' + zsh_description(option.description) + ']';
        if (!option.value_name.empty()) {
            text += ':' + zsh_description(option.value_name) + ':' + zsh_action(option.values, option.value_name);
        }
        lines += "        " + sh_quoted(text) + " \\\n";
    }
    return lines;
}

std::string zsh_name(const UsagePath& path) {
    std::string name = "_" + function_name(*path.front());
    for (std::size_t i = 1; i < path.size(); ++i) name += '_' + function_name(*path[i]);
    return name;
}

// The command that follows, and what is about it.
std::string zsh_dispatch(const UsagePath& path) {
    const Usage& usage = *path.back();
    std::string names;
    std::string calls;
    for (const auto& command : usage.commands) {
        UsagePath longer = path;
        longer.push_back(&command);
        names += "                " + sh_quoted(command.name + ':' + command.summary) + '\n';
        calls += "                " + command.name + ") " + zsh_name(longer) + " ;;\n";
    }
    return "    case $state in\n        command)\n            local -a commands=(\n" + names +
           "            )\n            _describe command commands\n            ;;\n"
           "        arguments)\n            case $words[1] in\n" +
           calls + "            esac\n            ;;\n    esac\n";
}

std::string zsh_function(const UsagePath& path) {
    const Usage& usage = *path.back();
    const bool is_leaf = usage.commands.empty();
    std::string text = zsh_name(path) + "() {\n    local curcontext=$curcontext state\n    _arguments -C -s \\\n";
    for (const auto& option : path.front()->options) text += zsh_option(option);
    for (const auto& option : usage.options) {
        if (&usage != path.front() && option.names.back() != "--help") text += zsh_option(option);
    }
    for (const auto& argument : usage.arguments) {
        const std::string count = argument.is_repeatable ? "*" : argument.is_required ? "" : ":";
        text +=
            "        " +
            sh_quoted(count + ':' + zsh_description(argument.name) + ':' + zsh_action(argument.values, argument.name)) +
            " \\\n";
    }
    if (is_leaf) return text + "        && return\n}\n\n";
    return text + "        '1:command:->command' '*::argument:->arguments' && return\n" + zsh_dispatch(path) + "}\n\n";
}

std::string fish_answer(const std::vector<std::string>& values, const std::string& name) {
    switch (kind_of(values, name)) {
        case Kind::names: return " --arguments " + fish_quoted(joined(values, " "));
        case Kind::files: return " --force-files";
        case Kind::folders: return " --arguments '(__fish_complete_directories)'";
        case Kind::anything: break;
    }
    return {};
}

std::string fish_value(const UsageOption& option) {
    const bool is_file = kind_of(option.values, option.value_name) == Kind::files;
    return std::string(" --require-parameter") + (is_file ? "" : " --no-files") +
           fish_answer(option.values, option.value_name);
}

std::string fish_completions(const UsagePath& path) {
    const Usage& usage = *path.back();
    const std::string program = "complete --command " + path.front()->name;
    const std::string at =
        " --condition \"__" + function_name(*path.front()) + "_at " + sh_quoted(words_of(path)) + '"';
    std::string lines;
    for (const auto& command : usage.commands) {
        lines +=
            program + at + " --arguments " + command.name + " --description " + fish_quoted(command.summary) + '\n';
    }
    for (const auto& argument : usage.arguments) {
        const auto answer = fish_answer(argument.values, argument.name);
        if (!answer.empty()) lines.append(program).append(at).append(answer).append("\n");
    }
    for (const auto& option : usage.options) {
        if (path.size() > 1 && option.names.back() == "--help") continue;
        lines += program + (path.size() > 1 ? at : "");
        for (const auto& name : option.names) {
            const bool is_long = name.starts_with("--");
            lines += (is_long ? " --long-option " : " --short-option ") + name.substr(is_long ? 2 : 1);
        }
        if (!option.value_name.empty()) lines += fish_value(option);
        lines += " --description " + fish_quoted(option.description) + '\n';
    }
    return lines;
}

// Of the program and all its commands.
std::string gathered(const Usage& usage, std::string (*text_of)(const UsagePath&)) {
    std::string text;
    for_each_command(usage, [&](const UsagePath& path) { text += text_of(path); });
    return text;
}

std::string without_last_line_end(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace

std::string bash_completion(const Usage& usage) {
    const auto with_value = names_with_value(usage);
    std::vector<std::string> others;
    others.reserve(with_value.size());
    for (const auto& name : with_value) others.push_back("*:" + name + ":*");
    const auto commands = quoted_commands(usage);
    std::string options;
    for_each_command(usage, [&options](const UsagePath& path) {
        const auto names = joined(option_names(*path.back()), " ");
        if (path.size() > 1)
            options += "                " + sh_quoted(words_of(path)) + ") words+=' " + names + "' ;;\n";
    });
    return filled(asset::host_completion_bash_in,
                  {{"program", usage.name},
                   {"function", function_name(usage)},
                   {"with_value", joined(with_value, " | ")},
                   {"commands", commands.empty() ? "''" : joined(commands, " | ")},
                   {"values", without_last_line_end(gathered(usage, &bash_values))},
                   {"other_values", joined(others, " | ")},
                   {"global", joined(option_names(usage), " ")},
                   {"options", without_last_line_end(options)},
                   {"arguments", without_last_line_end(gathered(usage, &bash_arguments))}});
}

std::string zsh_completion(const Usage& usage) {
    return filled(asset::host_completion_zsh_in,
                  {{"program", usage.name},
                   {"function", function_name(usage)},
                   {"functions", without_last_line_end(gathered(usage, &zsh_function))}});
}

std::string fish_completion(const Usage& usage) {
    return filled(asset::host_completion_fish_in,
                  {{"program", usage.name},
                   {"function", function_name(usage)},
                   {"with_value", joined(names_with_value(usage), " ")},
                   {"commands", joined(quoted_commands(usage), " ")},
                   {"completions", without_last_line_end(gathered(usage, &fish_completions))}});
}

}  // namespace archaeologist::host
