// Literals and expressions in documents of many segments: signatures and words leave nothing out.
#include "vector/text_parts.hpp"

#include <doctest/doctest.h>

#include <random>
#include <sstream>
#include <string>

#include "support/temporary_folder.hpp"
#include "vector/embedded.hpp"
#include "vector/memory.hpp"

using namespace archaeologist;

namespace {

constexpr std::size_t documents_count = 60;  // more than are read without a look at their signatures

class Stores {
public:
    Stores() : Stores(0) {
        for (std::size_t i = 0; i < documents_count; ++i) add(i);
    }

    // Of so many chunks of a few words each, which no core cuts; a piece of a document is stored, then one of another.
    static Stores of_words(std::size_t chunks) {
        Stores made(0);
        made.texts_.resize(documents_count);
        std::vector<std::uint32_t> ordinals(documents_count);
        while (chunks > 0) {
            const std::size_t count = std::min<std::size_t>(chunks, 1 + made.pick(40));
            const std::size_t number = made.pick(documents_count);
            made.add_words(number, ordinals[number], count);
            chunks -= count;
        }
        std::erase(made.texts_, "");
        return made;
    }

    // How many were found.
    std::size_t compare(const LiteralQuery& query) {
        const auto a = store_->find(query);
        const auto b = oracle_->find(query);
        CAPTURE(query.text);
        REQUIRE((a.has_value() && b.has_value()));
        CHECK(a->total_found == b->total_found);
        REQUIRE(a->matches.size() == b->matches.size());
        for (std::size_t i = 0; i < a->matches.size(); ++i) {
            CHECK(a->matches[i].source_id == b->matches[i].source_id);
            CHECK(a->matches[i].match == b->matches[i].match);
            CHECK(a->matches[i].line == b->matches[i].line);
        }
        return b->total_found;
    }

    LiteralReply find(const LiteralQuery& query) {
        auto reply = store_->find(query);
        REQUIRE(reply.has_value());
        return std::move(reply).value();
    }

    std::size_t pick(std::size_t bound) { return rng_() % bound; }
    const std::string& any_text() { return texts_[pick(texts_.size())]; }

private:
    explicit Stores(int /*empty*/) {
        auto opened = open_embedded_store(folder_.path(), {1});
        REQUIRE(opened.has_value());
        store_ = std::move(opened).value();
    }

    static Document document_of(std::size_t number) {
        Document document;
        document.project_id = ProjectId{1};
        document.source_id = SourceId{static_cast<std::int64_t>(number + 1)};
        return document;
    }

    // The higher a word's number, the rarer it is.
    std::string any_word() { return "w" + std::to_string(pick(1 + pick(1 + pick(400)))) + "x"; }

    void add_words(std::size_t number, std::uint32_t& ordinal, std::size_t count) {
        static const std::vector<std::string> between = {" ", " ", "\n", ", ", " - "};
        std::vector<std::string> pieces(count);
        std::vector<Point> points(count);
        std::string& text = texts_[number];
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t words = 1 + pick(6); words > 0; --words) pieces[i] += any_word() + between[pick(5)];
            points[i].ordinal = ordinal++;
            points[i].core = points[i].context = {text.size(), text.size() + pieces[i].size()};
            points[i].text = pieces[i];
            points[i].dense = {1};
            text += pieces[i];
        }
        REQUIRE(store_->upsert(document_of(number), points).has_value());
        REQUIRE(oracle_->upsert(document_of(number), points).has_value());
    }

    // A segment a call.
    void add(std::size_t number) {
        static const std::string letters = "abcdefghijklmnop_ABC \n";
        const Document document = document_of(number);
        std::string text;
        for (std::uint32_t ordinal = 0, count = static_cast<std::uint32_t>(1 + pick(6)); ordinal < count; ++ordinal) {
            std::string piece;
            const std::size_t size = pick(5) == 0 ? 1 + pick(30) : 100 + pick(400);
            for (std::size_t i = 0; i < size; ++i) piece += letters[pick(letters.size())];
            if (pick(3) == 0) piece += "İ\u212Aé";
            Point point;
            point.ordinal = ordinal;
            point.core = point.context = {text.size(), text.size() + piece.size()};
            point.text = piece;
            point.dense = {1};
            REQUIRE(store_->upsert(document, std::span(&point, 1)).has_value());
            REQUIRE(oracle_->upsert(document, std::span(&point, 1)).has_value());
            text += piece;
        }
        texts_.push_back(text);
    }

    TemporaryFolder folder_;
    std::mt19937_64 rng_{11};
    std::unique_ptr<VectorStore> store_;
    std::unique_ptr<VectorStore> oracle_ = make_memory_store(1);
    std::vector<std::string> texts_;
};

