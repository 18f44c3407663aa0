//! Pictures of one byte a point, as PNG (W3C PNG, third edition).

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// What a PNG begins with (section 5.2).
const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
/// Points to a side at most: far more than is ever drawn.
const SIDE_MAX: usize = 1 << 16;

/// Writes a picture of `width` points a row, each the number of a colour of the palette.
///
/// Rows stand from top to bottom. A last row that is not whole is filled with colour 0; a palette has
/// 1 to 256 colours of red, green and blue, and a number beyond it is its last. A picture without
/// points is one of one point.
#[must_use]
pub fn png(width: usize, points: &[u8], palette: &[[u8; 3]]) -> Vec<u8> {
    let width = width.clamp(1, SIDE_MAX);
    let height = points.len().div_ceil(width).clamp(1, SIDE_MAX);
    let black = [[0; 3]];
    let palette = if palette.is_empty() { &black[..] } else { &palette[..palette.len().min(256)] };
    let last = u8::try_from(palette.len() - 1).unwrap_or(u8::MAX);
    let mut rows = Vec::with_capacity((width + 1) * height);
    for row in 0..height {
        // Filter 0, none (section 9.2): numbers of colours do not predict each other.
        rows.push(0);
        let points = points.get(row * width..).unwrap_or_default();
        let points = &points[..points.len().min(width)];
        rows.extend(points.iter().map(|it| it.min(&last)));
        rows.resize((row + 1) * (width + 1), 0);
    }
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&rows).expect("writing to memory does not fail");
    let data = packer.finish().expect("writing to memory does not fail");
    let side = |it: usize| u32::try_from(it).unwrap_or(u32::MAX).to_be_bytes();
    let mut out = SIGNATURE.to_vec();
    // Eight bits a point, palette, and the only method there is of each kind (section 11.2.1).
    let head = [&side(width)[..], &side(height), &[8, 3, 0, 0, 0]].concat();
    chunk(&mut out, b"IHDR", &head);
    chunk(&mut out, b"PLTE", &palette.concat());
    chunk(&mut out, b"IDAT", &data);
    chunk(&mut out, b"IEND", &[]);
    out
}

/// Length, name, data, and the CRC of name and data (section 5.3).
fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    out.extend(length.to_be_bytes());
    let begin = out.len();
    out.extend(name);
    out.extend(data);
    let mut crc = Crc::new();
    crc.update(&out[begin..]);
    out.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::ZlibDecoder;

    use super::*;

    /// The chunks of a picture, each checked: name and data.
    fn chunks(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut rest = bytes.strip_prefix(&SIGNATURE).unwrap();
        let mut out = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let body = &rest[4..8 + length];
            let mut crc = Crc::new();
            crc.update(body);
            assert_eq!(crc.sum().to_be_bytes(), rest[8 + length..12 + length]);
            out.push((String::from_utf8(body[..4].to_vec()).unwrap(), body[4..].to_vec()));
            rest = &rest[12 + length..];
        }
        out
    }

    #[test]
    fn points_come_back() {
        let picture = png(3, &[0, 1, 2, 1, 9], &[[0, 0, 0], [255, 0, 0], [9, 8, 7]]);
        let chunks = chunks(&picture);
        let names: Vec<&str> = chunks.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(names, ["IHDR", "PLTE", "IDAT", "IEND"]);
        assert_eq!(chunks[0].1, [0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
        assert_eq!(chunks[1].1, [0, 0, 0, 255, 0, 0, 9, 8, 7]);
        let mut rows = Vec::new();
        ZlibDecoder::new(&chunks[2].1[..]).read_to_end(&mut rows).unwrap();
        assert_eq!(rows, [0, 0, 1, 2, 0, 1, 2, 0]);
    }

    #[test]
    fn nothing_is_a_picture_too() {
        assert_eq!(chunks(&png(0, &[], &[])).len(), 4);
    }
}
