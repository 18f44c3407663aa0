//! The Arrow schema of usage lines.

use std::sync::{Arc, LazyLock};

use arrow_schema::{DataType, Field, Schema, SchemaRef};

/// Names of the columns, in the order of the schema; they are stable.
pub mod column {
    /// Report id.
    pub const REPORT: &str = "report";
    /// Index of the file within the report.
    pub const FILE: &str = "file";
    /// Line number in the file.
    pub const LINE: &str = "line";
    /// Sales transaction id.
    pub const TRANSACTION: &str = "transaction";
    /// Sender.
    pub const SENDER: &str = "sender";
    /// Service description.
    pub const SERVICE: &str = "service";
    /// Territory code.
    pub const TERRITORY: &str = "territory";
    /// Use type.
    pub const USE_TYPE: &str = "use_type";
    /// Commercial model.
    pub const COMMERCIAL_MODEL: &str = "commercial_model";
    /// Rights type token.
    pub const RIGHTS_TYPE: &str = "rights_type";
    /// Basis token.
    pub const BASIS: &str = "basis";
    /// First day of the usage.
    pub const FROM: &str = "from";
    /// First day after the usage.
    pub const UNTIL: &str = "until";
    /// ISRC.
    pub const ISRC: &str = "isrc";
    /// ICPN.
    pub const ICPN: &str = "icpn";
    /// The sender's own id of the resource.
    pub const RESOURCE_ID: &str = "resource_id";
    /// Title.
    pub const TITLE: &str = "title";
    /// Display artist.
    pub const ARTIST: &str = "artist";
    /// Number of usages.
    pub const USAGES: &str = "usages";
    /// Currency code; null when there is no money on the line.
    pub const CURRENCY: &str = "currency";
    /// Amount.
    pub const AMOUNT: &str = "amount";
    /// Published price of one unit; null when the report states none.
    pub const UNIT_PRICE: &str = "unit_price";
    /// Price category; null when the report states none.
    pub const PRICE_CATEGORY: &str = "price_category";
    /// The sender's type of adjustment.
    pub const ADJUSTMENT: &str = "adjustment";
    /// Id of the report a line corrects.
    pub const CORRECTS: &str = "corrects";
    /// Month of subscription; null where the report does not say.
    pub const SUBSCRIBED: &str = "subscribed";
}

/// The columns a cell is made of: all but `file`, `transaction`, `until`, `adjustment`
/// and `corrects`.
pub const CELL_COLUMNS: [&str; 21] = [
    column::REPORT,
    column::LINE,
    column::SENDER,
    column::SERVICE,
    column::TERRITORY,
    column::USE_TYPE,
    column::COMMERCIAL_MODEL,
    column::RIGHTS_TYPE,
    column::BASIS,
    column::FROM,
    column::ISRC,
    column::ICPN,
    column::RESOURCE_ID,
    column::TITLE,
    column::ARTIST,
    column::USAGES,
    column::CURRENCY,
    column::AMOUNT,
    column::UNIT_PRICE,
    column::PRICE_CATEGORY,
    column::SUBSCRIBED,
];

/// Digits of the decimal columns.
pub(crate) const DECIMAL_PRECISION: u8 = 38;
/// Decimals of the decimal columns: one unit of the stored integer is one atom.
pub(crate) const DECIMAL_SCALE: i8 = 18;

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let token = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let decimal = || DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE);
    let field = |name: &str, data_type: DataType| Field::new(name, data_type, false);
    Arc::new(Schema::new(vec![
        field(column::REPORT, token()),
        field(column::FILE, DataType::UInt16),
        field(column::LINE, DataType::UInt64),
        field(column::TRANSACTION, DataType::Utf8),
        field(column::SENDER, token()),
        field(column::SERVICE, token()),
        field(column::TERRITORY, token()),
        field(column::USE_TYPE, token()),
        field(column::COMMERCIAL_MODEL, token()),
        field(column::RIGHTS_TYPE, token()),
        field(column::BASIS, token()),
        field(column::FROM, DataType::Date32),
        field(column::UNTIL, DataType::Date32),
        field(column::ISRC, token()),
        field(column::ICPN, token()),
        field(column::RESOURCE_ID, token()),
        field(column::TITLE, token()),
        field(column::ARTIST, token()),
        field(column::USAGES, decimal()),
        Field::new(column::CURRENCY, token(), true),
        field(column::AMOUNT, decimal()),
        Field::new(column::UNIT_PRICE, decimal(), true),
        Field::new(column::PRICE_CATEGORY, token(), true),
        field(column::ADJUSTMENT, token()),
        field(column::CORRECTS, token()),
        Field::new(column::SUBSCRIBED, token(), true),
    ]))
});

/// The schema of usage lines.
///
/// | column | type | meaning |
/// |---|---|---|
/// | `report` | dictionary | report id |
/// | `file` | `UInt16` | index of the file within the report |
/// | `line` | `UInt64` | line number in that file, 1-based |
/// | `transaction` | `Utf8` | sales transaction id, `""` if none |
/// | `sender`, `service`, `territory`, `use_type`, `commercial_model` | dictionary | as received |
/// | `rights_type` | dictionary | `master`, `work`, `performer`, `unspecified` |
/// | `basis` | dictionary | `received`, `service-net`, `none` |
/// | `from`, `until` | `Date32` | days, half-open |
/// | `isrc`, `icpn`, `resource_id`, `title`, `artist` | dictionary | as received |
/// | `usages`, `amount` | `Decimal128(38, 18)` | exact; one unit of the integer is one atom |
/// | `currency` | dictionary, nullable | ISO 4217 code |
/// | `unit_price` | `Decimal128(38, 18)`, nullable | published price of one unit, in `currency` |
/// | `price_category` | dictionary, nullable | as received |
/// | `adjustment` | dictionary | the sender's type of adjustment, `""` for an ordinary line |
/// | `corrects` | dictionary | id of the report the line corrects, `""` if none |
/// | `subscribed` | dictionary, nullable | month of subscription, `2018-11`; not in older files |
///
/// A dictionary is `Dictionary(Int32, Utf8)`. Files from before there were prices lack `unit_price`
/// and `price_category`, and are read as if both were null.
#[must_use]
pub fn schema() -> SchemaRef {
    Arc::clone(&SCHEMA)
}
