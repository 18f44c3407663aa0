//! Why a whole file cannot be read into usage lines.

use std::io;

/// Why no usage lines could be made; what single lines say is never an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// A report could not be opened.
    #[error("{file}: open failed")]
    Open {
        /// Name of the file.
        file: String,
        /// What the source said.
        #[source]
        source: io::Error,
    },
    /// A report could not be read to its end.
    #[error("read failed")]
    Read(#[from] dsr::ReadError),
    /// A chart could not be read to its end.
    #[error("{file}: read failed")]
    Chart {
        /// Name of the file.
        file: String,
        /// What the source said.
        #[source]
        source: csv::Error,
    },
    /// A report has no header, so nobody knows what it is about.
    #[error("{file}: no header")]
    NoHeader {
        /// Name of the file.
        file: String,
    },
    /// The header names no period.
    #[error("{file}: no usage period in the header")]
    NoPeriod {
        /// Name of the file.
        file: String,
    },
    /// The header names a profile that is not of the standard.
    #[error("{file}: {profile:?} is no profile of the standard")]
    Profile {
        /// Name of the file.
        file: String,
        /// What the header names.
        profile: String,
    },
    /// The money of a report stands in claims, which are only read line by line.
    #[error("{profile} carries its money in claims, which only an import reads")]
    Claims {
        /// What the header names.
        profile: String,
    },
    /// The first line of a chart is that of no shape we know.
    #[error("{file}: columns of no known chart: {columns}")]
    Columns {
        /// Name of the file.
        file: String,
        /// The columns it has.
        columns: String,
    },
    /// A file of exchange rates could not be read to its end.
    #[error("{file}: read failed")]
    Rates {
        /// Name of the file.
        file: String,
        /// What the source said.
        #[source]
        source: csv::Error,
    },
    /// The first line of a file of exchange rates is that of no shape we know.
    #[error(
        "{file}: no columns of exchange rates, which are `Date,USD,JPY,...` or `date,from,to,rate`: \
         {columns}"
    )]
    RateColumns {
        /// Name of the file.
        file: String,
        /// The columns it has.
        columns: String,
    },
    /// A statement could not be read to its end.
    #[error("{file}: read failed")]
    Sheet {
        /// Name of the file.
        file: String,
        /// What its reader said.
        #[source]
        source: sheet::ReadError,
    },
    /// The header of the source's table is not in the first rows.
    #[error("{file}: no header of {spec} in its first rows; try `leitmotif report try`")]
    Header {
        /// Name of the file.
        file: String,
        /// Name and edition of the source.
        spec: String,
    },
    /// A column that money depends on is not there, or there twice.
    #[error("{file}: {} column {columns} for {field}", if *twice { "several times" } else { "no" })]
    Column {
        /// Name of the file.
        file: String,
        /// The field of the usage line.
        field: &'static str,
        /// The columns that the source spec names.
        columns: String,
        /// Whether it is there more than once.
        twice: bool,
    },
}
