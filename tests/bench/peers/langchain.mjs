// LangChain's RecursiveCharacterTextSplitter on the same text, with chunks of the same size, as archaeologist-bench chunk.
// usage: node langchain.mjs FILE KIND CHARACTERS OVERLAP   in a folder with node_modules/@langchain; prints one JSON line
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { RecursiveCharacterTextSplitter } = createRequire(process.cwd() + '/')('@langchain/textsplitters');
const [path, kind, characters, overlap] = process.argv.slice(2);
const sizes = { chunkSize: Number(characters), chunkOverlap: Number(overlap) };
const splitter = { code: 'cpp', markdown: 'markdown' }[kind]
    ? RecursiveCharacterTextSplitter.fromLanguage({ code: 'cpp', markdown: 'markdown' }[kind], sizes)
    : new RecursiveCharacterTextSplitter(sizes);

const text = readFileSync(path, 'utf8');
const begun = process.hrtime.bigint();
const chunks = await splitter.splitText(text);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
const megabytes = Buffer.byteLength(text) / 1e6;
console.log(JSON.stringify({ peer: 'langchain-js', kind, bytes: Buffer.byteLength(text), chunks: chunks.length, chunk_mb_per_s: Number((megabytes / seconds).toFixed(2)) }));
