#include "text/natural_language.hpp"

#include <doctest/doctest.h>
#include <libstemmer.h>

#include <string>

#include "archaeologist/analyzer.hpp"

using namespace archaeologist;

TEST_CASE("every language is one that Snowball stems, and is known by its name and its code") {
    for (std::size_t i = 0; i < natural_languages; ++i) {
        const auto language = static_cast<NaturalLanguage>(i);
        CAPTURE(name_of(language));
        CHECK(find_natural_language(name_of(language)) == language);
        sb_stemmer* stemmer = sb_stemmer_new(name_of(language).data(), "UTF_8");
        CHECK(stemmer != nullptr);
        sb_stemmer_delete(stemmer);
    }
    CHECK(find_natural_language_by_code("de") == NaturalLanguage::german);
    CHECK_FALSE(find_natural_language("c++").has_value());
    CHECK(stemming_of("python") == NaturalLanguage::english);
    CHECK(stemming_of("turkish") == NaturalLanguage::turkish);
}

TEST_CASE("the setting is auto or codes, and anything else is refused") {
    CHECK(parse_languages("auto").value().all());
    CHECK(parse_languages("de").value().count() == 1);
    const auto two = parse_languages("de, fr").value();
    CHECK(two.count() == 2);
    CHECK(two.test(static_cast<std::size_t>(NaturalLanguage::french)));
    for (const char* wrong : {"", "de,", "german", "DE", "ja", "auto,de", "de fr"}) {
        CAPTURE(wrong);
        const Status checked = validate_languages(wrong);
        REQUIRE_FALSE(checked.has_value());
        CHECK(checked.error().code == Code::invalid_argument);
        CHECK(checked.error().message.starts_with("languages is \"" + std::string(wrong) +
                                                  "\", must be auto or codes with commas between, of en, eu, "));
    }
}
