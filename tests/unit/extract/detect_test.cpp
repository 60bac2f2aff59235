#include "extract/detect.hpp"

#include <doctest/doctest.h>

using namespace archaeologist;

namespace {

FileType of(std::string_view content, std::string_view name) { return detect(content, Extent::whole, name); }

const std::string_view png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde", 33);

}  // namespace

TEST_CASE("content decides before the name: a picture called .txt is a picture") {
    const auto type = of(png, "notes.txt");
    CHECK_FALSE(type.is_text);
    CHECK(type.file_type == "unsupported");
    CHECK(type.content_type == "image/png");
}

TEST_CASE("a text called .png is a text") {
    const auto type = of("just words\n", "picture.png");
    CHECK(type.is_text);
    CHECK(type.file_type == "text");
}

TEST_CASE("a small PDF without a NUL is no text") {
    CHECK(of("%PDF-1.4\n%%EOF\n", "a").content_type == "application/pdf");
}

TEST_CASE("the name tells what kind of text it is") {
    CHECK(of("x", "a/b.CPP").language == "c++");
    CHECK(of("x", "a/b.CPP").kind == TextKind::code);
    CHECK(of("x", "README.md").file_type == "markdown");
    CHECK(of("x", "README.md").kind == TextKind::markdown);
    CHECK(of("x", "rows.csv").kind == TextKind::table);
    CHECK(of("x", "schema.sql").file_type == "sql");
    CHECK(of("x", "app.log").file_type == "log");
    CHECK(of("x", "PAYROLL.CBL").language == "cobol");
    CHECK(of("x", "x/Makefile").language == "make");
    CHECK(of("x", "CMakeLists.txt").language == "cmake");
    CHECK(of("x", "LICENSE").file_type == "text");
}

TEST_CASE("without a telling name the first line decides") {
    CHECK(of("#!/usr/bin/env python3 -u\nprint()\n", "tool").language == "python");
    CHECK(of("#!/bin/sh\n", "tool").language == "shell");
    CHECK(of("#!", "tool").file_type == "text");
    CHECK(of("<?xml version=\"1.0\"?><a/>", "data").file_type == "xml");
    CHECK(of("<!DOCTYPE html><p>", "page").file_type == "html");
    CHECK(of("{\"a\": 1}", "data").file_type == "json");
}

TEST_CASE("bytes that nobody could read are no text") {
    CHECK_FALSE(of(std::string(1'000, '\0'), "zeros.txt").is_text);
    std::string noise;
    for (unsigned i = 0; i < 4'000; ++i) noise += static_cast<char>(1 + (i * 2'654'435'761U >> 24) % 255);
    CHECK_FALSE(of(noise, "noise.txt").is_text);
    CHECK(of("a log with one \x01 in it, and much else that is readable\n", "a.log").is_text);
}
