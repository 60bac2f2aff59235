#include "host/http/router.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace archaeologist;
using namespace archaeologist::host;

namespace {

class TextBody final : public HttpBody {
public:
    explicit TextBody(std::string text) : text_(std::move(text)) {}

    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t size = std::min(buffer.size(), text_.size() - at_);
        std::copy_n(text_.data() + at_, size, buffer.data());
        at_ += size;
        return size;
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override {
        return is_chunked ? std::nullopt : std::optional<std::uint64_t>(text_.size());
    }

    [[nodiscard]] const std::optional<Error>& failure() const override { return failed; }

    bool is_chunked = false;
    std::optional<Error> failed;

private:
    std::string text_;
    std::size_t at_ = 0;
};

Route::Handler answers(const std::string& name) {
    return [name](Call& call) -> Result<HttpReply> {
        HttpReply reply;
        reply.body = name;
        for (const char* parameter : {"id", "rest", "limit", "tag"}) {
            for (const auto& text : call.texts(parameter)) reply.body += std::string(" ") + parameter + '=' + text;
        }
        if (const auto member = call.body().text("name")) reply.body += " name=" + *member;
        return reply;
    };
}

const Router& router() {
    const Parameter id("id", Schema::integer(1, 99));
    const auto body = Schema::object({{"name", Schema::text(1, 9), true}});
    static const Router made(
        {
            Route("GET", "/things/{id}", "thing", "t", "").part(id).by(answers("thing")),
            Route("DELETE", "/things/{id}", "drop", "t", "").part(id).by(answers("drop")),
            Route("GET", "/things/best", "best", "t", "").by(answers("best")),
            Route("GET", "/things/{id}/parts", "parts", "t", "").part(id).by(answers("parts")),
            Route("PUT", "/files/{rest...}", "file", "t", "").part({"rest", Schema::text(1, 50)}).by(answers("file")),
            Route("GET", "/list", "list", "t", "")
                .query({{"limit", Schema::integer(1, 10), "5"},
                        {"tag", Schema::text(1, 3), {}, Parameter::Times::any},
                        {"q", Schema::text(0, 9), {}, Parameter::Times::required}})
                .by(answers("list")),
            Route("POST", "/made", "make", "t", "").takes(Route::Body::json, body).by(answers("make")),
            Route("POST", "/maybe", "maybe", "t", "")
                .takes(Route::Body::optional_json, Schema::object({{"name", Schema::text(1, 9)}}))
                .by(answers("maybe")),
            Route("GET", "/broken", "broken", "t", "").by([](Call&) -> Result<HttpReply> {
                return Error{Code::not_found, "thing 7 does not exist"};
            }),
            Route("GET", "/", "root", "t", "").by(answers("root")),
        },
        100);
    return made;
}

HttpReply ask(const std::string& method, const std::string& path, std::multimap<std::string, std::string> query = {}) {
    TextBody body("");
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    request.body = &body;
    return router().handle(request);
}

HttpReply post(const std::string& path, TextBody body, const std::string& type = "application/json") {
    HttpRequest request;
    request.method = "POST";
    request.path = path;
    request.headers.emplace("content-type", type);
    request.body = &body;
    return router().handle(request);
}

std::string header_of(const HttpReply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

bool says(const HttpReply& reply, const std::string& text) { return reply.body.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("a path finds its route, and a fixed part comes before a parameter") {
    CHECK(ask("GET", "/").body == "root");
    CHECK(ask("GET", "/things/7").body == "thing id=7");
    CHECK(ask("DELETE", "/things/7").body == "drop id=7");
    CHECK(ask("GET", "/things/best").body == "best");
    CHECK(ask("GET", "/things/7/parts").body == "parts id=7");
}

TEST_CASE("a rest takes everything behind it, slashes and all, but not nothing") {
    CHECK(ask("PUT", "/files/a").body == "file rest=a");
    CHECK(ask("PUT", "/files/a/b//c.txt").body == "file rest=a/b//c.txt");
    CHECK(ask("PUT", "/files/").status == 422);
    CHECK(ask("PUT", "/files").status == 404);
}

TEST_CASE("what is no path is not found") {
    for (const char* path : {"/nothing", "/things", "/things/7/", "/things/7/parts/8", "//", "/THINGS/7", ""}) {
        CAPTURE(path);
        const bool is_root = std::string(path).empty();
        CHECK(ask("GET", path).status == (is_root ? 200 : 404));
    }
    CHECK(ask("GET", "/nothing").content_type == "application/problem+json");
}

TEST_CASE("a path without this method says which it has") {
    const auto reply = ask("POST", "/things/7");
    CHECK(reply.status == 405);
    CHECK(says(reply, "method_not_allowed"));
    CHECK(header_of(reply, "Allow") == "OPTIONS, DELETE, GET, HEAD");
    CHECK(header_of(ask("GET", "/files/a"), "Allow") == "OPTIONS, PUT");
    const auto options = ask("OPTIONS", "/things/7");
    CHECK(options.status == 204);
    CHECK(header_of(options, "Allow") == "OPTIONS, DELETE, GET, HEAD");
    CHECK(ask("OPTIONS", "/nothing").status == 404);
}

TEST_CASE("a fixed path does not hide the methods of the parameter in its place") {
    CHECK(ask("DELETE", "/things/best").status == 422);
}

TEST_CASE("parameters are checked before the handler, and have their defaults") {
    CHECK(ask("GET", "/things/0").status == 422);
    CHECK(ask("GET", "/things/x").status == 422);
    CHECK(ask("GET", "/list", {{"q", ""}}).body == "list limit=5");
    CHECK(ask("GET", "/list", {{"q", "x"}, {"limit", "9"}, {"tag", "a"}, {"tag", "b"}}).body ==
          "list limit=9 tag=a tag=b");
    CHECK(says(ask("GET", "/list"), "q is missing, must be given"));
    CHECK(says(ask("GET", "/list", {{"q", ""}, {"limit", "11"}}), "limit is 11, must be 1 to 10"));
    CHECK(says(ask("GET", "/list", {{"q", ""}, {"q", ""}}), "q is given 2 times, must be once"));
    CHECK(says(ask("GET", "/list", {{"q", ""}, {"limt", "1"}}), "is unknown, must be one of limit, tag, q"));
    CHECK(ask("GET", "/", {{"x", "1"}}).status == 422);
}

TEST_CASE("a body is JSON of the right type, form and size") {
    CHECK(post("/made", TextBody(R"({"name":"x"})")).body == "make name=x");
    CHECK(post("/made", TextBody(R"({"name":"x"})"), "application/json; charset=utf-8").body == "make name=x");
    CHECK(post("/made", TextBody(R"({"name":"x"})"), "text/plain").status == 415);
    CHECK(post("/made", TextBody(R"({"name":"x"})"), "").status == 415);
    CHECK(post("/made", TextBody(R"({"name":)")).status == 400);
    CHECK(post("/made", TextBody("")).status == 400);
    CHECK(post("/made", TextBody(R"({"name":1})")).status == 422);
    CHECK(post("/made", TextBody(R"({"name":"x"})" + std::string(88, ' '))).status == 200);
    CHECK(post("/made", TextBody(R"({"name":"x"})" + std::string(89, ' '))).status == 413);
    TextBody chunked(R"({"name":"x"})" + std::string(89, ' '));
    chunked.is_chunked = true;
    CHECK(post("/made", chunked).status == 413);
    CHECK(post("/maybe", TextBody(""), "").body == "maybe");
    CHECK(post("/maybe", TextBody(R"({"name":"x"})")).body == "maybe name=x");
}

TEST_CASE("a handler's error becomes a problem") {
    const auto reply = ask("GET", "/broken");
    CHECK(reply.status == 404);
    CHECK(reply.content_type == "application/problem+json");
    CHECK(says(reply, "thing 7 does not exist"));
}
