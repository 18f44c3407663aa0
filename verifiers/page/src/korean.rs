//! The verifier's sentences in Korean, one for each English one and in the same order.

use statement::{Refusal, Verdict};

/// The key that was given is none.
pub(crate) const NO_KEY: &str = "입력한 키는 로그의 키가 아닙니다";
/// The statement file is another one.
pub(crate) const OTHER_STATEMENT: &str = "정산서 파일이 영수증에 든 정산서와 다릅니다";

/// Why a receipt is refused; the causes below it keep the words of the program.
pub(crate) const fn refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed(_) => "발행된 그대로의 영수증이 아닙니다",
        Refusal::Field { .. } => "영수증에 든 솔트, 로그의 키 또는 증명을 읽을 수 없습니다",
        Refusal::Figures(_) => "정산서의 숫자가 맞지 않습니다",
        Refusal::NotIncluded(_) => {
            "로그에 이 정산서가 없습니다. 정산서, 솔트 또는 증명이 바뀌었습니다"
        }
        Refusal::Signature { .. } => "체크포인트가 이 로그의 키로 서명되지 않았습니다",
        Refusal::OtherKey { .. } => "영수증에 적힌 키와 입력한 키가 다릅니다",
        _ => "이 영수증은 아무것도 증명하지 않습니다",
    }
}

/// What is proven.
pub(crate) fn proven(verdict: &Verdict) -> Vec<String> {
    let it = &verdict.statement;
    let (balance, currency) = (&it.balance, it.currency);
    vec![
        format!(
            "로그 {}이(가) 항목 {}개의 체크포인트에 서명했고, 그 {}번 항목은 바로 이 정산서를 \
             가리킵니다",
            verdict.origin, verdict.size, verdict.index
        ),
        format!(
            "내역 {}줄은 저마다 보고액, 이용허락 요율, 환율, 조항에서 나오며, 단수 처리의 차이는 \
             소수점 아래 열여덟째 자리의 한 단위를 넘지 않습니다",
            it.lines.len()
        ),
        format!("모든 줄의 합은 발생액 {currency} {}입니다", balance.earned),
        format!(
            "잔액이 맞습니다: 기초 {} + 발생 {} + 이동 {} = 기말 {}",
            balance.opening, balance.earned, balance.moved, balance.closing
        ),
    ]
}

/// What is not proven.
pub(crate) fn not_proven(verdict: &Verdict) -> Vec<String> {
    let mut out = [
        "서비스가 모든 이용과 수입을 보고했는지",
        "계약에 따른 줄이 빠짐없이 있는지, 조항이 서명하신 그대로인지: 가지고 계신 계약서와 \
         비교하십시오",
        "환율이 출처에 적힌 그대로인지: 출처에서 비교하십시오",
        "다른 사람에게 다른 로그를 보여 주지 않았는지: 체크포인트에 증인의 서명이 없습니다",
        "기초 잔액이 지난 정산서의 기말 잔액인지, 선급금이 지급되었는지: 가지고 계신 서류와 \
         비교하십시오",
        "금액이 지급되었는지",
    ]
    .map(str::to_owned)
    .to_vec();
    if !verdict.statement.outside.is_empty() {
        out.push(
            "발행자를 거치지 않고 지급된다고 적힌 금액을 다른 곳에서 지급했는지: 지급하는 곳에 \
             확인하십시오"
                .to_owned(),
        );
    }
    if !verdict.key_given {
        out.push(format!(
            "서명한 키가 발행자의 것인지: 영수증에 적힌 키로 확인했습니다. 발행자가 공개한 키와 \
             비교하거나 위에 입력하십시오 ({})",
            verdict.log_key
        ));
    }
    out
}
