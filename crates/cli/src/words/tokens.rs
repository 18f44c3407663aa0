//! Korean words for the tokens of use types and commercial models, and for territories.

/// The word for a token; none if it has none, or is as good as one.
pub(super) fn korean(token: &str) -> Option<&'static str> {
    WORDS.iter().find(|it| it.0 == token).map(|it| it.1)
}

/// Tokens of DDEX and our own, and codes of ISO 3166-1, with the words that Korean statements use.
const WORDS: [(&str, &str); 103] = [
    // Use types.
    ("OnDemandStream", "주문형 스트리밍"),
    ("NonInteractiveStream", "비주문형 스트리밍"),
    ("ProgrammedContentStream", "편성형 스트리밍"),
    ("ContentInfluencedStream", "맞춤형 스트리밍"),
    ("TimeInfluencedStream", "시차형 스트리밍"),
    ("Stream", "스트리밍"),
    ("PermanentDownload", "다운로드"),
    ("Download", "다운로드"),
    ("ConditionalDownload", "조건부 다운로드"),
    ("TetheredDownload", "기간제 다운로드"),
    ("KioskDownload", "키오스크 다운로드"),
    ("UseAsRingtone", "벨소리"),
    ("UseAsRingtune", "벨소리(연주)"),
    ("UseAsRingbackTone", "통화연결음"),
    ("UseAsRingbackTune", "통화연결음(연주)"),
    ("UseAsAlertTone", "알림음"),
    ("UseAsKaraoke", "노래방"),
    ("UserMakeAvailableLabelProvided", "이용자 영상(공식 음원)"),
    ("UserMakeAvailableUserProvided", "이용자 영상"),
    ("PurchaseAsPhysicalProduct", "음반 판매"),
    ("Broadcast", "방송"),
    ("Cable", "유선 방송"),
    ("Simulcast", "동시 송출"),
    ("Webcast", "웹캐스트"),
    ("Narrowcast", "매장 음악"),
    ("Podcast", "팟캐스트"),
    ("Perform", "공연"),
    ("PerformInPublic", "공연(공개)"),
    ("PerformInLivePerformance", "공연(실연)"),
    ("PlayInPublic", "매장 재생"),
    ("Playback", "재생"),
    ("PrivateCopy", "사적 복제"),
    ("Print", "악보 출판"),
    ("Display", "가사 표시"),
    ("Rent", "대여"),
    ("DubForMovies", "영화 삽입"),
    ("DubForTV", "방송 삽입"),
    ("DubForAdvertisement", "광고 삽입"),
    ("SyncLicence", "영상 사용 허락"),
    ("Licence", "이용허락"),
    ("PhysicalSale", "음반 판매"),
    ("Merchandise", "굿즈 판매"),
    ("LumpSum", "일시금"),
    ("AsPerContract", "계약에 따름"),
    ("Unknown", "미상"),
    // Commercial models.
    ("SubscriptionModel", "정액제"),
    ("AdvertisementSupportedModel", "광고 기반 무료"),
    ("FreeOfChargeModel", "무료"),
    ("PayAsYouGoModel", "건별 결제"),
    ("DeviceFeeModel", "기기 포함"),
    ("PerformanceRoyaltiesModel", "공연 사용료"),
    ("RightsClaimModel", "권리 주장"),
    // Territories.
    ("Worldwide", "전 세계"),
    ("KR", "대한민국"),
    ("KP", "북한"),
    ("JP", "일본"),
    ("CN", "중국"),
    ("TW", "대만"),
    ("HK", "홍콩"),
    ("MO", "마카오"),
    ("MN", "몽골"),
    ("SG", "싱가포르"),
    ("MY", "말레이시아"),
    ("TH", "태국"),
    ("VN", "베트남"),
    ("ID", "인도네시아"),
    ("PH", "필리핀"),
    ("IN", "인도"),
    ("AU", "호주"),
    ("NZ", "뉴질랜드"),
    ("US", "미국"),
    ("CA", "캐나다"),
    ("MX", "멕시코"),
    ("BR", "브라질"),
    ("AR", "아르헨티나"),
    ("CL", "칠레"),
    ("CO", "콜롬비아"),
    ("PE", "페루"),
    ("GB", "영국"),
    ("IE", "아일랜드"),
    ("DE", "독일"),
    ("FR", "프랑스"),
    ("ES", "스페인"),
    ("PT", "포르투갈"),
    ("IT", "이탈리아"),
    ("NL", "네덜란드"),
    ("BE", "벨기에"),
    ("CH", "스위스"),
    ("AT", "오스트리아"),
    ("SE", "스웨덴"),
    ("NO", "노르웨이"),
    ("DK", "덴마크"),
    ("FI", "핀란드"),
    ("PL", "폴란드"),
    ("CZ", "체코"),
    ("UA", "우크라이나"),
    ("RU", "러시아"),
    ("TR", "튀르키예"),
    ("AE", "아랍에미리트"),
    ("SA", "사우디아라비아"),
    ("IL", "이스라엘"),
    ("ZA", "남아프리카 공화국"),
    ("EG", "이집트"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_has_one_word() {
        let mut tokens: Vec<&str> = WORDS.iter().map(|it| it.0).collect();
        tokens.sort_unstable();
        tokens.dedup();
        assert_eq!(tokens.len(), WORDS.len());
        assert_eq!(korean("OnDemandStream"), Some("주문형 스트리밍"));
        assert_eq!(korean("SomethingNew"), None);
        for own in usage::OwnUseType::ALL {
            assert!(korean(own.as_str()).is_some(), "{own}");
        }
    }
}
