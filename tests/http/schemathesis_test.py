"""schemathesis makes requests from /openapi.json, right ones and wrong ones: no reply is a 5xx or undocumented."""
import os
import pathlib
import subprocess
import sys

from daemon import Case, main


class Schemathesis(Case):
    def test_no_reply_is_a_fault_or_undocumented(self):
        self.upload_and_wait({"a.txt": b"hello world", "b.md": b"# Title\n\ntext\n"})
        program = pathlib.Path(sys.executable).parent / "st"
        command = [program, "run", f"http://127.0.0.1:{self.httpd.port}/openapi.json", "--experimental=openapi-3.1",
                   "--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                   "--hypothesis-max-examples=15", "--hypothesis-seed=1", "--hypothesis-deadline=None", "--data-generation-method=all",
                   "--exclude-path-regex=events$",  # streams have no end to wait for
                   "--request-timeout=20000"]
        ended = subprocess.run(command, capture_output=True, timeout=400, check=False, cwd=self.root,
                               env=os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(pathlib.Path(__file__).parent)})
        self.assertEqual(ended.returncode, 0, (ended.stdout + ended.stderr).decode(errors="replace")[-6000:])
        self.assertEqual(self.httpd.stop(), 0)


if __name__ == "__main__":
    main()
