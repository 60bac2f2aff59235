#include "text/outline/declaration.hpp"

#include <algorithm>
#include <array>

#include "text/characters.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t tokens_max = 96;
constexpr std::size_t head_bytes_max = 1'000;

constexpr Words control_words =
    "if for while switch catch foreach using lock synchronized do else try return unless with fixed match loop until "
    "case "
    "elif then finally defer select guard when throw new await yield";
constexpr Words words_before_parentheses =
    "__attribute__ __declspec alignas decltype noexcept requires explicit pub throws typeof __extension__ extern";
constexpr Words access_words = "public private protected signals slots default Q_SIGNALS Q_SLOTS";

enum class TokenKind : std::uint8_t { word, parens, angle, square, assign, other };

struct Token {
    TokenKind kind = TokenKind::other;
    std::string_view text;  // of a group without its brackets
};

// The head as words and groups in brackets; what stands in groups is not looked into.
class Tokens {
public:
    explicit Tokens(std::string_view head) : head_(head) {
        while (!head.empty() && size_ < tokens_max) head.remove_prefix(read(head));
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Token operator[](std::size_t i) const {
        if (i >= size_) return {};
        return {tokens_[i].kind, head_.substr(tokens_[i].begin, tokens_[i].size)};
    }
    [[nodiscard]] bool is(std::size_t i, TokenKind kind) const { return i < size_ && tokens_[i].kind == kind; }
    [[nodiscard]] bool is_other(std::size_t i, char c) const {
        return is(i, TokenKind::other) && head_[tokens_[i].begin] == c;
    }

private:
    void add(TokenKind kind, std::string_view text) {
        const auto begin = static_cast<std::uint16_t>(text.data() - head_.data());
        tokens_[size_++] = {kind, begin, static_cast<std::uint16_t>(text.size())};
    }

    std::size_t read(std::string_view head) {
        const char c = head[0];
        if (c == ' ' || c == '"' || (c >= '\t' && c <= '\r')) return 1;
        if (is_name_byte(c) || c == '~' || c == '$') return read_word(head);
        if (c == '(') return read_group(head, TokenKind::parens, '(', ')');
        if (c == '[') return read_group(head, TokenKind::square, '[', ']');
        if (c == '<' && size_ > 0 && tokens_[size_ - 1].kind == TokenKind::word) {
            return read_group(head, TokenKind::angle, '<', '>');
        }
        if (c == '=') {
            const bool is_assign = head.size() < 2 || (head[1] != '=' && head[1] != '>');
            add(is_assign ? TokenKind::assign : TokenKind::other, head.substr(0, 1));
            return is_assign ? 1 : 2;
        }
        add(TokenKind::other, head.substr(0, 1));
        return 1;
    }

    // Names with the paths to them; "operator+" is one.
    std::size_t read_word(std::string_view head) {
        std::size_t end = 1;
        while (end < head.size()) {
            while (end < head.size() && is_name_byte(head[end])) ++end;
            if (end == head.size()) break;
            const char c = head[end];
            const bool may_go_on = end + 1 < head.size();
            const bool is_path = c == ':' && may_go_on && head[end + 1] == ':';
            const bool is_part = c == '$' || (c == '~' && head[end - 1] == ':') ||
                                 ((c == '.' || c == '\\') && may_go_on && is_name_byte(head[end + 1]));
            if (!is_path && !is_part) break;
            end += is_path ? 2 : 1;
        }
        const std::string_view word = head.substr(0, end);
        if (word == "operator" || word.ends_with("::operator")) {
            const bool is_call = head.substr(end).starts_with("()");
            end = is_call ? end + 2 : std::min(head.find('(', end), head.size());
        }
        add(TokenKind::word, trimmed(head.substr(0, end)));
        return end;
    }

    std::size_t read_group(std::string_view head, TokenKind kind, char open, char close) {
        int depth = 0;
        for (std::size_t at = 0; at < head.size(); at = find_either(head, at + 1, open, close)) {
            if (head[at] == open) {
                ++depth;
            } else if ((close != '>' || head[at - 1] != '-') && --depth == 0) {
                add(kind, head.substr(1, at - 1));
                return at + 1;
            }
        }
        add(TokenKind::other, head.substr(0, 1));
        return 1;
    }

    struct Place {
        TokenKind kind;
        std::uint16_t begin;
        std::uint16_t size;
    };

    std::string_view head_;
    std::array<Place, tokens_max> tokens_;  // the first size_ are set
    std::size_t size_ = 0;
};

class Classifier {
public:
    Classifier(const Tokens& tokens, const Language& language, Before before)
        : tokens_(tokens), language_(language), before_(before) {}

