//! What a browser draws: tokens, invites, command ids and sealed texts.

use attune_protocol::ids::{CommandId, DisplaySecret, Invite, SeatToken, SecretHash};
use attune_protocol::sealed::{InviteChange, Sealed, SealedLine};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Bytes of the system's generator.
///
/// # Panics
/// When the system has none.
pub fn draw<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    bytes
}

/// A new seat's token.
pub fn draw_token() -> SeatToken {
    SeatToken::from_bytes(draw())
}

/// A new invite.
pub fn draw_invite() -> Invite {
    Invite::from_bytes(draw())
}

/// A new command's name.
pub fn draw_request() -> CommandId {
    CommandId(uuid::Builder::from_random_bytes(draw()).into_uuid())
}

/// What the server keeps of an invite.
pub fn hash_invite(invite: &Invite) -> SecretHash {
    SecretHash::from_bytes(Sha256::digest(invite.as_bytes()).into())
}

/// What the server keeps of a token.
pub fn hash_token(token: &SeatToken) -> SecretHash {
    SecretHash::from_bytes(Sha256::digest(token.as_bytes()).into())
}

/// What the server keeps of a display link.
pub fn hash_display(secret: &DisplaySecret) -> SecretHash {
    SecretHash::from_bytes(Sha256::digest(secret.as_bytes()).into())
}

/// A text in the form that browsers seal: version, epoch, nonce, and bytes that only the key's holders can read.
///
/// The key is a stream drawn from the nonce, so a test can open it again; the server cannot tell it from a real one.
///
/// # Panics
/// When the text is longer than a sealed one may be.
pub fn seal(text: &str) -> Sealed {
    let nonce = draw::<24>();
    let mut bytes = vec![1, 0];
    bytes.extend(nonce);
    let mut padded = text.as_bytes().to_vec();
    padded.resize(padded.len().max(160), 0);
    bytes.extend(stream(&nonce, &padded));
    Sealed::try_from(URL_SAFE_NO_PAD.encode(bytes)).expect("is short enough")
}

/// A line in place of a sealed one, of that length, made as [`seal`] makes names.
///
/// # Panics
/// When the text is longer than a line.
pub fn seal_line(text: &str) -> SealedLine {
    let nonce = draw::<24>();
    let mut bytes = vec![1, 0];
    bytes.extend(nonce);
    let mut padded = text.as_bytes().to_vec();
    padded.resize(padded.len().max(982), 0);
    bytes.extend(stream(&nonce, &padded));
    SealedLine::try_from(URL_SAFE_NO_PAD.encode(bytes)).expect("is short enough")
}

/// The text in a blob of [`seal`], if it is one.
pub fn open(sealed: &Sealed) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(String::from(sealed.clone())).ok()?;
    let nonce: [u8; 24] = bytes.get(2..26)?.try_into().ok()?;
    let text = String::from_utf8(stream(&nonce, bytes.get(26..)?)).ok()?;
    Some(text.trim_end_matches('\0').to_owned())
}

fn stream(nonce: &[u8; 24], bytes: &[u8]) -> Vec<u8> {
    let pads = (0_u32..).flat_map(|block| {
        let pad: [u8; 32] =
            Sha256::new().chain_update(nonce).chain_update(block.to_le_bytes()).finalize().into();
        pad
    });
    bytes.iter().zip(pads).map(|(byte, pad)| byte ^ pad).collect()
}

/// A new invite with what goes to the server and to the members.
pub fn draw_invite_change() -> (Invite, InviteChange) {
    let invite = draw_invite();
    (invite, InviteChange { hash: hash_invite(&invite), sealed: seal(&invite.encode()) })
}
