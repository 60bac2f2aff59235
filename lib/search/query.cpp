#include "search/query.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "archaeologist/search.hpp"
#include "extract/detect.hpp"
#include "text/characters.hpp"
#include "text/natural_language.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t operators_max = 64;
constexpr std::array<std::string_view, 10> file_types{"text", "markdown", "code", "sql", "csv",
                                                      "json", "xml",      "html", "log", "config"};

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Letters, digits, _ and what is written without spaces.
bool is_word_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return false;
    const CharacterKind kind = character_at(text, at).kind;
    return begins_word(kind) || kind == CharacterKind::ideograph;
}

bool ends_with_word(std::string_view text) {
    if (text.empty()) return false;
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    const CharacterKind kind = character_at(text, at).kind;
    return begins_word(kind) || kind == CharacterKind::ideograph || attaches(kind);
}

enum class Field { path, lang, type, symbol };

struct FieldName {
    std::string_view name;
    Field field;
    std::string_view example;
};
constexpr std::array<FieldName, 4> field_names{{{"path", Field::path, "path:src/*.c"},
                                                {"lang", Field::lang, "lang:python"},
                                                {"type", Field::type, "type:markdown"},
                                                {"symbol", Field::symbol, "symbol:main"}}};

class Parser {
public:
    explicit Parser(std::string_view query) : query_(query) {}

    Result<ParsedQuery> run() {
        for (skip_spaces(); at_ < query_.size(); skip_spaces()) ARCHAEO_TRY(item());
        if (operators_ > operators_max) {
            return refused("the query has " + std::to_string(operators_) +
                           " phrases, prefixes, fields and exclusions, must have at most " +
                           std::to_string(operators_max));
        }
        if (operators_ == 0) parsed_.text = query_;
        const bool looks_for_any = !parsed_.wanted.empty() || !parsed_.fields.symbols.empty();
        if (!looks_for_any && operators_ > 0) {
            return refused(
                "the query says only where to look and what to leave out, must have a word, a \"phrase\", a "
                "begin* or a symbol: to look for");
        }
        return std::move(parsed_);
    }

private:
    static Error refused(const std::string& what) { return {Code::invalid_argument, "search: " + what}; }

    [[nodiscard]] std::string place(std::size_t at) const {
        const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
        const auto before = std::count_if(query_.begin(), query_.begin() + static_cast<std::ptrdiff_t>(at), begins);
        return " at character " + std::to_string(before + 1);
    }

    void skip_spaces() {
        while (at_ < query_.size() && is_space(query_[at_])) ++at_;
    }

    [[nodiscard]] bool is_at(std::size_t at, char c) const { return at < query_.size() && query_[at] == c; }

    Status item() {
        const std::size_t begin = at_;
        const bool is_unwanted = is_at(at_, '-') && (is_at(at_ + 1, '"') || is_word_at(query_, at_ + 1));
        if (is_unwanted) {
            ++at_;
            ++operators_;
        }
        if (const FieldName* name = field_at(at_)) {
            at_ += name->name.size() + 1;
            return field(*name, begin, is_unwanted ? parsed_.not_fields : parsed_.fields);
        }
        QueryWords& words = is_unwanted ? parsed_.unwanted : parsed_.wanted;
        std::string text;
        if (is_at(at_, '"')) {
            ARCHAEO_ASSIGN(text, quoted());
            if (!has_word(text)) return refused("the phrase" + place(begin) + " has no word, must have one");
            words.phrases.push_back(text);
            ++operators_;
        } else {
            text = unquoted();
            std::string_view word = text;
            while (word.ends_with('*')) word.remove_suffix(1);
            const bool is_prefix = word.size() < text.size() && ends_with_word(word);
            if (is_prefix) text = word;
            (is_prefix ? words.prefixes : words.words).push_back(text);
            if (is_prefix) ++operators_;
        }
        if (!is_unwanted) add_text(text);
        return {};
    }

