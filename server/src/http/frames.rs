//! Follows the frames of a websocket from the outside: where messages begin and end, and how large they grow.
//!
//! The websocket library hands over whole messages only; an endless one, or a flood of empty fragments, never
//! comes out of it. This sees them as they arrive. What is wrong in a frame the library finds by itself.

/// Longest header of a frame: two bytes, eight of length, four of mask.
const LONGEST_HEADER: usize = 14;

/// A message is larger than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooBig;

/// What a piece of the stream held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Frames begun that finish no message: control frames and fragments.
    pub(crate) idle_frames: u32,
    /// Whether the stream stood between two messages at some point of this piece.
    pub(crate) pause: bool,
}

/// Where in the stream of frames a socket stands.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    header: [u8; LONGEST_HEADER],
    header_length: usize,
    payload_left: u64,
    message_length: u64,
    fragment_open: bool,
}

impl Frames {
    /// Follows the next bytes.
    ///
    /// # Errors
    /// A data frame declares more than `limit` bytes for its message in all.
    pub(crate) fn follow(&mut self, mut bytes: &[u8], limit: u64) -> Result<Seen, TooBig> {
        let mut seen = Seen::default();
        while !bytes.is_empty() {
            if self.payload_left > 0 {
                let skipped = bytes.len().min(usize::try_from(self.payload_left).unwrap_or(usize::MAX));
                bytes = &bytes[skipped..];
                self.payload_left -= skipped as u64;
            } else {
                self.header[self.header_length] = bytes[0];
                self.header_length += 1;
                bytes = &bytes[1..];
                if self.header_length == self.needed_header() {
                    self.begin_frame(limit, &mut seen)?;
                }
            }
            seen.pause |= !self.is_unfinished();
        }
        Ok(seen)
    }

    /// Whether a frame or a message has begun and not ended.
    pub(crate) fn is_unfinished(&self) -> bool {
        self.header_length > 0 || self.payload_left > 0 || self.fragment_open
    }

    fn needed_header(&self) -> usize {
        if self.header_length < 2 {
            return 2;
        }
        let mask = if self.header[1] & 0x80 == 0 { 0 } else { 4 };
        mask + match self.header[1] & 0x7f {
            127 => 10,
            126 => 4,
            _ => 2,
        }
    }

    fn begin_frame(&mut self, limit: u64, seen: &mut Seen) -> Result<(), TooBig> {
        let [first, second, a, b, c, d, e, f, g, h, ..] = self.header;
        let length = match second & 0x7f {
            127 => u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            126 => u64::from(u16::from_be_bytes([a, b])),
            short => u64::from(short),
        };
        let is_final = first & 0x80 != 0;
        let is_control = first & 0x08 != 0;
        if is_control {
            seen.idle_frames += 1;
        } else {
            self.message_length = self.message_length.saturating_add(length);
            if self.message_length > limit {
                return Err(TooBig);
            }
            self.fragment_open = !is_final;
            if is_final {
                self.message_length = 0;
            } else {
                seen.idle_frames += 1;
            }
        }
        self.payload_left = length;
        self.header_length = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: u8 = 0x1;
    const CONTINUATION: u8 = 0x0;
    const PING: u8 = 0x9;
    const FINAL: u8 = 0x80;

    fn frame(first: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![first];
        match length {
            0..126 => bytes.push(0x80 | u8::try_from(length).expect("is under 126")),
            126..65_536 => {
                bytes.push(0x80 | 126);
                bytes.extend(u16::try_from(length).expect("is under 65,536").to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 127);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend([0; 4]);
        bytes.resize(bytes.len() + length, 0xff);
        bytes
    }

    fn follow(frames: &mut Frames, bytes: &[u8]) -> Seen {
        frames.follow(bytes, 32 * 1024).expect("is small enough")
    }

    #[test]
    fn every_cut_of_a_message_is_unfinished_until_its_last_byte() {
        for length in [0, 5, 125, 126, 300, 32 * 1024] {
            let whole = frame(FINAL | TEXT, length);
            for cut in 1..whole.len().min(40) {
                let mut frames = Frames::default();
                assert!(!follow(&mut frames, &whole[..cut]).pause);
                assert!(frames.is_unfinished(), "{cut} of {length}");
                assert!(follow(&mut frames, &whole[cut..]).pause);
                assert!(!frames.is_unfinished(), "{length}");
            }
        }
    }

    #[test]
    fn byte_by_byte_sees_the_same_as_at_once() {
        let stream =
            [frame(TEXT, 130), frame(FINAL | PING, 3), frame(CONTINUATION, 0), frame(FINAL, 9)].concat();
        let at_once = follow(&mut Frames::default(), &stream);
        let mut frames = Frames::default();
        let single: u32 = stream.iter().map(|byte| follow(&mut frames, &[*byte]).idle_frames).sum();
        assert_eq!((at_once.idle_frames, single), (3, 3));
        assert!(at_once.pause && !frames.is_unfinished());
    }

    #[test]
    fn a_ping_does_not_finish_a_fragmented_message() {
        let mut frames = Frames::default();
        follow(&mut frames, &frame(TEXT, 3));
        assert!(!follow(&mut frames, &frame(FINAL | PING, 0)).pause);
        assert!(frames.is_unfinished());
    }

    #[test]
    fn t40_a_message_holds_at_its_limit_and_not_one_past_it() {
        let limit = 4 * 1024;
        assert!(Frames::default().follow(&frame(FINAL | TEXT, 4 * 1024), limit).is_ok());
        assert_eq!(Frames::default().follow(&frame(FINAL | TEXT, 4 * 1024 + 1), limit), Err(TooBig));
        let mut frames = Frames::default();
        assert!(frames.follow(&frame(TEXT, 4 * 1024), limit).is_ok());
        assert!(frames.follow(&frame(CONTINUATION, 0), limit).is_ok());
        assert_eq!(frames.follow(&frame(FINAL, 1), limit), Err(TooBig));
    }

    #[test]
    fn t40_a_declared_length_is_refused_before_its_bytes_come() {
        let mut header = vec![FINAL | TEXT, 0x80 | 127];
        header.extend((1_u64 << 62).to_be_bytes());
        header.extend([0; 4]);
        assert_eq!(Frames::default().follow(&header, 32 * 1024), Err(TooBig));
        // Added up, lengths near the largest number do not begin again at zero.
        let mut frames = Frames { message_length: u64::MAX, ..Frames::default() };
        assert_eq!(frames.follow(&frame(FINAL | TEXT, 9), u64::MAX - 1), Err(TooBig));
    }

    #[test]
    fn messages_do_not_add_up() {
        let mut frames = Frames::default();
        for _ in 0..100 {
            assert_eq!(follow(&mut frames, &frame(FINAL | TEXT, 32 * 1024)).idle_frames, 0);
        }
    }
}
