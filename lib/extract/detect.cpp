#include "extract/detect.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "extract/media_type.hpp"

namespace archaeologist {
namespace {

struct Kind {
    std::string_view key;  // an extension, a whole name or an interpreter; lower case
    std::string_view file_type;
    std::string_view content_type;
    std::string_view language;
    TextKind kind;
};

constexpr Kind code(std::string_view key, std::string_view language, std::string_view content_type = "text/plain") {
    return {key, "code", content_type, language, TextKind::code};
}
constexpr Kind config(std::string_view key, std::string_view language = "",
                      std::string_view content_type = "text/plain") {
    return {key, "config", content_type, language, TextKind::code};
}
constexpr Kind other(std::string_view key, std::string_view file_type, std::string_view content_type, TextKind kind,
                     std::string_view language = "") {
    return {key, file_type, content_type, language, kind};
}

constexpr auto extensions = std::to_array<Kind>({
    code("c", "c", "text/x-c"),
    code("h", "c", "text/x-c"),
    code("cc", "c++", "text/x-c++"),
    code("cpp", "c++", "text/x-c++"),
    code("cxx", "c++", "text/x-c++"),
    code("hh", "c++", "text/x-c++"),
    code("hpp", "c++", "text/x-c++"),
    code("hxx", "c++", "text/x-c++"),
    code("ipp", "c++", "text/x-c++"),
    code("inl", "c++", "text/x-c++"),
    code("ixx", "c++", "text/x-c++"),
    code("m", "objective-c"),
    code("mm", "objective-c"),
    code("cs", "c#"),
    code("java", "java", "text/x-java"),
    code("kt", "kotlin"),
    code("kts", "kotlin"),
    code("scala", "scala"),
    code("groovy", "groovy"),
    code("gradle", "groovy"),
    code("clj", "clojure"),
    code("py", "python", "text/x-python"),
    code("pyi", "python", "text/x-python"),
    code("pyx", "python"),
    code("rb", "ruby", "text/x-ruby"),
    code("pl", "perl", "text/x-perl"),
    code("pm", "perl", "text/x-perl"),
    code("t", "perl"),
    code("php", "php", "text/x-php"),
    code("lua", "lua"),
    code("tcl", "tcl"),
    code("r", "r"),
    code("jl", "julia"),
    code("go", "go", "text/x-go"),
    code("rs", "rust", "text/x-rust"),
    code("swift", "swift"),
    code("dart", "dart"),
    code("zig", "zig"),
    code("nim", "nim"),
    code("d", "d"),
    code("hs", "haskell"),
    code("ml", "ocaml"),
    code("mli", "ocaml"),
    code("fs", "f#"),
    code("erl", "erlang"),
    code("ex", "elixir"),
    code("exs", "elixir"),
    code("lisp", "lisp"),
    code("el", "lisp"),
    code("scm", "scheme"),
    code("rkt", "scheme"),
    code("js", "javascript", "text/javascript"),
    code("mjs", "javascript", "text/javascript"),
    code("cjs", "javascript", "text/javascript"),
    code("jsx", "javascript", "text/javascript"),
    code("ts", "typescript"),
    code("tsx", "typescript"),
    code("vue", "vue"),
    code("svelte", "svelte"),
    code("css", "css", "text/css"),
    code("scss", "css", "text/x-scss"),
    code("less", "css", "text/x-less"),
    code("sh", "shell", "text/x-shellscript"),
    code("bash", "shell", "text/x-shellscript"),
    code("zsh", "shell", "text/x-shellscript"),
    code("ksh", "shell", "text/x-shellscript"),
    code("fish", "shell"),
    code("ps1", "powershell"),
    code("psm1", "powershell"),
    code("bat", "batch"),
    code("cmd", "batch"),
    code("awk", "awk"),
    code("vb", "visual basic"),
    code("vbs", "visual basic"),
    code("bas", "basic"),
    code("frm", "visual basic"),
    code("cls", "visual basic"),
    code("pas", "pascal"),
    code("dpr", "pascal"),
    code("ada", "ada"),
    code("adb", "ada"),
    code("ads", "ada"),
    code("f", "fortran"),
    code("for", "fortran"),
    code("f77", "fortran"),
    code("f90", "fortran"),
    code("f95", "fortran"),
    code("cob", "cobol"),
    code("cbl", "cobol"),
    code("cpy", "cobol"),
    code("jcl", "jcl"),
    code("rpg", "rpg"),
    code("rpgle", "rpg"),
    code("clle", "cl"),
    code("pli", "pl/i"),
    code("pl1", "pl/i"),
    code("abap", "abap"),
    code("asm", "assembly"),
    code("s", "assembly"),
    code("v", "verilog"),
    code("sv", "verilog"),
    code("vhd", "vhdl"),
    code("proto", "protobuf"),
    code("thrift", "thrift"),
    code("graphql", "graphql"),
    code("y", "yacc"),
    code("l", "lex"),
    code("cmake", "cmake"),
    code("mk", "make"),
    code("tf", "terraform"),
    code("ipynb", "jupyter", "application/json"),
    code("tex", "tex", "text/x-tex"),
    code("bib", "tex"),
    other("sql", "sql", "application/sql", TextKind::code, "sql"),
    other("ddl", "sql", "application/sql", TextKind::code, "sql"),
    other("pls", "sql", "application/sql", TextKind::code, "sql"),
    other("plsql", "sql", "application/sql", TextKind::code, "sql"),
    other("pks", "sql", "application/sql", TextKind::code, "sql"),
    other("pkb", "sql", "application/sql", TextKind::code, "sql"),
    other("md", "markdown", "text/markdown", TextKind::markdown),
    other("markdown", "markdown", "text/markdown", TextKind::markdown),
    other("mkd", "markdown", "text/markdown", TextKind::markdown),
    other("rst", "text", "text/x-rst", TextKind::plain),
    other("adoc", "text", "text/asciidoc", TextKind::plain),
    other("org", "text", "text/org", TextKind::plain),
    other("txt", "text", "text/plain", TextKind::plain),
    other("text", "text", "text/plain", TextKind::plain),
    other("csv", "csv", "text/csv", TextKind::table),
    other("tsv", "csv", "text/tab-separated-values", TextKind::table),
    other("json", "json", "application/json", TextKind::code),
    other("jsonl", "json", "application/x-ndjson", TextKind::table),
    other("ndjson", "json", "application/x-ndjson", TextKind::table),
    other("xml", "xml", "application/xml", TextKind::code),
    other("xsd", "xml", "application/xml", TextKind::code),
    other("xsl", "xml", "application/xml", TextKind::code),
    other("xslt", "xml", "application/xml", TextKind::code),
    other("wsdl", "xml", "application/xml", TextKind::code),
    other("svg", "xml", "image/svg+xml", TextKind::code),
    other("html", "html", "text/html", TextKind::code),
    other("htm", "html", "text/html", TextKind::code),
    other("xhtml", "html", "application/xhtml+xml", TextKind::code),
    other("log", "log", "text/plain", TextKind::plain),
    config("yaml", "", "application/yaml"),
    config("yml", "", "application/yaml"),
    config("toml", "", "application/toml"),
    config("ini"),
    config("cfg"),
    config("conf"),
    config("properties"),
    config("env"),
    config("plist"),
});

constexpr auto whole_names = std::to_array<Kind>({
    code("makefile", "make", "text/x-makefile"),
    code("gnumakefile", "make", "text/x-makefile"),
    code("cmakelists.txt", "cmake", "text/x-cmake"),
    code("dockerfile", "dockerfile"),
    code("containerfile", "dockerfile"),
    code("jenkinsfile", "groovy"),
    code("vagrantfile", "ruby"),
    code("rakefile", "ruby"),
    code("gemfile", "ruby"),
    code("sconstruct", "python"),
    code("build.bazel", "starlark"),
    code("meson.build", "meson"),
    config(".gitignore"),
    config(".gitattributes"),
    config(".editorconfig"),
    config(".clang-format", "", "application/yaml"),
});

constexpr auto interpreters = std::to_array<Kind>({
    code("sh", "shell", "text/x-shellscript"),
    code("bash", "shell", "text/x-shellscript"),
    code("dash", "shell", "text/x-shellscript"),
    code("ksh", "shell", "text/x-shellscript"),
    code("zsh", "shell", "text/x-shellscript"),
    code("python", "python", "text/x-python"),
    code("python2", "python", "text/x-python"),
    code("python3", "python", "text/x-python"),
    code("perl", "perl", "text/x-perl"),
    code("ruby", "ruby", "text/x-ruby"),
    code("node", "javascript", "text/javascript"),
    code("php", "php", "text/x-php"),
    code("lua", "lua"),
    code("tclsh", "tcl"),
    code("awk", "awk"),
    code("gawk", "awk"),
    code("rscript", "r"),
});

constexpr Kind plain_text = other("", "text", "text/plain", TextKind::plain);
constexpr Kind xml_text = other("", "xml", "application/xml", TextKind::code);
constexpr Kind html_text = other("", "html", "text/html", TextKind::code);
constexpr Kind json_text = other("", "json", "application/json", TextKind::code);

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

template <std::size_t Size>
const Kind* find(const std::array<Kind, Size>& table, std::string_view key) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Kind& kind) { return kind.key == key; });
    return found == table.end() ? nullptr : &*found;
}

