// Receipts, honest and broken, with what the program says of each.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

// The key of the worked vector in docs/spec/receipt-v1.md: a good key, of another log.
const OTHER_KEY = "log.example/royalties+ad5434bc+Af0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";

const text = (bytes) => bytes.toString("utf8");

// Replaces the first match, and insists that there is one.
function change(bytes, pattern, by) {
  const before = text(bytes);
  const after = before.replace(pattern, by);
  if (after === before) throw new Error(`nothing to change: ${pattern}`);
  return Buffer.from(after);
}

// One more or less of a letter of base64, so that it stays base64.
const turned = (letter) => (letter === "A" ? "B" : "A");

export function honest(home) {
  const statements = path.join(home, "statements");
  const found = [];
  for (const period of readdirSync(statements)) {
    const folder = path.join(statements, period);
    for (const name of readdirSync(folder)) {
      if (name.endsWith(".receipt")) found.push(path.join(folder, name));
    }
  }
  if (found.length === 0) throw new Error("no receipt in the demonstration");
  return found.sort();
}

export function logKey(binary, home) {
  return execFileSync(binary, ["--home", home, "log", "key"], { encoding: "utf8" }).trim();
}

// One case for each way in which a receipt, a key or a statement file is refused, and those that hold.
export function cases(binary, home) {
  const key = logKey(binary, home);
  const named = honest(home).filter((it) => it.includes("payee-"));
  const receipt = readFileSync(named[0]);
  const statement = readFileSync(named[0].replace(/\.receipt$/, ".json"));
  const made = (name, code, bytes, more = {}) => ({ name, code, receipt: bytes, key, ...more });
  return [
    made("holds", 0, receipt),
    made("holds by its own key", 0, receipt, { key: "" }),
    made("holds with its statement", 0, receipt, { statement }),
    made("no key", 1, receipt, { key: `${key}x` }),
    made("no JSON", 10, Buffer.from("a receipt\n")),
    made("empty", 10, Buffer.alloc(0)),
    made("other format", 10, change(receipt, /leitmotif-receipt\/v\d+/, "leitmotif-receipt/v0")),
    made("other statement format", 10, change(receipt, /leitmotif-statement\/v\d+/, "leitmotif-statement/v0")),
    made("newline at the end", 10, Buffer.concat([receipt, Buffer.from("\n")])),
    made("no UTF-8", 10, Buffer.concat([receipt.subarray(0, 20), Buffer.from([0xff]), receipt.subarray(20)])),
    made("salt", 10, change(receipt, /"salt":"./, '"salt":"G')),
    made("log's key", 10, change(receipt, /"log_key":"([^"]*)\+/, '"log_key":"$1-')),
    made("proof", 10, change(receipt, /index \d+/, "index x")),
    made("amount payable", 11, change(receipt, /"payable":"(\d*)(\d)"/, (_, a, b) => `"payable":"${a}${(Number(b) + 1) % 10}"`)),
    made("name", 12, change(receipt, /"name":"/, '"name":"X')),
    made("salt of another", 12, change(receipt, /"salt":"(.)/, (_, a) => `"salt":"${a === "0" ? "1" : "0"}`)),
    made("signature", 13, change(receipt, /(— \S+ .{20})(.)/u, (_, a, b) => `${a}${turned(b)}`)),
    made("size that was signed", 13, change(receipt, /(\\n\\n[^\\]+\\n)(\d+)(\\n)/, (_, a, b, c) => `${a}${BigInt(b) + 1n}${c}`)),
    made("another log's key", 13, receipt, { key: OTHER_KEY }),
    made("another statement", 15, receipt, { statement: Buffer.concat([statement, Buffer.from(" ")]) }),
  ];
}

// The same byte sequence in each run: what a run finds, the next finds again.
export function random(seed) {
  let state = seed >>> 0;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

// One byte changed anywhere.
export function spoiled(bytes, draw) {
  const changed = Buffer.from(bytes);
  changed[draw(changed.length)] ^= 1 + draw(255);
  return changed;
}

// What the program says: its code, and its sentences as the page should have them.
export function program(binary) {
  const folder = mkdtempSync(path.join(tmpdir(), "page-"));
  const at = (name) => path.join(folder, name);
  const ask = ({ receipt, key, statement }) => {
    writeFileSync(at("a.receipt"), receipt);
    const words = ["--format", "json", "verify", at("a.receipt")];
    if (key !== "") words.push("--key", key);
    if (statement) {
      writeFileSync(at("a.json"), statement);
      words.push("--statement", at("a.json"));
    }
    const { status, stdout, stderr, error } = spawnSync(binary, words, { encoding: "utf8" });
    if (error) throw error;
    if (status === 0) return { code: 0, holds: true, ...JSON.parse(stdout) };
    const [, ...because] = stderr.trimEnd().split("\n  because: ");
    return { code: status, holds: false, because };
  };
  return { ask, close: () => rmSync(folder, { recursive: true }) };
}

// Control and direction characters as the program and the page print them.
export const harmless = (said) =>
  said.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
    (it) => `\\u{${it.codePointAt(0).toString(16)}}`,
  );
