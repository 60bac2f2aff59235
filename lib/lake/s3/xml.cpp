#include "lake/s3/xml.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace archaeologist::s3 {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> entities{
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};

struct Span {
    std::size_t begin;  // of the content
    std::size_t end;
    std::size_t next;  // behind the end tag
};

std::optional<Span> find(std::string_view xml, std::string_view name, std::size_t from) {
    const std::string open = "<" + std::string(name);
    for (std::size_t at = xml.find(open, from); at != std::string_view::npos; at = xml.find(open, at + 1)) {
        const std::size_t behind = at + open.size();
        if (behind >= xml.size() || std::string_view("> \t\r\n/").find(xml[behind]) == std::string_view::npos) continue;
        const std::size_t tag_end = xml.find('>', behind);
        if (tag_end == std::string_view::npos) return std::nullopt;
        if (xml[tag_end - 1] == '/') return Span{tag_end, tag_end, tag_end + 1};
        const std::string close = "</" + std::string(name) + ">";
        const std::size_t end = xml.find(close, tag_end);
        if (end == std::string_view::npos) return std::nullopt;
        return Span{tag_end + 1, end, end + close.size()};
    }
    return std::nullopt;
}

// What an entity at the begin of `text` stands for, and how long it is; 0 = it is none.
std::pair<char, std::size_t> entity_at(std::string_view text) {
    for (const auto& [name, character] : entities) {
        if (text.starts_with(name)) return {character, name.size()};
    }
    if (!text.starts_with("&#")) return {'\0', 0};
    const bool is_hex = text.size() > 2 && text[2] == 'x';
    const char* const begin = text.data() + (is_hex ? 3 : 2);
    const char* const end = text.data() + text.size();
    unsigned number = 0;
    const auto parsed = std::from_chars(begin, end, number, is_hex ? 16 : 10);
    if (parsed.ec != std::errc{} || parsed.ptr == end || *parsed.ptr != ';' || number >= 128) return {'\0', 0};
    return {static_cast<char>(number), static_cast<std::size_t>(parsed.ptr - text.data()) + 1};
}

}  // namespace

std::optional<std::string_view> element(std::string_view xml, std::string_view name) {
    const auto found = find(xml, name, 0);
    if (!found) return std::nullopt;
    return xml.substr(found->begin, found->end - found->begin);
}

std::vector<std::string_view> elements(std::string_view xml, std::string_view name) {
    std::vector<std::string_view> all;
    for (auto found = find(xml, name, 0); found; found = find(xml, name, found->next)) {
        all.push_back(xml.substr(found->begin, found->end - found->begin));
    }
    return all;
}

std::string text_of(std::string_view xml) {
    std::string text;
    while (!xml.empty()) {
        const auto [character, size] = xml.front() == '&' ? entity_at(xml) : std::pair{'\0', std::size_t{0}};
        text += size > 0 ? character : xml.front();
        xml.remove_prefix(size > 0 ? size : 1);
    }
    return text;
}

std::string element_text(std::string_view xml, std::string_view name) {
    return text_of(element(xml, name).value_or(std::string_view()));
}

std::string xml_escaped(std::string_view text) {
    std::string xml;
    for (const char c : text) {
        std::string_view name;
        for (const auto& [entity, character] : entities) {
            if (c == character) name = entity;
        }
        if (name.empty()) {
            xml += c;
        } else {
            xml += name;
        }
    }
    return xml;
}

}  // namespace archaeologist::s3
