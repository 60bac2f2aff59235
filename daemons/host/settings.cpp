#include "host/settings.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

#include "archaeologist/version.hpp"
#include "host/printable.hpp"
#include "host/usage.hpp"

namespace archaeologist::host {
namespace {

constexpr int usage_error = 2;
constexpr std::streamsize file_bytes_max = 1 << 20;

Error wrong(const Setting& setting, const std::string& text, const std::string& origin, const std::string& rule) {
    const std::string value = setting.kind == Setting::Kind::secret ? "\"…\"" : '"' + text + '"';
    return {Code::invalid_argument, setting.name + " is " + value + " (" + origin + "), must be " + rule};
}

// 64K, 16M, 4G and plain bytes.
std::optional<std::int64_t> parse_number(std::string_view text, bool has_unit) {
    std::int64_t factor = 1;
    if (has_unit && !text.empty()) {
        const auto unit =
            std::string_view("KMGT").find(static_cast<char>(std::toupper(static_cast<unsigned char>(text.back()))));
        if (unit != std::string_view::npos) {
            factor = std::int64_t{1} << (10 * (unit + 1));
            text.remove_suffix(1);
        }
    }
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
    if (number > std::numeric_limits<std::int64_t>::max() / factor || number < 0)
        return number < 0 ? std::optional(number) : std::nullopt;
    return number * factor;
}

// Without what stands behind a '#' that begins a line or follows a blank, outside of quotes: CLI11 knows comments only as
// whole lines.
std::string without_comments(std::string_view content) {
    std::string out;
    char quote = '\0';
    bool skips = false;
    char before = '\n';
    for (const char c : content) {
        if (c == '\n') {
            quote = '\0';
            skips = false;
        } else if (quote != '\0') {
            if (c == quote && before != '\\') quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '#' && (before == '\n' || before == ' ' || before == '\t')) {
            skips = true;
        }
        if (!skips) out += c;
        before = c;
    }
    return out;
}

Status check(const Setting& setting, const std::string& text, const std::string& origin) {
    using Kind = Setting::Kind;
    if (setting.kind == Kind::integer || setting.kind == Kind::size) {
        if (text == setting.fallback) return {};  // "auto"
        const auto number = parse_number(text, setting.kind == Kind::size);
        const bool fits = number && *number >= setting.least && *number <= setting.most;
        const std::string range = std::to_string(setting.least) + " to " + std::to_string(setting.most);
        if (!fits) return wrong(setting, text, origin, setting.fallback == "auto" ? range + " or auto" : range);
    } else if (setting.kind == Kind::flag) {
        if (text != "true" && text != "false") return wrong(setting, text, origin, "true or false");
    } else if (!setting.values.empty()) {
        if (std::find(setting.values.begin(), setting.values.end(), text) != setting.values.end()) return {};
        std::string names;
        for (const auto& value : setting.values) names += (names.empty() ? "" : ", ") + value;
        return wrong(setting, text, origin, "one of " + names);
    }
    return {};
}

std::string help_of(const Setting& setting) {
    std::string text = setting.description;
    if (!setting.values.empty()) {
        text += ": ";
        for (const auto& value : setting.values) text += (value == setting.values.front() ? "" : ", ") + value;
    }
    if (!setting.fallback.empty() && setting.kind != Setting::Kind::flag) text += "; default: " + setting.fallback;
    if (!setting.variable.empty()) text += " [$" + setting.variable + ']';
    return text;
}

Settings::Notice usage_notice(const std::string& program, const std::string& message) {
    return {{}, program + ": " + printable(message) + "\nRun with --help for more.\n", usage_error};
}

}  // namespace

Setting Setting::text(std::string name, std::string variable, std::string fallback, std::string value_name,
                      std::string description, std::vector<std::string> values) {
    Setting setting;
    setting.name = std::move(name);
    setting.variable = std::move(variable);
    setting.fallback = std::move(fallback);
    setting.value_name = std::move(value_name);
    setting.description = std::move(description);
    setting.values = std::move(values);
    return setting;
}

Setting Setting::integer(std::string name, std::string variable, std::string fallback, std::int64_t least,
                         std::int64_t most, std::string description) {
    auto setting = text(std::move(name), std::move(variable), std::move(fallback), "N", std::move(description));
    setting.kind = Kind::integer;
    setting.least = least;
    setting.most = most;
    return setting;
}

Setting Setting::size(std::string name, std::string fallback, std::int64_t least, std::int64_t most,
                      std::string description) {
    auto setting = integer(std::move(name), {}, std::move(fallback), least, most, std::move(description));
    setting.kind = Kind::size;
    setting.value_name = "BYTES";
    return setting;
}

Setting Setting::flag(std::string name, std::string description) {
    auto setting = text(std::move(name), {}, "false", {}, std::move(description));
    setting.kind = Kind::flag;
    return setting;
}

Setting Setting::list(std::string name, std::string value_name, std::string description) {
    auto setting = text(std::move(name), {}, {}, std::move(value_name), std::move(description));
    setting.kind = Kind::list;
    return setting;
}

Status Settings::take(const Setting& setting, Value value) {
    if (setting.kind != Setting::Kind::list && value.texts.size() != 1) {
        return Error{Code::invalid_argument, setting.name + " is given " + std::to_string(value.texts.size()) +
                                                 " times (" + value.origin + "), must be once"};
    }
    for (const auto& text : value.texts) ARCHAEO_TRY(check(setting, text, value.origin));
    values_[setting.name] = std::move(value);
    return {};
}

Status Settings::read_file(const std::string& path, const std::vector<Setting>& others) {
    std::ifstream file(path, std::ios::binary);
    std::string content(static_cast<std::size_t>(file_bytes_max), '\0');
    file.read(content.data(), file_bytes_max);
    if (!file.eof()) {
        return Error{Code::invalid_argument,
                     "configuration file \"" + path + "\" cannot be read, or is longer than 1 MiB"};
    }
    content.resize(static_cast<std::size_t>(file.gcount()));
    std::istringstream stream(without_comments(content));
    std::vector<CLI::ConfigItem> items;
    try {
        items = CLI::ConfigINI().from_config(stream);
    } catch (const std::exception& error) {
        return Error{Code::invalid_argument, "configuration file \"" + path + "\": " + error.what()};
    }
    for (const auto& item : items) {
        const auto has_its_name = [&](const Setting& one) { return one.name == item.name; };
        const auto setting = std::find_if(table_.begin(), table_.end(), has_its_name);
        if (setting == table_.end() && item.parents.empty() && std::any_of(others.begin(), others.end(), has_its_name))
            continue;
        if (setting == table_.end() || !item.parents.empty()) {
            return Error{Code::invalid_argument, "configuration file \"" + path + "\": \"" + item.fullname() +
                                                     "\" is no setting of this program; --help lists them"};
        }
        ARCHAEO_TRY(take(*setting, {item.inputs, path, Rank::file}));
    }
    return {};
}

Status Settings::resolve(const Given& flags, const std::string& file, const Environment& environment,
                         const std::vector<Setting>& others) {
    for (const auto& setting : table_) values_[setting.name] = {{setting.fallback}, "default", Rank::fallback};
    if (!file.empty()) ARCHAEO_TRY(read_file(file, others));
    for (const auto& setting : table_) {
        if (setting.variable.empty()) continue;
        const auto value = environment(setting.variable.c_str());
        if (!value.empty()) ARCHAEO_TRY(take(setting, {{value}, '$' + setting.variable, Rank::environment}));
    }
    for (const auto& setting : table_) {
        const auto given = flags.find(setting.name);
        if (given != flags.end()) ARCHAEO_TRY(take(setting, {given->second, "--" + setting.name, Rank::flag}));
    }
    return {};
}

Result<Settings> Settings::merge(std::vector<Setting> table, const std::map<std::string, std::string>& flags,
                                 const std::string& file, const Environment& environment,
                                 const std::vector<Setting>& others) {
    Given given;
    for (const auto& [name, text] : flags) {
        if (!text.empty()) given[name] = {text};
    }
    Settings settings;
    settings.table_ = std::move(table);
    ARCHAEO_TRY(settings.resolve(given, file, environment, others));
    return settings;
}

std::variant<Settings, Settings::Notice> Settings::parse(const ProgramDescription& program, std::vector<Setting> table,
                                                         int argc, const char* const* argv,
                                                         const Environment& environment) {
    CLI::App app(program.summary, program.name);
    app.set_version_flag("--version", program.name + ' ' + std::string(version()));
    app.footer(program.footer);
    Given flags;
    std::string file;
    bool checks = false;
    std::string command;
    app.add_option("--config", file, "File with lines NAME = VALUE, named like these flags [$ARCHAEOLOGIST_CONFIG]")
        ->type_name("FILE");
    app.add_flag("--check-config", checks, "Print the merged settings and where each comes from, and end");
    app.add_option("COMMAND", command, "doctor: look at everything the program stands on, say what is wrong, and end")
        ->check(CLI::IsMember({"doctor"}).name("doctor").description(""))
        ->type_name("");
    for (const auto& setting : table) {
        const std::string flag = "--" + setting.name;
        if (setting.kind == Setting::Kind::flag) {
            app.add_flag_callback(
                flag, [&flags, &setting] { flags[setting.name] = {"true"}; }, help_of(setting));
            continue;
        }
        app.add_option_function<std::vector<std::string>>(
               flag, [&flags, &setting](const std::vector<std::string>& texts) { flags[setting.name] = texts; },
               help_of(setting))
            ->allow_extra_args(false)
            ->check([](const std::string&) { return std::string(); }, "", joined(setting.values, ","))
            ->type_name(setting.value_name);
    }
    add_describe_option(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& event) {
        if (event.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success))
            return usage_notice(program.name, event.what());
        std::ostringstream output;
        std::ostringstream error;
        (void)app.exit(event, output, error);
        return Notice{output.str(), error.str(), 0};
    }
    Settings settings;
    settings.table_ = std::move(table);
    if (checks) settings.action_ = Action::check_config;
    if (!command.empty()) settings.action_ = Action::doctor;
    if (file.empty()) file = environment("ARCHAEOLOGIST_CONFIG");
    if (const auto resolved = settings.resolve(flags, file, environment, {}); !resolved) {
        return usage_notice(program.name, resolved.error().message);
    }
    return settings;
}

