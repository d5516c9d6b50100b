//! Compressed variants beside collected files.

use std::io::{self, Write};

use super::content_type::is_compressible;
use super::encodings::Encoding;

/// A variant that saves less than a twentieth is not worth a file.
fn is_effective(compressed: usize, plain: usize) -> bool {
    compressed.saturating_mul(20) <= plain.saturating_mul(19)
}

/// The compressed form, unless the name says that it would be of no use, or it is.
pub(super) fn compressed(name: &str, content: &[u8], encoding: Encoding) -> io::Result<Option<Vec<u8>>> {
    if !is_compressible(name) {
        return Ok(None);
    }
    let compressed = match encoding {
        Encoding::Gzip => {
            // Without a time, so that the same content gives the same bytes.
            let mut writer = flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::best());
            writer.write_all(content)?;
            writer.finish()?
        }
        Encoding::Brotli => {
            let mut out = Vec::new();
            let parameters = brotli::enc::BrotliEncoderParams::default();
            brotli::BrotliCompress(&mut &*content, &mut out, &parameters)?;
            out
        }
    };
    Ok(is_effective(compressed.len(), content.len()).then_some(compressed))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_worth_it() {
        let text = "body{color:red}".repeat(100);
        let gzip = compressed("a.css", text.as_bytes(), Encoding::Gzip).unwrap().unwrap();
        let mut back = String::new();
        flate2::read::GzDecoder::new(&*gzip).read_to_string(&mut back).unwrap();
        assert_eq!(back, text);
        let br = compressed("a.css", text.as_bytes(), Encoding::Brotli).unwrap().unwrap();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &*br, &mut back).unwrap();
        assert_eq!(back, text.as_bytes());
        assert_eq!(compressed("a.png", text.as_bytes(), Encoding::Gzip).unwrap(), None);
        assert_eq!(compressed("a.css", b"x", Encoding::Gzip).unwrap(), None);
    }
}
