//! The account of a relayer.

use crate::door::error::thrown;
use crate::door::value::from_js;
use crate::settle::RelayerConfig;
use alloc::string::{String, ToString as _};
use wasm_bindgen::prelude::*;

/// The account that sends a relayer's transactions and pays for gas.
#[wasm_bindgen(js_name = relayerAccount)]
pub fn relayer_account(config: JsValue) -> Result<String, JsValue> {
    let (_, key) =
        RelayerConfig::from_value(&from_js(&config)?).map_err(|error| thrown(error.code(), error.to_string()))?;
    Ok(key.address().to_string())
}
