#include "cli/json_fields.hpp"

#include <limits>

#include "archaeologist/json.hpp"
#include "cli/remote_json.hpp"

namespace archaeologist::cli {
namespace {

namespace dom = simdjson::dom;

// As the library writes values, so that what it wrote comes out as it was. As deep as simdjson lets a text be.
void write_value(JsonWriter& json, dom::element element) {
    switch (element.type()) {
        case dom::element_type::ARRAY:
            json.begin_array();
            for (const auto child : dom::array(element)) write_value(json, child);
            json.end_array();
            return;
        case dom::element_type::OBJECT:
            json.begin_object();
            for (const auto& [key, child] : dom::object(element)) write_value(json.key(key), child);
            json.end_object();
            return;
        case dom::element_type::INT64: json.value(std::int64_t(element)); return;
        case dom::element_type::UINT64: json.value(std::uint64_t(element)); return;
        case dom::element_type::DOUBLE: json.value(double(element)); return;
        case dom::element_type::STRING: json.value(std::string_view(element)); return;
        case dom::element_type::BOOL: json.value(bool(element)); return;
        case dom::element_type::NULL_VALUE: json.null(); return;
    }
}

}  // namespace

Fields::Fields(dom::element element, std::string place, std::string& trouble)
    : element_(element), place_(std::move(place)), trouble_(trouble) {
    if (trouble_.empty() && !element_.is_object()) trouble_ = place_.empty() ? "the JSON object" : place_;
}

std::string Fields::place_of(std::string_view key) const {
    return place_.empty() || key.empty() ? place_ + std::string(key) : place_ + '.' + std::string(key);
}

void Fields::bad(std::string_view key) const {
    if (trouble_.empty()) trouble_ = place_of(key);
}

template <class Value>
Value Fields::get(std::string_view key) const {
    Value value{};
    if (!trouble_.empty()) return value;
    if (element_[key].get(value) != simdjson::SUCCESS) {
        bad(key);
        return Value{};
    }
    return value;
}

std::string Fields::text(std::string_view key) const { return std::string(get<std::string_view>(key)); }

std::string Fields::text_or_nothing(std::string_view key) const { return has(key) ? text(key) : std::string(); }

bool Fields::flag(std::string_view key) const { return get<bool>(key); }

double Fields::real(std::string_view key) const { return get<double>(key); }

std::int64_t Fields::integer(std::string_view key) const { return get<std::int64_t>(key); }

std::uint64_t Fields::count(std::string_view key) const { return get<std::uint64_t>(key); }

int Fields::small(std::string_view key) const {
    const std::int64_t value = integer(key);
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
        bad(key);
        return 0;
    }
    return static_cast<int>(value);
}

std::string Fields::json(std::string_view key) const {
    if (!trouble_.empty()) return {};
    dom::element value;
    if (element_[key].get(value) != simdjson::SUCCESS) {
        bad(key);
        return {};
    }
    if (value.is_null()) return {};
    JsonWriter json;
    write_value(json, value);
    return std::move(json).text();
}

TimePoint Fields::time(std::string_view key) const {
    const auto value = parse_rfc3339(text(key));
    if (!value) bad(key);
    return value.value_or(TimePoint{});
}

Uuid Fields::uuid(std::string_view key) const {
    const auto value = Uuid::parse(text(key));
    if (!value) bad(key);
    return value.value_or(Uuid{});
}

ContentHash Fields::hash(std::string_view key) const {
    const auto value = ContentHash::parse(text(key));
    if (!value) bad(key);
    return value.value_or(ContentHash{});
}

bool Fields::has(std::string_view key) const {
    dom::element value;
    return trouble_.empty() && element_[key].get(value) == simdjson::SUCCESS && !value.is_null();
}

Fields Fields::object(std::string_view key) const { return {get<dom::element>(key), place_of(key), trouble_}; }

std::vector<dom::element> Fields::elements(std::string_view key) const {
    const auto array = get<dom::array>(key);
    if (!trouble_.empty()) return {};
    std::vector<dom::element> all;
    for (const auto element : array) all.push_back(element);
    return all;
}

Fields::Pair Fields::pair_of(dom::element element, std::string_view key) const {
    Pair pair;
    dom::array two;
    if (element.get(two) != simdjson::SUCCESS || two.size() != 2 || two.at(0).get(pair.first) != simdjson::SUCCESS ||
        two.at(1).get(pair.second) != simdjson::SUCCESS) {
        bad(key);
        return {};
    }
    return pair;
}

Fields::Pair Fields::pair(std::string_view key) const {
    const auto element = get<dom::element>(key);
    return trouble_.empty() ? pair_of(element, key) : Pair{};
}

std::vector<Fields::Pair> Fields::pairs(std::string_view key) const {
    std::vector<Pair> all;
    for (const auto element : elements(key)) all.push_back(pair_of(element, key));
    return all;
}

std::vector<std::string> Fields::texts(std::string_view key) const {
    std::vector<std::string> all;
    for (const auto element : elements(key)) {
        std::string_view text;
        if (element.get(text) != simdjson::SUCCESS) bad(key);
        all.emplace_back(text);
    }
    return all;
}

}  // namespace archaeologist::cli
