"""asyncio, on the wake descriptor."""
import asyncio
import threading

import pytest
from conftest import WAIT_S

import archaeologist
from archaeologist import JobStatus, NewJob


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, WAIT_S))


def test_a_claim_waits_without_a_thread_and_wakes(engine):
    async def main():
        claim = asyncio.create_task(engine.aio.claim("mine"))
        await asyncio.sleep(0)
        job = await asyncio.to_thread(engine.enqueue, "mine", {"number": 1})
        [lease] = await claim
        assert (lease.job_id, lease.job_type, lease.data, lease.attempt) == (job.id, "mine", {"number": 1}, 1)
        await lease.progress(1, 2)
        await lease.extend()
        await lease.complete({"done": True})
        return (await engine.aio.wait(job, 10)).result

    assert run(main()) == {"done": True}


def test_leases_come_one_after_the_other(engine):
    ids = engine.enqueue_many([NewJob("mine", {"number": number}) for number in range(20)])

    async def main():
        numbers = []
        async for lease in engine.aio.claims("mine"):
            async with lease:
                numbers.append(lease.data["number"])
            if len(numbers) == 20:
                return numbers

    assert run(main()) == list(range(20))
    assert all(engine.job(each).status == JobStatus.COMPLETED for each in ids)


def test_many_tasks_share_the_descriptor(engine):
    async def main():
        async def work():
            [lease] = await engine.aio.claim("mine")
            await lease.complete({"ok": True})
            return lease.job_id

        tasks = [asyncio.create_task(work()) for _ in range(8)]
        await asyncio.sleep(0)
        ids = await asyncio.to_thread(engine.enqueue_many, [NewJob("mine") for _ in range(8)])
        assert sorted(await asyncio.gather(*tasks)) == sorted(ids)

    run(main())


@pytest.mark.filterwarnings("ignore")
def test_coroutines_are_handlers(engine):
    async def handler(job):
        if job.data["do"] == "fail":
            raise archaeologist.Fail("no use")
        if job.data["do"] == "raise":
            raise ValueError("bad")
        if job.data["do"] == "delay" and job.attempt == 1:
            raise archaeologist.Delay(0.001)
        return {"attempt": job.attempt}

    async def main():
        task = asyncio.create_task(engine.aio.run("mine", handler, concurrency=3))

        async def end(do):
            job = await asyncio.to_thread(lambda: engine.enqueue("mine", {"do": do}, max_retries=0))
            return await engine.aio.wait(job, WAIT_S)

        done, failed, raised, delayed = await asyncio.gather(*map(end, ("it", "fail", "raise", "delay")))
        assert done.result == {"attempt": 1}
        assert (failed.status, failed.error_message) == (JobStatus.FAILED, "no use")
        assert raised.error_message == "ValueError: bad"
        assert delayed.result == {"attempt": 2}
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main())


def test_a_cancelled_handler_hands_its_job_back(engine):
    job = engine.enqueue("mine")

    async def main():
        started = asyncio.Event()

        async def handler(_):
            started.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(engine.aio.run("mine", handler))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main())
    [lease] = engine.claim("mine")
    assert (lease.job_id, lease.attempt) == (job.id, 2)
    assert job.refresh().retry_count == 0


def test_waits_end_after_their_time(engine):
    job = engine.enqueue("mine")

    async def main():
        assert await engine.aio.claim("nothing", timeout=0.01) == []
        with pytest.raises(archaeologist.TimedOutError):
            await engine.aio.wait(job.id, 0.01)

    run(main())


def test_uploads_are_awaited_and_events_followed(engine, project):
    async def main():
        events = engine.aio.events(0, project=project)
        upload = await asyncio.to_thread(project.upload_bytes, b"text", "a.txt")
        source = await engine.aio.wait_upload(upload, WAIT_S)
        assert source.status == archaeologist.SourceStatus.SEARCHABLE
        kinds = []
        async for event in events:
            kinds.append(event.kind)
            if event.kind == "job.completed":
                break
        assert kinds[0] == "job.queued"
        await events.aclose()
        again = await asyncio.to_thread(project.upload_bytes, b"text", "a.txt")
        assert (await engine.aio.wait_upload(again)).id == source.id

    run(main())


def test_closing_the_engine_ends_what_waits_in_a_loop(engine):
    waits = threading.Event()

    async def main():
        claim = asyncio.create_task(engine.aio.claim("mine"))
        await asyncio.sleep(0.01)
        waits.set()
        with pytest.raises(archaeologist.ConflictError):
            await claim

    thread = threading.Thread(target=lambda: (waits.wait(WAIT_S), engine.close()))
    thread.start()
    run(main())
    thread.join(WAIT_S)


def test_the_descriptor_serves_one_loop_at_a_time(engine):
    async def main():
        claim = asyncio.create_task(engine.aio.claim("mine"))
        await asyncio.sleep(0.01)

        def elsewhere():
            with pytest.raises(archaeologist.ConflictError, match="another event loop"):
                asyncio.run(engine.aio.claim("mine", timeout=0))

        await asyncio.to_thread(elsewhere)
        claim.cancel()
        with pytest.raises(asyncio.CancelledError):
            await claim

    run(main())
    assert run(engine.aio.claim("mine", timeout=0)) == []
