#include "extract/decode.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>

#include "base/utf8.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

struct Decoded {
    std::string text;
    std::string charset;
    std::uint64_t replaced_bytes = 0;
    bool identical = false;
};

// In pieces of random sizes up to `piece_max`.
Decoded decode(std::string_view bytes, std::size_t piece_max = 1 << 20, unsigned seed = 1) {
    std::mt19937 rng(seed);
    auto decoder =
        Decoder::open(bytes.substr(0, 64 << 10), bytes.size() <= (64 << 10) ? Extent::whole : Extent::beginning)
            .value();
    Decoded decoded;
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, 1 + rng() % piece_max);
        decoded.text.append(decoder.push(piece).value());
        bytes.remove_prefix(piece.size());
    }
    decoded.text.append(decoder.finish().value());
    decoded.charset = decoder.charset();
    decoded.replaced_bytes = decoder.replaced_bytes();
    decoded.identical = decoder.identical();
    return decoded;
}

// The text as the machine's iconv program writes it.
std::string encoded(std::string_view text, const std::string& charset) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() + "/in", std::ios::binary) << text;
    const std::string command =
        "iconv -f UTF-8 -t " + charset + " " + folder.path() + "/in > " + folder.path() + "/out";
    REQUIRE(std::system(command.c_str()) == 0);
    std::ifstream file(folder.path() + "/out", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

const std::string japanese =
    repeated("会計処理の仕様書です。請求書の合計金額を計算する。カタカナも含まれています。\n", 20);
const std::string russian = repeated("Система учёта договоров и счетов. Проверка остатков на складе.\n", 20);
const std::string german =
    repeated("Die Prüfung der Buchungssätze erfolgt täglich; Größe und Währung gehören dazu.\n", 20);
const std::string chinese = repeated("系统需要处理所有的会计凭证，并且生成每个月的报表。\n", 20);

}  // namespace

TEST_CASE("valid UTF-8 is kept byte for byte, its byte order mark too") {
    for (const std::string& text : {japanese, russian, std::string("plain\r\n"), "\xEF\xBB\xBF" + german}) {
        const auto decoded = decode(text, 7);
        CHECK(decoded.text == text);
        CHECK(decoded.charset == "UTF-8");
        CHECK(decoded.identical);
        CHECK(decoded.replaced_bytes == 0);
    }
}

TEST_CASE("text that other programs wrote in other charsets comes back whole") {
    struct Sample {
        std::string charset;
        const std::string& text;
    };
    const Sample samples[] = {{"SHIFT_JIS", japanese}, {"EUC-JP", japanese},      {"ISO-2022-JP", japanese},
                              {"KOI8-R", russian},     {"WINDOWS-1251", russian}, {"WINDOWS-1252", german},
                              {"ISO-8859-1", german},  {"GB18030", chinese},      {"UTF-16", japanese},
                              {"UTF-16LE", german},    {"UTF-16BE", german},      {"UTF-32", russian}};
    for (const Sample& sample : samples) {
        INFO(sample.charset);
        const std::string bytes = encoded(sample.text, sample.charset);
        const auto decoded = decode(bytes);
        CHECK(decoded.text == sample.text);
        CHECK_FALSE(decoded.identical);
        CHECK(decoded.replaced_bytes == 0);
        CHECK(looks_like_text(bytes, Extent::whole));
        CHECK(decode(bytes, 5).text == sample.text);
    }
}

TEST_CASE("any bytes become valid UTF-8, however they are cut") {
    std::mt19937 rng(3);
    for (int round = 0; round < 300; ++round) {
        std::string bytes;
        const auto size = rng() % 200;
        for (std::size_t i = 0; i < size; ++i) {
            bytes += rng() % 3 == 0 ? static_cast<char>(rng() % 256) : static_cast<char>('a' + rng() % 26);
        }
        if (rng() % 2 == 0) bytes.insert(0, "ascii \xC3\xA9\xE4\xBC\x9A text");
        const auto whole = decode(bytes);
        CHECK(is_valid_utf8(whole.text));
        for (unsigned seed = 0; seed < 5; ++seed) CHECK(decode(bytes, 6, seed).text == whole.text);
        CHECK(whole.identical == (whole.text == bytes && whole.charset == "UTF-8"));
    }
}

TEST_CASE("bad bytes behind the beginning are replaced and counted, not the rest") {
    const std::string bytes = std::string(100'000, 'a') + "\xFF\xFE" + "b\xC3";
    const auto decoded = decode(bytes);
    CHECK(decoded.text == std::string(100'000, 'a') + "\xEF\xBF\xBD\xEF\xBF\xBD" + "b\xEF\xBF\xBD");
    CHECK(decoded.replaced_bytes == 3);
    CHECK_FALSE(decoded.identical);
}
