// The library alone: node node.mjs LIBRARY PROGRAM HOME
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";
import { cases, harmless, honest, logKey, program, random, spoiled } from "./cases.mjs";

const [wasm, binary, home] = process.argv.slice(2);
runInThisContext(readFileSync(process.env.VERIFIER, "utf8"));
const check = await runInThisContext("Verifier").open(readFileSync(wasm));
const encode = (text) => new TextEncoder().encode(text);
const SPOILED = Number(process.env.LEITMOTIF_CASES ?? 150);

// The page's answer says what the program says, word for word, and the same in the other language.
async function agree(asked, said) {
  const answer = await check(asked.receipt, encode(asked.key), asked.statement);
  assert.equal(answer.code, said.code, JSON.stringify({ answer, said }));
  assert.equal(answer.holds, said.holds);
  assert.equal(answer.en.because.length, answer.ko.because.length);
  if (!said.holds) {
    // The program puts the file's name, or that of its option, before the reason.
    const reasons = answer.en.because.map(harmless);
    const own = said.code === 1 || said.code === 15 ? reasons.slice(1) : reasons;
    assert.deepEqual(own, said.because);
    return answer;
  }
  assert.deepEqual(answer.en.proven, said.proven);
  assert.deepEqual(answer.en.not_proven, said.not_proven);
  assert.equal(answer.ko.proven.length, said.proven.length);
  assert.equal(answer.ko.not_proven.length, said.not_proven.length);
  for (const name of ["account", "period", "currency", "payable", "key", "key_given"]) {
    assert.equal(answer.subject[name], said[name], name);
  }
  return answer;
}

test("each kind of refusal", async () => {
  const { ask, close } = program(binary);
  for (const it of cases(binary, home)) {
    const said = ask(it);
    assert.equal(said.code, it.code, `${it.name}: the program itself says ${said.code}`);
    await agree(it, said);
  }
  close();
});

test("every receipt of the demonstration", async () => {
  const { ask, close } = program(binary);
  const key = logKey(binary, home);
  const receipts = honest(home);
  assert.ok(receipts.length > 50, `${receipts.length} receipts`);
  for (const it of receipts) {
    const asked = { receipt: readFileSync(it), key };
    const said = ask(asked);
    assert.equal(said.code, 0, it);
    await agree(asked, said);
  }
  close();
});

test(`${SPOILED} receipts with one byte changed`, async () => {
  const { ask, close } = program(binary);
  const receipts = honest(home);
  const key = logKey(binary, home);
  const draw = random(2021);
  const seen = new Set();
  for (let round = 0; round < SPOILED; round += 1) {
    const receipt = spoiled(readFileSync(receipts[draw(receipts.length)]), draw);
    const said = ask({ receipt, key });
    const answer = await agree({ receipt, key }, said);
    assert.ok(!answer.holds);
    seen.add(said.code);
  }
  assert.ok(seen.size >= 2, `only ${[...seen]} was seen`);
  close();
});

test("an instance that breaks off proves nothing", async () => {
  const big = { length: 1 << 30 };
  assert.equal((await check(big, encode(""))).code, 1);
  const broken = await check(null, encode(""));
  assert.deepEqual([broken.code, broken.holds], [101, false]);
});
