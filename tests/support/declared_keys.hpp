// A Redis client that holds every script to the keys it declares: a command on any other key is an error.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/mutex.hpp"
#include "redis/client.hpp"

namespace archaeologist {

// Thread-safe.
class DeclaredKeysClient final : public redis::Client {
public:
    explicit DeclaredKeysClient(std::unique_ptr<redis::Client> client) : client_(std::move(client)) {}

    [[nodiscard]] Result<redis::Reply> run(const redis::ScriptCall& call) override {
        redis::ScriptCall checked = call;
        checked.script = &checked_form(*call.script);
        return client_->run(checked);
    }
    [[nodiscard]] Result<redis::Reply> command(std::string_view key, std::span<const std::string> words) override {
        return client_->command(key, words);
    }
    [[nodiscard]] Result<std::vector<redis::Reply>> command_all(std::span<const std::string> words) override {
        return client_->command_all(words);
    }
    [[nodiscard]] Result<redis::Reply> block_pop(const std::string& key, std::chrono::milliseconds wait) override {
        return client_->block_pop(key, wait);
    }
    void interrupt() override { client_->interrupt(); }

    // Of all clients of the program.
    [[nodiscard]] static std::set<std::string> scripts_run() {
        const MutexLock lock(mutex());
        std::set<std::string> names;
        for (const auto& [name, form] : forms()) names.insert(name);
        return names;
    }

private:
    struct Form {
        std::string text;
        redis::Script script;
    };
    static Mutex& mutex() {
        static Mutex one;
        return one;
    }
    static std::map<std::string, Form>& forms() {
        static std::map<std::string, Form> all;
        return all;
    }

    static const redis::Script& checked_form(const redis::Script& script) {
        // Of the commands used, these take several keys or none; all others one, their first word.
        static constexpr std::string_view check = R"(
local real, declared, several = redis, {}, { EXISTS = true, DEL = true, UNLINK = true }
for _, key in ipairs(KEYS) do declared[key] = true end
local redis = { error_reply = real.error_reply, status_reply = real.status_reply }
function redis.call(command, ...)
    local keys = { ... }
    for i = 1, (command == 'TIME' or command == 'INFO') and 0 or several[command] and #keys or 1 do
        if not declared[keys[i]] then error('undeclared key ' .. tostring(keys[i]) .. ' in ' .. command) end
    end
    return real.call(command, ...)
end
redis.pcall = redis.call
)";
        const MutexLock lock(mutex());
        Form& form = forms()[std::string(script.name)];
        if (form.text.empty()) {
            form.text = std::string(check) + std::string(script.text);
            form.script = {script.name, form.text};
        }
        return form.script;
    }

    std::unique_ptr<redis::Client> client_;
};

}  // namespace archaeologist
