#include "vector/qdrant/payload.hpp"

#include <xxhash.h>

#include <array>
#include <charconv>
#include <cmath>

#include "vector/headings.hpp"
#include "vector/int8_vector.hpp"
#include "vector/points.hpp"

namespace archaeologist::qdrant {
namespace {

constexpr std::size_t number_bytes_max = 24;

template <class Number>
void append_number(std::string& out, Number number) {
    std::array<char, number_bytes_max> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

template <class Number>
void append_list(std::string& out, std::span<const Number> numbers) {
    out += '[';
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0) out += ',';
        append_number(out, numbers[i]);
    }
    out += ']';
}

Error malformed(std::string_view what) {
    return {Code::io_error, "vector store: a point of a reply has no " + std::string(what) + ", or another kind of it"};
}

// Members that are missing stay as they are; the first of another type is remembered.
class Members {
public:
    explicit Members(simdjson::dom::object object) : object_(object) {}

    template <class Integer>
    void number(std::string_view name, Integer& target) {
        std::int64_t value = 0;
        if (has(name, value)) target = static_cast<Integer>(value);
    }
    void text(std::string_view name, std::string& target) {
        std::string_view value;
        if (has(name, value)) target = value;
    }
    [[nodiscard]] std::string_view wrong() const { return wrong_; }

private:
    template <class Value>
    bool has(std::string_view name, Value& value) {
        const auto found = object_[name];
        if (found.error() == simdjson::NO_SUCH_FIELD) return false;
        if (found.get(value) == simdjson::SUCCESS) return true;
        if (wrong_.empty()) wrong_ = name;
        return false;
    }

    simdjson::dom::object object_;
    std::string_view wrong_;
};

Status parse_payload(simdjson::dom::object payload, Record& record) {
    Members members(payload);
    std::string generation;
    std::string headings;
    members.number(key::source, record.source);
    members.text(key::generation, generation);
    members.number(key::ordinal, record.ordinal);
    members.number(key::core_begin, record.core.begin);
    members.number(key::core_end, record.core.end);
    members.number(key::context_begin, record.context_begin);
    members.number(key::line_first, record.lines.first);
    members.number(key::line_last, record.lines.last);
    members.text(key::path, record.path);
    members.text(key::file_type, record.file_type);
    members.text(key::language, record.language);
    members.text(key::heading, record.heading);
    members.text(key::headings, headings);
    members.text(key::text, record.text);
    members.text(key::digest, record.digest);
    if (!members.wrong().empty()) return malformed(members.wrong());
    ARCHAEO_ASSIGN(record.headings, unpacked_headings(headings, record.core.begin, "vector store"));
    if (generation.empty()) return {};
    const auto id = Uuid::parse(generation);
    if (!id) return malformed(key::generation);
    record.generation = GenerationId(*id);
    return {};
}

// What is asked for as numbers may come as whole ones.
Status parse_vector(simdjson::dom::object vectors, Record& record) {
    simdjson::dom::array numbers;
    if (vectors[dense_vector].get(numbers) != simdjson::SUCCESS) return {};
    for (const simdjson::dom::element number : numbers) {
        double value = 0;
        if (number.get(value) != simdjson::SUCCESS) return malformed("vector");
        record.dense.push_back(static_cast<float>(value));
    }
    return {};
}

}  // namespace

Result<Record> parse_record(simdjson::dom::element point) {
    Record record;
    std::string_view id;
    if (point["id"].get(id) != simdjson::SUCCESS) return malformed("id");
    const auto uuid = Uuid::parse(id);
    if (!uuid) return malformed("id");
    record.id = PointId(*uuid);
    if (point["score"].get(record.score) != simdjson::SUCCESS) record.score = 0;
    simdjson::dom::object object;
    if (point["payload"].get(object) == simdjson::SUCCESS) ARCHAEO_TRY(parse_payload(object, record));
    if (point["vector"].get(object) == simdjson::SUCCESS) ARCHAEO_TRY(parse_vector(object, record));
    return record;
}

Result<std::vector<Record>> parse_records(simdjson::simdjson_result<simdjson::dom::element> points) {
    simdjson::dom::array array;
    if (points.get(array) != simdjson::SUCCESS) return malformed("list");
    std::vector<Record> records;
    records.reserve(array.size());
    for (const simdjson::dom::element point : array) {
        ARCHAEO_ASSIGN(auto record, parse_record(point));
        records.push_back(std::move(record));
    }
    return records;
}

std::string digest_of(const Point& point) {
    const std::array<std::uint64_t, 7> places{point.core.begin,    point.core.end,    point.context.begin,
                                              point.context.end,   point.lines.first, point.lines.last,
                                              point.heading.size()};
    std::string all(reinterpret_cast<const char*>(places.data()), sizeof places);
    all += point.heading;
    all += packed_headings(point.headings, point.core.begin);
    all += core_text(point);
    for (const std::int8_t value : quantize(point.dense)) all += static_cast<char>(value);
    std::array<char, 16> digits;
    digits.fill('0');
    std::array<char, 16> hex;
    const auto end = std::to_chars(hex.data(), hex.data() + hex.size(), XXH3_64bits(all.data(), all.size()), 16).ptr;
    std::copy_backward(hex.data(), end, digits.data() + digits.size());
    return {digits.data(), digits.size()};
}

std::vector<float> unit_vector(std::span<const float> values) {
    double squares = 0;
    for (const float value : values) squares += static_cast<double>(value) * static_cast<double>(value);
    std::vector<float> unit;
    if (squares == 0) return unit;
    const double scale = 1 / std::sqrt(squares);
    unit.reserve(values.size());
    for (const float value : values) unit.push_back(static_cast<float>(static_cast<double>(value) * scale));
    return unit;
}

void append_numbers(std::string& out, std::span<const float> numbers) { append_list(out, numbers); }

void append_sparse(std::string& out, const SparseVector& vector) {
    out += "{\"indices\":";
    append_list(out, std::span<const std::uint32_t>(vector.indices));
    out += ",\"values\":";
    append_list(out, std::span<const float>(vector.values));
    out += '}';
}

}  // namespace archaeologist::qdrant
