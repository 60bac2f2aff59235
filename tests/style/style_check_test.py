"""Each rule refuses what it must, and lets pass what looks like it."""
import pathlib
import tempfile
import unittest

from cxx_source import CxxSource
from style_check import check_file, check_tree


def messages(path, text):
    return [f"{line}: {message}" for line, message in check_file(pathlib.PurePath(path), text)]


def body(lines):
    """The braces of a function that has so many lines, its head's line included."""
    return "{\n" + "    step();\n" * (lines - 2) + "}\n"


class Refusal(unittest.TestCase):
    def assert_refused(self, path, text, *parts):
        found = messages(path, text)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def assert_passes(self, path, text):
        self.assertEqual(messages(path, text), [])


class Lengths(Refusal):
    def test_a_file_has_at_most_600_lines(self):
        self.assert_passes("lib/base/a.cpp", "//\n" * 600)
        self.assert_refused("lib/base/a.cpp", "//\n" * 601, "601 lines", "at most 600")
        self.assert_refused("lib/base/a.cpp", "//\n" * 600 + "//", "601 lines")
        self.assert_refused("lib/queue/a.sql", "--\n" * 601, "601 lines")

    def test_a_function_has_at_most_70_lines(self):
        self.assert_passes("lib/base/a.cpp", "void f() " + body(70))
        self.assert_refused("lib/base/a.cpp", "int a;\n\nvoid Foo::f(int x) const " + body(71), "3: Foo::f has 71 lines")
        self.assert_refused("tests/unit/base/a_test.cpp", 'TEST_CASE("a { b") ' + body(71), "71 lines")
        self.assert_refused("daemons/cli/a.cpp", "int main(int argc, char** argv) " + body(71), "main has 71 lines")

    def test_functions_are_found_wherever_they_stand(self):
        for before, after in [("namespace a::b {\nnamespace {\n", "}\n}\n"), ('extern "C" {\n', "}\n"),
                              ("class ARCHAEO_CAPABILITY(\"m\") A final : public B<int> {\npublic:\n", "};\n"),
                              ("template <class T>\nstruct A {\n    int x = {1};\n    int y{};\n", "};\n"),
                              ("#define F(x) {\n", ""), ("const char* s = R\"(}}{{)\"; char c = '{'; // {\n", ""),
                              ("enum class E { a, b };\nint n = 1'000;\n", ""),
                              ("const std::function<int()> f = [] { return 1; };\n", "")]:
            for head in ["void f() ", "Result<int> f(int a = 1) noexcept ", "bool operator==(const A& b) const ",
                         "template <class T = int> auto f(T t) -> std::vector<T> ", "A() : a_{1}, b_(2), c_{f(3)} ",
                         "void f() ARCHAEO_REQUIRES(mutex_) ", "A& operator=(A&& other) noexcept "]:
                with self.subTest(before=before, head=head):
                    self.assertEqual(messages("lib/base/a.cpp", before + head + body(69) + after), [])
                    self.assertIn("lines, must be at most 70",
                                  "".join(messages("lib/base/a.cpp", before + head + body(80) + after)))

    def test_a_long_table_is_no_function(self):
        self.assert_passes("lib/base/a.cpp", "constexpr std::array<int, 3> table{\n" + "    1,\n" * 100 + "};\n")
        self.assert_passes("lib/base/a.cpp", "const std::map<int, int> m = make({\n" + "    {1, 2},\n" * 100 + "});\n")
        self.assert_passes("include/archaeologist/job.hpp", "struct Job {\n" + "    int a = f();\n" * 100 + "};\n")

    def test_a_subcase_counts_on_its_own(self):
        case = '    SUBCASE("a") ' + body(60)
        self.assert_passes("tests/contract/a.cpp", "void contract() {\n" + case * 5 + "}\n")
        self.assert_refused("tests/contract/a.cpp", 'void contract() {\n    SUBCASE("a") ' + body(71) + "}\n", "SUBCASE has 71")
        self.assert_refused("tests/contract/a.cpp", "void contract() {\n" + "step();\n" * 70 + case + "}\n", "contract has")

    def test_a_python_function_has_at_most_70_lines(self):
        self.assert_passes("tests/a.py", "def f():\n" + "    g()\n" * 69)
        self.assert_refused("tests/a.py", "def f():\n" + "    g()\n" * 70, "f has 71 lines")

    def test_what_the_scanner_cannot_follow_is_said(self):
        self.assert_refused("lib/base/a.cpp", "void f() {\n", "never closed")
        self.assert_refused("lib/base/a.cpp", "void f() {}\n}\n", "2: a brace closes")


