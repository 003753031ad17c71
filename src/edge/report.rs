//! The operator's sums, for JavaScript.

use crate::amount::Amount;
use crate::door::error::thrown;
use crate::door::value::{from_js, to_js};
use crate::json::Value;
use crate::ledger::{State, Tally, report};
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// The report over a store's rows `{state, count, worth, credit, since}`; the sums in millionths, as decimal text.
#[wasm_bindgen(js_name = ledgerReport)]
pub fn ledger_report(rows: JsValue, now: u32) -> Result<JsValue, JsValue> {
    let rows = from_js(&rows)?;
    let tallies: Option<Vec<Tally>> = rows.elements().unwrap_or_default().iter().map(read_tally).collect();
    let message = "A tally's row is {state, count, worth, credit, since}, with worth and credit as decimal text.";
    let tallies = tallies.ok_or_else(|| thrown("damaged_record", message.into()))?;
    Ok(to_js(report(&tallies, now.into())))
}

fn read_tally(row: &Value) -> Option<Tally> {
    let sum = |name| Amount::from_decimal(row.text(name)?).ok();
    let state = State::from_name(row.text("state")?)?;
    Some(Tally {
        state,
        count: row.number("count")?,
        worth: sum("worth")?,
        credit: sum("credit")?,
        since: row.number("since")?,
    })
}
