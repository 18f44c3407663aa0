// What the page itself says. The verdict's sentences come from the verifier.
"use strict";

const WORDS = {
  en: {
    title: "Check a statement",
    intro:
      "This page checks a receipt (.receipt) on this device: that the statement in it is the one the " +
      "operator's log signed, and that all its figures follow. It needs no network, and no file leaves " +
      "this device.",
    receipts: "1. Receipts",
    receipts_note: "Drop receipts anywhere on this page, or choose them.",
    key: "2. The log's key",
    key_note:
      "Take it from your agreement, the operator's website or another payee, not from whoever sent " +
      "the receipt. Paste its one line, or choose the file. Without it, nothing says whose log it is.",
    key_file: "A file with the key",
    more: "Compare a statement file, too",
    statement: "The .json file of the same statement",
    check: "Check",
    checking: "Checking …",
    nothing: "Choose a receipt first.",
    results: "Result",
    holds: "This statement holds",
    holds_self: "It holds, but only by the key that the receipt names itself",
    refused: "Refused: this proves nothing",
    code: "Exit code",
    proven: "Proven",
    not_proven: "Not proven",
    because: "Why",
    advice: "What to do",
    file: "File",
    name: "Payee",
    account: "Account",
    operator: "Issued by",
    period: "Period",
    payable: "Payable",
    lines: "Lines",
    log_key: "Log's key",
    given: "given by you",
    named: "named by the receipt itself",
    unread: "the file cannot be read",
    done: "{0} checked, {1} refused",
    foot:
      "This page is one file. It has no address to send anything to: its own policy forbids every " +
      "connection. Keep it with your receipts; an old receipt goes on holding.",
    no_verifier: "The verifier in this page cannot start in this browser: use a newer one, or the program.",
    advice_for: {
      1: "The file or the key is cut off or is another one: choose it again, copy the whole line of the key.",
      10: "A byte was changed, often by mail or an editor, or it is no receipt. Ask for the file again, packed.",
      11: "A sum or a line does not follow. The program that issues statements would not have written it: ask, and do not accept it.",
      12: "Statement, salt or proof was changed, or it is not what was published. Ask for the receipt again; if it is refused again, show it to an auditor.",
      13: "It is of another log, the checkpoint was changed, or the key was. Compare the keys; a new key needs an explanation.",
      15: "The statement file is another one than the receipt's. The receipt's is the one that is proven.",
      other: "Try again, or check it with the program leitmotif.",
    },
  },
  ko: {
    title: "정산서 검증",
    intro:
      "이 페이지는 영수증(.receipt)을 이 기기에서 검증합니다. 영수증에 든 정산서가 발행자의 로그가 서명한 " +
      "바로 그 정산서인지, 모든 숫자가 맞는지 확인합니다. 네트워크가 필요 없고, 어떤 파일도 기기 밖으로 나가지 " +
      "않습니다.",
    receipts: "1. 영수증",
    receipts_note: "영수증을 이 페이지에 끌어다 놓거나 선택하십시오.",
    key: "2. 로그의 키",
    key_note:
      "영수증을 보낸 쪽이 아니라 계약서, 발행자의 웹사이트 또는 다른 수령인에게서 받으십시오. 한 줄을 붙여 넣거나 " +
      "파일을 선택하십시오. 키가 없으면 누구의 로그인지 알 수 없습니다.",
    key_file: "키가 든 파일",
    more: "정산서 파일도 비교하기",
    statement: "같은 정산서의 .json 파일",
    check: "검증",
    checking: "검증하는 중 …",
    nothing: "먼저 영수증을 선택하십시오.",
    results: "결과",
    holds: "이 정산서는 유효합니다",
    holds_self: "유효하지만, 영수증에 적힌 키로만 확인했습니다",
    refused: "거부: 아무것도 증명하지 않습니다",
    code: "종료 코드",
    proven: "증명된 것",
    not_proven: "증명되지 않은 것",
    because: "이유",
    advice: "할 일",
    file: "파일",
    name: "수령인",
    account: "계정",
    operator: "발행자",
    period: "정산 기간",
    payable: "지급할 금액",
    lines: "줄 수",
    log_key: "로그의 키",
    given: "직접 입력한 키",
    named: "영수증에 적힌 키",
    unread: "파일을 읽을 수 없습니다",
    done: "{0}건 검증, {1}건 거부",
    foot:
      "이 페이지는 파일 하나입니다. 자체 정책이 모든 연결을 막으므로 아무 데도 보낼 수 없습니다. 영수증과 함께 " +
      "보관하십시오. 오래된 영수증도 계속 유효합니다.",
    no_verifier: "이 브라우저에서는 검증 기능을 시작할 수 없습니다. 최신 브라우저나 프로그램을 쓰십시오.",
    advice_for: {
      1: "파일이나 키가 잘렸거나 다른 것입니다. 다시 선택하고 키는 한 줄 전체를 복사하십시오.",
      10: "메일이나 편집기가 내용을 바꾸었거나 영수증이 아닙니다. 압축한 파일로 다시 요청하십시오.",
      11: "합계나 줄이 맞지 않습니다. 정산서를 발행하는 프로그램은 이렇게 쓰지 않습니다. 문의하고, 받아들이지 마십시오.",
      12: "정산서, 솔트 또는 증명이 바뀌었거나 공개된 것이 아닙니다. 영수증을 다시 요청하고, 또 거부되면 감사인에게 보이십시오.",
      13: "다른 로그의 것이거나, 체크포인트 또는 키가 바뀌었습니다. 키를 비교하십시오. 새 키에는 설명이 필요합니다.",
      15: "정산서 파일이 영수증의 것과 다릅니다. 증명된 것은 영수증에 든 정산서입니다.",
      other: "다시 시도하거나 프로그램 leitmotif로 검증하십시오.",
    },
  },
};
