// The page in Chromium, from the disk: node browser.mjs PAGE PROGRAM HOME
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { cases, harmless, named, program, trust, vectors } from "./cases.mjs";

const [html, binary, home] = process.argv.slice(2);
const address = pathToFileURL(html).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const asked = [];
let browser;
let page;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  page = await browser.newPage({ locale: "en-US" });
  page.on("request", (it) => asked.push(it.url()));
  page.on("pageerror", (error) => assert.fail(`the page throws: ${error}`));
  page.setDefaultTimeout(20000);
});
after(async () => browser?.close());

const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });

// Loads the page anew and does what a payee does.
async function fill(asked) {
  const { receipt, statement, previous } = asked;
  await page.goto(address);
  await page.locator("#trust").fill(trust(asked));
  if (statement || previous) await page.getByText("Compare other files").click();
  if (statement) await page.locator("#statement").setInputFiles(file("a.json", statement));
  if (previous) await page.locator("#previous").setInputFiles(file("last.receipt", previous));
  await page.locator("#receipts").setInputFiles(file("a.receipt", receipt));
  await page.getByRole("button", { name: "Check" }).click();
  await page.locator("article").waitFor();
}

// What the verdict on the page reads.
async function read() {
  return page.locator("article").evaluate((it) => {
    const lists = {};
    for (const head of it.querySelectorAll("h4")) {
      lists[head.textContent] = [...head.nextElementSibling.children].map((one) => one.textContent);
    }
    return { code: Number(it.dataset.code), kind: it.className, head: it.querySelector("h3").textContent, lists,
      rows: [...it.querySelectorAll("dd")].map((one) => one.textContent) };
  });
}

// The first of each exit code and kind of trust.
const kinds = (all) => {
  const kind = (it) => `${it.code} ${it.policy ? "policy" : it.key && "key"}`;
  return [...new Map(all.reverse().map((it) => [kind(it), it])).values()];
};

test("the page says what the program says", async () => {
  const { ask, close } = program(binary);
  for (const it of [...kinds(cases(binary, home)), ...kinds(vectors())]) {
    const said = ask(it);
    assert.equal(said.code, it.code, it.name);
    await fill(it);
    const told = await read();
    assert.equal(told.code, said.code, it.name);
    assert.ok(told.rows.includes(String(said.code)), "the code is shown");
    assert.equal(told.lists["What to do"]?.length, said.code === 0 ? undefined : 1);
    if (said.holds) {
      const fair = said.code === 16 || !said.key_given;
      assert.equal(told.kind, fair ? "fair" : "holds");
      assert.equal(/too few witnesses/.test(told.head), said.code === 16);
      assert.deepEqual(told.lists.Proven, said.proven.map(harmless));
      assert.deepEqual(told.lists["Not proven"], said.not_proven.map(harmless));
      assert.ok(told.rows.includes(`${said.currency} ${said.payable}`));
    } else {
      assert.match(told.head, /Refused/);
      const own = named(it) ? told.lists.Why.slice(1) : told.lists.Why;
      assert.deepEqual(own, said.because, it.name);
    }
  }
  close();
});

test("in Korean it says as much", async () => {
  for (const it of kinds([...cases(binary, home), ...vectors()])) {
    await fill(it);
    const english = await read();
    await page.getByRole("button", { name: "한국어" }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "ko");
    const korean = await read();
    assert.deepEqual([korean.code, korean.kind], [english.code, english.kind]);
    const counts = (lists) => Object.values(lists).map((one) => one.length);
    assert.deepEqual(counts(korean.lists), counts(english.lists));
    assert.match(korean.head, /[가-힣]/);
    for (const one of Object.values(korean.lists)) assert.match(one[0], /[가-힣]/, it.name);
    const blank = await page.locator("[data-word]").evaluateAll((all) =>
      all.filter((one) => !/[가-힣]/.test(one.textContent)).map((one) => one.dataset.word));
    assert.deepEqual(blank, [], "words without Korean");
  }
});

