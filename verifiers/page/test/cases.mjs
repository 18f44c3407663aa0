// Receipts, honest and broken, with what the program says of each.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

// A good key, of another log: that of the vectors in docs/spec/vectors.
const OTHER_KEY = readFileSync(path.join(process.env.VECTORS, "key.txt"), "utf8").trim();

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

// A receipt as an object, changed by a function and written again; the form is canonical either way.
function edit(bytes, by) {
  const receipt = JSON.parse(bytes);
  by(receipt);
  const changed = Buffer.from(JSON.stringify(receipt));
  if (changed.equals(bytes)) throw new Error(`nothing was changed: ${by}`);
  return changed;
}

const kind = (entry) => JSON.parse(entry.text).kind;
const turn = (hex) => (hex[0] === "0" ? "1" : "0") + hex.slice(1);

// One case for each way in which a payee's receipt, key, policy or statement file is refused by a change
// that needs nobody's key, and those that hold.
export function cases(binary, home) {
  const key = logKey(binary, home);
  const found = honest(home).map((file) => [file, JSON.parse(readFileSync(file))]);
  const [receiptFile] = found.find(([file, it]) =>
    file.includes("payee-") && it.statement.lines.length > 1 && it.statement.balance.opening !== "0");
  const receipt = readFileSync(receiptFile);
  const seal = JSON.parse(JSON.parse(receipt).entries[0].text);
  const [last] = found.find(([file, it]) =>
    file.endsWith(path.basename(receiptFile)) && it.entries[0].index === seal.previous[0]);
  const previous = readFileSync(last);
  const statement = readFileSync(receiptFile.replace(/\.receipt$/, ".json"));
  const witness = readFileSync(path.join(process.env.VECTORS, "policy.txt"), "utf8").match(/^witness .*$/m)[0];
  const seen = `log ${key}\n# a witness\n${witness}\nquorum ${witness.split(/\s+/)[1]}\n`;
  const made = (name, code, bytes, more = {}) => ({ name, code, receipt: bytes, key, ...more });
  return [
    made("holds", 0, receipt),
    made("holds by its own key", 0, receipt, { key: "" }),
    made("holds by a policy", 0, receipt, { policy: `log ${key}\nquorum none\n` }),
    made("holds with its statement", 0, receipt, { statement }),
    made("holds after the one before", 0, receipt, { previous }),
    made("not witnessed", 16, receipt, { policy: seen }),
    made("no key", 1, receipt, { key: `${key}x` }),
    made("no policy", 1, receipt, { policy: `log ${key}\nquorum nobody\n` }),
    made("policy without a quorum", 1, receipt, { policy: `log ${key}\n` }),
    made("no JSON", 10, Buffer.from("a receipt\n")),
    made("empty", 10, Buffer.alloc(0)),
    made("other format", 10, change(receipt, /leitmotif-receipt\/v\d+/, "leitmotif-receipt/v0")),
    made("other statement format", 10, edit(receipt, (it) => { it.statement.format += "0"; })),
    made("newline at the end", 10, Buffer.concat([receipt, Buffer.from("\n")])),
    made("no UTF-8", 10, Buffer.concat([receipt.subarray(0, 20), Buffer.from([0xff]), receipt.subarray(20)])),
    made("statement key", 10, edit(receipt, (it) => { it.key = `G${it.key.slice(1)}`; })),
    made("log's key", 10, change(receipt, /"log_key":"([^"]*)\+/, '"log_key":"$1-')),
    made("checkpoint", 10, edit(receipt, (it) => { it.checkpoint = it.checkpoint.replace("\n\n", "\n"); })),
    made("amount payable", 11, change(receipt, /"payable":"(\d*)(\d)"/, (_, a, b) => `"payable":"${a}${(Number(b) + 1) % 10}"`)),
    made("entry", 12, edit(receipt, (it) => { it.entries[0].text += " "; })),
    made("signature", 13, change(receipt, /(— \S+ .{20})(.)/u, (_, a, b) => `${a}${turned(b)}`)),
    made("size that was signed", 13, change(receipt, /("checkpoint":"[^\\]+\\n)(\d+)/, (_, a, b) => `${a}${BigInt(b) + 1n}`)),
    made("another log's key", 13, receipt, { key: OTHER_KEY }),
    made("another log's policy", 13, receipt, { policy: `log ${OTHER_KEY}\nquorum none\n` }),
    made("another statement", 15, receipt, { statement: Buffer.concat([statement, Buffer.from(" ")]) }),
    made("no seal in front", 17, edit(receipt, (it) => it.entries.reverse())),
    made("name", 18, edit(receipt, (it) => { it.statement.name += "X"; })),
    made("another's statement key", 18, edit(receipt, (it) => { it.key = turn(it.key); })),
    made("salt of a cell", 19, edit(receipt, (it) => { it.sources.cells[0][2] = turn(it.sources.cells[0][2]); })),
    made("a report left out", 20, edit(receipt, (it) => {
      it.entries.splice(it.entries.findIndex((one) => kind(one) === "report"), 1);
    })),
    made("an agreement left out", 21, edit(receipt, (it) => { it.agreements.pop(); })),
    made("a text of an agreement", 21, edit(receipt, (it) => { it.agreements[0].parts[0].text += " "; })),
    made("not after itself", 23, receipt, { previous: receipt }),
    made("after one that is refused", 18, receipt, {
      previous: edit(previous, (it) => { it.statement.name += "X"; }),
      refused: "previous",
    }),
    made("the opening left out", 23, edit(receipt, (it) => { it.previous = []; })),
  ];
}

// The vectors of docs/spec/vectors; what they say of files that are not there, only a program can be asked.
export function vectors() {
  const folder = process.env.VECTORS;
  const read = (name) => readFileSync(path.join(folder, name));
  const lines = text(read("vectors.txt")).split("\n").filter((it) => it && !it.startsWith("#"));
  const found = [];
  for (const line of lines) {
    const [receipt, trust, code] = line.split(" ");
    if ([receipt, trust].some((it) => it !== "-" && !existsSync(path.join(folder, it)))) continue;
    const given = trust === "-" ? {} : { [trust.startsWith("policy") ? "policy" : "key"]: text(read(trust)) };
    found.push({ name: line, code: Number(code), receipt: read(receipt), key: "", ...given });
  }
  if (found.length < 40) throw new Error(`only ${found.length} vectors`);
  return found;
}

// Whether the page's first reason names what the program names by its file or option.
export const named = ({ code, refused }) => code === 1 || code === 15 || refused !== undefined;

// What the page is given as one text: nothing, the key, or the policy.
export const trust = ({ key, policy }) => policy ?? key ?? "";

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
  const ask = ({ receipt, key, policy, statement, previous }) => {
    writeFileSync(at("a.receipt"), receipt);
    const words = ["--format", "json", "verify", at("a.receipt")];
    if (policy !== undefined) {
      writeFileSync(at("policy.txt"), policy);
      words.push("--policy", at("policy.txt"));
    } else if (key !== "") words.push("--key", key);
    if (statement) {
      writeFileSync(at("a.json"), statement);
      words.push("--statement", at("a.json"));
    }
    if (previous) {
      writeFileSync(at("last.receipt"), previous);
      words.push("--previous", at("last.receipt"));
    }
    const { status, stdout, stderr, error } = spawnSync(binary, words, { encoding: "utf8" });
    if (error) throw error;
    if (stdout !== "") return { code: status, ...JSON.parse(stdout) };
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
