"""Texts and questions to measure search with, made of what Debian packages installed. Nothing of it is kept in the tree.

A question is a known item: something that was said of a page or a definition, and was then taken out of it. Whoever asks with
it wants the file it came from. The same packages and the same seed give the same questions; which files and which questions are
taken depends on their names and words alone, so another version of a package changes few of them.

kind         asks with                                                          wants
prose        what a manual page's NAME section says of it; the section is out   the page
japanese     the same of Japanese pages                                         the page
german       the same of German pages                                           the page
comments     the first sentence of a definition's comment; the comment is out   the file
identifiers  a function's name as words: "get user name"                        every file that has the name
symbols      the name itself                                                    the same
"""
import ast
import gzip
import hashlib
import pathlib
import re
import subprocess
import sysconfig
import warnings

PACKAGES = {
    "prose": ["manpages", "manpages-dev", "git-man"],
    "japanese": ["manpages-ja", "manpages-ja-dev"],
    "german": ["manpages-de"],
    "code": ["libpython3.11-minimal", "libpython3.11-stdlib", "libstdc++-12-dev", "linux-libc-dev", "libc6-dev"],
}
FILE_BYTES_MAX = 100_000
SYMBOL_FILES_MAX = 3
FIXTURE_FILES = 250
FIXTURE_QUESTIONS_MIN = 40

ESCAPES = [(r"\\f(\[[^\]]*\]|\(..|.)", ""), (r"\\s[-+]?\d", ""), (r"\\\*?\(aq", "'"), (r"\\\((lq|rq)", '"'), (r"\\\*?\(..", ""),
           (r"\\[&/,|^%:c]", ""), (r"\\e", r"\\"), (r"\\-", "-"), (r"\\[ ~0]", " "), (r"\\\*?\[[^\]]*\]", "")]
OPERATORS = re.compile(r"""[\t"*]|(?<!\S)-(?=\w)|\b(?:path|lang|type|symbol):""")  # a question is words
HEADINGS = {"SH", "SS", "Sh", "Ss"}
WITH_TEXT = {"B", "I", "BR", "RB", "BI", "IB", "IR", "RI", "IP", "SM", "SB", "Nm", "Nd", "Fl", "Ar", "Pa", "Xr", "Fn", "Dv", "Er"}


def chosen(items, count, seed):
    """`count` of the items, in an order that depends on each one and the seed only."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}|{item}".encode()).digest())[:count]


def installed(packages):
    listed = subprocess.run(["dpkg", "-L", *packages], capture_output=True, text=True, check=True).stdout
    return sorted({pathlib.Path(line) for line in listed.splitlines() if line.startswith("/usr/")})


def plain(roff):
    """A line of roff as its reader sees it, or None for one that shows nothing."""
    if roff.startswith((".\\\"", "'\\\"", "'")):
        return None
    macro = re.match(r"\.\s*([A-Za-z]+)\s*(.*)", roff)
    if macro and macro[1] not in HEADINGS | WITH_TEXT:
        return None
    text = macro[2].replace('"', "") if macro else roff
    if not macro and text.startswith("."):
        return None
    for pattern, instead in ESCAPES:
        text = re.sub(pattern, instead, text)
    return ("\n" + text + "\n") if macro and macro[1] in HEADINGS else text


def read_page(path):
    """(what NAME says, the rest), or None: a link to another page, or none that says anything."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        roff = file.read()
    if roff.lstrip().startswith(".so ") or "\ufffd" in roff:
        return None
    sections = re.split(r"(?m)^(?=\.\s*S[Hh]\b)", roff)
    names = [i for i, text in enumerate(sections) if re.match(r'\.\s*S[Hh]\s+"?(NAME|BEZEICHNUNG|名前|名称)\b', text)]
    if not names:
        return None
    name = " ".join(line for line in map(plain, sections[names[0]].splitlines()[1:]) if line)
    about = re.search(r"\s[-\u2013\u2014]+\s+(.*)", name) or re.search(r"(?m)^\.\s*Nd\s+(.*)", sections[names[0]])
    if not about:
        return None
    said = " ".join(about[1].split()).rstrip(". 。")
    rest = "".join(sections[1:names[0]] + sections[names[0] + 1:])
    lines = [line for line in map(plain, rest.splitlines()) if line is not None and said.lower() not in line.lower()]
    return said, "\n".join(lines) + "\n"


