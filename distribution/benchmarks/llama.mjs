// llama.cpp on a GGUF file, through node-llama-cpp's prebuilt library: a round for each line of
// standard input. As llama-bench does, it decodes given tokens and leaves the sampling out, which is
// to its advantage.
//
//   node llama.mjs FOLDER_OF_NODE_MODULES MODEL.gguf THREADS PROMPT TOKENS STREAMS FLASH_ATTENTION

import {createRequire} from "node:module";
import path from "node:path";
import readline from "node:readline";
import {pathToFileURL} from "node:url";

const [folder, file, ...numbers] = process.argv.slice(2);
const [threads, promptTokens, newTokens, streams, flash] = numbers.map(Number);
const found = createRequire(path.join(folder, "x.js")).resolve("node-llama-cpp");
const {getLlama} = await import(pathToFileURL(found));

const vocabulary = 50257;
const llama = await getLlama({gpu: false, build: "never", maxThreads: threads, logLevel: "error"});
const model = await llama.loadModel({modelPath: file});
const context = await model.createContext({
    sequences: streams,
    contextSize: 1024,
    batchSize: 512,
    threads: {ideal: threads, min: threads},
    flashAttention: flash === 1
});
const core = context._ctx;
core.setThreads(threads);

const random = (count) => Uint32Array.from({length: count}, () => Math.random() * vocabulary);

// Decodes new tokens of some sequences, and asks for the logits of the last of each.
async function decode(count, position, length) {
    core.initBatch(count * length);
    for (let sequence = 0; sequence < count; sequence++) {
        core.addToBatch(sequence, position, random(length), Uint32Array.of(length - 1));
    }
    await core.decodeBatch();
}

function clear() {
    for (let sequence = 0; sequence < streams; sequence++) {
        core.disposeSequence(sequence);
    }
}

async function prompt() {
    const begin = performance.now();
    await decode(1, 0, promptTokens);
    const milliseconds = performance.now() - begin;
    clear();
    return {tokensPerSecond: 1000 * promptTokens / milliseconds, milliseconds};
}

async function write(count, before) {
    for (let done = 0; done < before; done += 32) {
        await decode(count, done, Math.min(32, before - done));
    }
    const begin = performance.now();
    for (let i = 0; i < newTokens - 1; i++) {
        await decode(count, before + i, 1);
    }
    const milliseconds = (performance.now() - begin) / (newTokens - 1);
    clear();
    return {tokensPerSecond: 1000 * count / milliseconds, milliseconds};
}

async function round() {
    const rows = {prompt: await prompt(), stream: await write(1, 64)};
    if (streams > 1) {
        rows.streams = await write(streams, 35);
    }
    return rows;
}

await round();
const version = createRequire(import.meta.url)(path.join(path.dirname(found), "../package.json")).version;
console.log(JSON.stringify({peer: "llama.cpp", version: `node-llama-cpp ${version}`}));
for await (const _ of readline.createInterface({input: process.stdin})) {
    const [wall, used] = [performance.now(), process.cpuUsage()];
    const figures = await round();
    const {user, system} = process.cpuUsage(used);
    const cores = (user + system) / 1000 / (performance.now() - wall);
    console.log(JSON.stringify({figures, cores}));
}
process.exit(0);
