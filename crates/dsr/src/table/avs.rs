//! Allowed values, sorted. The lists are open: a value that is not here is doubtful, not wrong.

#[rustfmt::skip]
pub(crate) static COMMERCIAL_MODELS: &[&str] = &[
    "AdvertisementSupportedModel", "AsPerContract", "DeviceFeeModel", "FreeOfChargeModel",
    "PayAsYouGoModel", "PerformanceRoyaltiesModel", "RightsClaimModel", "SubscriptionModel",
    "Unknown", "UserDefined",
];

#[rustfmt::skip]
pub(crate) static USE_TYPES: &[&str] = &[
    "AsPerContract", "Broadcast", "Cable", "ConditionalDownload", "ContentInfluencedStream",
    "Display", "Download", "Dub", "DubForAdvertisement", "DubForLivePerformance", "DubForMovies",
    "DubForMusicOnHold", "DubForPublicPerformance", "DubForRadio", "DubForTV",
    "ExtractForInternet", "KioskDownload", "Narrowcast", "NonInteractiveStream", "OnDemandStream",
    "Perform", "PerformAsMusicOnHold", "PerformInLivePerformance", "PerformInPublic",
    "PermanentDownload", "PlayInPublic", "Playback", "Podcast", "Print", "PrivateCopy",
    "ProgrammedContentStream", "PurchaseAsPhysicalProduct", "Rent", "Simulcast", "Stream",
    "TetheredDownload", "TimeInfluencedStream", "Unknown", "Use", "UseAsAlertTone", "UseAsDevice",
    "UseAsKaraoke", "UseAsRingbackTone", "UseAsRingbackTune", "UseAsRingtone", "UseAsRingtune",
    "UseAsScreensaver", "UseAsVoiceMail", "UseAsWallpaper", "UseForIdentification",
    "UseInMobilePhoneMessaging", "UseInPhoneListening", "UserDefined",
    "UserMakeAvailableLabelProvided", "UserMakeAvailableUserProvided", "Webcast",
];

#[rustfmt::skip]
pub(crate) static RIGHTS_TYPES: &[&str] = &[
    "MakeAvailableRight", "MechanicalRight", "PerformingRight", "PrintRight", "ReproductionRight",
    "SynchronizationRight", "UserDefined",
];

#[rustfmt::skip]
pub(crate) static RESOURCE_TYPES: &[&str] = &[
    "Image", "MIDI", "SheetMusic", "Software", "SoundRecording", "Text", "UserDefinedResource",
    "Video",
];

#[rustfmt::skip]
pub(crate) static RELEASE_TYPES: &[&str] = &[
    "Album", "AlertToneRelease", "AsPerContract", "AudioBookRelease", "BackCoverImageRelease",
    "BookletBackImageRelease", "BookletFrontImageRelease", "BookletRelease", "Bundle",
    "ClassicalAlbum", "ClassicalDigitalBoxedSet", "ClassicalMultimediaAlbum", "ConcertVideo",
    "DigitalBoxSetRelease", "DjMix", "Documentary", "Drama", "EBookRelease", "EP", "Episode",
    "FeatureFilm", "KaraokeRelease", "LiveEventVideo", "LogoRelease",
    "LongFormMusicalWorkVideoRelease", "LongFormNonMusicalWorkVideoRelease", "LyricSheetRelease",
    "MultimediaAlbum", "MultimediaDigitalBoxedSet", "MultimediaSingle",
    "MusicalWorkBasedGameRelease", "NonMusicalWorkBasedGameRelease", "PlayList",
    "RingbackToneRelease", "RingtoneRelease", "Season", "Series", "SheetMusicRelease", "ShortFilm",
    "Single", "SingleResourceRelease", "StemBundle", "TrackRelease", "UserDefined", "VideoAlbum",
    "VideoMastertoneRelease", "VideoSingle", "WallpaperRelease",
];

