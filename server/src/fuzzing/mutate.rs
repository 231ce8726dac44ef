//! Changes an input by chance: bits and bytes, pieces of other inputs, and tokens of JSON.

use crate::session::tests::laws::chance::Chance;

/// Inputs do not grow past this.
const LONGEST: usize = 40_000;
/// Numbers at which arithmetic and limits turn.
const NUMBERS: [&[u8]; 16] = [
    b"0",
    b"-1",
    b"1",
    b"65535",
    b"65536",
    b"4294967296",
    b"9007199254740993",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551615",
    b"1e400",
    b"0.1",
    b"-0.0",
    b"1E-7",
    b"99999999999999999999",
    b"180",
];
/// Pieces that mean something to one reader or another.
const PIECES: [&[u8]; 16] = [
    b"null",
    b"{}",
    b"[]",
    b"\"\"",
    b"true",
    b"\"type\":\"created\",",
    b"../",
    b"%2e%2e/",
    b"\\u0000",
    b"\r\n",
    b"\"",
    b"\\",
    b"[[[[[[[[[[[[[[[[",
    b"\xff\xfe",
    "\u{202e}".as_bytes(),
    b"=",
];

/// Changes an input once or a few times; `others` lend pieces.
pub(super) fn mutate(chance: &mut Chance, input: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..chance.between(1, 4) {
        match chance.below(10) {
            0 => flip(chance, &mut bytes),
            1 => cut(chance, &mut bytes),
            2 => insert(chance, &mut bytes),
            3 => splice(chance, &mut bytes, others),
            4 => shuffle_lines(chance, &mut bytes),
            _ => change_token(chance, &mut bytes, others),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn range(chance: &mut Chance, length: usize) -> std::ops::Range<usize> {
    let (one, other) = (chance.below(length + 1), chance.below(length + 1));
    one.min(other)..one.max(other)
}

fn flip(chance: &mut Chance, bytes: &mut [u8]) {
    if !bytes.is_empty() {
        bytes[chance.below(bytes.len())] ^= 1 << chance.below(8);
    }
}

fn cut(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let mut cut = range(chance, bytes.len());
    cut.end = cut.end.min(cut.start + chance.below(64));
    let piece: Vec<u8> = bytes.drain(cut).collect();
    // Or moved, or doubled.
    for _ in 0..chance.below(3) {
        let at = chance.below(bytes.len() + 1);
        bytes.splice(at..at, piece.iter().copied());
    }
}

fn insert(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let at = chance.below(bytes.len() + 1);
    let piece = *chance.pick(&PIECES);
    bytes.splice(at..at, piece.iter().copied());
}

fn splice(chance: &mut Chance, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let other = chance.pick(others);
    let (here, there) = (range(chance, bytes.len()), range(chance, other.len()));
    bytes.splice(here, other[there].iter().copied());
}

/// Lines are moved, doubled and left out: the events of a log.
fn shuffle_lines(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let mut lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    let (one, other) = (chance.below(lines.len()), chance.below(lines.len()));
    match chance.below(3) {
        0 => lines.swap(one, other),
        1 => lines.insert(one, lines[other]),
        _ => drop(lines.remove(one)),
    }
    *bytes = lines.join(&b'\n');
}

/// One token becomes another: a number at an edge, a piece, or a token of the same kind from anywhere.
fn change_token(chance: &mut Chance, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let own = tokens(bytes);
    if own.is_empty() {
        return;
    }
    let token = chance.pick(&own).clone();
    let is_number = bytes[token.start].is_ascii_digit() || bytes[token.start] == b'-';
    let lender = chance.pick(others);
    let lent = tokens(lender);
    let first = bytes[token.start];
    let alike: Vec<_> = lent.iter().filter(|token| lender[token.start] == first).collect();
    let new = match chance.below(4) {
        0 | 1 if is_number => chance.pick(&NUMBERS).to_vec(),
        0 => chance.pick(&PIECES).to_vec(),
        1 => Vec::new(),
        _ if !alike.is_empty() => lender[(*chance.pick(&alike)).clone()].to_vec(),
        _ => bytes[token.clone()].repeat(2),
    };
    bytes.splice(token, new);
}

/// Where strings, numbers, words and signs begin and end, in what may be JSON.
fn tokens(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let length = match rest[0] {
            b'"' => {
                let mut escaped = false;
                let end = rest.iter().skip(1).position(|&byte| {
                    let ends = byte == b'"' && !escaped;
                    escaped = byte == b'\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |end| end + 2)
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'-' => {
                let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-+.".contains(byte);
                rest.iter().take_while(|byte| in_word(byte)).count()
            }
            _ => 1,
        };
        tokens.push(at..at + length);
        at += length;
    }
    tokens
}
