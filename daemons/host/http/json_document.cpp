#include "host/http/json_document.hpp"

#include <simdjson.h>

#include <algorithm>

namespace archaeologist::host {
namespace {

using Element = simdjson::dom::element;
using Type = simdjson::dom::element_type;

constexpr std::size_t shown_bytes_max = 100;

std::string shown(const Element& element) {
    std::string text = simdjson::minify(element);
    if (text.size() > shown_bytes_max) text = text.substr(0, shown_bytes_max) + "…";
    return text;
}

Error wrong(const std::string& name, const Element& element, const std::string& rule) {
    return {Code::invalid_argument, name + " is " + shown(element) + ", must be " + rule};
}

Status check(const std::string& name, const Element& element, const Schema& schema);

Status check_object(const std::string& name, const Element& element, const Schema& schema) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return wrong(name, element, "an object");
    if (schema.kind == Schema::Kind::free_object) return {};
    const std::string prefix = name == "body" ? "" : name + '.';
    for (const auto& field : object) {
        const auto known = std::find_if(schema.members.begin(), schema.members.end(),
                                        [&](const auto& member) { return member.name == field.key; });
        if (known == schema.members.end()) {
            std::string names;
            for (const auto& member : schema.members) names.append(names.empty() ? "" : ", ").append(member.name);
            std::string message = name;
            message.append(" has the member \"").append(std::string_view(field.key).substr(0, shown_bytes_max));
            message.append("\", must have only ").append(names);
            return Error{Code::invalid_argument, std::move(message)};
        }
        const bool is_left_out = field.value.is_null() && !known->required;
        if (!is_left_out) ARCHAEO_TRY(check(prefix + known->name, field.value, known->schema));
    }
    for (const auto& member : schema.members) {
        if (member.required && object.at_key(member.name).error() != simdjson::SUCCESS) {
            return Error{Code::invalid_argument, prefix + member.name + " is missing, must be given"};
        }
    }
    return {};
}

Status check_array(const std::string& name, const Element& element, const Schema& schema) {
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS) return wrong(name, element, "an array");
    const auto size = static_cast<std::int64_t>(array.size());
    if (size > schema.most) {
        return Error{Code::invalid_argument, name + " has " + std::to_string(size) + " items, must have at most " +
                                                 std::to_string(schema.most)};
    }
    std::size_t at = 0;
    for (const auto& item : array)
        ARCHAEO_TRY(check(name + '[' + std::to_string(at++) + ']', item, schema.items.front()));
    return {};
}

Status check(const std::string& name, const Element& element, const Schema& schema) {
    using Kind = Schema::Kind;
    switch (schema.kind) {
        case Kind::object:
        case Kind::free_object: return check_object(name, element, schema);
        case Kind::array: return check_array(name, element, schema);
        case Kind::flag: return element.is_bool() ? Status() : wrong(name, element, "true or false");
        case Kind::integer: {
            std::int64_t number = 0;
            if (element.get(number) != simdjson::SUCCESS) return wrong(name, element, "an integer");
            return check_integer(name, number, schema);
        }
        case Kind::text: break;
    }
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) return wrong(name, element, "a string");
    return check_text(name, text, schema);
}

}  // namespace

class JsonDocument::Impl {
public:
    std::shared_ptr<simdjson::dom::parser> parser;  // its memory holds the element
    Element element;

    [[nodiscard]] std::optional<Element> member(std::string_view name) const {
        Element value;
        if (element.at_key(name).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
        return value;
    }
};

JsonDocument::JsonDocument() : JsonDocument(parse("{}").value()) {}

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
    auto impl = std::make_shared<Impl>();
    impl->parser = std::make_shared<simdjson::dom::parser>();
    const auto error = impl->parser->parse(text.data(), text.size(), true).get(impl->element);
    if (error != simdjson::SUCCESS) {
        return Error{Code::invalid_argument, std::string("body is no JSON: ") + simdjson::error_message(error)};
    }
    if (!impl->element.is_object()) return wrong("body", impl->element, "an object");
    JsonDocument document{nullptr};
    document.impl_ = std::move(impl);
    return document;
}

JsonDocument::JsonDocument(std::nullptr_t) {}

Status JsonDocument::check(const Schema& schema) const { return host::check("body", impl_->element, schema); }

std::optional<std::string> JsonDocument::text(std::string_view name) const {
    const auto value = impl_->member(name);
    std::string_view text;
    if (!value || value->get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
}

std::optional<std::int64_t> JsonDocument::integer(std::string_view name) const {
    const auto value = impl_->member(name);
    std::int64_t number = 0;
    if (!value || value->get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
}

std::vector<std::string> JsonDocument::texts(std::string_view name) const {
    std::vector<std::string> all;
    const auto value = impl_->member(name);
    simdjson::dom::array array;
    if (!value || value->get(array) != simdjson::SUCCESS) return all;
    for (const auto& item : array) {
        std::string_view text;
        if (item.get(text) == simdjson::SUCCESS) all.emplace_back(text);
    }
    return all;
}

std::optional<JsonDocument> JsonDocument::object(std::string_view name) const {
    const auto value = impl_->member(name);
    if (!value || !value->is_object()) return std::nullopt;
    auto impl = std::make_shared<Impl>();
    impl->parser = impl_->parser;
    impl->element = *value;
    JsonDocument document{nullptr};
    document.impl_ = std::move(impl);
    return document;
}

std::optional<std::string> JsonDocument::json(std::string_view name) const {
    const auto value = impl_->member(name);
    if (!value) return std::nullopt;
    return simdjson::minify(*value);
}

}  // namespace archaeologist::host
