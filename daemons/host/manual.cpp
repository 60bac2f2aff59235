#include "host/manual.hpp"

#include <algorithm>
#include <sstream>

namespace archaeologist::host {
namespace {

// Text as it stands: nothing in it is an escape, a control line or a typographic sign.
std::string roff(std::string_view text) {
    std::string out;
    bool begins_line = true;
    for (const char c : text) {
        if (begins_line && (c == '.' || c == '\'')) out += "\\&";
        begins_line = c == '\n';
        switch (c) {
            case '\\': out += "\\e"; break;
            case '-': out += "\\-"; break;
            case '\'': out += "\\(aq"; break;
            case '`': out += "\\(ga"; break;
            case '^': out += "\\(ha"; break;
            case '~': out += "\\(ti"; break;
            default: out += c;
        }
    }
    return out;
}

// Its words in lines that no tool finds too long.
std::string paragraph(const std::string& text) {
    constexpr std::size_t columns_max = 78;
    std::istringstream stream(text);
    std::string out;
    std::size_t columns = 0;
    for (std::string word; stream >> word;) {
        // Any word may begin a line, so each is escaped as if it did.
        const bool breaks = columns + 1 + roff(word).size() > columns_max;
        if (!out.empty()) out += breaks ? '\n' : ' ';
        if (breaks) columns = 0;
        const auto escaped = roff(word);
        out += escaped;
        columns += escaped.size() + 1;
    }
    return out;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string option_text(const UsageOption& option) {
    std::string names;
    for (const auto& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
    if (!option.value_name.empty()) names += ' ' + italic(option.value_name);
    return ".TP\n" + names + '\n' + paragraph(option.description) + '\n';
}

std::string argument_text(const UsageArgument& argument) {
    return ".TP\n" + italic(argument.name) + '\n' + paragraph(argument.description) + '\n';
}

// -h and --help are said once, with the program's own options.
bool is_help(const UsageOption& option) { return option.names.back() == "--help"; }

std::string command_text(const UsagePath& path) {
    const Usage& command = *path.back();
    std::string line = bold(words_of(path));
    const bool has_options = !std::all_of(command.options.begin(), command.options.end(), is_help);
    if (has_options) line += " [" + italic("OPTIONS") + ']';
    for (const auto& argument : command.arguments) {
        const std::string name = italic(argument.name) + (argument.is_repeatable ? "..." : "");
        line += ' ' + (argument.is_required ? name : '[' + name + ']');
    }
    std::string text = ".SS \"" + line + "\"\n" + paragraph(command.summary + ".") + '\n';
    for (const auto& argument : command.arguments) text += argument_text(argument);
    for (const auto& option : command.options) text += is_help(option) ? "" : option_text(option);
    return text;
}

std::string commands_section(const Usage& usage) {
    std::string text;
    for_each_command(usage, [&text](const UsagePath& path) {
        if (path.size() > 1 && path.back()->commands.empty()) text += command_text(path);
    });
    return text.empty() ? text : ".SH COMMANDS\n" + text;
}

std::string options_section(const Usage& usage) {
    std::string text = ".SH OPTIONS\n";
    if (!usage.commands.empty()) text += "These may stand before a command or behind it.\n";
    for (const auto& argument : usage.arguments) text += argument_text(argument);
    for (const auto& option : usage.options) text += option_text(option);
    return text;
}

std::string exit_section(const Usage& usage) {
    constexpr std::string_view begin = "Exit: ";
    const auto at = usage.footer.find(begin);
    if (at == std::string::npos) return {};
    return ".SH EXIT STATUS\n" + paragraph(usage.footer.substr(at + begin.size())) + '\n';
}

struct Variable {
    std::string name;
    std::vector<std::string> options;  // whose descriptions name it
};

// Each "$NAME" of the options' descriptions.
std::vector<Variable> variables_of(const Usage& usage) {
    std::vector<Variable> all;
    const auto note = [&all](const std::string& name, const std::string& option) {
        auto found = std::find_if(all.begin(), all.end(), [&](const Variable& one) { return one.name == name; });
        if (found == all.end()) found = all.insert(all.end(), Variable{name, {}});
        auto& options = found->options;
        if (std::find(options.begin(), options.end(), option) == options.end()) options.push_back(option);
    };
    for_each_command(usage, [&note](const UsagePath& path) {
        for (const auto& option : path.back()->options) {
            const std::string& text = option.description;
            for (auto at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
                const auto end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", at + 1);
                note(text.substr(at + 1, end - at - 1), option.names.back());
            }
        }
    });
    return all;
}

std::string environment_section(const Usage& usage) {
    std::string text = ".SH ENVIRONMENT\n";
    for (const auto& variable : variables_of(usage)) {
        text += ".TP\n" + bold(variable.name) + "\nSee ";
        for (const auto& option : variable.options) {
            text += (option == variable.options.front() ? "" : ", ") + bold(option);
        }
        text += ".\n";
    }
    return text;
}

}  // namespace

std::string manual(const Usage& usage) {
    return commands_section(usage) + options_section(usage) + exit_section(usage) + environment_section(usage);
}

}  // namespace archaeologist::host
