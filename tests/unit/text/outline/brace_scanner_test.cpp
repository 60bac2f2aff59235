#include <doctest/doctest.h>

#include "unit/text/outline/reading.hpp"

using namespace archaeologist;

namespace {

Reading read(std::string_view language, std::string_view text) { return {TextKind::code, language, text}; }

}  // namespace

TEST_CASE("C++: members have their class's name, and what is defined outside of it its own") {
    const auto code = read("c++", R"~(
#include <map>

// About f.
template <typename T>
int f(std::map<int, T> x)
{
    return in_f;
}

namespace a::b {
namespace {
struct Point { int x; };
}

class Queue final : public Base<int>, private Other {
public:
    Queue() : size_{0}, items_{} { in_constructor(); }
    ~Queue() override { in_destructor(); }

    // Says whether.
    [[nodiscard]] bool operator<(const Queue& other) const noexcept { in_operator(); }
    std::map<int, int> claim(int n = {}) const { if (n) { in_claim(); } }
    int declared(int);

private:
    int field_ = 0;
};

enum class Kind : int { one, two };
const int table[] = {
    in_table,
};
}  // namespace a::b

a::b::Result<int> a::b::Queue::pop() { in_pop(); }
extern "C" {
int exported(void) { return in_exported; }
}
)~");
    CHECK(code.label("in_f;") == "f");
    CHECK(code.label("// About f") == "f");
    CHECK(code.label("int x; }") == "a::b::Point");
    CHECK(code.label("in_constructor") == "a::b::Queue::Queue");
    CHECK(code.label("in_destructor") == "a::b::Queue::~Queue");
    CHECK(code.label("// Says whether") == "a::b::Queue::operator<");
    CHECK(code.label("in_claim") == "a::b::Queue::claim");
    CHECK(code.label("declared") == "a::b::Queue::declared");
    CHECK(code.label("field_") == "a::b::Queue");
    CHECK(code.label("one, two") == "a::b::Kind");
    CHECK(code.label("in_table") == "a::b::table");
    CHECK(code.label("in_pop") == "a::b::Queue::pop");
    CHECK(code.label("in_exported") == "exported");
    CHECK(code.strength("// About f") == Strength::section);
    CHECK(code.strength("template") == Strength::inside);
    CHECK(code.strength("class Queue") == Strength::section);
    CHECK(code.strength("    // Says") == Strength::block);
    CHECK(code.strength("a::b::Result") == Strength::section);
}

TEST_CASE("C++: strings, comments and the preprocessor hide no brace and make none") {
    const auto code = read("c++", R"~(
#define OPEN {  // one that nobody closes
#define LONG(x) \
    do {        \
        x
const char* raw = R"x( } " { )" )x";
char quote = '"'; char brace = '{'; int million = 1'000'000;
/* { " */ // } '
const char* text = "} \" {" "\\";
#ifdef A
int twice(int a) {
#else
int twice(long a) {
#endif
    return in_twice;
}
#if 0
} } }
#endif
int last() { return in_last; }
)~");
    CHECK(code.label("in_twice") == "twice");
    CHECK(code.label("in_last") == "last");
}

TEST_CASE("C: types behind struct are no structs, and functions stand with brace and type on lines of their own") {
    const auto code = read("c", R"~(
static const struct point origin[] = { in_origin };
struct list *
append(struct list *head, int (*less)(int, int))
{
    return in_append;
}
typedef struct tree { int in_tree; } tree_t;
int f(int a), g;
SYSCALL_DEFINE(open)
{
    in_macro();
}
)~");
    CHECK(code.label("in_origin") == "origin");
    CHECK(code.label("in_append") == "append");
    CHECK(code.label("in_tree") == "tree");
    CHECK(code.label("in_macro") == "SYSCALL_DEFINE");
}