class Direction(Refusal):
    def test_includes_point_down_the_list(self):
        self.assert_passes("lib/worker/a.cpp", '#include "queue/queue.hpp"\n#include "worker/b.hpp"\n#include <vector>\n')
        self.assert_refused("lib/queue/a.cpp", '\n#include "worker/worker.hpp"\n', "2:", "stands above")
        self.assert_refused("lib/base/a.hpp", '#include "sqlite/database.hpp"\n', "stands above")

    def test_a_public_header_ranks_as_its_folder(self):
        self.assert_passes("lib/worker/a.cpp", '#include "archaeologist/worker.hpp"\n#include <archaeologist/queue.hpp>\n')
        self.assert_refused("lib/queue/a.cpp", '#include "archaeologist/engine.hpp"\n', "of engine/")
        self.assert_refused("lib/queue/a.cpp", "#include <archaeologist/worker.hpp>\n", "of worker/")
        self.assert_refused("lib/worker/a.cpp", '#include "archaeologist/walk.hpp"\n', "of engine/")
        self.assert_refused("include/archaeologist/job.hpp", '#include "archaeologist/queue.hpp"\n', "of queue/")

    def test_a_commented_include_is_none(self):
        self.assert_passes("lib/base/a.cpp", '// #include "engine/engine.hpp"\n/*\n#include "engine/engine.hpp"\n*/\n')

    def test_a_new_folder_or_header_needs_its_place_in_the_list(self):
        self.assert_refused("lib/nowhere/a.cpp", "", "list of ARCHITECTURE.md")
        self.assert_refused("lib/a.cpp", "", "list of ARCHITECTURE.md")
        self.assert_refused("include/archaeologist/nowhere.hpp", "", "without a rank")

    def test_public_headers_include_public_headers_only(self):
        self.assert_refused("include/archaeologist/id.hpp", '#include "base/hex.hpp"\n', "not public")
        self.assert_refused("include/archaeologist/archaeologist.h", '#include "archaeologist/id.hpp"\n', "C header")

    def test_pure_folders_do_no_io(self):
        for header in ["fstream", "unistd.h", "sqlite3.h", "sys/stat.h", "curl/curl.h"]:
            self.assert_refused("lib/text/a.cpp", f"#include <{header}>\n", "pure")
            self.assert_refused("lib/job/a.hpp", f"#include <{header}>\n", "pure")
        self.assert_passes("lib/text/a.cpp", "#include <utf8proc.h>\n#include <random>\n")
        self.assert_passes("lib/lake/a.cpp", "#include <unistd.h>\n")


class Hosts(Refusal):
    def test_programs_see_the_public_headers_and_what_they_share(self):
        self.assert_passes("daemons/cli/main.cpp", "#include <archaeologist/engine.hpp>\n#include <CLI/CLI.hpp>\n"
                           '#include "host/signals.hpp"\n#include "cli/bar.hpp"\n#include "bar.hpp"\n')
        self.assert_refused("daemons/cli/main.cpp", '#include "base/json.hpp"\n', "inside the library")
        self.assert_refused("daemons/host/a.cpp", "#include <queue/memory.hpp>\n", "inside the library")
        self.assert_refused("daemons/cli/main.cpp", '#include "../../lib/base/json.hpp"\n', "climbs")
        self.assert_refused("daemons/cli/main.cpp", '#include "httpd/routes.hpp"\n', "belongs to host/")
        self.assert_refused("daemons/host/a.cpp", '#include "cli/bar.hpp"\n', "belongs to host/")

    def test_examples_stand_alone(self):
        self.assert_passes("examples/embed.cpp", "#include <archaeologist/engine.hpp>\n#include <cstdio>\n")
        self.assert_refused("examples/embed.cpp", '#include "base/json.hpp"\n', "inside the library")
        self.assert_refused("examples/embed.cpp", '#include "helper.hpp"\n', "stand alone")

    def test_the_c_abi_stands_on_the_public_headers(self):
        self.assert_passes("capi/a.cpp", '#include "archaeologist/engine.hpp"\n#include "guard.hpp"\n')
        self.assert_refused("capi/a.cpp", '#include "engine/engine.hpp"\n', "public headers")


class Strings(Refusal):
    def test_sql_is_not_in_strings(self):
        for sql in ["SELECT id FROM jobs", "INSERT INTO jobs VALUES (1)", "INSERT OR IGNORE INTO t VALUES (1)",
                    "UPDATE jobs SET a = 1", "DELETE FROM jobs", "CREATE TABLE a (b)", "CREATE VIRTUAL TABLE a USING fts5",
                    "  ALTER TABLE a ADD b", "WITH a AS (SELECT 1) SELECT 1"]:
            self.assert_refused("lib/catalog/a.cpp", f'void f() {{ run("{sql}"); }}\n', "SQL in a string")
            self.assert_refused("lib/catalog/a.cpp", f'\nconst char* a = R"(\n{sql})";\n', "2: SQL in a string")
        for other in ["BEGIN IMMEDIATE", "PRAGMA journal_mode = wal", "selected", "update failed", "SELECT"]:
            self.assert_passes("lib/catalog/a.cpp", f'void f() {{ run("{other}"); }}\n')
        self.assert_passes("lib/catalog/a.cpp", "// \"SELECT id FROM jobs\"\n")

    def test_a_test_may_look_into_a_database(self):
        self.assert_passes("tests/unit/catalog/a_test.cpp", 'const char* a = "SELECT id FROM jobs";\n')

    def test_lua_is_not_in_strings(self):
        self.assert_refused("lib/queue/a.cpp", "const char* a = \"return redis.call('DEL', KEYS[1])\";\n", "Lua in a string")


class Tree(unittest.TestCase):
    def test_names_that_say_nothing_are_refused(self):
        self.assertIn("names no idea", messages("lib/base/utils.cpp", "")[0])

    def test_a_tree_is_walked_and_what_is_built_in_it_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path in ["lib/base/a.cpp", "lib/build/a.cpp"]:
                (root / path).parent.mkdir(parents=True)
                (root / path).write_text("//\n" * 601)
            (root / "lib/base/b.cpp").write_bytes(b"// \xff\n")
            found = list(check_tree(root))
        self.assertEqual(len(found), 2, found)
        self.assertIn("lib/base/a.cpp:601:", found[0])
        self.assertIn("lib/base/b.cpp:1: not UTF-8", found[1])

    def test_the_names_of_functions_are_found(self):
        source = CxxSource("A::A(int b) : c_{b} {\n}\nint A::f() const { return 1; }\n")
        self.assertEqual([f.name for f in source.functions], ["A::A", "A::f"])


if __name__ == "__main__":
    unittest.main()
