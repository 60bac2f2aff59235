"""Uses the library the ways strangers do: installed by find_package and by pkg-config, and as a subdirectory.

Run by ctest, one kind at a time; `install` comes first and makes the tree the others use. Needs no network.
"""
import argparse
import os
import pathlib
import shlex
import shutil
import subprocess
import sys


def run(*command, env=None):
    """Runs a command, shows its output only when it fails, and returns it."""
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=env)
    if done.returncode != 0:
        sys.exit(f"exit {done.returncode}: {shlex.join(map(str, command))}\n{done.stdout}")
    return done.stdout


class Consumers:
    def __init__(self, options):
        self.options = options
        self.source = pathlib.Path(options.source_dir)
        self.work = pathlib.Path(options.work_dir)
        self.prefix = self.work / "prefix"

    def install(self):
        """Also checks that nothing in the installed package points back into the build or source tree."""
        shutil.rmtree(self.prefix, ignore_errors=True)
        run(self.options.cmake, "--install", self.options.build_dir, "--prefix", self.prefix)
        for path in self.prefix.rglob("*"):
            if path.suffix not in (".cmake", ".pc", ".hpp", ".h"):
                continue
            text = path.read_text()
            for folder in (self.options.build_dir, self.options.source_dir):
                if folder + "/" in text:
                    sys.exit(f"{path} names {folder}, so the package only works on this machine")

    def c(self):
        self.configure_and_build("c", self.package_root())
        self.run_program("c/consumer", self.options.version)
        if (self.source / "examples/chunk_only.c").exists():
            self.embed("c")
            if "tokens" not in self.run_program("c/chunk_only", self.source / "LICENSE"):
                sys.exit("chunk_only found no chunks in LICENSE")

    def cxx(self):
        self.configure_and_build("cxx", self.package_root())
        self.run_program("cxx/consumer", self.options.version)
        if (self.source / "lib/engine/engine.cpp").exists():
            self.embed("cxx")
            self.run_program("cxx/custom_job", self.work / "cxx/custom-job-data")

    def embed(self, kind):
        hits = self.run_program(f"{kind}/embed", self.work / kind / "embed-data", self.source / "LICENSE", "patent license")
        if "LICENSE:" not in hits:
            sys.exit(f"embed found nothing in LICENSE:\n{hits}")

    def refused(self):
        """What is not there is said to be missing: a version, a component."""
        for asked, complaint in ((("-DEXPECTED_VERSION=99.1",), 'requested version "99.1"'), (("-DCOMPONENT=nonsense",), "nonsense")):
            done = subprocess.run([self.options.cmake, "-S", self.source / "tests/consumer/refused", "-B", self.work / "refused",
                                   "-G", self.options.generator, f"-DCMAKE_C_COMPILER={self.options.cc}", *asked, *self.package_root()],
                                  capture_output=True, text=True, check=False)
            if done.returncode == 0 or complaint not in done.stderr:
                sys.exit(f"{asked}: exit {done.returncode}, must fail and name it\n{done.stderr}")

    def subdirectory(self):
        """Keeps its objects from one run to the next, but configures afresh."""
        (self.work / "subdirectory/CMakeCache.txt").unlink(missing_ok=True)
        self.configure_and_build("subdirectory", [])
        self.run_program("subdirectory/consumer", self.options.version)
        self.run_program("subdirectory/consumer-c", self.options.version)

    def pkgconfig_c(self):
        self.compile_by_pkg_config("archaeologist", [self.options.cc, "-std=c99"], "c/main.c")

    def pkgconfig_cxx(self):
        """Links every object of the library, so that a dependency missing in the .pc file shows."""
        everything = ["-Wl,--whole-archive", next(self.prefix.rglob("libarchaeologist_cxx.a")), "-Wl,--no-whole-archive"]
        self.compile_by_pkg_config("archaeologist_cxx", [self.options.cxx, "-std=c++20"], "cxx/main.cpp", everything)

    def package_root(self):
        shutil.rmtree(self.work / self.options.kind, ignore_errors=True)
        return [f"-DCMAKE_PREFIX_PATH={self.prefix}"]

    def configure_and_build(self, name, extra):
        flags = self.options.flags
        run(self.options.cmake, "-S", self.source / "tests/consumer" / name, "-B", self.work / name,
            "-G", self.options.generator, f"-DSOURCE_DIR={self.source}", f"-DEXPECTED_VERSION={self.options.version}",
            f"-DCMAKE_C_COMPILER={self.options.cc}", f"-DCMAKE_CXX_COMPILER={self.options.cxx}",
            f"-DCMAKE_C_COMPILER_LAUNCHER={self.options.launcher}",
            f"-DCMAKE_CXX_COMPILER_LAUNCHER={self.options.launcher}",
            f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}", *extra)
        run(self.options.cmake, "--build", self.work / name)

    def compile_by_pkg_config(self, package, compiler, main, objects=()):
        folder = next(self.prefix.rglob("pkgconfig"))
        env = os.environ | {"PKG_CONFIG_PATH": str(folder)}
        version = run("pkg-config", "--modversion", package, env=env).strip()
        if version != self.options.version:
            sys.exit(f"{package}.pc says version {version}, must be {self.options.version}")
        flags = shlex.split(run("pkg-config", "--cflags", "--libs", package, env=env))
        out = self.work / self.options.kind
        out.mkdir(exist_ok=True)
        run(*compiler, self.source / "tests/consumer" / main, *objects, *self.options.flags.split(),
            *flags, f"-Wl,-rpath,{folder.parent}", "-o", out / "consumer")
        self.run_program(f"{self.options.kind}/consumer", self.options.version)

    def run_program(self, program, *arguments):
        return run(self.work / program, *arguments)


def main():
    parser = argparse.ArgumentParser()
    for name in ("source-dir", "build-dir", "work-dir", "version", "cmake", "cc", "cxx", "generator"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--flags", default="")
    parser.add_argument("--launcher", default="")
    parser.add_argument("kind", choices=["install", "c", "cxx", "refused", "subdirectory", "pkgconfig-c", "pkgconfig-cxx"])
    options = parser.parse_args()
    getattr(Consumers(options), options.kind.replace("-", "_"))()


if __name__ == "__main__":
    main()
