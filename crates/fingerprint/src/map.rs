/// Rows of numbers, one a frame of time, each with a number a band.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    width: usize,
    values: Vec<f32>,
}

impl Map {
    /// An empty map of rows of `width` bands, at least one.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { width: width.max(1), values: Vec::new() }
    }

    /// `frames` rows of zeros.
    #[must_use]
    pub fn zeros(width: usize, frames: usize) -> Self {
        let width = width.max(1);
        Self { width, values: vec![0.0; width * frames] }
    }

    /// Bands in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.values.len() / self.width
    }

    /// One row; empty beyond the last.
    #[must_use]
    pub fn row(&self, frame: usize) -> &[f32] {
        self.values.get(frame * self.width..(frame + 1) * self.width).unwrap_or_default()
    }

    /// One row to be changed; empty beyond the last.
    pub fn row_mut(&mut self, frame: usize) -> &mut [f32] {
        self.values.get_mut(frame * self.width..(frame + 1) * self.width).unwrap_or_default()
    }

    /// Adds a row; what is missing in it is zero, what is too much is left out.
    pub fn push(&mut self, row: &[f32]) {
        let end = self.values.len() + self.width;
        self.values.extend_from_slice(&row[..row.len().min(self.width)]);
        self.values.resize(end, 0.0);
    }

    /// All values, row after row.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values, to be changed.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// Some rows as a map of their own; what is beyond the last is left out.
    #[must_use]
    pub fn part(&self, frames: std::ops::Range<usize>) -> Self {
        let end = frames.end.min(self.frames());
        let start = frames.start.min(end);
        Self {
            width: self.width,
            values: self.values[start * self.width..end * self.width].to_vec(),
        }
    }
}
