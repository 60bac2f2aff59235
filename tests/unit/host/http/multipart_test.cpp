#include "host/http/multipart.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

// Gives at most `step` bytes at a time, so that every boundary is cut somewhere.
class Pieces final : public ByteSource {
public:
    Pieces(std::string bytes, std::size_t step) : bytes_(std::move(bytes)), step_(step) {}

    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t size = std::min({step_, buffer.size(), bytes_.size() - at_});
        std::copy_n(bytes_.data() + at_, size, buffer.data());
        at_ += size;
        return size;
    }

private:
    std::string bytes_;
    std::size_t step_;
    std::size_t at_ = 0;
};

constexpr const char* type = "multipart/form-data; boundary=XX";
constexpr std::size_t whole = 1 << 20;

std::string field(const std::string& name) {
    return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n";
}

std::string with_head(const std::string& lines) { return "--XX\r\n" + lines + "\r\n\r\nbytes\r\n--XX--\r\n"; }

struct Part {
    PartHead head;
    std::string content;
};

struct Read {
    std::vector<Part> parts;
    std::optional<Error> error;
    bool is_malformed = false;
};

Read read_parts(const std::string& body, std::size_t step = whole, const std::string& content_type = type) {
    Pieces source(body, step);
    auto reader = MultipartReader::open(source, content_type);
    REQUIRE(reader);
    Read out;
    for (;;) {
        const auto head = reader->next();
        if (!head) out.error = head.error();
        if (!head || !head.value()) break;
        const auto content = reader->read_all(1 << 20);
        if (!content) out.error = content.error();
        if (!content) break;
        out.parts.push_back({*head.value(), content.value()});
    }
    out.is_malformed = reader->is_malformed();
    return out;
}

PartHead only_head(const std::string& lines) {
    const auto got = read_parts(with_head(lines));
    REQUIRE_FALSE(got.error);
    REQUIRE(got.parts.size() == 1);
    return got.parts[0].head;
}

std::string complaint(const std::string& body) {
    const auto got = read_parts(body);
    REQUIRE(got.error);
    CHECK(got.error->code == Code::invalid_argument);
    CHECK(got.is_malformed);
    return got.error->message;
}

// Another way to the same parts: the whole text, cut at each delimiter.
std::vector<std::string> contents_by_cutting(std::string body) {
    body.insert(0, "\r\n");
    std::vector<std::string> contents;
    const std::string delimiter = "\r\n--XX";
    for (std::size_t at = body.find(delimiter); at != std::string::npos;) {
        at += delimiter.size();
        if (body.compare(at, 2, "--") == 0) break;
        const std::size_t begin = body.find("\r\n\r\n", at) + 4;
        at = body.find(delimiter, begin);
        contents.push_back(body.substr(begin, at - begin));
    }
    return contents;
}

// Bytes that are mostly pieces of a boundary.
std::string tricky_bytes(std::mt19937& random) {
    static const std::vector<std::string> pieces{
        "\r", "\n", "-", "--", "X", "\r\n", "\r\n-", "\r\n--", "\r\n--X", "--XX", std::string(1, '\0'), "\xff", "a"};
    std::string bytes;
    for (std::size_t left = random() % 12; left > 0; --left) bytes += pieces[random() % pieces.size()];
    // What holds the delimiter itself would be two parts.
    while (bytes.find("\r\n--XX") != std::string::npos) bytes.erase(bytes.find("\r\n--XX"), 2);
    return bytes;
}

}  // namespace

TEST_CASE("parts are the same wherever reads cut the body") {
    const std::string binary("\0\r\n--X\r\n--\r\n-\r--XX\n--XX\xff", 23);
    const std::string body =
        "preamble\r\n" + field("a") + "one\r\n" + field("empty") + "\r\n--XX  \r\n" +
        "content-disposition: FORM-DATA; NAME=f; filename=\"x.bin\"\r\nContent-Type: image/png\r\n\r\n" + binary +
        "\r\n--XX--\r\nepilogue";
    for (std::size_t step = 1; step <= body.size(); ++step) {
        CAPTURE(step);
        const auto got = read_parts(body, step);
        REQUIRE_FALSE(got.error);
        REQUIRE(got.parts.size() == 3);
        CHECK(got.parts[0].head.name == "a");
        CHECK_FALSE(got.parts[0].head.filename);
        CHECK(got.parts[0].content == "one");
        CHECK(got.parts[1].head.name == "empty");
        CHECK(got.parts[1].content.empty());
        CHECK(got.parts[2].head.name == "f");
        CHECK(got.parts[2].head.filename == "x.bin");
        CHECK(got.parts[2].head.content_type == "image/png");
        CHECK(got.parts[2].content == binary);
    }
}

TEST_CASE("any content between delimiters comes out as a naive splitter finds it") {
    std::mt19937 random(20);
    for (int round = 0; round < 2'000; ++round) {
        std::string body;
        std::vector<std::string> written;
        for (std::size_t left = 1 + random() % 4; left > 0; --left) {
            written.push_back(tricky_bytes(random));
            body += field("f") + written.back() + "\r\n";
        }
        body += "--XX--\r\n";
        const auto got = read_parts(body, 1 + random() % 9);
        CAPTURE(round);
        REQUIRE_FALSE(got.error);
        std::vector<std::string> contents;
        for (const auto& part : got.parts) contents.push_back(part.content);
        CHECK(contents == written);
        CHECK(contents == contents_by_cutting(body));
    }
}

