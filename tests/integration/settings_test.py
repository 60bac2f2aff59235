"""The configuration files that are installed name every setting of the daemons, with its default."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ["ARCHAEO_CLI"]).parent


def report(daemon, file):
    """What --check-config says: {name: (value, origin)}."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    done = subprocess.run([PROGRAMS / f"archaeologist-{daemon}", "--config", file, "--check-config"],
                          capture_output=True, text=True, env=environment, timeout=60, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{daemon} with {file}: {done.returncode}\n{done.stderr}")
    lines = [re.fullmatch(r"(\S+) = (.*?)  # (.*)", line) for line in done.stdout.splitlines()]
    return {line[1]: (line[2], line[3]) for line in lines}


class SettingsTest(unittest.TestCase):
    def check(self, daemon):
        file = ROOT / "daemons/etc" / f"{daemon}.conf"
        named = re.findall(r"^#([a-z0-9-]+) = ", file.read_text(), re.MULTILINE)
        defaults = report(daemon, file)
        self.assertEqual(sorted(named), sorted(defaults))
        self.assertEqual({origin for _, origin in defaults.values()}, {"default"})
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as copy:
            copy.write(re.sub(r"^#(?=[a-z0-9-]+ = )", "", file.read_text(), flags=re.MULTILINE))
            copy.flush()
            said = report(daemon, copy.name)
            self.assertEqual({origin for _, origin in said.values()}, {copy.name})
        self.assertEqual({name: value for name, (value, _) in said.items()},
                         {name: value for name, (value, _) in defaults.items()})

    def test_httpd(self):
        self.check("httpd")

    def test_worker(self):
        self.check("worker")


if __name__ == "__main__":
    unittest.main()
