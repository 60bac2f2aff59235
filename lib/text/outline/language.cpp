#include "text/outline/language.hpp"

#include <algorithm>
#include <array>

#include "text/outline/scanner.hpp"

namespace archaeologist {
namespace {

using namespace trait;  // NOLINT(google-build-using-namespace)

constexpr std::uint32_t c_like = slash_comments | typed_functions;
constexpr std::uint32_t cxx = c_like | preprocessor | raw_strings_delimited | member_initialisers | bare_methods;
constexpr std::uint32_t script =
    slash_comments | lines_end_statements | single_quote_strings | regex_literals | backtick_template | bare_methods;

constexpr auto languages = std::to_array<Language>({
    // Headers are both; what C++ has more does no harm in C.
    {.name = "c",
     .traits = cxx,
     .join = "::",
     .member_join = "::",
     .namespaces = "namespace",
     .containers = "class struct union",
     .types = "enum"},
    {.name = "c++",
     .traits = cxx,
     .join = "::",
     .member_join = "::",
     .namespaces = "namespace",
     .containers = "class struct union",
     .types = "enum concept"},
    {.name = "java",
     .traits = c_like | triple_quotes | bare_methods,
     .containers = "class interface enum record @interface"},
    {.name = "c#",
     .traits = c_like | preprocessor | triple_quotes | verbatim_strings | bare_methods | properties,
     .namespaces = "namespace",
     .containers = "class struct interface record",
     .types = "enum"},
    {.name = "javascript", .traits = script, .containers = "class", .functions = "function"},
    {.name = "typescript",
     .traits = script,
     .namespaces = "namespace module",
     .containers = "class",
     .types = "interface enum",
     .functions = "function"},
    {.name = "go",
     .traits = slash_comments | lines_end_statements | backtick_raw | receivers,
     .types = "type",
     .functions = "func"},
    {.name = "rust",
     .traits = slash_comments | nested_comments | raw_strings_hashed | long_strings,
     .join = "::",
     .member_join = "::",
     .namespaces = "mod",
     .containers = "impl trait",
     .types = "struct enum union macro_rules",
     .functions = "fn"},
    {.name = "php",
     .traits = slash_comments | hash_comments | long_strings | single_quote_strings | php_heredocs,
     .join = "\\",
     .member_join = "::",
     .namespaces = "namespace",
     .containers = "class interface trait enum",
     .functions = "function"},
    {.name = "kotlin",
     .traits = slash_comments | nested_comments | lines_end_statements | triple_quotes,
     .containers = "class interface object",
     .functions = "fun"},
    {.name = "swift",
     .traits = slash_comments | nested_comments | lines_end_statements | triple_quotes | bare_methods,
     .containers = "class struct enum protocol extension actor",
     .functions = "func"},
    {.name = "scala",
     .traits = slash_comments | nested_comments | lines_end_statements | triple_quotes,
     .containers = "class object trait",
     .functions = "def"},
    {.name = "dart",
     .traits = c_like | triple_quotes | single_quote_strings | bare_methods,
     .containers = "class mixin extension enum"},
    {.name = "groovy",
     .traits = c_like | lines_end_statements | triple_quotes | single_quote_strings | bare_methods,
     .containers = "class interface trait enum",
     .functions = "def"},
    {.name = "shell",
     .traits = hash_comments | lines_end_statements | long_strings | single_quote_strings | raw_single_quotes |
               heredocs | shell_words | bare_methods,
     .functions = "function"},
    {.name = "python",
     .family = Family::indent,
     .traits = hash_comments | triple_quotes | single_quote_strings,
     .containers = "class",
     .functions = "def"},
    {.name = "ruby",
     .family = Family::indent,
     .traits = hash_comments | long_strings | single_quote_strings | heredocs | quote_comments | closed_by_end,
     .join = "::",
     .member_join = "#",
     .containers = "class module",
     .functions = "def"},
    {.name = "lua",
     .family = Family::indent,
     .traits = dash_comments | single_quote_strings | closed_by_end,
     .functions = "function"},
    {.name = "cobol", .family = Family::cobol},
    {.name = "visual basic", .family = Family::basic},
    {.name = "basic", .family = Family::basic},
    {.name = "sql", .family = Family::sql},
});

// What a line begins with that only this language has, in lower case.
struct Sign {
    std::string_view begin;
    std::string_view language;
};

constexpr auto signs = std::to_array<Sign>({
    {"#include", "c++"},
    {"#pragma once", "c++"},
    {"namespace ", "c++"},
    {"template <", "c++"},
    {"using namespace", "c++"},
    {"<?php", "php"},
    {"package main", "go"},
    {"func ", "go"},
    {"fn ", "rust"},
    {"pub fn ", "rust"},
    {"impl ", "rust"},
    {"use std::", "rust"},
    {"import java", "java"},
    {"public class ", "java"},
    {"using system", "c#"},
    {"from ", "python"},
    {"def ", "python"},
    {"async def ", "python"},
    {"create table", "sql"},
    {"create or replace", "sql"},
    {"create procedure", "sql"},
    {"insert into", "sql"},
    {"select ", "sql"},
    {"identification division", "cobol"},
    {"function ", "javascript"},
    {"const ", "javascript"},
    {"export ", "javascript"},
    {"interface ", "typescript"},
    {"attribute vb_", "visual basic"},
    {"option explicit", "visual basic"},
    {"public sub ", "visual basic"},
    {"private sub ", "visual basic"},
    {"sub ", "visual basic"},
    {"#!/bin/sh", "shell"},
    {"#!/bin/bash", "shell"},
    {"#!/usr/bin/env bash", "shell"},
    {"#!/usr/bin/env python", "python"},
    {"#!/usr/bin/env ruby", "ruby"},
    {"require '", "ruby"},
});

constexpr std::size_t sign_bytes_max = 24;
constexpr std::size_t guess_lines_max = 200;

constexpr std::array<bool, 256> make_sign_bytes() {
    std::array<bool, 256> is_in{};
    for (const Sign& sign : signs) is_in[static_cast<unsigned char>(sign.begin.front())] = true;
    return is_in;
}
constexpr std::array<bool, 256> sign_bytes = make_sign_bytes();  // with which any of them begins

const Language* guess_by_sign(std::string_view line) {
    std::array<char, sign_bytes_max> lower{};
    const std::size_t size = line.copy(lower.data(), lower.size());
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!sign_bytes[static_cast<unsigned char>(lower[0])]) return nullptr;
    const std::string_view head(lower.data(), size);
    for (const Sign& sign : signs) {
        if (head[0] == sign.begin[0] && head.starts_with(sign.begin)) return find_language(sign.language);
    }
    return nullptr;
}

// "class A:" is Python's, "class A < B" Ruby's; with a brace it is of many.
const Language* guess_by_end(std::string_view line) {
    if ((line.starts_with("class ") || line.starts_with("def ")) && line.ends_with(':')) return find_language("python");
    if ((line.starts_with("class ") || line.starts_with("module ")) && line.find_first_of("{(;:") == line.npos) {
        return find_language("ruby");
    }
    if (line.starts_with("def ") && !line.ends_with(':')) return find_language("ruby");
    if (line.ends_with(") {") || line.ends_with("};")) return find_language("c++");
    return nullptr;
}

}  // namespace

const Language* find_language(std::string_view name) {
    const auto* const found = std::find_if(languages.begin(), languages.end(),
                                           [&](const Language& language) { return language.name == name; });
    return found == languages.end() ? nullptr : found;
}

const Language* guess_language(std::string_view beginning) {
    for (std::size_t lines = 0; lines < guess_lines_max && !beginning.empty(); ++lines) {
        const std::size_t newline = std::min(beginning.find('\n'), beginning.size());
        const std::string_view line = trimmed(beginning.substr(0, newline));
        beginning.remove_prefix(std::min(newline + 1, beginning.size()));
        if (line.empty()) continue;
        const bool is_python_import = line.starts_with("import ") && line.find_first_of(";\"'{*") == line.npos;
        if (is_python_import && line.find('.') == line.npos) return find_language("python");
        if (const Language* by_end = guess_by_end(line)) return by_end;
        if (const Language* by_sign = guess_by_sign(line)) return by_sign;
    }
    return nullptr;
}

}  // namespace archaeologist
