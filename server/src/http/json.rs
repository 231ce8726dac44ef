//! Bounds of a JSON text, checked before anything is built from it.

/// Whether a text stays within a depth and a number of items in each array. Says nothing about whether it is JSON.
pub(crate) fn is_bounded(text: &str, depth: usize, items: usize) -> bool {
    let mut open: Vec<Level> = Vec::with_capacity(depth.min(32));
    let mut in_string = false;
    let mut escaped = false;
    for byte in text.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' if open.len() == depth => return false,
            b'[' => open.push(Level { is_array: true, commas: 0 }),
            b'{' => open.push(Level { is_array: false, commas: 0 }),
            b']' | b'}' => {
                open.pop();
            }
            b',' => {
                if let Some(level) = open.last_mut() {
                    level.commas += 1;
                    if level.is_array && level.commas >= items {
                        return false;
                    }
                }
            }
            _ => {}
        }
    }
    true
}

struct Level {
    is_array: bool,
    commas: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t40_depth_holds_at_its_limit_and_not_one_past_it() {
        let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(is_bounded(&nested(16), 16, 64));
        assert!(!is_bounded(&nested(17), 16, 64));
        let objects = |depth| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(is_bounded(&objects(16), 16, 64));
        assert!(!is_bounded(&objects(17), 16, 64));
    }

    #[test]
    fn t40_arrays_hold_at_their_limit_and_not_one_past_it() {
        let array = |items| format!("{{\"a\":[{}]}}", vec!["{\"b\":[1,2]}"; items].join(","));
        assert!(is_bounded(&array(64), 16, 64));
        assert!(!is_bounded(&array(65), 16, 64));
    }

    #[test]
    fn brackets_in_strings_are_text() {
        assert!(is_bounded(r#"{"a":"[[[[ \" [[[ , \\","b":["[","]"]}"#, 2, 2));
        assert!(!is_bounded(r#"["\\",[[1]]]"#, 2, 64));
    }
}
