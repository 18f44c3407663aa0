// The verifier's library, called: bytes in, one answer out. Used by the page and by its tests.
"use strict";

const Verifier = (() => {
  // The places of src/lib.rs.
  const RECEIPT = 0;
  const TRUST = 1;
  const STATEMENT = 2;
  const PREVIOUS = 3;
  // The most bytes of a file; as SLOT_BYTES_MAX there.
  const BYTES_MAX = 128 * 1024 * 1024;
  // The exit code of a program that broke off.
  const BROKEN = 101;

  // An answer of the same shape as the library's, for what it cannot say itself.
  const refusal = (code, en, ko) => ({
    code,
    holds: false,
    subject: null,
    en: { because: [en], proven: [], not_proven: [] },
    ko: { because: [ko], proven: [], not_proven: [] },
  });

  const tooLarge = () =>
    refusal(1, "the file is too large for this page", "이 페이지가 읽기에는 파일이 너무 큽니다");

  const put = (exports, slot, bytes) => {
    const at = exports.room(slot, bytes.length) >>> 0;
    if (at === 0) throw new RangeError("no room");
    new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
  };

  // Makes the function that checks. `wasm` are the bytes of the library; it has no imports, so it
  // cannot reach anything but the bytes it is given.
  async function open(wasm) {
    const library = await WebAssembly.compile(wasm);
    if (WebAssembly.Module.imports(library).length > 0) throw new Error("the library wants imports");
    // Each receipt gets an instance of its own: what one leaves behind, the next cannot see.
    return async function check({ receipt, trust, statement, previous }) {
      if ([receipt, trust, statement, previous].some((it) => it && it.length > BYTES_MAX)) return tooLarge();
      try {
        const { exports } = await WebAssembly.instantiate(library);
        put(exports, RECEIPT, receipt);
        put(exports, TRUST, trust);
        if (statement) put(exports, STATEMENT, statement);
        if (previous) put(exports, PREVIOUS, previous);
        const length = exports.verify();
        const answer = new Uint8Array(exports.memory.buffer, exports.answer() >>> 0, length);
        return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(answer));
      } catch (error) {
        return refusal(
          BROKEN,
          `the verifier broke off (${error.message}), which proves nothing`,
          `검증이 중단되어 아무것도 증명하지 않습니다 (${error.message})`,
        );
      }
    };
  }

  return { open, refusal, tooLarge, BYTES_MAX };
})();
