//! Made-up titles, names and identifiers, by the number of a recording.

/// An ISRC with the user-assigned country code ZZ: nobody was ever given it.
#[must_use]
pub fn isrc(number: u64) -> String {
    format!("ZZTST{:02}{:05}", 21 + number / 100_000, number % 100_000)
}

/// An ISWC with its check digit; the numbers from 999,000,000 on are far from any that is in use.
#[must_use]
pub fn iswc(number: u64) -> String {
    let number = 999_000_000 + number % 1_000_000;
    let digits = format!("{number}");
    let sum: u64 = (1..).zip(digits.bytes()).map(|(at, it)| at * u64::from(it - b'0')).sum();
    format!("T{digits}{}", (10 - (1 + sum) % 10) % 10)
}

/// The title of a recording.
#[must_use]
pub fn title(number: u64) -> String {
    if number.is_multiple_of(3) {
        format!("Song {number:05}")
    } else {
        format!("노래 {number:05}")
    }
}

/// Who sings it.
#[must_use]
pub fn artist(number: u64) -> String {
    format!("Artist {:03}", number % 700)
}

/// The drama it sounds in.
#[must_use]
pub fn drama(number: u64) -> String {
    format!("드라마 {}", number / 16 % 500)
}
