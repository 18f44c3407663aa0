//! The verifier's sentences in Korean, one for each English one and in the same order.

use jiff::Timestamp;
use statement::{Refusal, Verdict, Witnessing};

use crate::trust::Unreadable;

/// The statement file is another one.
pub(crate) const OTHER_STATEMENT: &str = "정산서 파일이 영수증에 든 정산서와 다릅니다";

/// The receipt before is refused.
pub(crate) const PREVIOUS: &str = "지난 영수증이 거부되었습니다";

/// The text that was given is neither key nor policy.
pub(crate) const fn unreadable(what: Unreadable) -> &'static str {
    match what {
        Unreadable::Key => "입력한 키는 로그의 키가 아닙니다",
        Unreadable::Policy => "입력한 정책은 정책이 아닙니다",
    }
}

/// Why a receipt is refused; the causes below it keep the words of the program.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed(_) => "발행된 그대로의 영수증이 아닙니다".to_owned(),
        Refusal::Field { what } => format!("영수증의 항목을 읽을 수 없습니다 ({what})"),
        Refusal::Figures(_) => "정산서의 숫자가 맞지 않습니다".to_owned(),
        Refusal::NotIncluded { entry, .. } => {
            format!("로그의 {entry}번 항목은 영수증에 든 것과 다릅니다")
        }
        Refusal::OtherLog { found } => format!("다른 로그의 체크포인트입니다: {found}"),
        Refusal::Signature { key, .. } => {
            format!("체크포인트가 키 {key}(으)로 서명되지 않았거나 증인의 서명이 틀립니다")
        }
        Refusal::OtherKey { named, given } => {
            format!("영수증에 적힌 키는 {named}인데, 입력한 키는 {given}입니다")
        }
        Refusal::Seal(_) => "봉인이 맞지 않습니다".to_owned(),
        Refusal::Account => "봉인이 가리키는 정산서가 아닙니다. 줄, 잔액 또는 이름이 바뀌었거나 \
                             빠졌거나 더해졌습니다"
            .to_owned(),
        Refusal::Sources => "봉인은 이 줄들의 이용을 적힌 대로 세지 않았습니다".to_owned(),
        Refusal::Report { report } => {
            format!("보고서 {report}은(는) 정산되기 전에 이 내용으로 로그에 있지 않았습니다")
        }
        Refusal::Attestation { report } => {
            format!("보고서 {report}에 대한 보낸 쪽의 서명이 맞지 않습니다")
        }
        Refusal::Agreement { what } => {
            format!("정산되기 전에 로그에 오르지 않은 계약 조항입니다: {what}")
        }
        Refusal::Rates { table } => {
            format!("봉인에는 환율표 {table:?}이(가) 적혀 있지 않습니다")
        }
        Refusal::NotContinued { settlement, what } => {
            format!("이 정산서는 정산 {settlement}의 정산서에서 이어지지 않습니다: {what}")
        }
        Refusal::Previous => "기초 잔액이 지난 봉인의 기말 잔액과 다릅니다".to_owned(),
        _ => "이 영수증은 아무것도 증명하지 않습니다".to_owned(),
    }
}

