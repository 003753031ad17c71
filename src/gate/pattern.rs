//! The patterns of routes: which paths they match, in which order they are tried, and the folder that several share.

use super::is_canonical;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// `GET /films/:id`, `/assets/*`. The order of the variants is the order of matching: the most specific first.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Segment {
    Literal(String),
    Any,
    Rest,
}

#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) id: String,
    /// `None`: every method.
    method: Option<String>,
    segments: Vec<Segment>,
}

impl Pattern {
    pub(super) fn parse(id: &str) -> Option<Self> {
        let (method, path) = match id.split_once(' ') {
            Some((method, path)) => (Some(method), path),
            None => (None, id),
        };
        let method_is_fine = method.is_none_or(|m| !m.is_empty() && m.bytes().all(|byte| byte.is_ascii_uppercase()));
        let inner = path.strip_prefix('/')?;
        let mut segments = Vec::new();
        for segment in inner.split('/') {
            if matches!(segments.last(), Some(Segment::Rest)) {
                return None;
            }
            let bracketed = segment.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
            segments.push(match segment.strip_prefix(':').or(bracketed) {
                Some(name) if !name.is_empty() => Segment::Any,
                _ if segment == "*" => Segment::Rest,
                _ => Segment::Literal(segment.to_string()),
            });
        }
        let literal_path = segments.iter().all(|segment| match segment {
            Segment::Literal(text) => text.is_empty() || is_canonical(&["/", text].concat()),
            Segment::Any | Segment::Rest => true,
        });
        let empty = |segment: &Segment| matches!(segment, Segment::Literal(text) if text.is_empty());
        let no_empty_inside = segments.split_last().is_none_or(|(_, inside)| !inside.iter().any(empty));
        (method_is_fine && literal_path && no_empty_inside).then(|| Self {
            id: id.to_string(),
            method: method.map(Into::into),
            segments,
        })
    }

    pub(super) fn matches(&self, method: &str, path: &str) -> bool {
        let method_fits = self.method.as_deref().is_none_or(|own| own == method || (own == "GET" && method == "HEAD"));
        method_fits && path.strip_prefix('/').is_some_and(|path| self.matches_path(path))
    }

    fn matches_path(&self, path: &str) -> bool {
        let mut parts = path.split('/');
        for segment in &self.segments {
            let part = parts.next();
            match segment {
                // The prefix alone counts too, as in the stock middleware.
                Segment::Rest => return true,
                Segment::Any if part.is_some_and(|part| !part.is_empty()) => {}
                Segment::Literal(text) if part == Some(text) => {}
                Segment::Any | Segment::Literal(_) => return false,
            }
        }
        parts.next().is_none()
    }

    /// Up to its first variable. A semicolon would end a cookie's path.
    pub(super) fn literal_path(&self) -> String {
        let mut path = String::from("/");
        for (place, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Literal(text) if !text.contains(';') => path.push_str(text),
                _ => break,
            }
            if place.saturating_add(1) < self.segments.len() {
                path.push('/');
            }
        }
        path
    }

    fn rank(&self) -> (&[Segment], bool, &Option<String>) {
        (&self.segments, self.method.is_none(), &self.method)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// The folder, with its slash, in which both paths lie; the path itself where they are one.
pub(super) fn common_folder(one: String, other: &str) -> String {
    if one == other {
        return one;
    }
    let common: usize = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let folder = one.get(..common).and_then(|common| common.rsplit_once('/'));
    folder.map_or_else(|| "/".into(), |(folder, _)| [folder, "/"].concat())
}
