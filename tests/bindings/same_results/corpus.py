"""Makes the files that every language ingests, and the questions it asks: the same bytes on every machine."""
import json
import random
import struct

FILES = 1000
SEED = 20_260_101
WORDS = ("lease worker queue claim epoch retry invoice payroll ledger balance customer order stock warehouse tax currency "
         "chunk vector search index page column row update insert select delete total amount period month report archive "
         "restore payment contract delivery supplier employee department schedule timeout message network thread lock").split()
ACCENTED = "Straße Überweisung Größe Prüfung façade élève déjà naïve señor año coração über".split()
CYRILLIC = "заказ счёт склад поиск ошибка работник очередь отчёт платёж валюта".split()
JAPANESE = "在庫 請求書 検索 注文 倉庫 給与 残高 契約 支払 報告".split()


def sentence(rng, words):
    picked = [rng.choice(words) for _ in range(rng.randint(5, 14))]
    return " ".join(picked).capitalize() + "."


def prose(rng, words=WORDS):
    paragraphs = [" ".join(sentence(rng, words) for _ in range(rng.randint(1, 6))) for _ in range(rng.randint(1, 9))]
    return "\n\n".join(paragraphs) + "\n"


def markdown(rng):
    parts = [f"{'#' * rng.randint(1, 3)} {rng.choice(WORDS).title()} {rng.choice(WORDS)}\n\n{prose(rng)}\n"
             for _ in range(rng.randint(1, 5))]
    return "".join(parts) + "```\n" + python(rng) + "```\n"


def python(rng):
    return "\n".join(f"def {rng.choice(WORDS)}_{rng.choice(WORDS)}({rng.choice(WORDS)}):\n"
                     f"    \"\"\"{sentence(rng, WORDS)}\"\"\"\n    return {rng.choice(WORDS)} + {rng.randint(0, 999)}\n"
                     for _ in range(rng.randint(1, 20)))


def c_code(rng):
    return "".join(f"/* {sentence(rng, WORDS)} */\nint {rng.choice(WORDS)}{rng.choice(WORDS).title()}(int {rng.choice(WORDS)}) {{\n"
                   f"    return {rng.randint(0, 99)};\n}}\n\n" for _ in range(rng.randint(1, 20)))


def sql(rng):
    return "".join(f"SELECT {rng.choice(WORDS)}, {rng.choice(WORDS)} FROM {rng.choice(WORDS)} WHERE {rng.choice(WORDS)} > "
                   f"{rng.randint(0, 99)}; -- {sentence(rng, WORDS)}\n" for _ in range(rng.randint(1, 30)))


def cobol(rng):
    lines = ["       IDENTIFICATION DIVISION.", f"       PROGRAM-ID. {rng.choice(WORDS).upper()}.", "       PROCEDURE DIVISION."]
    lines += [f"           MOVE {rng.choice(WORDS).upper()} TO {rng.choice(WORDS).upper()}-{rng.choice(WORDS).upper()}."
              for _ in range(rng.randint(3, 40))]
    return "\n".join(lines) + "\n"


def table(rng):
    rows = [",".join(rng.sample(WORDS, 4))]
    rows += [f"{rng.choice(WORDS)},{rng.randint(0, 10_000)},\"{sentence(rng, WORDS)}\",{rng.random():.3f}" for _ in range(rng.randint(2, 60))]
    return "\n".join(rows) + "\n"


def data(rng):
    return json.dumps({word: [rng.randint(0, 99), sentence(rng, WORDS)] for word in rng.sample(WORDS, 8)}, indent=1) + "\n"


def markup(rng):
    return "<?xml version=\"1.0\"?>\n<all>\n" + "".join(
        f" <{rng.choice(WORDS)}>{sentence(rng, WORDS)}</{WORDS[0]}>\n" for _ in range(rng.randint(1, 20))) + "</all>\n"


def log(rng):
    return "".join(f"2026-01-{rng.randint(1, 28):02} 12:00:{second:02} {rng.choice(['INFO', 'WARN', 'ERROR'])} {sentence(rng, WORDS)}\n"
                   for second in range(rng.randint(1, 59)))


def picture(rng):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + rng.randbytes(rng.randint(50, 500))


# Name's end, and what makes the bytes.
KINDS = [
    ("txt", lambda rng: prose(rng).encode()),
    ("md", lambda rng: markdown(rng).encode()),
    ("py", lambda rng: python(rng).encode()),
    ("c", lambda rng: c_code(rng).encode()),
    ("sql", lambda rng: sql(rng).encode()),
    ("cbl", lambda rng: cobol(rng).encode()),
    ("csv", lambda rng: table(rng).encode()),
    ("json", lambda rng: data(rng).encode()),
    ("xml", lambda rng: markup(rng).encode()),
    ("log", lambda rng: log(rng).replace("\n", "\r\n").encode()),
    ("latin1.txt", lambda rng: prose(rng, WORDS + ACCENTED).encode("latin-1")),
    ("cp1252.txt", lambda rng: ("“" + prose(rng, WORDS + ACCENTED) + "”").encode("cp1252")),
    ("bom.txt", lambda rng: prose(rng, ACCENTED).encode("utf-8-sig")),
    ("utf16.txt", lambda rng: b"\xff\xfe" + prose(rng, CYRILLIC).encode("utf-16-le")),
    ("utf16be.txt", lambda rng: b"\xfe\xff" + prose(rng, WORDS + ACCENTED).encode("utf-16-be")),
    ("koi8.txt", lambda rng: prose(rng, CYRILLIC).encode("koi8-r")),
    ("cp1251.txt", lambda rng: prose(rng, CYRILLIC).encode("cp1251")),
    ("sjis.txt", lambda rng: prose(rng, JAPANESE).encode("shift_jis")),
    ("utf8.txt", lambda rng: prose(rng, JAPANESE + CYRILLIC).encode()),
    ("png", picture),
    ("empty", lambda rng: b""),
]

# Mode of ARCHAEO_SEARCH_..., limit, query.
QUESTIONS = [(mode, limit, query) for mode in (1, 2, 3, 4) for limit, query in [
    (10, "lease"), (10, "worker lost the invoice"), (50, "payroll ledger balance"), (10, "Überweisung"), (10, "заказ счёт"),
    (10, "請求書"), (1000, "total"), (20, "parse queueTimeout"), (10, "nothing-like-it-anywhere"), (10, "SELECT stock"),
]]


def make(folder):
    """Gives the names, in the order in which they are to be uploaded."""
    rng = random.Random(SEED)
    names = []
    for number in range(FILES):
        end, content = KINDS[number % len(KINDS)]
        name = f"part{number % 7}/{rng.choice(WORDS)}-{number:04}.{end}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(rng))
        names.append(name)
    return names