bool is_inside(const std::string& text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

std::string piece_of(const std::string& text, std::size_t begin, std::size_t size) {
    while (is_inside(text, begin)) --begin;
    std::size_t end = std::min(text.size(), begin + size);
    while (is_inside(text, end)) ++end;
    return text.substr(begin, end - begin);
}

std::string longest_word(const std::string& text) {
    std::string longest;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word.size() > longest.size()) longest = word;
    }
    return longest;
}

}  // namespace

TEST_CASE("every literal is found wherever segments are cut") {
    Stores stores;
    for (int turn = 0; turn < 800; ++turn) {
        LiteralQuery query;
        query.project_id = ProjectId{1};
        const std::string& text = stores.any_text();
        query.text = piece_of(text, stores.pick(text.size()), 1 + stores.pick(60));
        if (stores.pick(5) == 0) query.text += "zz";
        query.letter_case = stores.pick(2) == 0 ? LetterCase::exact : LetterCase::ignore;
        query.whole_word = stores.pick(4) == 0;
        query.limit = 1'000;
        stores.compare(query);
    }
}

TEST_CASE(
    "every literal is found whose words stand in some chunks, however small these are and wherever they were stored") {
    Stores stores = Stores::of_words(9'000);
    std::size_t found = 0;
    for (int turn = 0; turn < 800; ++turn) {
        LiteralQuery query;
        query.project_id = ProjectId{1};
        const std::string& text = stores.any_text();
        query.text = piece_of(text, stores.pick(text.size()), 1 + stores.pick(stores.pick(20) == 0 ? 900 : 40));
        if (stores.pick(8) == 0) query.text += " w1x w2x";
        query.letter_case = stores.pick(2) == 0 ? LetterCase::exact : LetterCase::ignore;
        query.whole_word = stores.pick(4) == 0;
        query.limit = 1'000;
        found += stores.compare(query) > 0 ? 1 : 0;
    }
    CHECK(found > 500);
}

TEST_CASE("every match of an expression is found, whatever its filter asks for") {
    Stores stores;
    for (int turn = 0; turn < 300; ++turn) {
        LiteralQuery query;
        query.project_id = ProjectId{1};
        query.pattern = TextPattern::regex;
        for (std::size_t parts = 1 + stores.pick(3); parts > 0; --parts) {
            const std::string& text = stores.any_text();
            std::string piece = piece_of(text, stores.pick(text.size()), 2 + stores.pick(8));
            std::erase(piece, '\n');
            static const std::vector<std::string> between = {"", ".*", "[a-c]?", "|", "+"};
            query.text += (piece.empty() ? "a" : piece) + between[stores.pick(parts == 1 ? 1 : between.size())];
        }
        query.letter_case = stores.pick(2) == 0 ? LetterCase::exact : LetterCase::ignore;
        query.whole_word = stores.pick(4) == 0;
        query.limit = 1'000;
        stores.compare(query);
    }
}

TEST_CASE(
    "whether a document is accepted is asked of those only that may hold the literal, and one that is not stays "
    "unread") {
    Stores stores;
    LiteralQuery query;
    query.project_id = ProjectId{1};
    query.text = longest_word(stores.any_text());  // no index of words narrows that down
    query.limit = 1'000;
    REQUIRE(stores.find(query).total_found > 0);
    std::size_t asked = 0;
    query.accept = [&](SourceId, const GenerationId&) {
        ++asked;
        return false;
    };
    CHECK(stores.find(query).total_found == 0);
    CHECK(asked > 0);
    CHECK(asked < documents_count);
}
