//! What a page of the former protocol version reads: its own types, as they were frozen when the version was raised.
//!
//! Like that page the reader skips fields that it does not know, and like its code it has no answer to a word that it
//! does not know.

use serde_json::Value;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

/// The types that pages of the former version were built with, and all that they say.
const FROZEN: &str = include_str!("../former/protocol.ts");

/// A type of the frozen file.
#[derive(Debug)]
enum Type {
    Text,
    Number,
    Truth,
    Nothing,
    Word(String),
    Named(String),
    List(Box<Type>),
    Object(Vec<Field>),
    OneOf(Vec<Type>),
    AllOf(Vec<Type>),
}

#[derive(Debug)]
struct Field {
    name: String,
    optional: bool,
    of: Type,
}

/// The frozen types by name.
#[derive(Debug)]
pub struct FormerPage {
    types: BTreeMap<String, Type>,
    closes: Vec<u16>,
    version: u16,
}

impl FormerPage {
    /// Reads the frozen file.
    ///
    /// # Panics
    /// When it has a type of a shape that the generated file had none of.
    pub fn read() -> Self {
        let (types, values) = FROZEN.split_once("export const PROTOCOL_VERSION = ").expect("has a version");
        let declarations = without_comments(types);
        let declarations = declarations.split("export type ").skip(1).map(|declaration| {
            let (name, of) = declaration.split_once('=').expect("is a declaration");
            let mut tokens = split_tokens(of).into_iter().peekable();
            (name.trim().to_owned(), read_type(&mut tokens))
        });
        let closes = values.split("code: ").skip(1);
        let closes = closes.map(|rest| leading_number(rest).expect("is a code"));
        Self {
            types: declarations.collect(),
            closes: closes.collect(),
            version: leading_number(values).expect("is a version"),
        }
    }

    /// The version that it says it speaks.
    pub fn version(&self) -> u16 {
        self.version
    }

    /// Whether it knows this close code.
    pub fn knows_close(&self, code: u16) -> bool {
        self.closes.contains(&code)
    }

    /// Whether it can read a frame.
    ///
    /// # Errors
    /// What it cannot, and where.
    pub fn reads(&self, frame: &str) -> Result<(), String> {
        let value: Value = serde_json::from_str(frame).map_err(|error| error.to_string())?;
        self.check(&self.types["ServerMessage"], &value, "frame")
            .map_err(|fault| format!("{fault} in {frame}"))
    }

    fn check(&self, of: &Type, value: &Value, place: &str) -> Result<(), String> {
        let fits = match of {
            Type::Text => value.is_string(),
            Type::Number => value.is_number(),
            Type::Truth => value.is_boolean(),
            Type::Nothing => value.is_null(),
            Type::Word(word) => value.as_str() == Some(word),
            Type::Named(name) => {
                let named = self.types.get(name).ok_or_else(|| format!("no type {name}"))?;
                return self.check(named, value, &format!("{place}:{name}"));
            }
            Type::List(of) => {
                let items = value.as_array().ok_or_else(|| format!("no list at {place}"))?;
                return items.iter().try_for_each(|item| self.check(of, item, place));
            }
            Type::Object(fields) => return self.check_fields(fields, value, place),
            Type::AllOf(parts) => return parts.iter().try_for_each(|part| self.check(part, value, place)),
            Type::OneOf(parts) => {
                let faults = parts.iter().map(|part| self.check(part, value, place));
                let faults: Vec<String> = faults.map_while(Result::err).collect();
                if faults.len() < parts.len() {
                    return Ok(());
                }
                // The one that came furthest says most.
                return Err(faults.into_iter().max_by_key(String::len).unwrap_or_default());
            }
        };
        if fits { Ok(()) } else { Err(format!("{value} is no {of:?} at {place}")) }
    }

    fn check_fields(&self, fields: &[Field], value: &Value, place: &str) -> Result<(), String> {
        let object = value.as_object().ok_or_else(|| format!("no object at {place}"))?;
        for Field { name, optional, of } in fields {
            match object.get(name) {
                Some(value) => self.check(of, value, &format!("{place}.{name}"))?,
                None if *optional => {}
                None => return Err(format!("no {name} at {place}")),
            }
        }
        Ok(())
    }
}

fn leading_number(text: &str) -> Option<u16> {
    text.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn without_comments(text: &str) -> String {
    text.split("/*").enumerate().fold(String::new(), |kept, (index, part)| {
        let code = if index == 0 { part } else { part.split_once("*/").expect("a comment ends").1 };
        kept + code
    })
}

/// Words, quoted words and signs, to the end of the declaration.
fn split_tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut token = String::from(letter);
        match letter {
            ';' => break,
            '"' => token.extend(letters.by_ref().take_while(|letter| *letter != '"')),
            letter if letter.is_alphanumeric() => {
                while let Some(next) = letters.next_if(|letter| letter.is_alphanumeric()) {
                    token.push(next);
                }
            }
            letter if letter.is_whitespace() => continue,
            _ => {}
        }
        tokens.push(token);
    }
    tokens
}

type Tokens = Peekable<IntoIter<String>>;

fn read_type(tokens: &mut Tokens) -> Type {
    read_joined(tokens, "|", |tokens| read_joined(tokens, "&", read_single, Type::AllOf), Type::OneOf)
}

fn read_joined(
    tokens: &mut Tokens,
    sign: &str,
    read: impl Fn(&mut Tokens) -> Type,
    join: impl Fn(Vec<Type>) -> Type,
) -> Type {
    let first = read(tokens);
    let mut parts = vec![first];
    while tokens.next_if(|token| token == sign).is_some() {
        parts.push(read(tokens));
    }
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

fn read_single(tokens: &mut Tokens) -> Type {
    let token = tokens.next().expect("a type");
    match token.as_str() {
        "string" => Type::Text,
        "number" => Type::Number,
        "boolean" => Type::Truth,
        "null" => Type::Nothing,
        "Array" => {
            expect(tokens, "<");
            let of = read_type(tokens);
            expect(tokens, ">");
            Type::List(Box::new(of))
        }
        "{" => {
            let mut fields = Vec::new();
            while tokens.next_if(|token| token == "}").is_none() {
                let name = tokens.next().expect("a field");
                let optional = tokens.next_if(|token| token == "?").is_some();
                expect(tokens, ":");
                fields.push(Field {
                    name: name.trim_start_matches('"').to_owned(),
                    optional,
                    of: read_type(tokens),
                });
                let _comma = tokens.next_if(|token| token == ",");
            }
            Type::Object(fields)
        }
        word if word.starts_with('"') => Type::Word(word.trim_start_matches('"').to_owned()),
        name if name.chars().all(char::is_alphanumeric) => Type::Named(name.to_owned()),
        sign => panic!("the frozen types have a {sign} where a type begins"),
    }
}

fn expect(tokens: &mut Tokens, sign: &str) {
    assert_eq!(tokens.next().as_deref(), Some(sign));
}
