"""Nothing leaks, nothing is used after its end, in whatever order things go; fork, Ctrl-C, the interpreter's end."""
import contextlib
import ctypes
import gc
import itertools
import threading

import pytest
from conftest import WAIT_S

import archaeologist

GROWTH_BYTES_MAX = 64  # a round, on average; the smallest handle is larger


class Mallinfo2(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks",
                                                     "uordblks", "fordblks", "keepcost")]


def bytes_in_use():
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2"):
        pytest.skip("needs glibc 2.33")
    libc.mallinfo2.restype = Mallinfo2
    gc.collect()
    return libc.mallinfo2().uordblks


@pytest.fixture
def rich(data):
    """An engine with a bit of everything, and no background work."""
    with archaeologist.open(data, worker=False) as engine:
        project = engine.project("demo")
        with archaeologist.open(data) as worker:
            worker.project("demo").upload_bytes(b"# One\n\nalpha beta gamma\n" * 20, "a.md").wait(WAIT_S)
        yield engine, project


def rounds_of(engine, project):
    source = next(project.sources())
    job = next(engine.jobs())
    text = "## Heading\n\n" + "words and words " * 50
    vector = engine.embed(["alpha"])[0]
    vectors = engine.vectors()

    def refused():
        with pytest.raises(archaeologist.NotFoundError):
            engine.find_project("nobody")
        with pytest.raises(archaeologist.InvalidArgumentError):
            engine.search("")

    def events():
        return list(itertools.islice(engine.events(0, timeout=0), 5))

    return {
        "projects": lambda: list(engine.projects()), "sources": lambda: list(project.sources()), "source": source.refresh,
        "content": source.content, "text": source.text, "chunks": lambda: list(source.chunks()),
        "jobs": lambda: list(engine.jobs()), "job": job.refresh, "search": lambda: project.search("alpha"),
        "events": events, "chunk": lambda: archaeologist.chunk(text), "analyze": lambda: archaeologist.analyze(text),
        "embed": lambda: engine.embed(["one", "two"]), "refused": refused, "stats": engine.queue_stats,
        "query": lambda: vectors.query(project.id, vector=vector), "vectors": lambda: engine.vectors().close(),
        "writer": lambda: project.upload_writer("b.txt").abort(), "claim": lambda: engine.claim("nothing"),
    }


def test_calls_leave_no_memory_behind(rich):
    for name, call in rounds_of(*rich).items():
        for _ in range(100):
            call()
        before = bytes_in_use()
        for _ in range(300):
            call()
        growth = bytes_in_use() - before
        assert growth < 300 * GROWTH_BYTES_MAX, f"{name}: {growth} bytes more after 300 rounds"


def test_jobs_leave_no_memory_behind(rich):
    engine, _ = rich

    def call():
        engine.enqueue("mine", {"number": 1})
        with engine.claim("mine")[0] as lease:
            lease.progress(1, 2)
        engine.enqueue("mine")
        engine.claim("mine")[0].release()
        engine.claim("mine")[0].complete()
        for job in engine.jobs():
            if job.type == "mine":
                job.delete()

    for _ in range(50):
        call()
    before = bytes_in_use()
    for _ in range(100):
        call()
    growth = bytes_in_use() - before
    assert growth < 100 * 16 * GROWTH_BYTES_MAX, f"{growth} bytes more after 100 rounds"


def test_engines_leave_no_memory_behind(data):
    embedder = archaeologist.Embedder(lambda texts, role: [[1.0, 0.0]] * len(texts), 2, "test-2")

    def call():
        with archaeologist.open(data, embedder=embedder) as engine:
            engine.embed(["x"])

    for _ in range(10):
        call()
    before = bytes_in_use()
    for _ in range(20):
        call()
    growth = bytes_in_use() - before
    assert growth < 20 * 4096, f"{growth} bytes more after 20 engines"


def test_an_engine_that_nobody_holds_is_closed(data):
    engine = archaeologist.open(data)
    engine.start_worker()
    with pytest.warns(ResourceWarning, match="not closed"):
        del engine
        gc.collect()


