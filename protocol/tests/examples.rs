//! One readable example per message and per command, as plain JSON files that browser tests read too.

#![expect(clippy::unwrap_used, reason = "a test may panic, and so may its helpers")]

use attune_protocol::client::{ClientMessage, Command, FirstMessage};
use attune_protocol::display::DisplayMessage;
use attune_protocol::door::KnockerMessage;
use attune_protocol::server::ServerMessage;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

/// The examples of a folder, with their names.
fn examples(folder: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples").join(folder);
    let files = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<(String, String)> = files
        .map(|file| {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            (format!("{folder}/{name}"), std::fs::read_to_string(&file).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// Reads each example, writes it again, and compares.
fn read_and_write<T: Serialize + DeserializeOwned>(folder: &str) {
    for (name, text) in examples(folder) {
        let message: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let written = serde_json::to_value(&message).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(&text).unwrap(), "{name}");
    }
}

#[test]
fn wire_9_examples_are_read_and_written_the_same() {
    read_and_write::<FirstMessage>("first");
    read_and_write::<ClientMessage>("client");
    read_and_write::<KnockerMessage>("knocker");
    read_and_write::<DisplayMessage>("display");
    read_and_write::<Command>("command");
    read_and_write::<ServerMessage>("server");
}

/// The words of a type's variants, from its TypeScript form.
fn variants(declaration: &str) -> BTreeSet<String> {
    let file = attune_protocol::typescript::generate();
    let start = format!("export type {declaration} = ");
    let text =
        file.split("\n\nexport ").map(|text| format!("export {text}")).find(|text| text.starts_with(&start));
    let text = text.unwrap();
    text.split("\"type\": \"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn types_in(folder: &str) -> BTreeSet<String> {
    let types = examples(folder).into_iter().map(|(_, text)| {
        let value: Value = serde_json::from_str(&text).unwrap();
        value["type"].as_str().unwrap().to_owned()
    });
    types.collect()
}

#[test]
fn wire_9_each_message_and_command_has_an_example() {
    assert_eq!(types_in("first"), variants("FirstMessage"));
    assert_eq!(types_in("client"), variants("ClientMessage"));
    assert_eq!(types_in("knocker"), variants("KnockerMessage"));
    assert_eq!(types_in("display"), variants("DisplayMessage"));
    assert_eq!(types_in("command"), variants("Command"));
    assert_eq!(types_in("server"), variants("ServerMessage"));
    let in_views: String = examples("server").into_iter().map(|(_, text)| text).collect();
    let shown =
        [variants("ActKind"), variants("StageView"), variants("DisplayStage"), variants("DisplayTiming")];
    for word in shown.iter().flatten() {
        assert!(in_views.contains(&format!("\"type\": \"{word}\"")), "no example shows {word}");
    }
}

/// Everything that a browser says, as one frame each.
fn frames() -> Vec<(String, Value)> {
    let read = |(name, text): (String, String)| (name, serde_json::from_str(&text).unwrap());
    let mut all: Vec<(String, Value)> =
        ["first", "client", "knocker", "display"].into_iter().flat_map(examples).map(read).collect();
    for (name, command) in examples("command").into_iter().map(read) {
        let request = "9f3a2c1e-5b7d-4e8f-a1c3-2d4e6f8091a2";
        all.push((name, json!({ "type": "command", "request": request, "command": command })));
    }
    all
}

fn refuses(frame: &str) -> bool {
    serde_json::from_str::<FirstMessage>(frame).is_err()
        && serde_json::from_str::<ClientMessage>(frame).is_err()
        && serde_json::from_str::<KnockerMessage>(frame).is_err()
        && serde_json::from_str::<DisplayMessage>(frame).is_err()
}

/// How a field of a frame is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoilt {
    Extra,
    Doubled,
    Missing,
}

/// Writes JSON, and spoils the field with this number, counted through the whole frame.
struct Writer {
    how: Spoilt,
    field: usize,
    seen: usize,
    /// Which field was spoilt.
    spoilt: Option<String>,
}

impl Writer {
    fn write(&mut self, value: &Value) -> String {
        match value {
            Value::Object(fields) => self.write_object(fields),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.write(item)).collect();
                format!("[{}]", items.join(","))
            }
            plain => plain.to_string(),
        }
    }

    fn write_object(&mut self, fields: &Map<String, Value>) -> String {
        let mut written = Vec::new();
        for (key, value) in fields {
            let spoils = self.seen == self.field;
            self.seen += 1;
            let text = format!("{}:{}", json!(key), self.write(value));
            if spoils {
                self.spoilt = Some(key.clone());
                match self.how {
                    Spoilt::Extra => written.extend([text, "\"extra\":1".to_owned()]),
                    Spoilt::Doubled => written.extend([text.clone(), text]),
                    Spoilt::Missing => {}
                }
            } else {
                written.push(text);
            }
        }
        format!("{{{}}}", written.join(","))
    }
}

/// Spoils each field of a frame, one at a time; answers what is read nevertheless.
fn read_nevertheless(frame: &Value, how: Spoilt) -> Vec<String> {
    let mut read = Vec::new();
    for field in 0.. {
        let mut writer = Writer { how, field, seen: 0, spoilt: None };
        let text = writer.write(frame);
        let Some(spoilt) = writer.spoilt else { return read };
        if !refuses(&text) {
            read.push(spoilt);
        }
    }
    read
}

fn nothing<T: PartialEq + Debug>() -> Vec<T> {
    Vec::new()
}

#[test]
fn wire_5_an_unknown_field_is_refused_in_every_message_at_every_depth() {
    for (name, frame) in frames() {
        assert!(!refuses(&frame.to_string()), "{name} is read as it is");
        assert_eq!(read_nevertheless(&frame, Spoilt::Extra), nothing::<String>(), "{name}");
    }
}

#[test]
fn wire_5_a_doubled_field_is_refused_in_every_message_at_every_depth() {
    for (name, frame) in frames() {
        assert_eq!(read_nevertheless(&frame, Spoilt::Doubled), nothing::<String>(), "{name}");
    }
}

#[test]
fn wire_5_a_missing_field_is_refused_unless_it_may_be_absent() {
    for (name, frame) in frames() {
        let may_be_absent = |field: &String| {
            ["plannedFor", "createToken", "invite", "agreement", "handed", "source"].contains(&field.as_str())
        };
        let missed: Vec<String> = read_nevertheless(&frame, Spoilt::Missing);
        let unexpected: Vec<&String> = missed.iter().filter(|field| !may_be_absent(field)).collect();
        assert_eq!(unexpected, nothing::<&String>(), "{name}");
    }
}

#[test]
fn t4_a_forged_role_seat_floor_presenter_or_time_is_refused() {
    for field in ["role", "seat", "by", "facilitator", "floor", "presenter", "at", "now", "request"] {
        for command in ["leave", "needPause", "takeChair", "addPerson", "hearPause"] {
            let frame = json!({
                "type": "command",
                "request": "9f3a2c1e-5b7d-4e8f-a1c3-2d4e6f8091a2",
                "command": { "type": command, field: 1 },
            });
            assert!(refuses(&frame.to_string()), "{command} with {field}");
        }
        let ping = json!({ "type": "ping", "sent": 1.5, field: 1 });
        assert!(refuses(&ping.to_string()), "{ping}");
    }
}
