//! Every member of every message, broken in each way that matters.
//!
//! A message is one good document, a description of each of its members, and whoever reads it: the gate a payment, the
//! payer a challenge or a receipt, our facilitator what it is asked, the gate and its relayer what a facilitator answers.
//! What the reader makes of the good document and of each broken one is in the description. A member without one fails
//! the test, so none can be forgotten.

mod answers;
mod at_facilitator;
mod at_gate;
mod at_payer;
mod at_settler;
mod challenges;
mod extensions;
mod facilitated;
mod facilitator;
mod kinds;
mod payments;

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use kinds::Kind;
use x402_wasm::json::{Value, parse};

/// One good document and what is known of its members.
struct Message {
    name: &'static str,
    good: Value,
    /// What comes of the good document.
    accepted: &'static str,
    /// What comes of a document with a member that stands twice.
    twice: &'static str,
    /// What comes of a document with a member that is longer than any message may be.
    too_long: &'static str,
    fields: Vec<Field>,
    read: Box<dyn Fn(&str) -> String>,
}

/// A member, by its path, and what comes of each way to break it.
struct Field {
    path: Cow<'static, str>,
    kind: Kind,
    absent: &'static str,
    mistyped: &'static str,
    misspelled: &'static str,
    out_of_range: &'static str,
    /// Well-formed, and not what it was.
    other: &'static str,
    /// With a member that nobody knows, where it is an object.
    stranger: &'static str,
}

impl Field {
    const fn absent(mut self, told: &'static str) -> Self {
        self.absent = told;
        self
    }

    const fn misspelled(mut self, told: &'static str) -> Self {
        self.misspelled = told;
        self
    }

    const fn out_of_range(mut self, told: &'static str) -> Self {
        self.out_of_range = told;
        self
    }

    const fn other(mut self, told: &'static str) -> Self {
        self.other = told;
        self
    }

    const fn stranger(mut self, told: &'static str) -> Self {
        self.stranger = told;
        self
    }
}

/// The same comes of every way to break it.
const fn field(path: &'static str, kind: Kind, told: &'static str) -> Field {
    let (absent, mistyped, misspelled, out_of_range, other, stranger) = (told, told, told, told, told, told);
    Field { path: Cow::Borrowed(path), kind, absent, mistyped, misspelled, out_of_range, other, stranger }
}

/// The same members inside of another one, where whoever reads them has its own words for what comes of it.
fn inside(outer: &str, fields: Vec<Field>, word: fn(&'static str) -> &'static str) -> Vec<Field> {
    let moved = |field: Field| Field {
        path: Cow::Owned(format!("{outer}.{}", field.path)),
        kind: field.kind,
        absent: word(field.absent),
        mistyped: word(field.mistyped),
        misspelled: word(field.misspelled),
        out_of_range: word(field.out_of_range),
        other: word(field.other),
        stranger: word(field.stranger),
    };
    fields.into_iter().map(moved).collect()
}

impl Message {
    fn test(&self) {
        let read = |document: &Value| (self.read)(&document.to_string());
        assert_eq!(read(&self.good), self.accepted, "{}", self.name);
        self.test_that_each_member_is_described();
        for field in &self.fields {
            let good = at(&self.good, &field.path).unwrap_or_else(|| panic!("{} has no {}", self.name, field.path));
            let tell = |how: &str, document: &Value, told: &str| {
                assert_eq!(read(document), told, "{}: {} is {how}: {document}", self.name, field.path);
            };
            tell("missing", &changed(&self.good, &field.path, &|_, _| Vec::new()), field.absent);
            tell("null", &replaced(&self.good, &field.path, &Value::Null), field.absent);
            let twice =
                |name: &str, value: &Value| vec![(name.to_owned(), value.clone()), (name.to_owned(), value.clone())];
            tell("there twice", &changed(&self.good, &field.path, &twice), self.twice);
            tell("too long", &replaced(&self.good, &field.path, &"x".repeat(70_000).into()), self.too_long);
            for mistyped in field.kind.mistyped() {
                tell("of another type", &replaced(&self.good, &field.path, &mistyped), field.mistyped);
            }
            for misspelled in field.kind.misspelled(good) {
                tell("not canonical", &replaced(&self.good, &field.path, &misspelled), field.misspelled);
            }
            for out_of_range in field.kind.out_of_range() {
                tell("out of range", &replaced(&self.good, &field.path, &out_of_range), field.out_of_range);
            }
            for other in field.kind.other(good) {
                tell("another", &replaced(&self.good, &field.path, &other), field.other);
            }
            if let Value::Object(members) = good {
                let mut with_stranger = members.clone();
                with_stranger.push(("stranger".into(), "x".into()));
                let stranger = replaced(&self.good, &field.path, &Value::Object(with_stranger));
                tell("with a stranger inside", &stranger, field.stranger);
            }
        }
    }

    fn test_that_each_member_is_described(&self) {
        let mut present = BTreeSet::new();
        collect_paths(&self.good, "", &mut present);
        let described: BTreeSet<String> = self.fields.iter().map(|field| field.path.to_string()).collect();
        assert_eq!(described.len(), self.fields.len(), "{}: one description for each member", self.name);
        assert_eq!(described, present, "{}", self.name);
    }
}

/// The paths of all members, with the positions of elements in them: `accepts.0.amount`.
fn collect_paths(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
    let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                paths.insert(inside(name));
                collect_paths(value, &inside(name), paths);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                collect_paths(element, &inside(&index.to_string()), paths);
            }
        }
        _ => {}
    }
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, step| match value {
        Value::Array(elements) => elements.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    })
}

