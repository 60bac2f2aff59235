"""SIGTERM: nothing that was accepted is lost, nothing more is accepted, and jobs are handed back."""
import signal
import threading
import time

from daemon import Broken, Case, main, marked

CLIENTS = 6


class Stop(Case):
    def upload_until_refused(self, daemon, client_number, seen):
        client = daemon.client()
        for number in range(client_number, 100_000, CLIENTS):
            began = time.monotonic()
            try:
                reply = client.upload(self.project, {f"{number:05d}.txt": marked(number)})
            except Broken:
                break
            seen.append((number, began, time.monotonic(), reply.status))
            if reply.status != 202:
                break
        client.close()

    def test_under_load_every_202_is_there_after_a_restart_and_none_comes_after_the_stop(self):
        daemon = self.start("httpd", "--grace", 10)
        self.project = self.make_project(daemon)
        seen = []
        clients = [threading.Thread(target=self.upload_until_refused, args=(daemon, number, seen))
                   for number in range(CLIENTS)]
        for client in clients:
            client.start()
        self.until(lambda: len(seen) > 300, "300 uploads")
        daemon.process.send_signal(signal.SIGTERM)
        code = daemon.wait()
        ended = time.monotonic()
        for client in clients:
            client.join()
        self.assertEqual(code, 0)
        accepted = {number for number, _, _, status in seen if status == 202}
        self.assertEqual({status for _, _, _, status in seen} - {202, 503}, set())
        refused_at = min([replied for _, _, replied, status in seen if status == 503] + [ended])
        self.assertEqual([number for number, began, _, status in seen if status == 202 and began > refused_at], [])
        again = self.start("httpd")
        self.until_all_done(again)
        sources = self.sources(again, self.project)
        for number in accepted:
            name = f"{number:05d}.txt"
            self.assertEqual(sources[name]["file_size"], len(marked(number)))
            reply = again.get(f"/api/v1/projects/{self.project}/search?mode=literal&q=zqmark{number:05d}end")
            self.assertEqual(reply["total_found"], 1, name)
        # What got no reply may be there, but whole.
        for name, source in sources.items():
            self.assertEqual(source["file_size"], len(marked(int(name[:5]))))
        self.assertEqual(again.stop(), 0)
        self.check_databases()

    def test_a_running_job_is_handed_back_without_a_retry_spent(self):
        daemon = self.start("httpd", "--grace", 1, "--handler", "nap=sleep 600")
        job = self.new_job(daemon, "nap")
        self.running(daemon, job)
        began = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        again = self.start("httpd", "--workers", 0)
        found = again.get(f"/api/v1/jobs/{job}")
        self.assertEqual((found["status"], found["retry_count"]), ("queued", 0))
        self.assertEqual(again.stop(), 0)

    def test_a_job_that_ends_within_the_grace_is_completed(self):
        daemon = self.start("httpd", "--grace", 30, "--handler", "nap=sleep 1")
        job = self.new_job(daemon, "nap")
        self.running(daemon, job)
        self.assertEqual(daemon.stop(), 0)
        again = self.start("httpd", "--workers", 0)
        self.assertEqual(again.get(f"/api/v1/jobs/{job}")["status"], "completed")

    def test_an_upload_in_flight_is_answered_within_the_grace_and_new_ones_are_not(self):
        daemon = self.start("httpd", "--workers", 0, "--grace", 20)
        project = self.make_project(daemon)
        client = daemon.client().connection
        content = marked(7)
        client.putrequest("PUT", f"/api/v1/projects/{project}/files/slow.txt")
        client.putheader("Content-Length", str(len(content)))
        client.endheaders(content[:10])
        self.until(lambda: self.in_flight(daemon) >= 2, "the upload is being read")
        daemon.process.send_signal(signal.SIGTERM)
        self.until(lambda: self.is_refused(daemon), "new uploads are refused")
        client.send(content[10:])
        reply = client.getresponse()
        self.assertEqual(reply.status, 202, reply.read())
        client.close()
        self.assertEqual(daemon.wait(), 0)
        again = self.start("httpd", "--workers", 0)
        self.assertEqual(list(self.sources(again, project)), ["slow.txt"])

    @staticmethod
    def in_flight(daemon):
        reply = daemon.ask("GET", "/metrics")
        if reply.headers["Content-Type"] != "text/plain; version=0.0.4; charset=utf-8":
            raise AssertionError(reply.headers["Content-Type"])
        text = reply.body.decode()
        return float(text.split("\narchaeologist_http_requests_in_flight ")[1].split("\n")[0])

    @staticmethod
    def is_refused(daemon):
        """Once it stops; until then this asks for what changes nothing."""
        try:
            return daemon.ask("GET", "/healthz").status == 503
        except Broken:
            return True

    def test_a_stream_of_events_ends_when_it_stops(self):
        daemon = self.start("httpd", "--workers", 0)
        client = daemon.client().connection
        client.request("GET", "/api/v1/events")
        reply = client.getresponse()
        self.assertEqual(reply.status, 200)
        self.assertTrue(reply.readline().startswith(b"retry:"))
        began = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 5)
        client.close()


if __name__ == "__main__":
    main()
