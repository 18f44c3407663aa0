// The library alone: node node.mjs LIBRARY PROGRAM HOME
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";
import { cases, harmless, honest, logKey, named, program, random, spoiled, trust, vectors } from "./cases.mjs";

const [wasm, binary, home] = process.argv.slice(2);
runInThisContext(readFileSync(process.env.VERIFIER, "utf8"));
const check = await runInThisContext("Verifier").open(readFileSync(wasm));
const encode = (text) => new TextEncoder().encode(text);
const SPOILED = Number(process.env.LEITMOTIF_CASES ?? 150);

// The page's answer says what the program says, word for word, and the same in the other language.
async function agree(asked, said) {
  const { receipt, statement, previous } = asked;
  const answer = await check({ receipt, trust: encode(trust(asked)), statement, previous });
  assert.equal(answer.code, said.code, JSON.stringify({ answer, said }));
  assert.equal(answer.holds, said.holds);
  if (!said.holds) {
    counterpart(answer.en.because.slice(0, 1), answer.ko.because.slice(0, 1));
    assert.deepEqual(answer.en.because.slice(1), answer.ko.because.slice(1));
    const reasons = answer.en.because.map(harmless);
    const own = named(asked) ? reasons.slice(1) : reasons;
    assert.deepEqual(own, said.because);
    return answer;
  }
  assert.deepEqual(answer.en.proven, said.proven);
  assert.deepEqual(answer.en.not_proven, said.not_proven);
  counterpart(answer.en.proven, answer.ko.proven);
  counterpart(answer.en.not_proven, answer.ko.not_proven);
  assert.equal(said.exit_code, said.code);
  for (const name of ["account", "period", "currency", "payable", "key", "key_given", "witnesses"]) {
    assert.deepEqual(answer.subject[name], said[name], name);
  }
  const attested = said.reports.filter((it) => it.by !== null).length;
  assert.deepEqual(answer.subject.reports, { all: said.reports.length, attested });
  return answer;
}

// Each sentence has its counterpart, with the same figures in it.
function counterpart(english, korean) {
  assert.equal(english.length, korean.length);
  const figures = (it) => (it.match(/\d[\d.]*/g) ?? []).map((one) => one.replace(/\.$/, "")).sort();
  english.forEach((it, at) => {
    assert.deepEqual(figures(it), figures(korean[at]), `${it} / ${korean[at]}`);
    assert.match(korean[at], /[가-힣]/);
  });
}

for (const [name, all] of [["each kind of refusal", cases(binary, home)], ["every vector", vectors()]]) {
  test(name, async () => {
    const { ask, close } = program(binary);
    for (const it of all) {
      const said = ask(it);
      assert.equal(said.code, it.code, `${it.name}: the program itself says ${said.code}`);
      await agree(it, said);
    }
    close();
  });
}

test("every exit code is seen", () => {
  const seen = new Set([...cases(binary, home), ...vectors()].map((it) => it.code));
  for (const code of [0, 1, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]) {
    assert.ok(seen.has(code), `no case for ${code}`);
  }
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
  assert.equal((await check({ receipt: big, trust: encode("") })).code, 1);
  const broken = await check({ receipt: null, trust: encode("") });
  assert.deepEqual([broken.code, broken.holds], [101, false]);
});
