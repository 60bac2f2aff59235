#include "text/outline/language.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archaeologist;

namespace {

std::string guessed(std::string_view text) {
    const Language* language = guess_language(text);
    return language == nullptr ? "" : std::string(language->name);
}

}  // namespace

TEST_CASE("a language is found by the name that a source has") {
    for (const char* name : {"c", "c++", "java", "c#", "javascript", "typescript", "go", "rust", "php", "shell",
                             "python", "ruby", "cobol", "visual basic", "sql"}) {
        CAPTURE(name);
        REQUIRE(find_language(name) != nullptr);
        CHECK(find_language(name)->name == name);
    }
    CHECK(find_language("") == nullptr);
    CHECK(find_language("klingon") == nullptr);
}

TEST_CASE("code without a name is known by its first lines") {
    CHECK(guessed("/* x */\n#include <stdio.h>\n") == "c++");
    CHECK(guessed("#!/usr/bin/env python3\n") == "python");
    CHECK(guessed("import os\n\ndef f():\n") == "python");
    CHECK(guessed("# x\nclass A(B):\n") == "python");
    CHECK(guessed("class A < B\n  def x\n") == "ruby");
    CHECK(guessed("package main\n\nfunc main() {\n") == "go");
    CHECK(guessed("use std::io;\n") == "rust");
    CHECK(guessed("package a.b;\nimport java.util.List;\n") == "java");
    CHECK(guessed("using System;\n") == "c#");
    CHECK(guessed("<?php\n") == "php");
    CHECK(guessed("-- x\nCREATE TABLE a (b INT);\n") == "sql");
    CHECK(guessed("       IDENTIFICATION DIVISION.\n") == "cobol");
    CHECK(guessed("Attribute VB_Name = \"A\"\n") == "visual basic");
    CHECK(guessed("const x = 1\n") == "javascript");
    CHECK(guessed("int f(int a) {\n    return a;\n}\n") == "c++");
    CHECK(guessed("<a><b/></a>\n").empty());
    CHECK(guessed("{\"a\": 1}\n").empty());
    CHECK(guessed("").empty());
}