    [[nodiscard]] Declaration classify() const {
        for (std::size_t i = skip_prefix(); i < tokens_.size(); ++i) {
            if (tokens_.is(i, TokenKind::assign)) return variable(i);
            if (tokens_.is_other(i, '@') && tokens_[i + 1].text != "interface") {
                i += tokens_.is(i + 2, TokenKind::parens) ? 2 : 1;
                continue;
            }
            if (tokens_.is(i, TokenKind::parens)) {
                if (is_unnamed_group(i)) continue;
                return function_at(i);
            }
            if (!tokens_.is(i, TokenKind::word)) continue;
            Declaration by_keyword = keyword_at(i);
            if (by_keyword.kind != DeclarationKind::none) return by_keyword;
            if (control_words.has(tokens_[i].text) && i == 0) return {};
        }
        return without_parens();
    }

private:
    // Annotations, attributes, template<…>, access labels.
    [[nodiscard]] std::size_t skip_prefix() const {
        std::size_t i = 0;
        while (i < tokens_.size()) {
            const bool is_pair = (tokens_.is_other(i, '#') && tokens_.is(i + 1, TokenKind::square)) ||
                                 (tokens_[i].text == "template" && tokens_.is(i + 1, TokenKind::angle)) ||
                                 (access_words.has(tokens_[i].text) && tokens_.is_other(i + 1, ':'));
            if (!is_pair && !(tokens_.is(i, TokenKind::square) && tokens_.size() > i + 1)) break;
            i += is_pair ? 2 : 1;
        }
        return i;
    }

    [[nodiscard]] bool is_unnamed_group(std::size_t i) const {
        return i > 0 && tokens_.is(i - 1, TokenKind::word) && words_before_parentheses.has(tokens_[i - 1].text);
    }

    [[nodiscard]] Declaration keyword_at(std::size_t i) const {
        const std::string_view word = tokens_[i].text;
        if (language_.functions.has(word)) return named_function(i);
        if (language_.namespaces.has(word)) {
            const bool is_alias = before_ == Before::semicolon && language_.has(trait::member_initialisers);
            return is_alias ? Declaration{} : Declaration{DeclarationKind::transparent, name_behind(i)};
        }
        const bool is_container = language_.containers.has(word);
        if (!is_container && !language_.types.has(word)) {
            const bool is_linkage =
                word == "extern" && language_.has(trait::typed_functions) && tokens_.size() == i + 1;
            return is_linkage ? Declaration{DeclarationKind::transparent, {}} : Declaration{};
        }
        if (before_ == Before::semicolon && !language_.has(trait::lines_end_statements)) return {};
        if (language_.has(trait::preprocessor) && names_a_type_only(i)) return {};
        if (word == "impl") return {DeclarationKind::container, implemented(i)};
        std::string name = language_.has(trait::preprocessor) ? class_name(i) : name_behind(i);
        if (name.empty() && !language_.has(trait::preprocessor)) return {};
        return {is_container ? DeclarationKind::container : DeclarationKind::definition, std::move(name)};
    }

    // "struct x* f() {", "static struct x y = {": the keyword is only part of a type.
    [[nodiscard]] bool names_a_type_only(std::size_t i) const {
        for (std::size_t j = i + 1; j < tokens_.size(); ++j) {
            if (tokens_.is_other(j, ':')) return false;
            if (tokens_.is(j, TokenKind::assign)) return true;
            if (tokens_.is(j, TokenKind::parens) && !is_unnamed_group(j)) {
                return language_.has(trait::member_initialisers);
            }
        }
        return false;
    }

    // The last of the words behind "class": those before are macros and attributes.
    [[nodiscard]] std::string class_name(std::size_t i) const {
        std::string_view name;
        for (std::size_t j = i + 1; j < tokens_.size(); ++j) {
            if (tokens_.is_other(j, ':')) break;
            const std::string_view word = tokens_[j].text;
            const bool is_name = tokens_.is(j, TokenKind::word) && word != "final" && word != "class" &&
                                 word != "struct" && word != "where" && !words_before_parentheses.has(word);
            if (is_name) name = word;
            if (is_name && !language_.has(trait::member_initialisers) && language_.has(trait::properties)) break;
        }
        return std::string(name);
    }

    [[nodiscard]] std::string name_behind(std::size_t i) const {
        for (std::size_t j = i + 1; j < tokens_.size() && j <= i + 3; ++j) {
            if (tokens_.is(j, TokenKind::word)) return std::string(tokens_[j].text);
            if (!tokens_.is_other(j, '*') && !tokens_.is_other(j, '!') && !tokens_.is(j, TokenKind::angle)) break;
        }
        return {};
    }

