//! The sentences of `why`, in English and Korean; `{0}`, `{1}` … stand for what is told.

use crate::words::Language;

/// The sentences of a language.
pub(super) const fn sentences(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::Ko => &KO,
    }
}

/// One sentence for each step.
pub(super) struct Words {
    pub(super) about: &'static str,
    pub(super) report: &'static str,
    pub(super) report_line: &'static str,
    pub(super) matched: &'static str,
    pub(super) more_lines: &'static str,
    pub(super) cut: &'static str,
    pub(super) reported: &'static str,
    pub(super) licence: &'static str,
    pub(super) exchanged: &'static str,
    pub(super) taken_back: &'static str,
    pub(super) given_anew: &'static str,
    pub(super) divided: &'static str,
    pub(super) part: &'static str,
    pub(super) own_part: &'static str,
    pub(super) whole: &'static str,
    pub(super) price: &'static str,
    pub(super) exact: &'static str,
    pub(super) rounded_up: &'static str,
    pub(super) rounded_down: &'static str,
    pub(super) moved: &'static str,
    pub(super) balance: &'static str,
    pub(super) outside: &'static str,
    /// Tokens of kinds, and their words.
    kinds: &'static [(&'static str, &'static str)],
}

impl Words {
    /// The word for a kind of term or movement; the token itself if it has none.
    pub(super) fn kind<'a>(&self, token: &'a str) -> &'a str
    where
        'static: 'a,
    {
        self.kinds.iter().find(|it| it.0 == token).map_or(token, |it| it.1)
    }
}

const EN: Words = Words {
    about: "{0}, used in {1} in {2}: {3}, by {4}",
    report: "reported in {0} ({1}) by {2}",
    report_line: "  {0} line {1} (SHA-256 {2}): \"{3}\"\n    read as {4} usages, {5}",
    matched: "    matched by {0}, confidence {1}",
    more_lines: "  {0} lines in all, {1} of them shown",
    cut: "of {0} a step of a ladder gives {1} this rate",
    reported: "the report states {0} for {1} usages",
    licence: "licence {0}: {1} of the service's revenue is ours: {2}",
    exchanged: "{0} at {1} ({2}) make {3}, rounded half to even at the last atom",
    taken_back: "settled in {0} and taken back here, because {1}",
    given_anew: "settled in {0} otherwise, because {1}",
    divided: "{0} is divided:",
    part: "    {0}: {1}, {2} of {3} = {4} of {6}: {5}",
    own_part: "  > {0}: {1}, {2} of {3} = {4} of {6}: {5}",
    whole: "the whole",
    price: "the published price",
    exact: "nothing was rounded on this line",
    rounded_up: "the share was no whole number of atoms (10^-18); it had one of the largest remainders and got the atom",
    rounded_down: "the share was no whole number of atoms (10^-18); its remainder went to a larger one",
    moved: "beside it: {0} {1}, with {2}, of the period before {3}: {4}",
    balance: "opening {0} + earned {1} + moved {2} = closing {3}, of which {4} is payable",
    outside: "paid by others, and not in this balance: {0}, by {1}, {2}: {3}",
    kinds: &[
        ("deduction", "deduction"),
        ("fee", "fee"),
        ("royalty-rate", "royalty"),
        ("profit-share", "profit share"),
        ("retained", "retained by the operator"),
        ("suspense", "waits in suspense"),
        ("cap", "beyond the cap"),
        ("reserve-in", "held back in reserve"),
        ("reserve-out", "released from reserve"),
        ("pool-cost", "cost before profit is shared"),
        ("recoup", "kept back for"),
        ("guarantee", "topped up to guarantee"),
        ("members", "passed on by"),
        ("received-ahead", "received ahead"),
        ("kept-back", "kept back by the sender"),
        ("payment", "paid with"),
        ("tax", "tax withheld"),
        ("vat", "value added tax"),
        ("returned", "sent back by the bank"),
        ("price-borne", "bears royalties on the price"),
    ],
};

const KO: Words = Words {
    about: "{0}: {1} {2} 이용, {3}, 서비스 {4}",
    report: "보고서 {0} ({1}), 발신 {2}",
    report_line: "  {0} {1}행 (SHA-256 {2}): \"{3}\"\n    이용 {4}회, 금액 {5}(으)로 읽음",
    matched: "    매칭 근거 {0}, 신뢰도 {1}",
    more_lines: "  모두 {0}행 가운데 {1}행을 보임",
    cut: "{0} 가운데 {1}에 이 단계의 요율이 적용됨",
    reported: "보고된 금액 {0}, 이용 {1}회",
    licence: "이용허락 {0}: 서비스 매출의 {1}이(가) 우리 몫: {2}",
    exchanged: "{0} × 환율 {1} ({2}) = {3}, 마지막 원자 단위에서 짝수 반올림",
    taken_back: "{0}에 정산된 것을 여기서 되돌림. 이유: {1}",
    given_anew: "{0}에 달리 정산되었음. 이유: {1}",
    divided: "{0}을(를) 나눔:",
    part: "    {0}: {1}, {3}의 {2} = {6}의 {4}: {5}",
    own_part: "  > {0}: {1}, {3}의 {2} = {6}의 {4}: {5}",
    whole: "전체",
    price: "공표 가격",
    exact: "이 행에서 반올림된 것은 없음",
    rounded_up: "몫이 원자 단위(10^-18)로 나누어떨어지지 않았고, 가장 큰 나머지에 들어 한 원자를 더 받음",
    rounded_down: "몫이 원자 단위(10^-18)로 나누어떨어지지 않았고, 나머지는 더 큰 나머지에게 감",
    moved: "그 밖에: {0} {1}, 상대 계정 {2}, {3} 이전 기간분: {4}",
    balance: "이월 {0} + 발생 {1} + 이동 {2} = 잔액 {3}, 그중 지급 가능 {4}",
    outside: "다른 곳에서 지급되어 이 잔액에 없음: {0}, {1}, {2}: {3}",
    kinds: &[
        ("deduction", "공제"),
        ("fee", "수수료"),
        ("royalty-rate", "로열티"),
        ("profit-share", "수익 배분"),
        ("retained", "운영자 보유"),
        ("suspense", "보류"),
        ("cap", "상한 초과분"),
        ("reserve-in", "유보금 적립"),
        ("reserve-out", "유보금 해제"),
        ("pool-cost", "배분 전 비용"),
        ("recoup", "상계"),
        ("guarantee", "최소 보장 보충"),
        ("members", "구성원 배분"),
        ("received-ahead", "선급금 수령"),
        ("kept-back", "발신자 상계"),
        ("payment", "지급"),
        ("tax", "원천징수"),
        ("vat", "부가가치세"),
        ("returned", "은행에서 반송됨"),
        ("price-borne", "가격 기준 로열티 부담"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_in_each_language() {
        let kinds = |it: &Words| it.kinds.iter().map(|kind| kind.0).collect::<Vec<_>>();
        assert_eq!(kinds(&EN), kinds(&KO));
    }
}
