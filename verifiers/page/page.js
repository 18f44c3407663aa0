// The page: takes files and a key, asks the verifier, shows what it says. No network, no storage.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  // What was chosen last, and what was answered: kept so that a change of language asks nobody.
  const chosen = { receipts: [], statement: null };
  let answers = [];
  let said = "";
  let language = "en";
  let verifier = null;

  // Control and direction characters are spelled out: a title gives no orders to the reader's eye.
  const ORDERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g;
  const harmless = (text) =>
    String(text).replace(ORDERS, (it) => `\\u{${it.codePointAt(0).toString(16)}}`);

  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = harmless(text);
    if (kind) made.className = kind;
    return made;
  };

  const list = (head, sentences) => {
    if (sentences.length === 0) return [];
    const items = element("ul");
    items.append(...sentences.map((it) => element("li", it)));
    return [element("h4", head), items];
  };

  function summary(words, name, answer) {
    const rows = [[words.file, name], [words.code, answer.code]];
    const it = answer.subject;
    if (it) {
      rows.push(
        [words.name, it.name],
        [words.account, it.account],
        [words.operator, it.operator],
        [words.period, it.period],
        [words.payable, `${it.currency} ${it.payable}`],
        [words.lines, it.lines],
        [words.log_key, `${it.key} (${it.key_given ? words.given : words.named})`],
      );
    }
    const made = element("dl");
    for (const [head, value] of rows) made.append(element("dt", head), element("dd", value));
    return made;
  }

  function article({ name, answer }) {
    const words = WORDS[language];
    const sentences = answer[language];
    const fair = answer.holds && !answer.subject.key_given;
    const kind = answer.holds ? (fair ? "fair" : "holds") : "refused";
    const head = answer.holds ? (fair ? words.holds_self : words.holds) : words.refused;
    const made = element("article", undefined, kind);
    made.dataset.code = answer.code;
    made.append(
      element("h3", `${answer.holds ? (fair ? "△" : "✓") : "✗"} ${head}`),
      summary(words, name, answer),
      ...list(words.because, sentences.because),
    );
    if (!answer.holds) {
      const advice = words.advice_for[answer.code] ?? words.advice_for.other;
      made.append(...list(words.advice, [advice]));
    }
    made.append(
      ...list(words.proven, sentences.proven),
      ...list(words.not_proven, sentences.not_proven),
    );
    return made;
  }

  function draw() {
    const words = WORDS[language];
    document.documentElement.lang = language;
    document.title = `${words.title} · Leitmotif`;
    for (const it of document.querySelectorAll("[data-word]")) it.textContent = words[it.dataset.word];
    for (const it of ["en", "ko"]) $(it).setAttribute("aria-pressed", String(it === language));
    const refused = answers.filter((it) => !it.answer.holds).length;
    $("said").textContent =
      said === "done"
        ? words.done.replace("{0}", answers.length).replace("{1}", refused)
        : (words[said] ?? "");
    $("results").replaceChildren(...answers.map(article));
  }

  function say(what) {
    said = what;
    draw();
  }

  const bytes = async (file) => new Uint8Array(await file.arrayBuffer());

  async function one(file, key, statement) {
    // A file over the limit is not even read.
    if ([file, statement].some((it) => it && it.size > Verifier.BYTES_MAX)) return Verifier.tooLarge();
    const ask = await verifier;
    try {
      return await ask(await bytes(file), key, statement && (await bytes(statement)));
    } catch {
      return Verifier.refusal(1, WORDS.en.unread, WORDS.ko.unread);
    }
  }

  // Checks run one after the other; an answer that was overtaken by a newer question is dropped.
  let question = 0;
  async function check() {
    const mine = ++question;
    answers = [];
    if (chosen.receipts.length === 0) return say("nothing");
    say("checking");
    // Lets the browser paint before the verifier takes the thread.
    await new Promise((go) => setTimeout(go, 20));
    const key = new TextEncoder().encode($("key").value);
    const found = [];
    for (const file of chosen.receipts) {
      const answer = await one(file, key, chosen.statement);
      if (mine !== question) return undefined;
      found.push({ name: file.name, answer });
    }
    answers = found;
    return say("done");
  }

  async function takeKey(file) {
    if (file.size > 65536) return;
    $("key").value = (await file.text()).trim();
  }

  // Dropped files are told apart by their names: what is neither receipt nor statement is the key.
  async function take(files) {
    const receipts = files.filter((it) => it.name.endsWith(".receipt"));
    const statement = files.find((it) => it.name.endsWith(".json"));
    const key = files.find((it) => !it.name.endsWith(".receipt") && !it.name.endsWith(".json"));
    if (receipts.length > 0) chosen.receipts = receipts;
    if (statement) chosen.statement = statement;
    if (key) await takeKey(key);
    return check();
  }

  function listen() {
    for (const it of ["en", "ko"]) {
      $(it).addEventListener("click", () => {
        language = it;
        draw();
      });
    }
    $("form").addEventListener("submit", (event) => {
      event.preventDefault();
      check();
    });
    $("receipts").addEventListener("change", (event) => {
      chosen.receipts = [...event.target.files];
      check();
    });
    $("statement").addEventListener("change", (event) => {
      chosen.statement = event.target.files[0] ?? null;
      if (chosen.receipts.length > 0) check();
    });
    $("key-file").addEventListener("change", async (event) => {
      if (event.target.files[0]) await takeKey(event.target.files[0]);
      if (chosen.receipts.length > 0) check();
    });
    $("key").addEventListener("change", () => {
      if (chosen.receipts.length > 0) check();
    });
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      document.body.classList.add("over");
    });
    document.addEventListener("dragleave", () => document.body.classList.remove("over"));
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("over");
      take([...event.dataTransfer.files]);
    });
  }

  language = navigator.language.startsWith("ko") ? "ko" : "en";
  listen();
  draw();
  const library = Uint8Array.from(atob($("library").textContent.trim()), (it) => it.charCodeAt(0));
  verifier = Verifier.open(library);
  verifier.catch(() => say("no_verifier"));
})();