@pytest.mark.filterwarnings("ignore")
def test_what_was_raised_keeps_nothing_alive(data):
    """Without the collector of cycles, too."""
    gc.disable()
    try:
        engine = archaeologist.open(data, lease=0.1)
        for use in (lambda: engine.find_project("nobody"), lambda: engine.ingest("demo", "nowhere"), lambda: engine.search("")):
            with contextlib.suppress(archaeologist.Error):
                use()
        engine.enqueue("mine")
        lease = engine.claim("mine")[0]
        engine.claim("mine", worker_id="other", timeout=WAIT_S)
        with contextlib.suppress(archaeologist.LeaseLostError):
            lease.complete()
        state = engine._state
        del engine, lease, use
        assert state.began.is_set()
    finally:
        gc.enable()


def test_an_engine_with_handlers_that_nobody_holds_is_closed(data, recwarn):
    engine = archaeologist.open(data)
    engine.handler("mine")(lambda job: None)
    threads = [thread for thread in threading.enumerate() if thread.name == "archaeologist-mine-0"]
    state = engine._state
    del engine
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()
    assert state.began.is_set()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_things_may_go_in_any_order(tmp_path, order):
    engine = archaeologist.open(tmp_path / "data")
    engine.enqueue("mine")
    things = [engine, engine.claim("mine")[0], engine.project("demo").upload_writer("a.txt"), engine.vectors()]
    things[2].write(b"x")
    del engine
    for index in order:
        things[index] = None
        gc.collect()


def test_things_outlive_a_closed_engine_and_say_so(data):
    with archaeologist.open(data) as engine:
        engine.enqueue("mine")
        lease = engine.claim("mine")[0]
        writer = engine.project("demo").upload_writer("a.txt")
        vectors = engine.vectors()
        engine.enqueue("other")
        with pytest.raises(archaeologist.ConflictError), engine.claim("other")[0]:
            engine.close()
    for use in (lease.complete, lease.extend, lambda: writer.write(b"x"), lambda: vectors.count(1, 1)):
        with pytest.raises(archaeologist.ConflictError):
            use()
    assert lease.data == {}
    for each in (vectors, writer, lease):
        each.close()
        each.close()


FORKED = """
import os, sys, archaeologist
engine = archaeologist.open("data")
engine.handler("mine")(lambda job: None)
project = engine.project("demo")
engine.enqueue("kept")
lease = engine.claim("kept")[0]
lease.__enter__()
vectors = engine.vectors()
writer = project.upload_writer("a.txt")
writer.write(b"from the parent")
child = os.fork()
if child == 0:
    uses = [engine.check, lambda: project.search("x"), lease.complete, lease.extend, lambda: writer.write(b"child"),
            lambda: vectors.count(1, 1), lambda: archaeologist.open("data"), lambda: archaeologist.open("other"),
            lambda: engine.claim("mine"), engine.start_worker]
    for number, use in enumerate(uses):
        try:
            use()
        except archaeologist.ConflictError as error:
            print(number, error)
        else:
            print(number, "went through")
            os._exit(1)
    lease.close()
    engine.close()
    print(len(archaeologist.chunk("what needs no engine works")))
    sys.stdout.flush()
    sys.exit(0)
status = os.waitpid(child, 0)[1]
assert status == 0, status
lease.complete({"by": "parent"})
assert writer.finish().wait(30).content() == b"from the parent"
assert engine.enqueue("mine").wait(30).status == archaeologist.JobStatus.COMPLETED
vectors.close()
engine.close()
print("parent")
"""


def test_a_forked_child_is_refused_and_breaks_nothing(run_python):
    done = run_python(FORKED)
    lines = done.stdout.splitlines()
    assert lines[-2:] == ["1", "parent"], done.stdout + done.stderr
    assert len(lines) == 12
    assert "fork" in done.stdout


FORKED_BEFORE = """
import os, sys, archaeologist
with archaeologist.open("parent") as engine:  # and closed
    engine.project("demo")
child = os.fork()
with archaeologist.open("shared") as own:
    print(own.project("demo").upload_bytes(b"text", f"{child == 0}.txt").wait(30).filename)
sys.stdout.flush()
if child:
    sys.exit(os.waitpid(child, 0)[1])
"""


