#include <doctest/doctest.h>

#include "unit/text/outline/reading.hpp"

using namespace archaeologist;

namespace {

Reading read(std::string_view language, std::string_view text) { return {TextKind::code, language, text}; }

}  // namespace

TEST_CASE("Python: names by indentation; strings and brackets over lines are no code") {
    const auto code = read("python", R"~(#!/usr/bin/env python3
"""def no(): don't
class Neither:
"""
import os

# About f.
@cache
def f(a=("x",
b=2):
    in_f()

    def inner():
        in_inner()
    still_there()

class Cart(Base):
    """A cart: class of its own."""
    size = 1

    async def add(self, n):  # don't
        in_add()
        '''
def neither
'''

    class Line:
        def total(self): return in_total
after()
)~");
    CHECK(code.label("import os").empty());
    CHECK(code.label("# About f") == "f");
    CHECK(code.label("in_f()\n\n    def") == "f");
    CHECK(code.label("in_inner") == "f.inner");
    CHECK(code.label("still_there") == "f");
    CHECK(code.label("size = 1") == "Cart");
    CHECK(code.label("in_add") == "Cart.add");
    CHECK(code.label("in_total") == "Cart.Line.total");
    CHECK(code.label("after()").empty());
    CHECK(code.strength("# About f") == Strength::section);
    CHECK(code.strength("b=2") == Strength::inside);
    CHECK(code.strength("class Neither") == Strength::inside);
    CHECK(code.strength("class Cart") == Strength::section);
    CHECK(code.strength("    async def") == Strength::block);
}

TEST_CASE("Ruby: end closes what stands above it; heredocs and comment blocks") {
    const auto code = read("ruby", R"~(require 'x'
=begin
def no
=end
module Shop
  # A cart.
  class Cart < Base
    attr_reader :n
    def add(n = 1)
      if n then in_add end
    rescue E
      in_rescue
    end

    def self.text = <<~EOS
      def neither
      end
    EOS
    def valid?
      in_valid
    end
  end
  in_shop
end
outside
)~");
    CHECK(code.label("attr_reader") == "Shop::Cart");
    CHECK(code.label("# A cart") == "Shop::Cart");
    CHECK(code.label("in_add") == "Shop::Cart#add");
    CHECK(code.label("in_rescue") == "Shop::Cart#add");
    CHECK(code.label("in_valid") == "Shop::Cart#valid?");
    CHECK(code.label("in_shop") == "Shop");
    CHECK(code.label("outside").empty());
    CHECK(code.strength("=begin") == Strength::section);
}

TEST_CASE("Lua: functions of tables") {
    const auto code = read(
        "lua",
        "--[[ function no()\n]]\nfunction M.load(x)\n  in_load()\nend\nlocal function f() -- it's\n  in_f()\nend\n");
    CHECK(code.label("in_load") == "M.load");
    CHECK(code.label("in_f") == "f");
}
