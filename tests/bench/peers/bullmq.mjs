// BullMQ on the same Redis, with the same jobs as archaeologist-bench queue: no work, a payload of 100 bytes, four priorities.
// usage: node bullmq.mjs PORT JOBS CONCURRENCY   in a folder with node_modules/bullmq; prints one JSON line
import { createRequire } from 'node:module';

const { Queue, Worker } = createRequire(process.cwd() + '/')('bullmq');
const [port, jobs, concurrency] = process.argv.slice(2).map(Number);
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const single = Math.min(2000, jobs / 4);
const bulk = 1000;

const payload = (id) => ({ id, path: 'x'.repeat(100 - JSON.stringify({ id, path: '' }).length) });
const options = (id) => ({ priority: 1 + (id % 4), removeOnComplete: 100 });

async function perSecond(count, work) {
    const begun = process.hrtime.bigint();
    await work();
    return Math.round(count / (Number(process.hrtime.bigint() - begun) / 1e9));
}

const queue = new Queue('bench-' + process.pid, { connection });
await queue.waitUntilReady();
let next = 0;
const addOneByOne = async (until) => {
    while (next < until) {
        const id = next++;
        await queue.add('noop', payload(id), options(id));
    }
};

const figures = { peer: 'bullmq', jobs, concurrency };
figures.enqueue_single_per_s = await perSecond(single, () => addOneByOne(single));
figures.enqueue_8_single_per_s = await perSecond(jobs / 4, () =>
    Promise.all(Array.from({ length: 8 }, () => addOneByOne(single + jobs / 4))));
const rest = jobs - next;
figures.enqueue_bulk_per_s = await perSecond(rest, async () => {
    while (next < jobs) {
        const batch = [];
        for (const end = Math.min(jobs, next + bulk); next < end; ++next) {
            batch.push({ name: 'noop', data: payload(next), opts: options(next) });
        }
        await queue.addBulk(batch);
    }
});
let worker;
let done = 0;
figures.process_per_s = await perSecond(jobs, () => new Promise((resolve) => {
    worker = new Worker(queue.name, async () => {}, { connection, concurrency });
    worker.on('completed', () => { if (++done === jobs) resolve(); });
}));
console.log(JSON.stringify(figures));
await worker.close();
await queue.obliterate({ force: true });
process.exit(0);
