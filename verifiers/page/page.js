// The page: takes files and a key or policy, asks the verifier, shows what it says. No network, no storage.
"use strict";

(() => {
  // A policy may be so long (tlog::policy::POLICY_BYTES_MAX); one byte more is refused as too long.
  const TRUST_BYTES_MAX = 262144 + 1;
  const $ = (id) => document.getElementById(id);
  // What was chosen last, and what was answered: kept so that a change of language asks nobody.
  const chosen = { receipts: [], statement: null, previous: null };
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

  // Puts values where a sentence has {0}, {1} …
  const fill = (sentence, ...values) => sentence.replace(/\{(\d)\}/g, (_, at) => values[at]);

  const seen = (words, it) =>
    it ? fill(words.witnesses_of, it.have, it.members, it.needed) : words.no_policy;

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
        [words.reports, fill(words.reports_of, it.reports.all, it.reports.attested)],
        [words.log_key, `${it.key} (${it.key_given ? words.given : words.named})`],
        [words.witnesses, seen(words, it.witnesses)],
      );
    }
    const made = element("dl");
    for (const [head, value] of rows) made.append(element("dt", head), element("dd", value));
    return made;
  }

  const MARKS = { holds: "✓", fair: "△", refused: "✗" };

  // Fair is what holds, but by the receipt's own word alone.
  function verdict({ code, holds, subject }) {
    if (!holds) return "refused";
    return code === 0 && subject.key_given ? "holds" : "fair";
  }

  function article({ name, answer }) {
    const words = WORDS[language];
    const sentences = answer[language];
    const kind = verdict(answer);
    const head = {
      holds: words.holds,
      fair: answer.code === 0 ? words.holds_self : words.holds_unseen,
      refused: words.refused,
    }[kind];
    const made = element("article", undefined, kind);
    made.dataset.code = answer.code;
    made.append(
      element("h3", `${MARKS[kind]} ${head}`),
      summary(words, name, answer),
      ...list(words.because, sentences.because),
    );
    if (answer.code !== 0) {
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
        ? fill(words.done, answers.length, refused)
        : (words[said] ?? "");
    $("results").replaceChildren(...answers.map(article));
  }

  function say(what) {
    said = what;
    draw();
  }

  const bytes = async (file) => new Uint8Array(await file.arrayBuffer());

  async function one(receipt, trust) {
    const { statement, previous } = chosen;
    // A file over the limit is not even read.
    if ([receipt, statement, previous].some((it) => it && it.size > Verifier.BYTES_MAX)) {
      return Verifier.tooLarge();
    }
    const ask = await verifier;
    try {
      return await ask({
        receipt: await bytes(receipt),
        trust,
        statement: statement && (await bytes(statement)),
        previous: previous && (await bytes(previous)),
      });
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
    // A policy's lines end with a line feed; what was pasted may lack the last one.
    const text = $("trust").value;
    const trust = new TextEncoder().encode(text === "" || text.endsWith("\n") ? text : `${text}\n`);
    const found = [];
    for (const file of chosen.receipts) {
      const answer = await one(file, trust);
      if (mine !== question) return undefined;
      found.push({ name: file.name, answer });
    }
    answers = found;
    return say("done");
  }

  // What is no text, or longer than any policy, is shown as what it is: a text that is refused.
  async function takeTrust(file) {
    $("trust").value = await file.slice(0, TRUST_BYTES_MAX).text();
  }

  // Dropped files are told apart by their names: what is neither receipt nor statement is key or policy.
  async function take(files) {
    const receipts = files.filter((it) => it.name.endsWith(".receipt"));
    const statement = files.find((it) => it.name.endsWith(".json"));
    const trust = files.find((it) => !it.name.endsWith(".receipt") && !it.name.endsWith(".json"));
    if (receipts.length > 0) chosen.receipts = receipts;
    if (statement) chosen.statement = statement;
    if (trust) await takeTrust(trust);
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
    for (const it of ["statement", "previous"]) {
      $(it).addEventListener("change", (event) => {
        chosen[it] = event.target.files[0] ?? null;
        if (chosen.receipts.length > 0) check();
      });
    }
    $("trust-file").addEventListener("change", async (event) => {
      if (event.target.files[0]) await takeTrust(event.target.files[0]);
      if (chosen.receipts.length > 0) check();
    });
    $("trust").addEventListener("change", () => {
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
