//! How what was appended together lies in one row: one event as it is, several behind their lengths. A row costs nearly
//! the same for one event or many, and after a restart many are appended together and all are read.

use bytes::{Buf, Bytes};
use std::borrow::Cow;

/// Room for the length of an event, in bytes; little endian.
const LENGTH: usize = size_of::<u64>();

/// The body of the row that holds these events.
pub(super) fn join(events: &[Bytes]) -> Cow<'_, [u8]> {
    match events {
        [event] => Cow::Borrowed(event),
        _ => {
            let lengths = events.iter().map(|event| (event.len() as u64).to_le_bytes());
            let mut body = lengths.collect::<Vec<_>>().concat();
            events.iter().for_each(|event| body.extend_from_slice(event));
            Cow::Owned(body)
        }
    }
}

/// Adds to `events` those of the row that leads to `revision`; none where the row before it is missing, or it is damaged.
pub(super) fn split(mut body: Bytes, revision: usize, events: &mut Vec<Bytes>) -> Option<()> {
    let count = revision.checked_sub(events.len()).filter(|count| *count > 0)?;
    if count == 1 {
        events.push(body);
        return Some(());
    }
    let of_lengths = count.checked_mul(LENGTH).filter(|length| *length <= body.len())?;
    let mut lengths = body.split_to(of_lengths);
    while lengths.has_remaining() {
        let length = usize::try_from(lengths.get_u64_le()).ok().filter(|length| *length <= body.len())?;
        events.push(body.split_to(length));
    }
    body.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(words: &[&'static str]) -> Vec<Bytes> {
        words.iter().map(|word| Bytes::from_static(word.as_bytes())).collect()
    }

    fn split_from(before: usize, body: &[u8], revision: usize) -> Option<Vec<Bytes>> {
        let mut found = vec![Bytes::new(); before];
        split(Bytes::copy_from_slice(body), revision, &mut found)?;
        Some(found.split_off(before))
    }

    #[test]
    fn keep_26_a_row_is_read_as_it_was_written() {
        for words in [&["{}"] as &[_], &[""], &["", ""], &["a", "", "ccc"]] {
            let written = events(words);
            assert_eq!(split_from(4, &join(&written), 4 + words.len()), Some(written));
        }
    }

    #[test]
    fn keep_26_a_row_behind_a_gap_or_with_other_lengths_is_refused() {
        let three = join(&events(&["a", "", "ccc"])).into_owned();
        for revision in [0, 1, 4, 6, 8, usize::MAX] {
            assert_eq!(split_from(4, &three, revision), None, "to {revision}");
        }
        for bad in [&three[..three.len() - 1], &[&three[..], b"d"].concat(), &[0xFF; 64], b""] {
            assert_eq!(split_from(4, bad, 7), None);
        }
        assert_eq!(split_from(4, br#"{"v":1,"event":{"at":1769904000000}}"#, 6), None, "one event");
    }
}
