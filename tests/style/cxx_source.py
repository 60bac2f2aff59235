"""A C++ file as the style rules need it: its includes, its string literals, and the length of its functions.

No compiler stands behind this: a scanner that knows comments, literals, preprocessor lines and braces. What it cannot
follow it reports, instead of being silently blind.
"""
import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*(?:\\\n[^\n]*)*|/\*.*?\*/)"""
    r"""|(?P<raw>\b(?:u8|u|U|L)?R"(?P<fence>[^()\\\s]{0,16})\((?P<raw_text>.*?)\)(?P=fence)")"""
    r"""|(?P<string>"(?P<text>(?:[^"\\\n]|\\.)*)")"""
    r"""|(?P<char>(?<![0-9A-Za-z_])(?:u8|u|U|L)?'(?:[^'\\\n]|\\.)+')""",
    re.DOTALL | re.VERBOSE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", re.MULTILINE)
CONTAINER = re.compile(r'^(?:template\s*<.*>\s*|inline\s+|export\s+|typedef\s+|static\s+|alignas\s*\([^)]*\)\s*)*'
                       r'(?:(?:namespace|class|struct|union|enum)\b|extern\s*"\s*")', re.DOTALL)
CONSTRUCTOR_LIST = re.compile(r"\)\s*(?:noexcept\s*(?:\([^()]*\)\s*)?)?:(?!:)")
CASE_BLOCK = re.compile(r"\bSUBCASE\s*\(")
LABEL = re.compile(r"^\s*(?:public|private|protected)\s*:")


@dataclass
class Include:
    line: int
    quoted: bool
    path: str


@dataclass
class Literal:
    line: int
    text: str


@dataclass
class Function:
    line: int
    name: str
    lines: int


def blank(text):
    """Spaces instead of everything but line ends, so that offsets and line numbers stay."""
    return re.sub(r"[^\n]", " ", text)


class CxxSource:
    def __init__(self, text):
        self.literals = []
        self.problems = []
        code = TOKEN.sub(self._token, text)
        without_comments = TOKEN.sub(lambda m: blank(m[0]) if m["comment"] else m[0], text)
        self.includes = [Include(self._line(without_comments, m.start()), m[1] == '"', m[2])
                         for m in INCLUDE.finditer(without_comments)]
        self.code = DIRECTIVE.sub(lambda m: blank(m[0]), code)
        self.functions = list(self._functions())

    @staticmethod
    def _line(text, offset):
        return text.count("\n", 0, offset) + 1

    def _token(self, match):
        if match["comment"]:
            return blank(match[0])
        if match["char"]:
            return " " * len(match[0])
        text = match["raw_text"] if match["raw"] else match["text"]
        self.literals.append(Literal(self._line(match.string, match.start()), text))
        inner = blank(match[0][1:-1])
        return '"' + inner + '"'

    def _functions(self):
        """Walks the braces. `head` is what stands between the last boundary of this level and an opening brace."""
        code = self.code
        head_begin = 0
        position = 0
        containers = 0
        while (found := re.compile(r"[{};]").search(code, position)):
            mark, position = found[0], found.end()
            head = LABEL.sub("", code[head_begin:found.start()]).strip()
            if mark == ";":
                if head.count("(") <= head.count(")"):
                    head_begin = position
            elif mark == "}":
                containers -= 1
                head_begin = position
                if containers < 0:
                    self.problems.append((self._line(code, found.start()), "a brace closes what was never opened"))
                    return
            elif CONTAINER.match(head) and not head.endswith(")"):
                containers += 1
                head_begin = position
            else:
                end = self._closing(found.start())
                if end is None:
                    self.problems.append((self._line(code, found.start()), "a brace is never closed"))
                    return
                position = end
                if self._is_function(head):
                    yield from self._measure(head, head_begin, found.start(), end)
                    head_begin = position

    @staticmethod
    def _is_function(head):
        if "(" not in head or head.count("(") > head.count(")"):
            return False
        last = head[-1]
        if last in "=,":
            return False
        # Foo() : member{…}, other(…) { … }: braces right after a name are a member's, not the body.
        in_list = CONSTRUCTOR_LIST.search(head)
        if in_list and (last.isalnum() or last in "_>") and head[in_list.end():].strip() != "":
            return False
        # auto x = Type(…){…}; a default argument has its "=" inside parentheses.
        outside = re.sub(r"\boperator\s*[^\s\w(]+", "operator", head)
        for inner in (r"\([^()]*\)", r"<[^<>]*>") * 4:
            outside = re.sub(inner, "", outside)
        return not re.search(r"(?<![=!<>+*/|&^-])=(?!=)", outside)

    def _closing(self, begin):
        depth = 0
        for found in re.compile(r"[{}]").finditer(self.code, begin):
            depth += 1 if found[0] == "{" else -1
            if depth == 0:
                return found.end()
        return None

    def _measure(self, head, head_begin, body_begin, end):
        """A SUBCASE is a test of its own, so it counts on its own and not for the function around it."""
        label = LABEL.match(self.code, head_begin, body_begin)
        begin = re.compile(r"\S|$").search(self.code, label.end() if label else head_begin).start()
        total = self.code.count("\n", begin, end) + 1
        position = body_begin
        while (found := CASE_BLOCK.search(self.code, position, end)):
            opening = self.code.find("{", found.end())
            closing = self._closing(opening) if opening != -1 else None
            if closing is None or closing > end:
                break
            lines = self.code.count("\n", found.start(), closing) + 1
            total -= lines - 1
            yield Function(self._line(self.code, found.start()), "SUBCASE", lines)
            position = closing
        names = re.findall(r"[\w:~]+(?=\s*\()", head)
        yield Function(self._line(self.code, begin), names[0] if names else "?", total)
