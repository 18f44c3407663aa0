use std::collections::VecDeque;

/// What a band's power is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Neighbours to either side whose mean is taken away.
    pub bands: usize,
    /// Frames to either side whose mean is then taken away from each band.
    pub frames: usize,
    /// How much of that mean is taken away, 0 to 1.
    pub steady: f32,
}

/// Rows of log power to rows of contrast, as a stream.
///
/// A row comes out when the frames it needs after it came in, the last ones by [`Contrast::finish`]; there are as many out
/// as in. Near either end the means are of the frames that exist.
pub struct Contrast {
    shape: Shape,
    width: usize,
    /// Rows in the window of the running mean, oldest first, and how many of them are already out.
    rows: VecDeque<Vec<f32>>,
    out: usize,
    sums: Vec<f64>,
    spare: Vec<f32>,
}

impl Contrast {
    /// Contrast of rows of `width` bands.
    #[must_use]
    pub fn new(width: usize, shape: Shape) -> Self {
        Self {
            shape,
            width,
            rows: VecDeque::new(),
            out: 0,
            sums: vec![0.0; width],
            spare: vec![0.0; width],
        }
    }

    /// Takes one row of log power in, and calls `give` with the row that it completes, if any.
    pub fn push(&mut self, row: &[f32], give: impl FnMut(&[f32])) {
        let mut local = if self.rows.len() > 2 * self.shape.frames {
            self.out -= 1;
            let oldest = self.rows.pop_front().unwrap_or_default();
            for (sum, value) in self.sums.iter_mut().zip(&oldest) {
                *sum -= f64::from(*value);
            }
            oldest
        } else {
            vec![0.0; self.width]
        };
        above_neighbours(row, self.shape.bands, &mut local);
        for (sum, value) in self.sums.iter_mut().zip(&local) {
            *sum += f64::from(*value);
        }
        self.rows.push_back(local);
        if self.rows.len() - self.out > self.shape.frames {
            self.give(give);
        }
    }

    /// Gives the rows that wait for frames which will not come.
    pub fn finish(mut self, mut give: impl FnMut(&[f32])) {
        while self.out < self.rows.len() {
            if self.out > self.shape.frames {
                let oldest = self.rows.pop_front().unwrap_or_default();
                for (sum, value) in self.sums.iter_mut().zip(&oldest) {
                    *sum -= f64::from(*value);
                }
                self.out -= 1;
            }
            self.give(&mut give);
        }
    }

    fn give(&mut self, mut give: impl FnMut(&[f32])) {
        let scale = f64::from(self.shape.steady) / self.rows.len() as f64;
        let row = &self.rows[self.out];
        for ((spare, value), sum) in self.spare.iter_mut().zip(row).zip(&self.sums) {
            *spare = value - (sum * scale) as f32;
        }
        self.out += 1;
        give(&self.spare);
    }
}

/// Each value less the mean of its neighbours up to `reach` away, itself included.
fn above_neighbours(row: &[f32], reach: usize, out: &mut [f32]) {
    let mut sum: f32 = row.iter().take(reach).sum();
    let mut count = row.len().min(reach);
    for band in 0..row.len() {
        if band + reach < row.len() {
            sum += row[band + reach];
            count += 1;
        }
        if band > reach {
            sum -= row[band - reach - 1];
            count -= 1;
        }
        out[band] = row[band] - sum / count as f32;
    }
}