def test_processes_that_open_after_the_fork_share_a_folder(run_python):
    assert sorted(run_python(FORKED_BEFORE).stdout.splitlines()) == ["False.txt", "True.txt"]


SPAWNED = """
import multiprocessing, archaeologist

def chunk(text):
    return len(archaeologist.chunk(text))

if __name__ == "__main__":
    with archaeologist.open("data"), multiprocessing.get_context("forkserver").Pool(2) as pool:
        print(pool.map(chunk, ["one", "two"]))
"""


def test_processes_that_are_spawned_work(run_python, tmp_path):
    (tmp_path / "spawned.py").write_text(SPAWNED)
    done = run_python("import runpy; runpy.run_path('spawned.py', run_name='__main__')")
    assert done.stdout.strip() == "[1, 1]"


INTERRUPTED = """
import os, signal, sys, threading, archaeologist
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
with archaeologist.open("data") as engine:
    job = engine.enqueue("nobody_does_this")
    waits = {"wait": job.wait, "claim": lambda: engine.claim("nothing", timeout=None), "events": lambda: next(engine.events()),
             "run": lambda: archaeologist._calls.interruptibly(threading.Event().wait),
             "ingest": lambda: (engine.pause(), engine.ingest("folder", "data/catalog.db"))}
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        waits[sys.argv[1]]()
    except KeyboardInterrupt:
        print("interrupted")
"""


@pytest.mark.parametrize("wait", ["wait", "claim", "events", "run", "ingest"])
def test_what_waits_hears_ctrl_c(run_python, wait):
    assert run_python(INTERRUPTED, arguments=[wait]).stdout == "interrupted\n"


LEFT_OPEN = """
import sys, threading, archaeologist
embedder = archaeologist.Embedder(lambda texts, role: [[1.0, 0.0]] * len(texts), 2, "test-2")
engine = archaeologist.open("data", embedder=embedder)
started = threading.Event()
@engine.handler("mine")
def mine(job):
    started.set()
    while not job.stop_requested:
        started.wait(0.01)
    return {"stopped": True}
engine.enqueue("mine", id="01a20a76-7d79-7000-8000-42a7246b443d")
for number in range(200):
    engine.project("demo").upload_bytes(b"text %d" % number, f"{number}.txt")
started.wait(30)
print("end")
"""


def test_a_program_may_end_without_closing(run_python, data):
    done = run_python(LEFT_OPEN)
    assert done.stdout == "end\n"
    assert "Error" not in done.stderr and "Fatal" not in done.stderr, done.stderr
    with archaeologist.open(data) as engine:
        assert engine.job("01a20a76-7d79-7000-8000-42a7246b443d").result == {"stopped": True}
        assert engine.job_stats()["failed_jobs"] == 0


def test_calls_let_other_threads_run(engine):
    ran = threading.Event()
    waits = threading.Event()

    def other():
        waits.wait(WAIT_S)
        ran.set()
        engine.enqueue("mine")

    thread = threading.Thread(target=other)
    thread.start()
    waits.set()
    assert len(engine.claim("mine", timeout=None)) == 1
    assert ran.is_set()
    thread.join()


def test_an_engine_is_used_from_many_threads(engine, project):
    failures = []

    def work(number):
        try:
            for step in range(10):
                project.upload_bytes(f"text {number} {step}".encode(), f"{number}/{step}.txt").wait(WAIT_S)
                project.search("text")
                engine.enqueue("mine", {"number": number})
                for lease in engine.claim("mine", limit=2):
                    lease.complete()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert not failures
    assert sum(1 for _ in project.sources("searchable")) == 80


SIGNALS = """
def handlers():
    # What the kernel says: the masks of caught and of ignored signals, less those that glibc keeps for threads.
    with open("/proc/self/status") as status:
        return [int(line.split()[1], 16) & 0x7fffffff for line in status if line.startswith(("SigCgt", "SigIgn"))]

before = handlers()
import archaeologist
with archaeologist.open("data") as engine:
    engine.project("demo").upload_bytes(b"text", "a.txt").wait(30)
    assert handlers() == before, (handlers(), before)
"""


def test_signals_are_left_alone(run_python):
    assert run_python(SIGNALS).stdout == ""