def pages(paths, wanted):
    """{name: text} and {question: names}."""
    texts, questions = {}, {}
    for path in paths:
        if path.suffix != ".gz" or not path.is_file() or path.is_symlink():
            continue
        page = read_page(path)
        if page is None or len(page[1]) < 500:
            continue
        said, text = page
        name = path.stem + ".txt"
        texts[name] = text[:FILE_BYTES_MAX]
        if wanted(said):
            questions.setdefault(said, set()).add(name)
    return texts, questions


def is_english(said):
    return said.isascii() and 3 <= len(said.split()) <= 20


def is_german(said):
    return 3 <= len(said.split()) <= 20 and re.search(r"[äöüß]|\b(der|die|das|den|dem|und|ein|eine|von|für|im)\b", said)


def is_japanese(said):
    return 6 <= len(said) <= 80 and len(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]", said)) >= 5


def first_sentence(comment):
    paragraph = comment.strip().split("\n\n")[0]
    return re.split(r"(?<=[.!?])\s", " ".join(paragraph.split()))[0].rstrip(". ")


def is_question(sentence, symbol):
    words = re.findall(r"[A-Za-z]{2,}", sentence)
    return sentence.isascii() and 4 <= len(words) <= 25 and symbol.lower() not in sentence.lower()


def python_comments(text):
    """(sentence, first line, end line) of each docstring that can be a question."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            sentence = first_sentence(ast.get_docstring(node))
            if is_question(sentence, node.name):
                yield sentence, node.body[0].lineno - 1, node.body[0].end_lineno


def c_comments(text):
    for found in re.finditer(r"/\*\*(?!\*)(.*?)\*/[ \t]*\n([^\n]*)", text, re.DOTALL):
        said = re.sub(r"(?m)^\s*\*?[ \t]?", "", found[1])
        said = re.sub(r"^\s*[\\@]brief\s*|^[\w ]+(\(\))? - ", "", said)
        said = re.split(r"(?m)^\s*[\\@]\w+|\n\s*\n", said)[0]
        symbol = re.search(r"(\w+)\s*(\(|\{|;|$)", found[2])
        sentence = re.sub(r"[\\@%#]\w+|</?\w+>", "", first_sentence(said))
        if symbol and is_question(sentence, symbol[1]):
            begin = text.count("\n", 0, found.start())
            yield sentence, begin, begin + found[0].rstrip().count("\n") + (1 if found[2] == "" else 0)


def code(paths, files, seed):
    """{name: text} and, for each kind, {question: names}. A file gives one sentence at most, which is then cut out of it."""
    readable = [path for path in paths if path.is_file() and (path.suffix in (".py", ".h", ".hpp") or "c++" in str(path))
                and "test" not in path.name and 1_000 < path.stat().st_size < FILE_BYTES_MAX]
    texts, sentences = {}, {}
    for path in chosen(readable, files, seed):
        text = path.read_text(encoding="utf-8", errors="replace")
        if "\ufffd" in text or "\0" in text:
            continue
        name = "-".join(path.parts[-3:])
        found = list(python_comments(text) if path.suffix == ".py" else c_comments(text))
        for sentence, begin, end in sorted(found, key=lambda one: hashlib.sha256(one[0].encode()).digest())[:1]:
            lines = text.splitlines(keepends=True)
            without = "".join(lines[:begin] + lines[end:])
            if sentence.lower() not in " ".join(without.lower().split()):
                text = without
                sentences.setdefault(sentence, set()).add(name)
        texts[name] = text
    return texts, sentences


def names_in(texts):
    """{name of a function: the files that have it}, of names of three parts or more that few files have."""
    files = {}
    for name, text in texts.items():
        for word in set(re.findall(r"\b[A-Za-z_]\w{9,40}\b", text)):
            files.setdefault(word, set()).add(name)
    defined = set()
    for text in texts.values():
        defined.update(re.findall(r"\bdef (\w+)\(|\b(\w+)\s*\([^)]*\)\s*(?:const\s*)?[;{]", text))
    defined = {one or other for one, other in defined}
    return {word: files[word] for word in defined & files.keys()
            if len(as_words(word).split()) >= 3 and len(files[word]) <= SYMBOL_FILES_MAX}


def as_words(identifier):
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", identifier)
    return " ".join(part.lower() for part in parts if len(part) > 1)


def write(folder, corpora, questions):
    """folder/CORPUS/FILE and folder/questions.tsv: kind, corpus, question, files."""
    for corpus, texts in corpora.items():
        (folder / corpus).mkdir(parents=True)
        for name, text in texts.items():
            (folder / corpus / name).write_text(text, encoding="utf-8")
    with (folder / "questions.tsv").open("w", encoding="utf-8") as file:
        for kind, corpus, asked in questions:
            for question, names in asked.items():
                print(kind, corpus, OPERATORS.sub(" ", question), " ".join(sorted(names)), sep="\t", file=file)


def some(questions, count, seed):
    return {question: questions[question] for question in chosen(questions, count, seed)}


def make_code(paths, files, count, seed):
    texts, sentences = code(paths, files, seed)
    names = some(names_in(texts), count, seed)
    words = {}
    for name, files_with in names.items():
        words.setdefault(as_words(name), set()).update(files_with)
    return texts, [("comments", "code", some(sentences, count, seed)), ("identifiers", "code", words),
                   ("symbols", "code", names)]


def make(folder, count, seed):
    """The whole evaluation: `count` questions of each kind."""
    prose, about = pages(installed(PACKAGES["prose"]), is_english)
    japanese, about_japanese = pages([path for path in installed(PACKAGES["japanese"]) if "/ja/" in str(path)], is_japanese)
    german, about_german = pages([path for path in installed(PACKAGES["german"]) if "/man/de/" in str(path)], is_german)
    texts, asked = make_code(installed(PACKAGES["code"]), 1_200, count, seed)
    if min(len(prose), len(japanese), len(german)) < 100:
        raise SystemExit("quality: the manual pages are not there, must be at least 100 of each kind: is dpkg told to leave "
                         "/usr/share/man out (path-exclude)?")
    questions = [("prose", "prose", some(about, count, seed)), *asked,
                 ("japanese", "japanese", some(about_japanese, count, seed)),
                 ("german", "german", some(about_german, count, seed))]
    write(folder, {"prose": prose, "code": texts, "japanese": japanese, "german": german}, questions)


def make_fixture(folder, count, seed):
    """The same, smaller, of what any machine that builds this has; pages where there are some."""
    manual = pathlib.Path("/usr/share/man")
    prose, about = pages(chosen(manual.glob("man[1-8]/*.gz"), FIXTURE_FILES, seed), is_english)
    japanese, about_japanese = pages(chosen(manual.glob("ja/man[1-8]/*.gz"), FIXTURE_FILES, seed), is_japanese)
    headers = [*pathlib.Path("/usr/include/c++").glob("*/**/*"), *pathlib.Path("/usr/include").glob("linux/*.h")]
    python = pathlib.Path(sysconfig.get_path("stdlib")).glob("**/*.py")
    texts, asked = make_code([*headers, *(path for path in python if "packages" not in str(path))], FIXTURE_FILES, count, seed)
    corpora = {"prose": prose, "code": texts, "japanese": japanese}
    questions = [("prose", "prose", some(about, count, seed)), *asked,
                 ("japanese", "japanese", some(about_japanese, count, seed))]
    write(folder, corpora, [one for one in questions if len(one[2]) >= FIXTURE_QUESTIONS_MIN])