#[rustfmt::skip]
pub(crate) static VIDEO_TYPES: &[&str] = &[
    "AdultContent", "AdvertisementVideo", "AdviceMagazine", "Animation", "BalletVideo",
    "BehindTheScenes", "BlackAndWhiteVideo", "ChildrensFilm", "ColorizedVideo", "ColumnVideo",
    "ConcertClip", "ConcertVideo", "CorporateFilm", "Credits", "Documentary", "EducationalVideo",
    "Episode", "FeatureFilm", "Fiction", "InfomercialVideo", "Interview", "Karaoke",
    "LiveEventVideo", "LongFormMusicalWorkVideo", "LongFormNonMusicalWorkVideo", "LyricVideo",
    "Magazine", "Menu", "MultimediaVideo", "MusicalWorkClip", "MusicalWorkReadalongVideo",
    "MusicalWorkTrailer", "MusicalWorkVideoChapter", "News", "NonMusicalWorkClip",
    "NonMusicalWorkReadalongVideo", "NonMusicalWorkTrailer", "NonMusicalWorkVideoChapter",
    "NonSerialAudioVisualRecording", "OperaVideo", "Performance", "ReadalongVideo",
    "RealityTvShowVideo", "Season", "SerialAudioVisualRecording", "Series", "ShortFilm",
    "SilentVideo", "SketchVideo", "SoapSitcom", "SpecialEvent", "Sport", "TheatricalWorkVideo",
    "TrailerVideo", "TvFilm", "TvProgram", "TvShowVideo", "Unknown", "VideoChapter", "VideoClip",
    "VideoReport", "VideoStem",
];

#[rustfmt::skip]
pub(crate) static TERRITORIES: &[&str] = &[
    "100", "104", "108", "112", "116", "12", "120", "124", "132", "140", "144", "148", "152",
    "156", "158", "170", "174", "178", "180", "188", "191", "192", "196", "20", "200", "203",
    "204", "208", "2100", "2101", "2102", "2103", "2104", "2105", "2106", "2107", "2108", "2109",
    "2110", "2111", "2112", "2113", "2114", "2115", "2116", "2117", "2118", "2119", "212", "2120",
    "2121", "2122", "2123", "2124", "2125", "2126", "2127", "2128", "2129", "2130", "2131", "2132",
    "2133", "2134", "2136", "214", "218", "222", "226", "230", "231", "232", "233", "24", "242",
    "246", "250", "258", "262", "266", "268", "270", "276", "278", "28", "280", "288", "296",
    "300", "308", "31", "32", "320", "324", "328", "332", "336", "340", "344", "348", "352", "356",
    "36", "360", "364", "368", "372", "376", "380", "384", "388", "392", "398", "4", "40", "400",
    "404", "408", "410", "414", "417", "418", "422", "426", "428", "430", "434", "438", "44",
    "440", "442", "450", "454", "458", "462", "466", "470", "478", "48", "480", "484", "492",
    "496", "498", "499", "50", "504", "508", "51", "512", "516", "52", "520", "524", "528", "540",
    "548", "554", "558", "56", "562", "566", "578", "583", "584", "585", "586", "591", "598",
    "600", "604", "608", "616", "620", "624", "626", "630", "634", "64", "642", "643", "646",
    "659", "662", "670", "674", "678", "68", "682", "686", "688", "690", "694", "70", "702", "703",
    "704", "705", "706", "710", "716", "72", "720", "724", "728", "729", "732", "736", "740",
    "748", "752", "756", "76", "760", "762", "764", "768", "776", "780", "784", "788", "792",
    "795", "798", "8", "800", "804", "807", "810", "818", "826", "834", "84", "840", "854", "858",
    "860", "862", "882", "886", "887", "890", "891", "894", "90", "96", "AD", "AE", "AF", "AG",
    "AI", "AL", "AM", "AN", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD",
    "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW",
    "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CS",
    "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH",
    "ER", "ES", "ES-CE", "ES-CN", "ES-ML", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB",
    "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW",
    "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS",
    "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ",
    "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF",
    "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX",
    "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA",
    "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO",
    "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN",
    "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL",
    "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC",
    "VE", "VG", "VI", "VN", "VU", "WF", "WS", "Worldwide", "XK", "YE", "YT", "ZA", "ZM", "ZW",
];
