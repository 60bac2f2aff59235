"""The page at /, in a real browser."""
import json

from browser import Browser
from daemon import HTTPD, Case, main


class Page(Case):
    def setUp(self):
        super().setUp()
        self.browser = Browser(self.root)
        self.addCleanup(self.browser.close)
        self.browser.open(f"http://127.0.0.1:{self.httpd.port}/")

    def files(self, contents):
        folder = self.root / "files"
        folder.mkdir(exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        return [folder / name for name in contents]

    def shows(self, selector, text):
        self.browser.until(f"document.querySelector({json.dumps(selector)}).textContent.includes({json.dumps(text)})")

    def test_files_go_in_and_are_found_where_they_are(self):
        browser = self.browser
        browser.until("!document.querySelector('#all').disabled")
        browser.type("#name", "papers")
        browser.press_enter()
        browser.until("document.querySelector('#project').selectedOptions[0].textContent === 'papers'")
        browser.choose_files("#files", self.files({"note.txt": "one\ntwo\nthe größte lighthouse keeper\n".encode(),
                                                   "evil <img src=x onerror=alert(1)>.txt": b"<script>alert('lighthouse')</script>\n",
                                                   "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200)}))
        self.shows("#sent", "3 files stored, 0 unchanged.")
        self.shows("#coverage", "2 searchable · 0 on their way · 1 of a type not read")
        self.shows("#failures", "picture.png")
        self.shows("#summary", "All done.")
        browser.evaluate("document.querySelector('#mode').value = 'literal'; document.querySelector('#mode').dispatchEvent(new Event('change'))")
        browser.type("#q", "lighthouse")
        browser.press_enter()
        self.shows("#found", "2 of 2 found")
        hits = browser.evaluate("[...document.querySelectorAll('#hits li')].map(hit => [hit.querySelector('h3').textContent, "
                                "[...hit.querySelectorAll('mark')].map(mark => mark.textContent).join()])")
        self.assertEqual(sorted(hits), [["evil <img src=x onerror=alert(1)>.txt:1", "lighthouse"], ["note.txt:3", "lighthouse"]])
        self.assertEqual(browser.evaluate("document.querySelectorAll('#hits script, #hits img, #jobs img').length"), 0)
        self.assertEqual(browser.complaints, [])

    def test_what_happens_elsewhere_is_seen_and_a_lost_server_is_said_and_found_again(self):
        browser = self.browser
        browser.until("!document.querySelector('#all').disabled")
        self.upload_and_wait({"from-elsewhere.txt": b"hello"})
        self.shows("#jobs", "from-elsewhere.txt")
        port = self.httpd.port
        self.httpd.stop()
        self.shows("#notice", "The server is not there; trying again.")

        self.httpd = self.start(HTTPD, listen=f"127.0.0.1:{port}")
        browser.until("document.querySelector('#notice').textContent === ''")
        self.upload_and_wait({"after-it.txt": b"hello again"})
        self.shows("#jobs", "after-it.txt")

    def test_a_refusal_is_told_in_its_words(self):
        self.browser.until("!document.querySelector('#all').disabled")
        self.browser.type("#name", "p")
        self.browser.press_enter()
        self.shows("#notice", '"p"')


if __name__ == "__main__":
    main()