const Kind* by_name(std::string_view path) {
    const std::string name = lower(path.substr(path.rfind('/') + 1));
    if (const Kind* whole = find(whole_names, name)) return whole;
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? nullptr : find(extensions, std::string_view(name).substr(dot + 1));
}

// "#!/usr/bin/env python3 -u" names python3.
const Kind* by_first_line(std::string_view text) {
    if (!text.starts_with("#!")) return nullptr;
    std::string_view line = text.substr(2, std::min<std::size_t>(text.find('\n'), 200) - 2);
    for (int word = 0; word < 3 && !line.empty(); ++word) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
        const auto whole = line.substr(0, line.find_first_of(" \t\r"));
        line.remove_prefix(whole.size());
        if (const Kind* known = find(interpreters, lower(whole.substr(whole.rfind('/') + 1)))) return known;
    }
    return nullptr;
}

const Kind& by_content(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (const Kind* script = by_first_line(text)) return *script;
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    const std::string head = lower(text.substr(0, 16));
    if (head.starts_with("<?xml")) return xml_text;
    if (head.starts_with("<!doctype html") || head.starts_with("<html")) return html_text;
    if (head.starts_with("{\"") || head.starts_with("[{\"") || head.starts_with("{\n  \"")) return json_text;
    return plain_text;
}

FileType file_type(const Kind& kind) {
    return {std::string(kind.file_type), std::string(kind.content_type), std::string(kind.language), kind.kind, true};
}

FileType unsupported(std::string content_type) {
    return {"unsupported", std::move(content_type), "", TextKind::plain, false};
}

}  // namespace

FileType detect(std::string_view beginning, Extent extent, std::string_view name) {
    if (beginning.starts_with("%PDF-")) return unsupported("application/pdf");  // a small one may be without a NUL
    if (!looks_like_text(beginning, extent)) {
        std::string type = media_type_of(beginning);
        // Too full of control characters for people, whatever libmagic makes of its first bytes.
        return unsupported(type.starts_with("text/") ? "application/octet-stream" : std::move(type));
    }
    const Kind* named = by_name(name);
    return file_type(named != nullptr ? *named : by_content(beginning));
}

bool is_programming_language(std::string_view name) {
    const auto is_of = [&](const Kind& kind) { return !name.empty() && kind.language == name; };
    return std::any_of(extensions.begin(), extensions.end(), is_of) ||
           std::any_of(whole_names.begin(), whole_names.end(), is_of) ||
           std::any_of(interpreters.begin(), interpreters.end(), is_of);
}

}  // namespace archaeologist
