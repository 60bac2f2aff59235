// A daemon's settings: one table says how each is called, what it may be and what it is when nobody says. Flag beats
// environment beats file beats default, and where each value came from is known.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "archaeologist/result.hpp"
#include "host/environment.hpp"

namespace archaeologist::host {

struct Setting {
    enum class Kind : std::uint8_t { text, integer, size, flag, list, secret };

    [[nodiscard]] static Setting text(std::string name, std::string variable, std::string fallback,
                                      std::string value_name, std::string description,
                                      std::vector<std::string> values = {});
    [[nodiscard]] static Setting integer(std::string name, std::string variable, std::string fallback,
                                         std::int64_t least, std::int64_t most, std::string description);
    [[nodiscard]] static Setting size(std::string name, std::string fallback, std::int64_t least, std::int64_t most,
                                      std::string description);
    [[nodiscard]] static Setting flag(std::string name, std::string description);
    [[nodiscard]] static Setting list(std::string name, std::string value_name, std::string description);

    std::string name;      // "log-level": the flag --log-level and the file's key
    std::string variable;  // of the environment; empty = none
    Kind kind = Kind::text;
    std::string fallback;
    std::string value_name;  // for --help: "HOST:PORT"
    std::string description;
    std::int64_t least = 0;  // of an integer, and of a size in bytes (which may be said as 64K, 16M, 4G)
    std::int64_t most = 0;
    std::vector<std::string> values;  // of a text: one of these
};

struct ProgramDescription {
    std::string name;     // "archaeologist-httpd"
    std::string summary;  // for --help
    std::string footer;
};

class Settings {
public:
    // Nothing left to do but to print this: the help, the version, or what is wrong.
    struct Notice {
        std::string output;
        std::string error;
        int exit_code = 0;
    };
    enum class Action : std::uint8_t { run, check_config, doctor };

    [[nodiscard]] static std::variant<Settings, Notice> parse(const ProgramDescription& program,
                                                              std::vector<Setting> table, int argc,
                                                              const char* const* argv, const Environment& environment);

    // Without a command line: what flags say, where they say something, the environment, the file (none when empty), the
    // defaults. The file may be one of other programs: their settings are passed over.
    // Errors: invalid_argument (a value, a name that nobody knows, a file that cannot be read).
    [[nodiscard]] static Result<Settings> merge(std::vector<Setting> table,
                                                const std::map<std::string, std::string>& flags,
                                                const std::string& file, const Environment& environment,
                                                const std::vector<Setting>& others);

    [[nodiscard]] Action action() const { return action_; }
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const { return text(name) == "true"; }
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
    // "--listen", "$REDIS_URL", "/etc/…: listen", "default"
    [[nodiscard]] std::string origin(std::string_view name) const;
    [[nodiscard]] bool is_default(std::string_view name) const { return origin(name) == "default"; }
    // Which of them said it; the greater beats the lesser.
    enum class Rank : std::uint8_t { fallback, file, environment, flag };
    [[nodiscard]] Rank rank(std::string_view name) const;

    // All of them, as a configuration file that would say the same; secrets masked, each with its origin.
    [[nodiscard]] std::string report() const;

private:
    struct Value {
        std::vector<std::string> texts;
        std::string origin;
        Rank rank = Rank::fallback;
    };
    using Given = std::map<std::string, std::vector<std::string>, std::less<>>;

    [[nodiscard]] Status read_file(const std::string& path, const std::vector<Setting>& others);
    [[nodiscard]] Status take(const Setting& setting, Value value);
    [[nodiscard]] Status resolve(const Given& flags, const std::string& file, const Environment& environment,
                                 const std::vector<Setting>& others);

    std::vector<Setting> table_;
    std::map<std::string, Value, std::less<>> values_;
    Action action_ = Action::run;
};

}  // namespace archaeologist::host
