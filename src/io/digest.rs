//! The SHA-256 of bytes, in small hexadecimal letters: how an output names the inputs it was made from.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The digest of these bytes.
pub fn sha256(bytes: &[u8]) -> String {
    sha256_of([bytes])
}

/// The digest of these pieces as if they stood one behind the other.
pub fn sha256_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut running = Running::default();
    pieces.into_iter().for_each(|piece| running.take(piece));
    running.finish()
}

/// A digest of bytes that come piece by piece.
#[derive(Default)]
pub struct Running(Sha256);

impl Running {
    /// Takes the next piece.
    pub fn take(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces.
    pub fn finish(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0.finalize() {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_that_other_programs_show() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha256_of([&b"a"[..], b"bc"]), sha256(b"abc"));
    }
}
