// Definitions by braces. Between definitions the code up to a brace or a semicolon is kept, to see what it declares;
// inside of one only braces are counted.
#include <algorithm>
#include <utility>

#include "text/outline/brace_lexer.hpp"
#include "text/outline/declaration.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t scopes_max = 64;
constexpr std::size_t branches_max = 32;  // of #if within each other
constexpr std::size_t head_bytes_max = 600;

struct Scope {
    DeclarationKind kind = DeclarationKind::none;
    bool is_aside = false;  // in parentheses or an initialiser: what stood before it goes on behind it
    bool has_label = false;
    std::size_t path_size = 0;  // of what encloses it
    std::uint32_t parens = 0;   // that were open before it
};

class BraceScanner final : public Scanner {
public:
    explicit BraceScanner(const Language& language) : language_(language), lexer_(language) {
        lexer_.collect_into(&head_);
    }

    void take(const Segment& segment, Marks& marks) override {
        const std::string_view line = segment.text;
        const std::size_t indent = indent_of(line);
        const bool is_empty = is_blank(line.substr(indent));
        if (segment.begins_line) {
            begin_line(segment, indent, is_empty, marks);
            if (!is_empty && line[indent] == '#' && language_.has(trait::preprocessor) && !lexer_.is_inside()) {
                take_directive(trimmed(line.substr(indent + 1)));
            }
        }
        for (std::size_t at = 0; at < line.size();) {
            const BraceLexer::Token token = lexer_.next(line, at);
            if (token.mark != '\0') take_token(token, segment.at + token.at, marks);
            at = token.at + 1;
        }
        if (segment.ends_line) end_line(line, is_empty, segment.at + line.size(), marks);
    }

private:
    // Whether what stands here is nobody's declaration.
    [[nodiscard]] bool is_in_body() const {
        return !level_.scopes.empty() && (level_.scopes.back().kind == DeclarationKind::none ||
                                          level_.scopes.back().kind == DeclarationKind::definition);
    }
    // Nothing but namespaces around.
    [[nodiscard]] bool is_at_top() const {
        return std::all_of(level_.scopes.begin(), level_.scopes.end(),
                           [](const Scope& scope) { return scope.kind == DeclarationKind::transparent; });
    }

    void begin_line(const Segment& segment, std::size_t indent, bool is_empty, Marks& marks) {
        if (lexer_.is_inside()) {
            marks.add_line(segment.at, Strength::inside);
            return;
        }
        if (is_empty) {
            const bool ends_item = !is_in_body() && level_.parens == 0;
            if (ends_item) finish_item(segment.at, marks);
            marks.add_line(segment.at, Strength::line);
            return;
        }
        const char first = segment.text[indent];
        const bool is_closer = first == '}' || first == ')' || first == ']';
        if (is_in_body()) {
            const bool is_apart = after_blank_ && body_depth_ == 0;
            marks.add_line(segment.at, is_closer ? Strength::inside : is_apart ? Strength::blank : Strength::line);
            return;
        }
        if (may_have_ended_ && level_.parens == 0 && !goes_on_with(first)) finish_item(segment.at, marks);
        may_have_ended_ = false;
        if (has_item_ || level_.parens > 0 || is_closer || (first == '{' && !head_.empty())) {
            marks.add_line(segment.at, Strength::inside);
            return;
        }
        const bool is_apart = after_blank_ || after_body_;
        Strength strength = is_at_top() ? Strength::section : Strength::block;
        if (language_.has(trait::shell_words) && indent > 0) strength = Strength::blank;  // within if … fi
        marks.add_line(segment.at, is_apart ? strength : Strength::line);
        const bool is_directive = first == '#' && language_.has(trait::preprocessor);
        if (is_directive) return;
        has_item_ = true;
        item_at_ = segment.at;
        after_body_ = false;
    }

    // Where a line's end may end a statement: whether the next line goes on with it all the same.
    static bool goes_on_with(char first) {
        return std::string_view("{.?:,&|=+*)]<>").find(first) != std::string_view::npos;
    }

    void end_line(std::string_view line, bool is_empty, std::uint64_t end, Marks& marks) {
        lexer_.end_line(line);
        after_blank_ = is_empty;
        if (is_in_body() || head_.empty()) return;
        const std::string_view head = trimmed(head_);
        if (head.empty()) {
            head_.clear();
            return;
        }
        if (language_.has(trait::lines_end_statements) && level_.parens == 0 && !lexer_.is_inside()) {
            may_have_ended_ = std::string_view(",=+-*/&|<(:?.[\\").find(head.back()) == std::string_view::npos;
        }
        // "public:" and the like stand alone.
        const bool is_access = head.back() == ':' && head.find_first_of(" (") == std::string_view::npos;
        if (is_access && level_.parens == 0) finish_item(end, marks);
        if (!head_.empty() && head_.back() != ' ') add_to_head(" ");
    }

    void add_to_head(std::string_view code) {
        if (head_.size() < head_bytes_max) head_ += code;
    }

    void take_token(const BraceLexer::Token& token, std::uint64_t at, Marks& marks) {
        switch (token.mark) {
            case '{': open_brace(at, marks); break;
            case '}': close_brace(at, marks); break;
            case '(':
            case ')': take_paren(token.mark); break;
            case ';':
                if (is_in_body() || level_.parens > 0) break;
                finish_item(at + 1, marks);
                break;
            default: break;
        }
    }

