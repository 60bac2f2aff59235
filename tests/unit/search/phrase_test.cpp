#include "search/phrase.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace archaeologist;

namespace {

std::vector<std::string> find(std::string_view text, std::string_view phrase) {
    Analyzer analyzer(Stemming::none);
    const WordSequence sequence(analyzer, text);
    std::vector<std::string> found;
    for (const ByteRange& range : sequence.find(words_in_order(analyzer, phrase))) {
        found.emplace_back(text.substr(static_cast<std::size_t>(range.begin), static_cast<std::size_t>(range.size())));
    }
    return found;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a phrase is found whatever stands between its words, in any case, and in their own forms only") {
    CHECK(find("The Lease,\n  LOST again", "lease lost") == Strings{"Lease,\n  LOST"});
    CHECK(find("leases lost; lost lease", "lease lost").empty());
    CHECK(find("lease is lost", "lease lost").empty());
    CHECK(find("to be or not to be", "to be") == Strings{"to be", "to be"});
    CHECK(find("a a a", "a a") == Strings{"a a", "a a"});
}

TEST_CASE("an identifier in a phrase is meant whole, and a path's parts stand one behind the other") {
    CHECK(find("int spreadsheet_id = 1", "spreadsheet_id") == Strings{"spreadsheet_id"});
    CHECK(find("int spreadsheet_id = 1", "spreadsheet id").empty());
    CHECK(find("see lib/queue.cpp there", "queue.cpp there") == Strings{"queue.cpp there"});
    CHECK(find("queue cpp", "queue.cpp") == Strings{"queue cpp"});
}

TEST_CASE("a phrase of characters without spaces is found within running text") {
    CHECK(find("月次の会計処理を行う", "会計処理") == Strings{"会計処理"});
    CHECK(find("月次の会計の処理を行う", "会計処理").empty());
}

TEST_CASE("phrases of random words are found where a naive search finds them") {
    std::mt19937_64 rng(3);
    Analyzer analyzer(Stemming::none);
    static const Strings words = {"a", "b", "c", "bb"};
    for (int turn = 0; turn < 2'000; ++turn) {
        Strings text;
        Strings phrase;
        for (std::size_t i = rng() % 12; i > 0; --i) text.push_back(words[rng() % words.size()]);
        for (std::size_t i = 1 + rng() % 3; i > 0; --i) phrase.push_back(words[rng() % words.size()]);
        std::string joined;
        for (const auto& word : text) joined += word + ' ';
        std::size_t expected = 0;
        for (std::size_t i = 0; i + phrase.size() <= text.size(); ++i) {
            expected +=
                std::equal(phrase.begin(), phrase.end(), text.begin() + static_cast<std::ptrdiff_t>(i)) ? 1U : 0U;
        }
        CAPTURE(joined);
        CHECK(WordSequence(analyzer, joined).find(phrase).size() == expected);
    }
}