    [[nodiscard]] std::string implemented(std::size_t i) const {
        std::string_view name;
        for (std::size_t j = i + 1; j < tokens_.size(); ++j) {
            if (!tokens_.is(j, TokenKind::word)) continue;
            if (tokens_[j].text == "where") break;
            if (tokens_[j].text == "for") {
                name = {};
            } else if (name.empty() && tokens_[j].text != "dyn" && tokens_[j].text != "mut") {
                name = tokens_[j].text;
            }
        }
        return std::string(name);
    }

    [[nodiscard]] Declaration named_function(std::size_t i) const {
        if (language_.has(trait::receivers) && tokens_.is(i + 1, TokenKind::parens) &&
            tokens_.is(i + 2, TokenKind::word)) {
            std::string_view receiver = tokens_[i + 1].text;
            receiver = trimmed(receiver.substr(0, receiver.find('[')));
            const std::size_t begin = receiver.find_last_of(" *\t");
            if (begin != npos) receiver.remove_prefix(begin + 1);
            return {DeclarationKind::definition, std::string(receiver) + "." + std::string(tokens_[i + 2].text)};
        }
        std::string name = name_behind(i);
        if (name.empty()) return {};
        return {DeclarationKind::definition, std::move(name)};
    }

    // A name before parentheses, if it can be a function's.
    [[nodiscard]] Declaration function_at(std::size_t parens) const {
        const std::size_t i = parens > 1 && tokens_.is(parens - 1, TokenKind::angle) ? parens - 2 : parens - 1;
        if (parens == 0 || !tokens_.is(i, TokenKind::word)) return {};
        const std::string_view name = tokens_[i].text;
        if (control_words.has(name) || language_.functions.has(name)) return {};
        const bool has_type = language_.has(trait::typed_functions) && i > 0;
        const bool may_be_bare =
            language_.has(trait::bare_methods | trait::typed_functions) && before_ == Before::brace;
        if (before_ == Before::semicolon && (tokens_[parens].text.starts_with('*') || !has_type)) return {};
        if (!has_type && !may_be_bare) return {};
        return {DeclarationKind::definition, std::string(name)};
    }

    // "const int table[] = {", "const f: Type = (x) => {".
    [[nodiscard]] Declaration variable(std::size_t assign) const {
        if (before_ == Before::semicolon) return {};
        std::string_view name;
        for (std::size_t i = 0; i < assign; ++i) {
            if (tokens_.is_other(i, ':') && !name.empty()) break;
            if (tokens_.is(i, TokenKind::word)) name = tokens_[i].text;
        }
        const bool is_class = tokens_[assign + 1].text == "class" || tokens_[assign + 1].text == "struct";
        if (name.empty()) return {};
        return {is_class ? DeclarationKind::container : DeclarationKind::definition, std::string(name)};
    }

    // C#'s "public int Count {".
    [[nodiscard]] Declaration without_parens() const {
        const std::size_t size = tokens_.size();
        const bool is_property = language_.has(trait::properties) && before_ == Before::brace && size >= 2 &&
                                 tokens_.is(size - 1, TokenKind::word) && !control_words.has(tokens_[0].text);
        if (!is_property) return {};
        return {DeclarationKind::definition, std::string(tokens_[size - 1].text)};
    }

    const Tokens& tokens_;
    const Language& language_;
    Before before_;
};

}  // namespace

Declaration classify(std::string_view head, const Language& language, Before before) {
    head = head.substr(0, head_bytes_max);
    // Without parentheses a statement of these languages declares no function.
    const bool is_plain = before == Before::semicolon && language.has(trait::typed_functions) &&
                          !language.has(trait::properties) && head.find('(') == npos;
    if (is_plain) return {};
    const Tokens tokens(head);
    Declaration found = Classifier(tokens, language, before).classify();
    if (found.name.size() > title_bytes_max) found.name.resize(utf8_prefix(found.name, title_bytes_max).size());
    return found;
}

bool awaits_initialiser(std::string_view head) {
    head = trimmed(head);
    if (head.empty() || !(is_name_byte(head.back()) || head.back() == '>')) return false;
    const std::size_t parens = head.find(')');
    if (parens == npos) return false;
    std::size_t colon = head.find(':', parens);
    while (colon != npos && (head.substr(colon, 2) == "::" || head[colon - 1] == ':'))
        colon = head.find(':', colon + 1);
    return colon != npos;
}

}  // namespace archaeologist