/// What is proven.
pub(crate) fn proven(verdict: &Verdict) -> Vec<String> {
    let it = &verdict.statement;
    let (balance, currency) = (&it.balance, it.currency);
    let mut out = vec![
        format!(
            "로그 {}이(가) 항목 {}개의 체크포인트에 서명했고, 그 {}번 항목은 정산 {}({currency})의 \
             봉인입니다",
            verdict.origin, verdict.size, verdict.seal, it.settlement
        ),
        format!(
            "봉인이 맞습니다: 정산된 금액은 계정 {}개에 나뉜 금액과 같고, 모든 잔액은 서로 상쇄됩니다",
            verdict.accounts
        ),
        format!(
            "봉인은 바로 이 정산서를 가리킵니다: 이 {}줄이 {}의 줄 전부입니다",
            it.lines.len(),
            it.account
        ),
        format!(
            "각 줄은 봉인이 센 이용에 관한 것이고, 그 이용은 먼저 로그에 오른 보고서 {}건에서 나왔으며, \
             그 이용이 가져온 금액은 모두 나뉘었습니다",
            verdict.attested.len()
        ),
        "각 줄은 보고액, 이용허락 요율, 환율, 조항에서 나오며, 단수 처리의 차이는 소수점 아래 열여덟째 \
         자리의 한 단위를 넘지 않습니다"
            .to_owned(),
        "각 조항은 먼저 로그에 오른 계약의 일부이며, 계약에 적힌 것보다 많이 주는 조항은 없습니다"
            .to_owned(),
        format!(
            "잔액이 맞습니다: 기초 {} + 발생 {} + 이동 {} = 기말 {} {currency}",
            balance.opening, balance.earned, balance.moved, balance.closing
        ),
        match verdict.continued {
            true => "기초 잔액은 지난 봉인의 기말 잔액입니다".to_owned(),
            false => "기초 잔액은 없습니다".to_owned(),
        },
    ];
    if let (true, Witnessing::Judged(quorum)) = (verdict.witnessing.is_met(), verdict.witnessing) {
        out.push(format!(
            "체크포인트는 증인 {} 가운데 {}의 서명을 {}까지 받았습니다 ({}이면 충분)",
            quorum.members,
            quorum.have,
            quorum.time.map_or_else(String::new, utc),
            quorum.needed
        ));
    }
    let (attested, reports) = verdict.attested_of();
    if attested > 0 {
        let mut keys: Vec<&str> =
            verdict.attested.iter().filter_map(|it| it.by.as_deref()).collect();
        keys.sort_unstable();
        keys.dedup();
        out.push(format!(
            "보고서 {reports}건 가운데 {attested}건에는 보낸 쪽의 서명이 있습니다: {}",
            keys.join(", ")
        ));
    }
    out
}

/// What is not proven.
pub(crate) fn not_proven(verdict: &Verdict) -> Vec<String> {
    let (attested, reports) = verdict.attested_of();
    let mut out = vec![
        match attested == reports && reports > 0 {
            true => "보고서를 보낸 쪽이 모든 이용과 수입을 적었는지".to_owned(),
            false => format!(
                "수입이 이것뿐인지: 보고서 {reports}건 가운데 {}건에는 보낸 쪽의 서명이 없습니다",
                reports.saturating_sub(attested)
            ),
        },
        "보고서의 줄이 바르게 더해졌는지: 보고서를 가진 쪽이 세어 볼 수 있습니다".to_owned(),
        "계약이 서명하신 그대로인지, 조항이 무엇에 적용되는지: 영수증에 든 문구를 가지고 계신 계약서와 \
         비교하십시오"
            .to_owned(),
        "환율이 출처에 적힌 그대로인지: 출처에서 비교하십시오".to_owned(),
        "금액이 지급되었는지: 은행 기록과 비교하십시오".to_owned(),
    ];
    if !verdict.continued {
        out.push(
            "이 계정이 지난 봉인에 없었는지: 이 계정의 지난 정산서가 있으면, 이 정산서는 그 기말 잔액에서 \
             시작해야 합니다"
                .to_owned(),
        );
    }
    if !verdict.less.is_empty() {
        out.push(format!(
            "다음 조항이 주어야 할 것을 다 주는지: 계약에 적힌 것보다 적게 줍니다 (다른 쪽이 일부를 받거나 \
             줄어든 몫입니다): {}",
            verdict.less.join("; ")
        ));
    }
    if !verdict.witnessing.is_met() {
        out.push(format!(
            "다른 사람에게 다른 로그를 보여 주지 않았는지: {}",
            unwitnessed(verdict.witnessing)
        ));
    }
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

/// Why nobody is known to have seen the same log.
fn unwitnessed(witnessing: Witnessing) -> String {
    match witnessing {
        Witnessing::NoPolicy => "증인을 정한 정책이 없습니다".to_owned(),
        Witnessing::Judged(it) if it.needed == 0 => "정책이 증인을 요구하지 않습니다".to_owned(),
        Witnessing::Judged(it) => format!(
            "체크포인트에 서명한 증인은 {} 가운데 {}이고, {}이(가) 필요합니다",
            it.members, it.have, it.needed
        ),
    }
}

/// A time as the English sentence has it; what no calendar reaches stays in seconds.
fn utc(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|it| Timestamp::from_second(it).ok());
    time.map_or_else(|| seconds.to_string(), |it| it.to_string())
}
