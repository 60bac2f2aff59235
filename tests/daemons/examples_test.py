"""The examples for many hosts: what they say is what the programs understand."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

try:
    import yaml
except ImportError:
    yaml = None

import daemon

TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TREE / "tests/process"))
from redis_server import RedisServer  # noqa: E402: its folder is only known now

COMPOSE = TREE / "examples/compose"
COMPOSED = [COMPOSE / "many-hosts.yaml", COMPOSE / "growing.yaml"]
SYSTEMD = TREE / "examples/systemd"


class Examples(daemon.Case):
    def merged(self, kind, *arguments):
        """What a daemon says that it understands of these arguments."""
        done = subprocess.run([daemon.PROGRAMS[kind], *arguments, "--check-config"], capture_output=True, text=True, check=False,
                              env=self.environment(), timeout=daemon.PATIENCE_S)
        self.assertEqual(done.returncode, 0, f"{kind} {arguments}: {done.stderr}")
        return done.stdout

    def commands(self, path):
        """Of each service that has one: the program and its arguments."""
        services = yaml.safe_load(path.read_text())["services"]
        return {name: service["command"] for name, service in services.items() if "command" in service}

    @unittest.skipIf(yaml is None, "needs python3-yaml")
    def test_the_compose_files_start_daemons_with_options_that_they_have(self):
        for path in COMPOSED:
            with self.subTest(path.name):
                self.check_options(path)

    def check_options(self, path):
        kinds = []
        for name, (program, *arguments) in self.commands(path).items():
            if not program.startswith("archaeologist-"):
                continue
            kind = program.removeprefix("archaeologist-")
            kinds.append(kind)
            said = subprocess.run([daemon.PROGRAMS[kind], "--help"], capture_output=True, text=True, check=True).stdout
            for option in (word for word in arguments if word.startswith("--")):
                self.assertRegex(said, rf"(?m)^  {re.escape(option)} ", f"{name}: {program} has no {option}")
            settings = self.merged(kind, *arguments)
            self.assertIn('\nqueue = "redis"  # --queue\n', settings, name)
            self.assertIn("  # --redis-url\n", settings, name)
        self.assertEqual(sorted(kinds), ["httpd", "worker", "worker"])

    @unittest.skipIf(yaml is None, "needs python3-yaml")
    def test_the_compose_files_services_share_one_folder_and_one_of_each_server(self):
        for path in COMPOSED:
            with self.subTest(path.name):
                self.check_sharing(path)

    def check_sharing(self, path):
        composed = yaml.safe_load(path.read_text())
        services = composed["services"]
        ours = [service for service in services.values() if service.get("command", [""])[0].startswith("archaeologist-")]
        for service in ours:
            command = service["command"]
            folder = command[command.index("--data") + 1]
            self.assertIn(f"data:{folder}", service["volumes"])
            host = re.fullmatch(r"redis://(\w+):6379", command[command.index("--redis-url") + 1])[1]
            self.assertEqual(services[host]["command"][0], "redis-server")
            for option, pattern in (("--vectors", r"qdrant\+http://(\w+):6333/\w+"), ("--embedder", r"http://(\w+):80\?api=tei")):
                if option in command:
                    self.assertIn(re.fullmatch(pattern, command[command.index(option) + 1])[1], services)
            volumes = {volume.split(":")[0] for volume in service["volumes"]}
            self.assertLessEqual(volumes, set(composed["volumes"]))
        self.assertTrue((COMPOSE / ours[0]["build"]["context"] / ours[0]["build"]["dockerfile"]).is_file())

    def holds_jobs(self, redis):
        for name, value in (("appendonly", "yes"), ("maxmemory-policy", "noeviction"), ("maxmemory", str(1 << 30))):
            said = subprocess.run(["redis-cli", "-u", redis.url, "CONFIG", "GET", name], capture_output=True, text=True, check=True)
            self.assertEqual(said.stdout.split(), [name, value])

    @unittest.skipIf(yaml is None, "needs python3-yaml")
    def test_the_compose_files_redis_keeps_jobs(self):
        for path in COMPOSED:
            redis = RedisServer(self.root / path.stem, *self.commands(path)["redis"][1:])
            self.addCleanup(redis.kill)
            self.holds_jobs(redis)

    def test_the_configuration_of_redis_keeps_jobs(self):
        lines = [line.split() for line in (SYSTEMD / "redis.conf").read_text().splitlines() if line and line[0] != "#"]
        redis = RedisServer(self.root / "redis", *(word for name, value in lines for word in ("--" + name, value)))
        self.addCleanup(redis.kill)
        self.holds_jobs(redis)

    def test_the_configuration_files_are_understood(self):
        for kind in ("httpd", "worker"):
            path = SYSTEMD / f"{kind}.conf"
            settings = self.merged(kind, "--config", path)
            # The URL is not shown, for it may hold a password.
            for expected in ('queue = "redis"', 'redis-url = "********"', 'data = "/srv/archaeologist"'):
                self.assertIn(f"{expected}  # {path}\n", settings, kind)

    def test_the_units_start_the_daemons_with_these_files(self):
        for kind in ("httpd", "worker"):
            unit = (SYSTEMD / f"archaeologist-{kind}.service").read_text()
            start = f"/usr/bin/archaeologist-{kind} --config /etc/archaeologist/{kind}.conf"
            self.assertIn(f"ExecStart={start}\n", unit)

    @unittest.skipIf(shutil.which("systemd-analyze") is None, "needs systemd-analyze")
    def test_systemd_understands_the_units(self):
        for kind in ("httpd", "worker"):
            path = self.root / f"archaeologist-{kind}.service"
            unit = (SYSTEMD / path.name).read_text()
            path.write_text(unit.replace(f"/usr/bin/archaeologist-{kind}", daemon.PROGRAMS[kind]))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", path], capture_output=True, text=True,
                                  check=False, env=os.environ | {"SYSTEMD_COLORS": "0"}, timeout=daemon.PATIENCE_S)
            self.assertEqual((done.returncode, [line for line in done.stderr.splitlines() if path.name in line]), (0, []), done.stderr)


if __name__ == "__main__":
    daemon.main()
