//! Bounds and shape of a JSON text, checked before anything is built from it.

use serde::de::DeserializeOwned;

use crate::limits::Limits;

/// The fields that are lists, of all that browsers say. Anywhere else serde would read a list as the object whose fields
/// it holds in their order, and so `["leave"]` as a command.
const LISTS: [&str; 6] = ["answers", "from", "lines", "phases", "speakers", "to"];

/// What shape a text has. Says nothing about whether it is JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// That of a message.
    Ours,
    /// A list stands where no message of this version has one.
    Strange,
    /// It is deeper, or an array longer, than any message of any version.
    TooMuch,
}

/// Whether a text stays within a depth and a number of items in each array, and has arrays only where a message has
/// them.
pub(crate) fn is_bounded(text: &str, depth: usize, items: usize) -> bool {
    shape_of(text, depth, items) == Shape::Ours
}

/// Reads a message, if its text is within the limits.
pub(crate) fn read<T: DeserializeOwned>(text: &str, limits: &Limits) -> Option<T> {
    is_bounded(text, limits.json_depth, limits.json_items).then(|| serde_json::from_str(text).ok()).flatten()
}

/// Looks at a text's brackets, fields and commas.
pub(crate) fn shape_of(text: &str, depth: usize, items: usize) -> Shape {
    let mut shape = Shape::Ours;
    let mut open: Vec<Level> = Vec::with_capacity(depth.min(32));
    let mut in_string = false;
    let mut escaped = false;
    // The last string, and the last byte outside of one: before a value these are its field and a colon.
    let (mut begin, mut end, mut before) = (0, 0, b' ');
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => (in_string, end) = (false, at),
                _ => {}
            }
            continue;
        }
        let last = before;
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
        match byte {
            b'"' => (in_string, begin) = (true, at + 1),
            b'[' | b'{' if open.len() == depth => return Shape::TooMuch,
            b'[' => {
                if last != b':' || !text.get(begin..end).is_some_and(|field| LISTS.contains(&field)) {
                    shape = Shape::Strange;
                }
                open.push(Level { is_array: true, commas: 0 });
            }
            b'{' => open.push(Level { is_array: false, commas: 0 }),
            b']' | b'}' => {
                open.pop();
            }
            b',' => {
                if let Some(level) = open.last_mut() {
                    level.commas += 1;
                    if level.is_array && level.commas >= items {
                        return Shape::TooMuch;
                    }
                }
            }
            _ => {}
        }
    }
    shape
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
        let objects = |depth| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(is_bounded(&objects(16), 16, 64));
        assert!(!is_bounded(&objects(17), 16, 64));
        let arrays = |depth| format!("{}1{}", "{\"to\":[".repeat(depth), "]}".repeat(depth));
        assert!(is_bounded(&arrays(8), 16, 64));
        assert!(!is_bounded(&arrays(9), 16, 64));
    }

    #[test]
    fn t40_arrays_hold_at_their_limit_and_not_one_past_it() {
        let array = |items| format!("{{\"to\":[{}]}}", vec!["{\"from\":[1,2]}"; items].join(","));
        assert!(is_bounded(&array(64), 16, 64));
        assert!(!is_bounded(&array(65), 16, 64));
    }

    #[test]
    fn brackets_in_strings_are_text() {
        assert!(is_bounded(r#"{"a":"[[[[ \" [[[ , \\","to":["[","]"]}"#, 2, 2));
        assert!(!is_bounded(r#"{"to":["\\",{"to":[1]}]}"#, 2, 64));
    }

    #[test]
    fn wire_5_a_list_stands_only_where_a_message_has_one() {
        let fits = |text: &str| is_bounded(text, 16, 64);
        for list in
            [r#"{"to":[1]}"#, "{ \"to\" :\n [ 1 ] }", r#"{"phases":[{"floor":{"speakers":["member"]}}]}"#]
        {
            assert!(fits(list), "{list}");
        }
        for list in [
            r#"["leave"]"#,
            "[]",
            r#"{"command":["leave"]}"#,
            r#"{"to":[[1]]}"#,
            r#"{"to":[1,[2]]}"#,
            r#"{"to":1,"command":["leave"]}"#,
            r#"{"command":"to",["leave"]}"#,
            r#"{"to"["leave"]}"#,
            r#"{"a\"to":[1]}"#,
            r#"{"moment":[1,0]}"#,
            ":[1]",
        ] {
            assert!(!fits(list), "{list}");
        }
    }

    fn lists_in(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
        match value {
            serde_json::Value::Object(fields) => {
                for (field, value) in fields {
                    if value.is_array() {
                        found.insert(field.clone());
                    }
                    lists_in(value, found);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| lists_in(item, found)),
            _ => {}
        }
    }

    #[test]
    fn wire_5_the_lists_are_those_of_the_examples() {
        let mut found = std::collections::BTreeSet::new();
        let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/tests/examples/");
        for folder in ["first", "client", "command", "knocker", "display"] {
            for file in std::fs::read_dir(format!("{examples}{folder}")).expect("is there") {
                let text = std::fs::read_to_string(file.expect("can be listed").path()).expect("can be read");
                assert!(is_bounded(&text, 16, 64), "{text}");
                lists_in(&serde_json::from_str(&text).expect("is JSON"), &mut found);
            }
        }
        assert_eq!(found.into_iter().collect::<Vec<_>>(), LISTS);
    }
}
