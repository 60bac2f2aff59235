"""kill -9 of the front-end amid uploads: what was accepted is there, once and whole."""
import os
import queue
import random
import threading
import time

from daemon import Broken, Case, Client, main, marked

FILES = 2_000
CLIENTS = 8


class Crash(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.start("httpd")
        self.project = self.make_project(self.daemon)
        self.left = queue.SimpleQueue()
        for number in range(FILES):
            self.left.put(number)
        self.accepted = set()
        self.wrong = []

    def upload_all(self):
        """One client: it repeats what got no reply, and nothing else."""
        client, port = None, 0
        while True:
            try:
                number = self.left.get_nowait()
            except queue.Empty:
                return client.close() if client else None
            content = marked(number)
            while number not in self.accepted and not self.wrong:
                if client is None or port != self.daemon.port:
                    if client is not None:
                        client.close()
                    port = self.daemon.port
                    client = Client(port)
                try:
                    reply = client.upload(self.project, {f"{number:05d}.txt": content})
                except Broken:
                    time.sleep(0.01)  # until the next one listens
                    continue
                if reply.status == 202:
                    self.accepted.add(number)
                else:
                    self.wrong.append((number, reply.status, reply.body))

    def test_every_202_is_searchable_exactly_once_after_kills_at_any_moment(self):
        seed = int(os.environ.get("ARCHAEO_SEED", "20261124"))
        chance = random.Random(seed)
        with self.subTest(seed=seed):
            clients = [threading.Thread(target=self.upload_all) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            kills = 0
            while any(client.is_alive() for client in clients):
                time.sleep(chance.uniform(0.02, 0.5))  # the moment itself is what is tested
                if len(self.accepted) < FILES:
                    self.daemon.kill()
                    kills += 1
                    self.daemon = self.start("httpd")
            self.assertEqual(self.wrong, [])
            self.assertGreaterEqual(kills, 3)
            self.assertEqual(len(self.accepted), FILES)
            self.until_all_done(self.daemon)
            self.retry_poisoned()
            self.check_all()
            self.assertEqual(self.daemon.stop(), 0)
            self.check_databases()

    def retry_poisoned(self):
        """A job that was under way at three kills fails, and says so: it may have been their cause. Nothing else fails."""
        client = self.daemon.client()
        failed = client.ask("GET", "/api/v1/jobs?status=failed&per_page=1000").json()["jobs"]
        for job in failed:
            self.assertIn("(crash 3 of 3", job["error_message"])
        print(f"    {len(failed)} jobs were under way at three kills", flush=True)
        if failed:
            client.ask("POST", "/api/v1/jobs/bulk", {"filter": {"status": "failed"}, "action": "retry"})
            self.until_all_done(self.daemon)
        client.close()

    def check_all(self):
        sources = self.sources(self.daemon, self.project)
        self.assertEqual(len(sources), FILES)
        client = self.daemon.client()
        for number in range(FILES):
            self.assertEqual(sources[f"{number:05d}.txt"]["file_size"], len(marked(number)))
            reply = client.ask("GET", f"/api/v1/projects/{self.project}/search?mode=literal&q=zqmark{number:05d}end").json()
            self.assertEqual((reply["total_found"], [hit["source_name"] for hit in reply["results"]]),
                             (1, [f"{number:05d}.txt"]))
        for number in range(0, FILES, 97):
            source = sources[f"{number:05d}.txt"]["id"]
            content = client.ask("GET", f"/api/v1/projects/{self.project}/sources/{source}/content")
            self.assertEqual((content.status, content.body), (200, marked(number)))
        coverage = client.ask("GET", f"/api/v1/projects/{self.project}/search?mode=literal&q=zqmark").json()["coverage"]
        self.assertEqual((coverage["searchable"], coverage["pending"], coverage["failed"]), (FILES, 0, 0))
        client.close()


if __name__ == "__main__":
    main()
