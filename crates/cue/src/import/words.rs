//! The names that sheets give their columns and the lines above them.

/// What a column holds.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Id,
    List,
    Start,
    End,
    Length,
    Recording,
    Isrc,
    Title,
    Artist,
    Usage,
    Standing,
    ConfirmedBy,
    ConfirmedAt,
    Reason,
    Level,
    LevelDb,
    InMs,
    Tempo,
    Pitch,
    Confidence,
    Alternatives,
    Source,
    Note,
    Credit,
}

/// What a line above the columns says.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum About {
    Production,
    Title,
    Season,
    Episode,
    EpisodeTitle,
    Aired,
    Length,
    Provider,
}

impl Column {
    /// Reads the name of a column; what is not known has no meaning for us.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match key(text).as_str() {
            "id" | "seq" | "seqno" | "sequence" | "cue" | "cueno" | "cuenumber" | "no" | "순번"
            | "번호" => Self::Id,
            "list" => Self::List,
            "start" | "timein" | "in" | "cuein" | "starttime" | "시작시간" | "시작" => {
                Self::Start
            }
            "end" | "timeout" | "out" | "cueout" | "endtime" | "종료시간" | "종료" => {
                Self::End
            }
            "length" | "duration" | "timing" | "dur" | "사용시간" | "길이" => Self::Length,
            "recording" | "음원" => Self::Recording,
            "isrc" => Self::Isrc,
            "title" | "cuetitle" | "songtitle" | "cuename" | "worktitle" | "composition"
            | "음악명" | "곡명" | "제목" => Self::Title,
            "artist"
            | "performer"
            | "artistmasterlicensor"
            | "masterlicensor"
            | "가수"
            | "연주자"
            | "아티스트" => Self::Artist,
            "usage" | "use" | "typeofuse" | "usagetype" | "usecode" | "usagecode" | "사용형태"
            | "사용구분" => Self::Usage,
            "standing" => Self::Standing,
            "confirmedby" => Self::ConfirmedBy,
            "confirmedat" => Self::ConfirmedAt,
            "reason" => Self::Reason,
            "level" => Self::Level,
            "leveldb" => Self::LevelDb,
            "inms" => Self::InMs,
            "tempo" => Self::Tempo,
            "pitchcents" => Self::Pitch,
            "confidence" => Self::Confidence,
            "alternatives" => Self::Alternatives,
            "source" => Self::Source,
            "note" | "notes" | "remarks" | "비고" => Self::Note,
            "composer" | "composers" | "writer" | "writers" | "publisher" | "publishers"
            | "작곡자" | "작사자" => Self::Credit,
            _ => return None,
        })
    }

    /// What it is called in a finding.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Id => "number",
            Self::List => "list",
            Self::Start => "begin",
            Self::End => "end",
            Self::Length => "length",
            Self::Recording => "recording",
            Self::Isrc => "ISRC",
            Self::Title => "title",
            Self::Artist => "artist",
            Self::Usage => "usage",
            Self::Standing => "standing",
            Self::ConfirmedBy => "who confirmed",
            Self::ConfirmedAt => "when it was confirmed",
            Self::Reason => "reason",
            Self::Level => "level",
            Self::LevelDb => "level in decibels",
            Self::InMs => "place in the recording",
            Self::Tempo => "tempo",
            Self::Pitch => "pitch",
            Self::Confidence => "confidence",
            Self::Alternatives => "alternatives",
            Self::Source => "source",
            Self::Note => "note",
            Self::Credit => "credit",
        }
    }

    /// Whether it says which music a cue is.
    pub(super) const fn names_music(self) -> bool {
        matches!(self, Self::Recording | Self::Isrc | Self::Title)
    }

    /// Whether it says when or how long it sounds.
    pub(super) const fn tells_time(self) -> bool {
        matches!(self, Self::Start | Self::End | Self::Length)
    }
}

impl About {
    /// What it is called in a finding.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Title => "title",
            Self::Season => "season",
            Self::Episode => "episode",
            Self::EpisodeTitle => "title of the episode",
            Self::Aired => "day of first showing",
            Self::Length => "length of the programme",
            Self::Provider => "provider",
        }
    }

    /// Reads the name of a line about the programme.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match key(text).as_str() {
            "production" | "productionid" | "작품id" => Self::Production,
            "title" | "seriesfilmtitle" | "seriestitle" | "filmtitle" | "productiontitle"
            | "series" | "program" | "programme" | "프로그램명" | "프로그램" => {
                Self::Title
            }
            "season" | "시즌" => Self::Season,
            "episode" | "episodenumber" | "episodeno" | "회차" => Self::Episode,
            "episodetitle" | "부제" => Self::EpisodeTitle,
            "aired" | "airdate" | "originalairdate" | "방송일" => Self::Aired,
            "length" | "showlength" | "programlength" | "productionlength" | "방송시간" => {
                Self::Length
            }
            "provider" | "preparedby" | "작성자" => Self::Provider,
            _ => return None,
        })
    }
}

/// A name in small letters, with nothing but letters and digits.
fn key(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
