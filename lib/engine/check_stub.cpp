// Stands in for Engine::check until it is merged; to be deleted then.
#include "archaeologist/engine.hpp"
#include "archaeologist/json.hpp"

namespace archaeologist {

std::string_view to_string(Check::Verdict verdict) {
    switch (verdict) {
        case Check::Verdict::good: return "good";
        case Check::Verdict::warning: return "warning";
        case Check::Verdict::bad: return "bad";
    }
    return "bad";
}

std::string to_json(const Check& check) {
    JsonWriter json;
    json.begin_object().field("name", check.name).field("verdict", to_string(check.verdict));
    json.field("found", check.found).field("advice", check.advice).end_object();
    return std::move(json).text();
}

std::vector<Check> Engine::check() { return {{"data folder", Check::Verdict::good, "opened", ""}}; }

}  // namespace archaeologist
