// CommonMark's leaf blocks as far as cuts and headings depend on them: headings of both kinds, fences, tables, lists,
// front matter. What stands in a list item or a quotation is read as lines of it.
#include <algorithm>
#include <array>
#include <optional>

#include "text/characters.hpp"
#include "text/outline/markdown.hpp"
#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

class MarkdownScanner final : public Scanner {
public:
    void take(const Segment& segment, Marks& marks) override {
        if (!segment.begins_line) {
            is_long_line_ = true;
            return;
        }
        const std::string_view line = segment.text;
        if (fence_.mark != '\0') {
            marks.add_line(segment.at, Strength::inside);
            if (closes(fence_, line)) leave_fence();
            return;
        }
        if (segment.at == 0 && trimmed(line) == "---") {  // front matter reads like a block of its own
            fence_ = {'-', 3, {}};
            marks.add_line(segment.at, Strength::block);
            return;
        }
        take_line(segment, marks);
    }

private:
    enum class Before : std::uint8_t { nothing, blank, heading, paragraph, list, row, block };

    void leave_fence() {
        fence_ = {};
        before_ = Before::block;
        after_heading_ = false;
    }

    void take_line(const Segment& segment, Marks& marks) {
        const std::string_view line = segment.text;
        if (is_blank(line)) {
            marks.add_line(segment.at, after_heading_ ? Strength::inside : Strength::line);
            after_blank_ = true;
            paragraph_.reset();
            if (before_ == Before::row) table_label_end(segment.at, marks);
            return;
        }
        if (const MarkdownHeading heading = parse_heading(line); heading.level > 0) {
            add_heading(segment.at, heading, marks);
            return;
        }
        if (const std::size_t level = underline_level(line); level > 0 && paragraph_ && !after_blank_) {
            marks.add_line(segment.at, Strength::inside);
            marks.strengthen(paragraph_->at, paragraph_->was_after_heading ? Strength::line : Strength::section);
            enter({level, trimmed(paragraph_->text)}, paragraph_->at, marks);
            paragraph_.reset();
            return;
        }
        if (const Fence fence = parse_fence(line); fence.mark != '\0') {
            marks.add_line(segment.at, own_strength(Strength::block));
            fence_ = fence;
            begin_block(Before::block);
            return;
        }
        take_text(segment, marks);
    }

    // A line of a table, a list or a paragraph.
    void take_text(const Segment& segment, Marks& marks) {
        const std::string_view line = segment.text;
        if (is_table_row(line)) {
            take_row(segment, marks);
            return;
        }
        if (before_ == Before::row) table_label_end(segment.at, marks);
        const bool is_item = begins_item(line);
        const bool is_list = is_item || (before_ == Before::list && (!after_blank_ || indent_of(line) >= 2));
        Strength strength = after_blank_ ? Strength::blank : Strength::line;
        if (is_item && before_ != Before::list) strength = Strength::block;
        if (before_ == Before::block) strength = Strength::block;
        if (is_list && !is_item) strength = after_blank_ ? Strength::line : Strength::inside;
        if (is_item && before_ == Before::list) strength = indent_of(line) == 0 ? Strength::blank : Strength::line;
        marks.add_line(segment.at, own_strength(strength));
        add_paragraph(segment, is_list);
        begin_block(is_list ? Before::list : Before::paragraph);
    }

    void take_row(const Segment& segment, Marks& marks) {
        const bool is_first = before_ != Before::row || after_blank_;
        if (is_first) {
            marks.add_line(segment.at, own_strength(Strength::block));
            header_ = utf8_prefix(segment.text, label_bytes_max);
            header_at_ = segment.at;
            rows_ = 1;
        } else {
            ++rows_;
            // The header, the line under it and the first row stay together.
            marks.add_line(segment.at, rows_ <= 3 ? Strength::inside : Strength::line);
            if (rows_ == 2 && is_table_rule(segment.text)) {
                has_table_label_ = true;
                marks.add_label(header_at_, LabelKind::definition, path(trimmed(header_)));
            }
        }
        paragraph_.reset();
        begin_block(Before::row);
    }

    void table_label_end(std::uint64_t at, Marks& marks) {
        before_ = Before::block;
        if (!has_table_label_) return;
        has_table_label_ = false;
        marks.add_label(at, LabelKind::definition, path({}));
    }

    void add_heading(std::uint64_t at, const MarkdownHeading& heading, Marks& marks) {
        has_table_label_ = false;
        // Headings that follow each other stay together.
        marks.add_line(at, after_heading_ ? Strength::line : Strength::section);
        enter(heading, at, marks);
        paragraph_.reset();
    }

    void enter(const MarkdownHeading& heading, std::uint64_t at, Marks& marks) {
        titles_[heading.level - 1] = std::string(utf8_prefix(heading.title, title_bytes_max));
        for (std::size_t deeper = heading.level; deeper < titles_.size(); ++deeper) titles_[deeper].clear();
        marks.add_label(at, LabelKind::definition, path({}));
        after_heading_ = true;
        after_blank_ = false;
        before_ = Before::heading;
    }

    [[nodiscard]] std::string path(std::string_view last) const {
        std::string all;
        const auto append = [&](std::string_view title) {
            if (title.empty()) return;
            if (!all.empty()) all += " > ";
            all += title;
        };
        for (const std::string& title : titles_) append(title);
        append(last);
        return all;
    }

    void add_paragraph(const Segment& segment, bool is_list) {
        if (is_list || segment.text.starts_with('>') || indent_of(segment.text) > 3) {
            paragraph_.reset();
        } else if (!paragraph_ || after_blank_) {
            paragraph_ =
                Paragraph{segment.at, std::string(trimmed(utf8_prefix(segment.text, title_bytes_max))), after_heading_};
        } else if (paragraph_->text.size() < title_bytes_max) {
            paragraph_->text.append(" ").append(trimmed(utf8_prefix(segment.text, title_bytes_max)));
        }
    }

    void begin_block(Before block) {
        before_ = block;
        after_blank_ = false;
        after_heading_ = false;
        is_long_line_ = false;
    }

    // Nothing is cut between a heading and what follows it.
    [[nodiscard]] Strength own_strength(Strength strength) const {
        return after_heading_ ? Strength::inside : strength;
    }

    struct Paragraph {
        std::uint64_t at = 0;
        std::string text;
        bool was_after_heading = false;
    };

    Fence fence_;  // that is open; '-' stands for front matter
    Before before_ = Before::nothing;
    bool after_blank_ = false;
    bool after_heading_ = false;
    bool is_long_line_ = false;
    std::optional<Paragraph> paragraph_;  // that an underline would make a heading
    std::array<std::string, 6> titles_;   // by level - 1; empty = none
    std::string header_;                  // of the table
    std::uint64_t header_at_ = 0;
    std::size_t rows_ = 0;
    bool has_table_label_ = false;
};

}  // namespace

std::unique_ptr<Scanner> make_markdown_scanner() { return std::make_unique<MarkdownScanner>(); }

}  // namespace archaeologist