TEST_CASE("Java: annotations are no names, generics no types") {
    const auto code = read("java", R"~(
package com.example;
import java.util.*;

/** An order. } */
@Entity(name = "orders")
public class Order<T extends Comparable<T>> implements Base {
    private final Map<String, List<T>> items = new HashMap<>() {{ put("a", in_items); }};
    static { in_static(); }

    @Override
    public <R> R accept(@NonNull Visitor<R> v) throws IOException { return in_accept; }
    public Order(int x) { in_constructor(); }
    interface Line { int count(); }
    String text = """
        } " {
        """;
    record Pair(int a, int b) { int sum() { return in_sum; } }
}
enum Color { RED { void f() {} }; int in_color() { return 1; } }
)~");
    CHECK(code.label("in_items") == "Order.items");
    CHECK(code.label("in_static") == "Order");
    CHECK(code.label("@Override") == "Order.accept");
    CHECK(code.label("in_accept") == "Order.accept");
    CHECK(code.label("in_constructor") == "Order.Order");
    CHECK(code.label("count") == "Order.Line.count");
    CHECK(code.label("in_sum") == "Order.Pair.sum");
    CHECK(code.label("return 1") == "Color.in_color");
    CHECK(code.strength("/** An order") == Strength::section);
    CHECK(code.strength("@Entity") == Strength::inside);
    CHECK(code.strength("    @Override") == Strength::block);
}