    void take_paren(char mark) {
        if (is_in_body()) return;
        add_to_head({&mark, 1});
        if (language_.has(trait::shell_words)) return;
        if (mark == '(') {
            ++level_.parens;
        } else if (level_.parens > 0) {
            --level_.parens;
        }
    }

    void open_brace(std::uint64_t at, Marks& marks) {
        if (is_in_body() || level_.scopes.size() >= scopes_max) {
            ++body_depth_;
            return;
        }
        Scope scope;
        scope.path_size = level_.path.size();
        scope.parens = std::exchange(level_.parens, 0);
        scope.is_aside = scope.parens > 0 || (language_.has(trait::member_initialisers) && awaits_initialiser(head_)) ||
                         (language_.has(trait::shell_words) && head_.ends_with('$'));
        if (!scope.is_aside) {
            Declaration declared = classify(head_, language_, Before::brace);
            scope.kind = declared.kind;
            if (!declared.name.empty()) enter(scope, declared.name, marks);
            head_.clear();
            has_item_ = false;
            item_at_ = at + 1;
            after_body_ = true;  // the first of its members begins as well as one behind another
        }
        may_have_ended_ = false;
        level_.scopes.push_back(scope);
        if (is_in_body()) lexer_.collect_into(nullptr);
    }

    void enter(Scope& scope, std::string_view name, Marks& marks) {
        const bool is_definition = scope.kind == DeclarationKind::definition;
        std::string label = level_.path;
        if (!label.empty()) label += is_definition ? language_.member_join : language_.join;
        label += name;
        if (!is_definition && label.size() <= title_bytes_max) level_.path = label;
        marks.add_label(item_at_, is_definition ? LabelKind::definition : LabelKind::container, std::move(label));
        scope.has_label = true;
    }

    void close_brace(std::uint64_t at, Marks& marks) {
        if (body_depth_ > 0) {
            --body_depth_;
            return;
        }
        if (level_.scopes.empty()) return;
        const Scope scope = level_.scopes.back();
        level_.scopes.pop_back();
        level_.path.resize(scope.path_size);
        level_.parens = scope.parens;
        if (scope.has_label) leave(at + 1, marks);
        if (!is_in_body()) lexer_.collect_into(&head_);
        if (scope.is_aside) {
            add_to_head("{}");
            return;
        }
        head_.clear();
        has_item_ = false;
        may_have_ended_ = false;
        after_body_ = true;
        item_at_ = at + 1;
    }

    void leave(std::uint64_t at, Marks& marks) const {
        marks.add_label(at, level_.path.empty() ? LabelKind::none : LabelKind::container, level_.path);
    }

    // A statement is over that had no braces, or a comment that belongs to nothing.
    void finish_item(std::uint64_t end, Marks& marks) {
        if (!has_item_ && is_blank(head_)) {
            head_.clear();
            return;
        }
        if (!head_.empty()) {
            const Declaration declared = classify(head_, language_, Before::semicolon);
            if (declared.kind == DeclarationKind::definition && !declared.name.empty()) {
                Scope scope{declared.kind};
                enter(scope, declared.name, marks);
                leave(end, marks);
            } else if (declared.kind == DeclarationKind::transparent && !declared.name.empty() && level_.path.empty()) {
                Scope scope{declared.kind};  // "namespace x;" is for the rest of the file
                enter(scope, declared.name, marks);
            }
        }
        head_.clear();
        if (has_item_) after_body_ = false;
        has_item_ = false;
        may_have_ended_ = false;
        item_at_ = end;
    }

    // Both branches of an #if begin with the same braces open.
    void take_directive(std::string_view directive) {
        const std::string_view word = leading_name(directive);
        lexer_.skip_directive(directive);
        if (word.starts_with("if")) {
            if (branches_.size() < branches_max) branches_.push_back({level_, body_depth_});
        } else if (word == "endif") {
            if (!branches_.empty()) branches_.pop_back();
        } else if (word.starts_with("el") && !branches_.empty()) {
            level_ = branches_.back().level;
            body_depth_ = branches_.back().body_depth;
            lexer_.collect_into(is_in_body() ? nullptr : &head_);
        }
    }

    struct Level {
        std::vector<Scope> scopes;
        std::string path;          // of the named ones
        std::uint32_t parens = 0;  // open ones, outside of bodies
    };
    struct Branch {
        Level level;
        std::uint64_t body_depth = 0;
    };

    const Language& language_;
    BraceLexer lexer_;
    Level level_;
    std::uint64_t body_depth_ = 0;  // braces within the innermost scope that declares nothing
    std::vector<Branch> branches_;
    std::string head_;           // code of the statement that has begun
    std::uint64_t item_at_ = 0;  // where the statement began, comments before it included
    bool has_item_ = false;
    bool may_have_ended_ = false;  // unless the next line goes on
    bool after_blank_ = false;
    bool after_body_ = true;
};

}  // namespace

std::unique_ptr<Scanner> make_brace_scanner(const Language& language) {
    return std::make_unique<BraceScanner>(language);
}

}  // namespace archaeologist
