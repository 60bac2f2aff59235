#include "lake/s3/xml.hpp"

#include <doctest/doctest.h>

using namespace archaeologist::s3;

TEST_CASE("elements are found by their whole name, with or without attributes") {
    constexpr std::string_view xml =
        "<?xml version=\"1.0\"?><List xmlns=\"x\"><KeyCount>2</KeyCount><Key >a</Key><Key\tk='v'>b</Key><Key/></List>";
    CHECK(element(xml, "KeyCount") == "2");
    CHECK(element(xml, "Key") == "a");
    const auto keys = elements(xml, "Key");
    REQUIRE(keys.size() == 3);
    CHECK(keys[1] == "b");
    CHECK(keys[2].empty());
    CHECK_FALSE(element(xml, "Ke").has_value());
    CHECK_FALSE(element(xml, "Missing").has_value());
    CHECK(element_text(xml, "Missing").empty());
}

TEST_CASE("XML that ends early gives what is whole and never reads past its end") {
    constexpr std::string_view xml = "<A><B>1</B><B>2</B></A>";
    for (std::size_t size = 0; size < xml.size(); ++size) {
        const std::string cut(xml.substr(0, size));
        CHECK(elements(cut, "B").size() <= 2);
        CHECK_FALSE(element(cut, "A").has_value());
    }
    CHECK_FALSE(element("<A", "A").has_value());
    CHECK_FALSE(element("<A>1", "A").has_value());
}

TEST_CASE("entities are replaced, once; what is none stays") {
    CHECK(text_of("&quot;a&amp;lt;&#34;&#x41;&quot;") == "\"a&lt;\"A\"");
    CHECK(text_of("&unknown; & &#300; &#x; &#12") == "&unknown; & &#300; &#x; &#12");
    CHECK(xml_escaped("\"<a&b>'") == "&quot;&lt;a&amp;b&gt;&apos;");
    CHECK(text_of(xml_escaped("\"<a&b>'")) == "\"<a&b>'");
}
