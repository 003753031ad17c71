//! Errors on their way to JavaScript, where the shell makes an `X402Error` of them.

use super::value::to_js;
use crate::json::Object;
use alloc::string::String;
use wasm_bindgen::JsValue;

/// `{code, message}`: the stable code and the sentence.
pub(crate) fn thrown(code: &str, message: String) -> JsValue {
    to_js(Object::new().text("code", code).value("message", message.into()).end())
}
