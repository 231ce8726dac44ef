//! What the smallest parts of messages may be: ids, hashes, sealed texts, words, close codes.

use attune_protocol::door::{CODE_LETTERS, DoorCode, KnockKey};
use attune_protocol::ids::{CommandId, Invite, SeatToken, SecretHash, SessionId};
use attune_protocol::method::Slug;
use attune_protocol::sealed::{LONGEST_SEALED, LONGEST_SEALED_LINE, Sealed, SealedLine};
use attune_protocol::server::CloseCode;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

fn reads<T: DeserializeOwned>(text: &str) -> bool {
    serde_json::from_value::<T>(serde_json::Value::from(text)).is_ok()
}

#[test]
fn seal_2_ids_have_one_spelling_of_22_characters() {
    let right = "AAAAAAAAAAAAAAAAAAAAAA";
    assert!(reads::<SessionId>(right) && reads::<Invite>(right) && reads::<SeatToken>(right));
    let wrong = [
        "",
        "AAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAA==",
        "AAAAAAAAAAAAAAAAAAAAAB",
        "AAAAAAAAAAAAAAAAAAAA+A",
        "AAAAAAAAAAAAAAAAAAAA/A",
        "AAAAAAAAAAAAAAAAAAAA A",
        " AAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAÄ",
    ];
    for text in wrong {
        assert!(!reads::<SessionId>(text), "{text}");
        assert!(!reads::<Invite>(text), "{text}");
        assert!(!reads::<SeatToken>(text), "{text}");
    }
}

#[test]
fn seal_2_ids_are_written_as_they_are_read() {
    for seed in 0..=255_u8 {
        let bytes = std::array::from_fn(|index| seed.wrapping_mul(31).wrapping_add(index as u8));
        let text = Invite::from_bytes(bytes).encode();
        assert_eq!(text.len(), 22);
        assert_eq!(Invite::try_from(text).unwrap().as_bytes(), &bytes);
    }
}

#[test]
fn seal_3_hashes_have_one_spelling_of_43_characters() {
    let right = "A".repeat(43);
    assert!(reads::<SecretHash>(&right));
    for text in ["A".repeat(42), "A".repeat(44), "A".repeat(42) + "B", "A".repeat(43) + "=", "A".repeat(22)] {
        assert!(!reads::<SecretHash>(&text), "{text}");
    }
}

#[test]
fn door_7_a_code_is_six_letters_in_capitals_that_nobody_mistakes() {
    assert_eq!(CODE_LETTERS.len(), 23);
    assert!(!CODE_LETTERS.contains(['I', 'L', 'O']));
    assert!(reads::<DoorCode>("KMPRST"));
    for text in ["", "KMPRS", "KMPRSTV", "kmprst", "KMPRS1", "KMPRSO", "KMPRS ", "KMPRSÄ"] {
        assert!(!reads::<DoorCode>(text), "{text}");
    }
}

#[test]
fn door_8_keys_have_one_spelling_of_43_characters() {
    assert!(reads::<KnockKey>(&"A".repeat(43)));
    for text in ["A".repeat(42), "A".repeat(44), "A".repeat(42) + "B", "A".repeat(43) + "="] {
        assert!(!reads::<KnockKey>(&text), "{text}");
    }
}

#[test]
fn wire_11_secrets_do_not_show_when_printed() {
    let hash = SecretHash::from_bytes([7; 32]);
    let sealed = Sealed::try_from("AQAVd2VsbA".to_owned()).unwrap();
    let session = SessionId::from_bytes([7; 16]);
    let printed = format!("{hash:?} {sealed:?} {session:?}");
    assert_eq!(printed, "SecretHash(..) Sealed(..) SessionId(..)");
}

#[test]
fn wire_16_sealed_texts_have_1_to_256_bytes_in_one_spelling() {
    let longest = "A".repeat((LONGEST_SEALED * 4).div_ceil(3));
    assert!(reads::<Sealed>("AA") && reads::<Sealed>(&longest));
    for text in ["", "A", "AB", "AA==", "A+AA", &format!("{longest}AA"), "Ada"] {
        assert!(!reads::<Sealed>(text), "{text}");
    }
}

#[test]
fn seal_11_sealed_lines_have_1_to_1024_bytes() {
    let longest = "A".repeat((LONGEST_SEALED_LINE * 4).div_ceil(3));
    assert!(reads::<SealedLine>("AA") && reads::<SealedLine>(&longest));
    for text in ["", "A", "A+AA", &format!("{longest}AA")] {
        assert!(!reads::<SealedLine>(text), "{text}");
    }
    assert_eq!(format!("{:?}", SealedLine::try_from("AQAVd2VsbA".to_owned()).unwrap()), "SealedLine(..)");
}

#[test]
fn wire_5_a_request_is_a_uuid() {
    assert!(reads::<CommandId>("9f3a2c1e-5b7d-4e8f-a1c3-2d4e6f8091a2"));
    for text in ["", "1", "9f3a2c1e-5b7d-4e8f-a1c3-2d4e6f8091a", "9f3a2c1e-5b7d-4e8f-a1c3-2d4e6f8091ag"] {
        assert!(!reads::<CommandId>(text), "{text}");
    }
}

#[test]
fn plan_14_words_of_the_catalogue_are_short_and_plain() {
    for text in ["a", "silent-thinking", "phase-2", &"a".repeat(32)] {
        assert!(reads::<Slug>(text), "{text}");
    }
    for text in ["", "A", "a b", "a_b", "ä", "a.b", "<b>", &"a".repeat(33)] {
        assert!(!reads::<Slug>(text), "{text}");
    }
}

#[test]
fn wire_8_close_codes_are_listed_once() {
    let codes: BTreeSet<u16> = CloseCode::ALL.iter().map(|code| code.code()).collect();
    let words: BTreeSet<&str> = CloseCode::ALL.iter().map(|code| code.word()).collect();
    assert_eq!((codes.len(), words.len()), (CloseCode::ALL.len(), CloseCode::ALL.len()));
    for code in CloseCode::ALL {
        let number = code.code();
        let own = (4000..=4999).contains(&number);
        assert!(own || [1008, 1009, 1012].contains(&number), "{number} is not ours to send");
    }
}

/// Reads the table of `docs/SPEC.md`, so that it and the code cannot differ.
#[test]
fn wire_8_close_codes_stand_in_the_specification() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/SPEC.md");
    let spec = std::fs::read_to_string(path).unwrap();
    for code in CloseCode::ALL {
        let (number, word) = (code.code().to_string(), format!("`{}`", code.word()));
        let row = spec.lines().find(|line| {
            let mut cells = line.split('|').map(str::trim);
            let numbers = cells.nth(1).unwrap_or_default();
            numbers.split(", ").any(|listed| listed == number) && line.contains(&word)
        });
        let row = row.unwrap_or_else(|| panic!("{number} {word} is not in the table"));
        let page = row.trim_end_matches('|').rsplit('|').next().unwrap();
        assert_eq!(page.contains("retry"), code.retry(), "{row}");
    }
}