std::string Settings::text(std::string_view name) const {
    const auto& texts = values_.find(name)->second.texts;
    return texts.empty() ? std::string() : texts.front();
}

Settings::Rank Settings::rank(std::string_view name) const { return values_.find(name)->second.rank; }

std::int64_t Settings::integer(std::string_view name) const { return parse_number(text(name), true).value_or(0); }

std::vector<std::string> Settings::list(std::string_view name) const {
    const auto& value = values_.find(name)->second;
    return value.origin == "default" ? std::vector<std::string>() : value.texts;
}

std::string Settings::origin(std::string_view name) const { return values_.find(name)->second.origin; }

std::string Settings::report() const {
    std::string out;
    for (const auto& setting : table_) {
        const auto& value = values_.find(setting.name)->second;
        std::string text;
        for (const auto& one : value.texts) {
            const bool is_masked = setting.kind == Setting::Kind::secret && !one.empty();
            text.append(text.empty() ? "" : ", ").append(json_string(is_masked ? "********" : one));
        }
        if (setting.kind == Setting::Kind::list && value.origin == "default") text.clear();
        if (setting.kind == Setting::Kind::list) text.insert(0, "[").append("]");
        out.append(setting.name).append(" = ").append(text).append("  # ").append(printable(value.origin)).append("\n");
    }
    return out;
}

}  // namespace archaeologist::host