    Status field(const FieldName& name, std::size_t begin, QueryFields& fields) {
        ++operators_;
        std::string value;
        if (is_at(at_, '"')) {
            ARCHAEO_ASSIGN(value, quoted());
        } else {
            value = unquoted();
        }
        const std::string what = std::string(name.name) + ":";
        if (value.empty()) {
            return refused(what + place(begin) + " has no value, must be like " + std::string(name.example) +
                           ", or within quotes when it is text");
        }
        switch (name.field) {
            case Field::path: fields.paths.push_back(std::move(value)); return {};
            case Field::lang:
                fields.languages.push_back(language_name(value));
                if (is_language(fields.languages.back())) return {};
                return refused(what + value + place(begin) + " is no language, must be " +
                               std::string(language_examples) + "; types of files are type:");
            case Field::symbol:
                fields.symbols.push_back(value);
                if (&fields == &parsed_.fields) add_text(value);
                return {};
            case Field::type: break;
        }
        if (!is_file_type(value)) {
            return refused(what + value + place(begin) + " is no type of file, must be one of " + file_type_names() +
                           "; languages are lang:");
        }
        fields.file_types.push_back(std::move(value));
        return {};
    }

    [[nodiscard]] const FieldName* field_at(std::size_t at) const {
        for (const FieldName& name : field_names) {
            const std::size_t colon = at + name.name.size();
            if (query_.substr(at).starts_with(name.name) && is_at(colon, ':') && !is_at(colon + 1, ':')) return &name;
        }
        return nullptr;
    }

    Result<std::string> quoted() {
        const std::size_t begin = at_++;
        std::string text;
        for (; at_ < query_.size(); ++at_) {
            if (query_[at_] == '"') {
                ++at_;
                return text;
            }
            const bool is_escape = query_[at_] == '\\' && (is_at(at_ + 1, '"') || is_at(at_ + 1, '\\'));
            if (is_escape) ++at_;
            text += query_[at_];
        }
        return refused("the quote" + place(begin) + " is not closed, must have another \" behind it");
    }

    std::string unquoted() {
        const std::size_t begin = at_;
        while (at_ < query_.size() && !is_space(query_[at_])) ++at_;
        return std::string(query_.substr(begin, at_ - begin));
    }

    static bool has_word(std::string_view text) {
        for (std::size_t at = 0; at < text.size(); at += character_at(text, at).length) {
            if (is_word_at(text, at)) return true;
        }
        return false;
    }

    void add_text(std::string_view text) {
        if (!parsed_.text.empty()) parsed_.text += ' ';
        parsed_.text += text;
    }

    std::string_view query_;
    std::size_t at_ = 0;
    std::size_t operators_ = 0;
    ParsedQuery parsed_;
};

struct Alias {
    std::string_view typed;
    std::string_view name;
};
constexpr std::array<Alias, 20> language_aliases{
    {{"cpp", "c++"},          {"cc", "c++"},        {"cxx", "c++"},        {"cs", "c#"},     {"csharp", "c#"},
     {"js", "javascript"},    {"ts", "typescript"}, {"py", "python"},      {"rb", "ruby"},   {"rs", "rust"},
     {"sh", "shell"},         {"bash", "shell"},    {"golang", "go"},      {"kt", "kotlin"}, {"vb", "visual basic"},
     {"vba", "visual basic"}, {"cbl", "cobol"},     {"ps1", "powershell"}, {"pl", "perl"},   {"md", "markdown"}}};

}  // namespace

Result<ParsedQuery> parse_query(std::string_view query) { return Parser(query).run(); }

bool is_language(std::string_view name) {
    return is_programming_language(name) || find_natural_language(name).has_value();
}

bool is_file_type(std::string_view name) {
    return std::find(file_types.begin(), file_types.end(), name) != file_types.end();
}

std::string file_type_names() {
    std::string names;
    for (const std::string_view type : file_types) names.append(names.empty() ? "" : ", ").append(type);
    return names;
}

std::vector<std::string> path_globs(std::string_view value) {
    if (value.find_first_of("*?") != std::string_view::npos) return {std::string(value)};
    while (value.starts_with('/')) value.remove_prefix(1);
    while (value.ends_with('/')) value.remove_suffix(1);
    const std::string anywhere = "**/" + std::string(value);
    return {anywhere, anywhere + "/**"};
}

std::string language_name(std::string_view typed) {
    std::string name(typed);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    const auto alias = std::find_if(language_aliases.begin(), language_aliases.end(),
                                    [&](const Alias& one) { return one.typed == name; });
    if (alias != language_aliases.end()) return std::string(alias->name);
    const auto natural = find_natural_language_by_code(name);
    return natural ? std::string(name_of(*natural)) : name;
}

}  // namespace archaeologist