fn replaced(document: &Value, path: &str, with: &Value) -> Value {
    changed(document, path, &|name, _| vec![(name.to_owned(), with.clone())])
}

/// What stands in the place of a member.
type Change<'a> = dyn Fn(&str, &Value) -> Vec<(String, Value)> + 'a;

/// The document with other members in the place of one.
fn changed(document: &Value, path: &str, change: &Change<'_>) -> Value {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    match document {
        Value::Array(elements) => {
            let position: usize = step.parse().unwrap();
            let inside = |(index, element): (usize, &Value)| match rest {
                Some(rest) if index == position => changed(element, rest, change),
                _ => element.clone(),
            };
            Value::Array(elements.iter().enumerate().map(inside).collect())
        }
        Value::Object(members) => {
            let inside = |(name, value): &(String, Value)| match rest {
                _ if name != step => vec![(name.clone(), value.clone())],
                None => change(name, value),
                Some(rest) => vec![(name.clone(), changed(value, rest, change))],
            };
            Value::Object(members.iter().flat_map(inside).collect())
        }
        other => panic!("there is nothing at {path} in {other}"),
    }
}

fn document(text: &str) -> Value {
    parse(text).unwrap()
}

#[test]
fn s12_s13_s22_s24_every_member_of_every_payment() {
    for message in payments::all() {
        message.test();
    }
}

#[test]
fn s12_s24_s56_every_member_of_every_challenge() {
    for message in challenges::all() {
        message.test();
    }
}

#[test]
fn s12_s24_every_member_of_every_answer_to_a_payment() {
    for message in answers::all() {
        message.test();
    }
}

#[test]
fn s12_s22_every_member_of_what_the_extensions_sign() {
    for message in extensions::all() {
        message.test();
    }
}

#[test]
fn s12_s14_s24_every_member_of_what_a_facilitator_is_asked() {
    for message in facilitator::all() {
        message.test();
    }
}

#[test]
fn s24_s51_every_member_of_what_a_facilitator_answers() {
    for message in facilitated::all() {
        message.test();
    }
}

#[test]
#[should_panic(expected = "stranger")]
fn a_member_without_a_description_is_found() {
    let mut message = payments::all().remove(0);
    let Value::Object(members) = &mut message.good else { panic!("no object") };
    members.push(("stranger".into(), "x".into()));
    message.test();
}
