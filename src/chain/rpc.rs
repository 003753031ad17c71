//! JSON-RPC 2.0: many calls in one request, and a strict reading of the answer.

use crate::http::HttpRequest;
use crate::json::{Object, Value, parse};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// One call of a node's method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) params: Vec<Value>,
}

/// A node's answer to one call: its result, or the message of its error.
pub(crate) type Answer = Result<Value, String>;

/// One request for all calls.
pub(crate) fn request_within(url: &str, calls: &[Call], timeout_ms: u32, max_bytes: usize) -> HttpRequest {
    HttpRequest::post_json(url.into(), body(calls), timeout_ms, max_bytes)
}

/// Each call's id is its place.
fn body(calls: &[Call]) -> String {
    let entries = calls.iter().zip(0_u64..).map(|(call, id)| {
        Object::new()
            .text("jsonrpc", "2.0")
            .number("id", id)
            .text("method", call.method)
            .value("params", call.params.clone().into())
            .end()
    });
    Value::Array(entries.collect()).to_string()
}

/// The answers to `count` calls, in the order of the calls. `None` unless every call has exactly one answer.
pub(crate) fn read(body: &str, count: usize) -> Option<Vec<Answer>> {
    let document = parse(body).ok()?;
    let mut answers = alloc::vec![None; count];
    for entry in document.elements()? {
        let id = usize::try_from(entry.get("id")?.as_u64()?).ok()?;
        let answer = read_answer(entry)?;
        if answers.get_mut(id)?.replace(answer).is_some() {
            return None;
        }
    }
    answers.into_iter().collect()
}

fn read_answer(entry: &Value) -> Option<Answer> {
    if entry.get("jsonrpc")?.as_str()? != "2.0" {
        return None;
    }
    // `null` is a result, such as that of a receipt which does not exist; `get` would call it absent.
    let result = entry.members()?.iter().find(|(name, _)| name == "result");
    match (result, entry.get("error")) {
        (Some((_, result)), None) => Some(Ok(result.clone())),
        (None | Some((_, Value::Null)), Some(error)) => Some(Err(error.get("message")?.as_str()?.to_string())),
        _ => None,
    }
}

/// Whether a node's message has these words, in any letter case. Over bytes: the search for a `&str` in a `&str`
/// brings a machine of its own along.
pub(crate) fn mentions(message: &str, words: &str) -> bool {
    message.as_bytes().windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn every_call_has_its_place_as_its_id() {
        let calls = [
            Call { method: "eth_chainId", params: vec![] },
            Call { method: "eth_getTransactionCount", params: vec!["0x01".into(), "latest".into()] },
        ];
        assert_eq!(
            body(&calls),
            r#"[{"jsonrpc":"2.0","id":0,"method":"eth_chainId","params":[]},{"jsonrpc":"2.0","id":1,"method":"eth_getTransactionCount","params":["0x01","latest"]}]"#
        );
    }

    #[test]
    fn answers_come_in_any_order_and_each_may_fail_alone() {
        let body = r#"[{"jsonrpc":"2.0","id":2,"result":null},
            {"jsonrpc":"2.0","id":0,"result":"0x1"},
            {"id":1,"jsonrpc":"2.0","error":{"code":3,"message":"execution reverted","data":"0x"}}]"#;
        let answers = vec![Ok("0x1".into()), Err("execution reverted".to_string()), Ok(Value::Null)];
        assert_eq!(read(body, 3), Some(answers));
    }

    #[test]
    fn s51_an_answer_that_leaves_doubt_is_none() {
        for body in [
            "",
            "<html>502</html>",
            "[]",
            "null",
            r#"{"jsonrpc":"2.0","id":0,"result":"0x1"}"#,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}"#,
            r#"[{"jsonrpc":"2.0","id":1,"result":"0x1"}]"#,
            r#"[{"jsonrpc":"2.0","id":"0","result":"0x1"}]"#,
            r#"[{"jsonrpc":"1.0","id":0,"result":"0x1"}]"#,
            r#"[{"id":0,"result":"0x1"}]"#,
            r#"[{"jsonrpc":"2.0","id":0}]"#,
            r#"[{"jsonrpc":"2.0","id":0,"error":"no"}]"#,
            r#"[{"jsonrpc":"2.0","id":0,"result":"0x1","error":{"code":1,"message":"no"}}]"#,
            r#"[{"jsonrpc":"2.0","id":0,"result":"0x1"},{"jsonrpc":"2.0","id":0,"result":"0x2"}]"#,
            r#"[{"jsonrpc":"2.0","id":0,"result":"0x1"},{"jsonrpc":"2.0","id":1,"result":"0x2"}]"#,
        ] {
            assert_eq!(read(body, 1), None, "{body}");
        }
    }
}