TEST_CASE("C#: properties, attributes, verbatim strings and namespaces for a whole file") {
    const auto code = read("c#", R"~(
using System;
namespace Shop.Orders;

[Serializable]
public sealed class Order : Base<int> where T : class
{
    #region Things
    public int Count { get; set; }
    [Fact] public async Task<int> Load<T>(string path = @"C:\") where T : class { in_load(); }
    string query = @"say ""{"" ";
    string raw = """ { " """;
    #endregion
    public Order() : base(1) { in_constructor(); }
}
public enum Kind { One }
)~");
    CHECK(code.label("get;") == "Shop.Orders.Order.Count");
    CHECK(code.label("in_load") == "Shop.Orders.Order.Load");
    CHECK(code.label("in_constructor") == "Shop.Orders.Order.Order");
    CHECK(code.label("One") == "Shop.Orders.Kind");
}

TEST_CASE("JavaScript: functions in all their forms; templates, regular expressions and missing semicolons") {
    const auto code = read("javascript", R"~(
import x from 'y'
const one = 1
export default async function* load(a, b = {}) { in_load() }
const arrow = async (a) => {
  in_arrow()
}
module.exports.named = function () { in_named() }

class Cart extends Base {
  #secret = 1
  static async add({ id }, n = `}${ {a: `{`}.a }{`) { in_add() }
  get total() { return /[}"'/]{2}/.test(x) ? 1 / 2 / 3 : in_total }
}
if (x) { in_if() } else { in_else() }
items.forEach((i) => { in_callback() })
function last() { return in_last }
)~");
    CHECK(code.label("in_load") == "load");
    CHECK(code.label("in_arrow") == "arrow");
    CHECK(code.label("in_named") == "module.exports.named");
    CHECK(code.label("in_add") == "Cart.add");
    CHECK(code.label("in_total") == "Cart.total");
    CHECK(code.label("in_if").empty());
    CHECK(code.label("in_callback").empty());
    CHECK(code.label("in_last") == "last");
    CHECK(code.strength("class Cart") == Strength::section);
}

TEST_CASE("TypeScript: types, interfaces and typed members") {
    const auto code = read("typescript", R"~(
export interface Item<T> { in_interface: T }
type Shape = { in_shape: number }
namespace App.Core {
  @Component({ selector: 'x' })
  export abstract class View<T> implements Item<T> {
    constructor(private readonly a: string) { in_constructor() }
    render(a?: number): Promise<void> { in_render() }
  }
}
export const handler: Handler<Event> = async (event: Event): Promise<void> => { in_handler() }
)~");
    CHECK(code.label("in_interface") == "Item");
    CHECK(code.label("in_shape") == "Shape");
    CHECK(code.label("in_constructor") == "App.Core.View.constructor");
    CHECK(code.label("in_render") == "App.Core.View.render");
    CHECK(code.label("in_handler") == "handler");
}

TEST_CASE("Go: methods have their receiver's name; raw strings end with a backtick only") {
    const auto code = read("go", R"~(
package main

import (
	"fmt"
)

// Queue holds jobs.
type Queue[T any] struct { in_struct int }

func (q *Queue[T]) Claim(n int) (int, error) { return in_claim }
func New(f func(int) error) *Queue { return in_new }

var raw = `} " \`
var table = map[string]int{ "a": in_table }
type Kind int
func last() { in_last() }
)~");
    CHECK(code.label("in_struct") == "Queue");
    CHECK(code.label("in_claim") == "Queue.Claim");
    CHECK(code.label("in_new") == "New");
    CHECK(code.label("in_table") == "table");
    CHECK(code.label("in_last") == "last");
    CHECK(code.strength("// Queue holds") == Strength::section);
    CHECK(code.strength("\t\"fmt\"") == Strength::inside);
}

TEST_CASE("Rust: implementations name the type; lifetimes are no characters") {
    const auto code = read("rust", R"~(
use std::fmt;
#[derive(Debug, Clone)]
pub struct Chunk<'a> { in_struct: &'a str }

impl<'a, T: Into<u8>> fmt::Display for Chunk<'a> where T: Sized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { let c = '{'; let d = '\''; in_fmt() }
}
pub(crate) async fn load<'a>(x: &'a str) -> Result<(), ()> { in_load() }
mod tests {
    /* nested /* { */ */
    const RAW: &str = r#" } " { "#;
    const TEXT: &str = "one {
        two";
    #[test]
    fn works() { in_test() }
}
macro_rules! maximum { ($x:expr) => { in_macro }; }
trait Shape { fn area(&self) -> f64; fn name(&self) -> String { in_name() } }
)~");
    CHECK(code.label("in_struct") == "Chunk");
    CHECK(code.label("in_fmt") == "Chunk::fmt");
    CHECK(code.label("in_load") == "load");
    CHECK(code.label("in_test") == "tests::works");
    CHECK(code.label("in_macro") == "maximum");
    CHECK(code.label("area") == "Shape::area");
    CHECK(code.label("in_name") == "Shape::name");
}

TEST_CASE("PHP: what stands outside its marks is not read, heredocs hide everything") {
    const auto code = read("php", R"~(
<p>Don't { open "
<?php
namespace App\Shop;
# don't {
#[Route("/x")]
final class Cart extends Base {
    public function add(int $n = 1): ?self { $s = "}{$n}"; in_add(); }
    function text() { return <<<'EOT'
      it's } {
      EOT . in_text();
    }
}
?>
<b>isn't }
<?php function last() { in_last(); }
)~");
    CHECK(code.label("in_add") == "App\\Shop\\Cart::add");
    CHECK(code.label("in_last") == "App\\Shop::last");
}

TEST_CASE("shell: functions in both forms; case, heredocs, quotes and expansions") {
    const auto code = read("shell", R"~(#!/bin/bash
set -e # don't

# Says hello.
hello() {
    echo "${1:-it's} }" '}{' $# ${#x}
    case $1 in a) in_case ;; b) x ;; esac
    cat <<-'EOF' | grep x
    } don't {
    EOF
    in_hello
}

function other
{
    in_other <<< "don't"
}
if true; then
    last() { in_last; }
fi
)~");
    CHECK(code.label("in_case") == "hello");
    CHECK(code.label("in_hello") == "hello");
    CHECK(code.label("in_other") == "other");
    CHECK(code.label("in_last") == "last");
    CHECK(code.strength("# Says hello") == Strength::section);
}

TEST_CASE("a definition's end ends its name") {
    const auto code = read("c++", "int f() {\n}\n\nafter\n");
    CHECK(code.label("int f") == "f");
    CHECK(code.label("after").empty());
}

TEST_CASE("a line of a megabyte is code, too") {
    std::string text = "int f() { ";
    for (int i = 0; i < 60'000; ++i) text += "call({1, 2}); ";
    text += "in_f; }\nint g() { in_g; }\n";
    const auto code = read("c++", text);
    CHECK(code.label("in_f") == "f");
    CHECK(code.label("in_g") == "g");
}
