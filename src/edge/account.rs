//! A settler's configuration, read where a gate or facilitator opens: what is wrong with it is said then, not when
//! something is cashed.

use crate::door::error::thrown;
use crate::door::value::from_js;
use crate::settle::{FacilitatorClient, FacilitatorConfigError, RelayerConfig};
use alloc::string::{String, ToString as _};
use wasm_bindgen::prelude::*;

/// The account that sends a relayer's transactions and pays for gas.
#[wasm_bindgen(js_name = relayerAccount)]
pub fn relayer_account(config: JsValue) -> Result<String, JsValue> {
    let (_, key) =
        RelayerConfig::from_value(&from_js(&config)?).map_err(|error| thrown(error.code(), error.to_string()))?;
    Ok(key.address().to_string())
}

/// A facilitator has no account here.
#[wasm_bindgen(js_name = handoverAccount)]
pub fn handover_account(config: JsValue) -> Result<(), JsValue> {
    let read = FacilitatorClient::from_value(&from_js(&config)?);
    read.map(drop).map_err(|error| thrown(FacilitatorConfigError::CODE, error.to_string()))
}