test("files that are dropped are told apart", async () => {
  const [{ receipt, key }] = cases(binary, home);
  await page.goto(address);
  const data = await page.evaluateHandle(
    ({ receipt, key }) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(receipt);
      transfer.items.add(new File([bytes], "a.receipt"));
      transfer.items.add(new File([bytes.slice(1)], "b.receipt"));
      transfer.items.add(new File([`${key}\n`], "log-key.txt"));
      return transfer;
    },
    { receipt: [...receipt], key },
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await page.locator("article").nth(1).waitFor();
  const codes = await page.locator("article").evaluateAll((all) => all.map((it) => it.dataset.code));
  assert.deepEqual(codes, ["0", "10"]);
  assert.equal(await page.locator("#trust").inputValue(), `${key}\n`);
  assert.equal(await page.locator("#said").textContent(), "2 checked, 1 refused");
});

test("a policy is pasted without its last line feed, or chosen as a file", async () => {
  const { receipt, policy } = vectors().find((it) => it.code === 0 && it.policy);
  await fill({ receipt, policy: policy.trimEnd() });
  assert.equal((await read()).kind, "holds");
  await page.goto(address);
  await page.locator("#receipts").setInputFiles(file("a.receipt", receipt));
  await page.locator("article.fair").waitFor();
  await page.locator("#trust-file").setInputFiles(file("policy.txt", Buffer.from(policy)));
  await page.locator("article.holds").waitFor();
  assert.ok((await read()).lists.Proven.some((it) => it.startsWith("the checkpoint is witnessed by ")));
});

test("a title gives no orders", async () => {
  const [{ receipt, key }] = cases(binary, home);
  const orders = receipt.toString().replace(/"log_key":"[^"]*"/, '"log_key":"<img src=x>\u202e"');
  await fill({ receipt: Buffer.from(orders), key });
  assert.equal(await page.locator("article img").count(), 0);
  assert.ok(!(await page.locator("article").textContent()).includes("\u202e"));
});

test("the policy forbids every connection and every other script", async () => {
  await page.goto(address);
  const blocked = await page.evaluate(async () => {
    const seen = [];
    document.addEventListener("securitypolicyviolation", (it) => seen.push(it.effectiveDirective));
    const outside = "http://127.0.0.1:9/";
    await fetch(outside).catch(() => 0);
    await fetch("data:,x").catch(() => 0);
    new Image().src = outside;
    navigator.sendBeacon(outside, "x");
    try { new WebSocket("ws://127.0.0.1:9/"); } catch { /* told by the event */ }
    try { new Worker(URL.createObjectURL(new Blob([""]))); } catch { /* trusted types */ }
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = outside;
    document.head.append(style);
    const frame = document.createElement("iframe");
    frame.src = outside;
    document.body.append(frame);
    const form = document.createElement("form");
    form.action = outside;
    document.body.append(form);
    form.submit();
    try { document.body.innerHTML = "<b>x</b>"; } catch { /* told by the event */ }
    try { globalThis.eval("1"); } catch { /* told by the event */ }
    await new Promise((go) => setTimeout(go, 300));
    return [...new Set(seen)].sort();
  });
  for (const it of ["connect-src", "form-action", "frame-src", "img-src", "require-trusted-types-for", "style-src-elem"]) {
    assert.ok(blocked.includes(it), `${it} is not blocked: ${blocked}`);
  }
  const beyond = asked.filter((it) => !it.startsWith(address) && !it.startsWith("http://127.0.0.1:9/"));
  assert.deepEqual(beyond, [], "the page asked for something");
});

test("with the network off it works all the same", async () => {
  const context = await browser.newContext({ offline: true });
  const other = await context.newPage();
  const [{ receipt, key }] = cases(binary, home);
  await other.goto(address);
  await other.locator("#trust").fill(key);
  await other.locator("#receipts").setInputFiles(file("a.receipt", receipt));
  await other.locator("article.holds").waitFor();
  await context.close();
});

test("a reader without eyes or mouse finds the way", async () => {
  for (const dark of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: dark });
    for (const language of ["English", "한국어"]) {
      await fill(cases(binary, home)[1]);
      await page.getByRole("button", { name: language }).click();
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run());
      const told = found.violations.map((it) => `${it.id}: ${it.nodes.map((one) => one.html)}`);
      assert.deepEqual(told, [], `${language}, ${dark}`);
      await page.screenshot({ path: path.join(path.dirname(html), `verify-${dark}-${language === "English" ? "en" : "ko"}.png`), fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(address);
  const reached = [];
  for (let step = 0; step < 10; step += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName));
  }
  for (const it of ["en", "ko", "receipts", "trust", "trust-file", "SUMMARY", "check"]) {
    assert.ok(reached.includes(it), `${it} is not reached by Tab: ${reached}`);
  }
});
