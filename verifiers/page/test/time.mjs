// How long a receipt takes: node time.mjs LIBRARY PAGE RECEIPT; prints two medians in milliseconds.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { chromium } from "playwright-core";

const [wasm, html, receipt] = process.argv.slice(2);
const ROUNDS = 7;
const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];

runInThisContext(readFileSync(process.env.VERIFIER, "utf8"));
const check = await runInThisContext("Verifier").open(readFileSync(wasm));
const bytes = readFileSync(receipt);
const node = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const begin = performance.now();
  const answer = await check({ receipt: bytes, trust: new Uint8Array() });
  node.push(performance.now() - begin);
  if (!answer.holds) throw new Error(answer.en.because.join("; "));
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"],
});
const page = await browser.newPage();
await page.goto(pathToFileURL(html).href);
const seen = [];
for (let round = 0; round < ROUNDS; round += 1) {
  await page.locator("#receipts").setInputFiles(receipt);
  await page.locator("article").waitFor();
  // From the question to the verdict on the screen, the page's own pause for painting included.
  seen.push(await page.evaluate(async () => {
    const begin = performance.now();
    document.getElementById("form").requestSubmit();
    while (document.querySelector("article")) await new Promise((go) => setTimeout(go));
    while (!document.querySelector("article.fair")) await new Promise((go) => setTimeout(go));
    return performance.now() - begin;
  }));
}
await browser.close();
console.log(`${median(node).toFixed(1)} ${median(seen).toFixed(1)}`);
