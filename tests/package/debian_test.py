"""The Debian packages of this build: what is in them, what they ask for, and that all of it works from a scratch root."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TREE / "tests/daemons"), str(TREE / "tests/consumer")]
import consumer_test  # noqa: E402: its folder is only known now
import daemon  # noqa: E402

VERSION = os.environ["ARCHAEO_VERSION"]
NAMES = ("libarchaeologist0", "libarchaeologist-dev", "archaeologist")
WORK = tempfile.TemporaryDirectory(prefix="archaeologist-packages-")
FOLDER = pathlib.Path(WORK.name)
ROOT = FOLDER / "root"


def said(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}: {command}\n{done.stdout}{done.stderr}")
    return done.stdout


def package(name):
    return next(FOLDER.glob(f"{name}_{VERSION}_*.deb"))


def setUpModule():
    said(os.environ["ARCHAEO_CPACK"], "--config", pathlib.Path(os.environ["ARCHAEO_BUILD"]) / "CPackConfig.cmake", "-B", FOLDER,
         "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip")  # quicker
    (FOLDER / "control").mkdir()
    for name in NAMES:
        said("dpkg-deb", "-x", package(name), ROOT)
        said("dpkg-deb", "-e", package(name), FOLDER / "control" / name)
    for kind, name in (("cli", "archaeologist"), ("httpd", "archaeologist-httpd"), ("worker", "archaeologist-worker")):
        daemon.PROGRAMS[kind] = str(ROOT / "usr/bin" / name)


def tearDownModule():
    WORK.cleanup()


def field(name, what):
    return said("dpkg-deb", "-f", package(name), what).strip()


def control(name, file):
    path = FOLDER / "control" / name / file
    return path.read_text() if path.exists() else ""


class Metadata(unittest.TestCase):
    def test_what_programs_and_library_link_is_asked_for(self):
        for name in ("archaeologist", "libarchaeologist0"):
            self.assertRegex(field(name, "Depends"), r"\blibc6 \(>= ", name)
        self.assertIn("libsqlite3-0", field("archaeologist", "Depends"))
        self.assertRegex(control("libarchaeologist0", "shlibs"), rf"^libarchaeologist 0 libarchaeologist0 \(>= {re.escape(VERSION)}\)")

    def test_who_builds_with_the_library_gets_what_its_pc_file_requires(self):
        wanted = field("libarchaeologist-dev", "Depends")
        self.assertIn(f"libarchaeologist0 (= {VERSION})", wanted)
        packages = set(re.findall(r"\blib\S+-dev\b", wanted))
        self.assertLessEqual(packages, set(said(TREE / "tools/deps", "--print").split()))
        required = re.search(r"(?m)^Requires: (.*)", (TREE / "cmake/archaeologist_cxx.pc.in").read_text())[1]
        for module in re.findall(r"[a-z][a-z0-9]+", required):
            owner = said("dpkg-query", "-S", f"*/{module}.pc").split(":")[0]
            self.assertIn(owner, packages, module)

    def test_whatever_is_in_etc_is_a_conffile(self):
        files = {f"/{path.relative_to(ROOT)}" for path in (ROOT / "etc").rglob("*") if path.is_file()}
        self.assertEqual(files, set(control("archaeologist", "conffiles").split()))
        self.assertEqual(len(files), 2)

    def test_no_script_starts_or_enables_what_was_not_running(self):
        scripts = [path for name in NAMES for path in (FOLDER / "control" / name).iterdir() if path.name in ("postinst", "prerm", "postrm", "preinst")]
        self.assertGreater(len(scripts), 2)
        for script in scripts:
            said("sh", "-n", script)
            commands = re.sub(r"(?m)^\s*#.*", "", script.read_text())
            self.assertNotRegex(commands, r"(?<![-\w])(start|restart|enable|unmask|preset)\b", script)

    def test_the_units_user_is_one_that_the_package_makes(self):
        users = re.findall(r"(?m)^u\s+(\S+)", (ROOT / "usr/lib/sysusers.d/archaeologist.conf").read_text())
        for kind in ("httpd", "worker"):
            folder = ROOT / "usr/lib/systemd/system"
            unit = (folder / f"archaeologist-{kind}.service").read_text()
            self.assertEqual(re.findall(r"(?m)^User=(.*)", unit), users)
            self.assertIn("\nDynamicUser=no\n", (folder / f"archaeologist-{kind}.service.d/user.conf").read_text())
            program, _, config = re.search(r"(?m)^ExecStart=(.*)", unit)[1].split()
            self.assertTrue(os.access(f"{ROOT}{program}", os.X_OK), program)
            self.assertTrue(os.access(f"{ROOT}{config}", os.R_OK), config)

    def test_manual_pages_and_completions_are_where_they_are_looked_for(self):
        share = ROOT / "usr/share"
        for name, section in (("archaeologist", 1), ("archaeologist-httpd", 8), ("archaeologist-worker", 8)):
            for path in (f"man/man{section}/{name}.{section}.gz", f"bash-completion/completions/{name}",
                         f"zsh/vendor-completions/_{name}", f"fish/vendor_completions.d/{name}.fish"):
                self.assertTrue((share / path).is_file(), path)

    def test_the_changelog_is_of_this_version(self):
        self.assertEqual(said("dpkg-parsechangelog", "-l", TREE / "cmake/debian/changelog", "-S", "Version").strip(), VERSION)

    @unittest.skipIf(shutil.which("lintian") is None, "needs lintian")
    def test_lintian_finds_no_error(self):
        # Of the development package it would take apart the archive for a minute.
        for name in ("archaeologist", "libarchaeologist0"):
            done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error", package(name)], capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Programs(daemon.Case):
    """From a root that dpkg-deb laid down, with nothing of the build."""

    def run_cli(self, *arguments):
        return said(daemon.PROGRAMS["cli"], *arguments, cwd=self.root, env=self.environment(), timeout=daemon.PATIENCE_S)

    def test_the_command_line_stores_and_finds(self):
        self.assertEqual(self.run_cli("--version"), f"archaeologist {VERSION}\n")
        (self.root / "ledger.txt").write_text("the clerk posted the balance\n")
        self.run_cli("--data", self.data, "ingest", "ledger.txt", "--project", "p")
        self.assertIn("clerk", self.run_cli("--data", self.data, "search", "balance", "--project", "p"))

    def test_the_daemons_work_together_with_the_files_of_etc(self):
        httpd = self.start("httpd", "--config", ROOT / "etc/archaeologist/httpd.conf", "--workers", "0")
        worker = self.start("worker", "--config", ROOT / "etc/archaeologist/worker.conf")
        project = self.make_project(httpd)
        client = httpd.client()
        self.addCleanup(client.close)
        job = client.upload(project, {"a.txt": b"the clerk posted the balance\n"}).json()["jobs"][0]["id"]
        self.assertEqual(self.finished(httpd, job)["status"], "completed")
        self.assertEqual(worker.get("/jobs/worker/status")["processed"], 1)
        self.assertIn("clerk", self.run_cli("--server", httpd.url, "search", "balance", "--project", "p"))
        self.assertEqual((worker.stop(), httpd.stop()), (0, 0))


class Consumers(unittest.TestCase):
    """Other people's programs, built with what the packages hold."""

    def consumer(self, kind):
        options = argparse.Namespace(source_dir=str(TREE), build_dir="", work_dir=str(FOLDER / "consumers"), version=VERSION,
                                     cmake=os.environ["ARCHAEO_CMAKE"], cc=os.environ["ARCHAEO_CC"], cxx=os.environ["ARCHAEO_CXX"],
                                     generator="Ninja", flags="", launcher="", kind=kind)
        (FOLDER / "consumers").mkdir(exist_ok=True)
        consumers = consumer_test.Consumers(options)
        consumers.prefix = ROOT / "usr"
        return consumers

    def test_c_by_find_package(self):
        self.consumer("c").c()

    def test_c_by_pkg_config(self):
        self.consumer("pkgconfig-c").pkgconfig_c()

    def test_cxx_by_pkg_config(self):
        self.consumer("pkgconfig-cxx").pkgconfig_cxx()