TEST_CASE("a part larger than the reader's memory comes whole, and next passes over what was not read") {
    std::string large(1'000'003, 'x');
    for (std::size_t at = 0; at + 6 < large.size(); at += 1'009) large.replace(at, 5, "\r\n--X");
    Pieces source(field("large") + large + "\r\n" + field("last") + "z\r\n--XX--", 70'001);
    auto reader = MultipartReader::open(source, type).value();
    REQUIRE(reader.next().value());
    std::string content;
    std::vector<char> buffer(10'007);
    while (const std::size_t size = reader.read(buffer).value()) content.append(buffer.data(), size);
    CHECK(content == large);
    const auto last = reader.next().value();
    REQUIRE(last);
    CHECK(last->name == "last");
    CHECK_FALSE(reader.next().value());
    CHECK_FALSE(reader.next().value());
    CHECK(reader.read(buffer).value() == 0);

    Pieces again(field("large") + large + "\r\n" + field("last") + "z\r\n--XX--", 4'099);
    auto skipping = MultipartReader::open(again, type).value();
    REQUIRE(skipping.next().value());
    CHECK(skipping.next().value()->name == "last");
}

TEST_CASE("names are read as browsers and curl write them") {
    const auto named = [](const std::string& rest) {
        return only_head("Content-Disposition: form-data; name=\"f\"; " + rest).filename.value_or("(none)");
    };
    CHECK(named(R"(filename="a b;c.txt")") == "a b;c.txt");
    CHECK(named(R"(filename="a%22b%0D%0a.txt")") == "a\"b\r\n.txt");
    CHECK(named(R"(filename="100%25 %41.txt")") == "100%25 %41.txt");
    CHECK(named(R"(filename="a\"b\\c\d.txt")") == R"(a"b\c\d.txt)");
    CHECK(named("filename=plain.txt") == "plain.txt");
    CHECK(named("filename=\"\"").empty());
    CHECK(named("filename=\"f\xc3\xbc.txt\"") == "f\xc3\xbc.txt");
    CHECK(named("filename=\"x\"; filename*=UTF-8''f%C3%BC%20%25.txt") == "f\xc3\xbc %.txt");
    CHECK(named("filename=\"x\"; filename*=iso-8859-1''f%FC.txt") == "x");
    CHECK(named("filename=\"cut%2\"") == "cut%2");
}

TEST_CASE("a boundary may be quoted, and must be there") {
    const std::string body = "--a b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--a b--";
    CHECK(read_parts(body, whole, "multipart/form-data; charset=utf-8; Boundary=\"a b\"").parts.size() == 1);
    Pieces none("", 1);
    CHECK_FALSE(MultipartReader::open(none, "multipart/form-data"));
    CHECK_FALSE(MultipartReader::open(none, "multipart/form-data; boundary="));
    CHECK_FALSE(MultipartReader::open(none, "multipart/form-data; boundary=" + std::string(71, 'b')));
    CHECK(MultipartReader::open(none, "multipart/form-data; boundary=" + std::string(70, 'b')));
}

TEST_CASE("a form without parts has none") { CHECK(read_parts("--XX--").parts.empty()); }

TEST_CASE("a body that is cut anywhere before its closing boundary is an error") {
    const std::string body = field("a") + "one\r\n" + field("b") + "two\r\n--XX--";
    for (std::size_t size = 0; size < body.size(); ++size) {
        CAPTURE(size);
        CHECK(complaint(body.substr(0, size)) == "multipart body: it ends before its closing boundary");
    }
}

TEST_CASE("heads that are no heads are refused, in bounded memory") {
    const std::string disposition = "Content-Disposition: form-data; name=x";
    CHECK(complaint(with_head("Content-Type: text/plain")) ==
          "multipart body: a part has no Content-Disposition: form-data");
    CHECK(complaint(with_head("Content-Disposition: attachment; name=x")) ==
          "multipart body: a part has no Content-Disposition: form-data");
    CHECK(complaint("--XXY\r\n" + disposition + "\r\n\r\n1\r\n--XX--") ==
          "multipart body: something stands behind a boundary");
    CHECK(complaint(with_head(disposition + "\r\nX: " + std::string(1 << 20, 'x'))) ==
          "multipart body: a line of a part's head is longer than 8192 bytes");
    std::string many = disposition;
    for (int i = 0; i < 31; ++i) many += "\r\nX-Line: " + std::to_string(i);
    CHECK(read_parts(with_head(many)).parts.size() == 1);
    CHECK(complaint(with_head(many + "\r\nX-Line: 31")) == "multipart body: a part's head has more than 32 lines");
}

TEST_CASE("a field that is too long is not the body's form that is wrong") {
    Pieces source(field("a") + std::string(100, 'x') + "\r\n--XX--", 7);
    auto reader = MultipartReader::open(source, type).value();
    REQUIRE(reader.next().value());
    const auto text = reader.read_all(99);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == Code::too_large);
    CHECK_FALSE(reader.is_malformed());
}

TEST_CASE("an error of the body's source is passed on as it is") {
    class Gone final : public ByteSource {
    public:
        Result<std::size_t> read(std::span<char>) override { return Error{Code::io_error, "the client is gone"}; }
    } gone;
    auto reader = MultipartReader::open(gone, type).value();
    const auto part = reader.next();
    REQUIRE_FALSE(part);
    CHECK(part.error().code == Code::io_error);
    CHECK_FALSE(reader.is_malformed());
}