@unittest.skipIf(os.geteuid() != 0, "dpkg needs root, also for a root of one's own")
class Dpkg(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="archaeologist-dpkg-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for part in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "etc", "tmp"):
            (self.root / part).mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").touch()

    def dpkg(self, *arguments):
        """Without a chroot, for there is no shell in it, and without what the packages depend on."""
        return said("dpkg", f"--root={self.root}", "--force-script-chrootless", "--force-depends", "--force-confold", *arguments,
                    env=os.environ | {"LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL)

    def state(self, name):
        return said("dpkg-query", f"--admindir={self.root}/var/lib/dpkg", "-W", "-f", "${db:Status-Status}", name)

    @unittest.skipIf(shutil.which("systemd-sysusers") is None, "needs systemd-sysusers")
    def test_installed_upgraded_removed_and_purged(self):
        self.dpkg("--install", *map(package, NAMES))
        self.assertEqual([self.state(name) for name in NAMES], ["installed"] * 3)
        self.assertRegex((self.root / "etc/passwd").read_text(), r"(?m)^archaeologist:.*:/var/lib/archaeologist:.*nologin$")
        self.assertEqual([path.name for path in self.root.rglob("*.wants")], [])
        config = self.root / "etc/archaeologist/httpd.conf"
        config.write_text("grace = 7\n")
        self.dpkg("--install", package("archaeologist"))
        self.assertEqual(config.read_text(), "grace = 7\n")
        self.dpkg("--remove", "archaeologist")
        self.assertFalse((self.root / "usr/bin/archaeologist").exists())
        self.assertEqual(config.read_text(), "grace = 7\n")
        self.dpkg("--purge", "archaeologist")
        self.assertFalse(config.exists())
        self.assertIn("archaeologist:", (self.root / "etc/passwd").read_text())


if __name__ == "__main__":
    unittest.main()
