//! The node's methods that cashing needs, and a strict reading of their results ([execution-apis]).
//!
//! [execution-apis]: https://github.com/ethereum/execution-apis

use super::abi;
use super::event::Log;
use super::rpc::Call;
use crate::address::Address;
use crate::encoding::{bytes_from_hex, hex, vec_from_hex};
use crate::json::{Object, Value};
use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

/// The head of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) number: u64,
    /// Seconds since the epoch; the clock by which contracts judge an authorization's window.
    pub(crate) timestamp: u64,
    /// Wei per gas.
    pub(crate) base_fee: u64,
}

/// What became of a transaction that is in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) hash: [u8; 32],
    pub(crate) succeeded: bool,
    pub(crate) block: u64,
    pub(crate) logs: Vec<Log>,
}

/// Where a transaction is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whereabouts {
    /// In no block: it waits, or is lost.
    NoBlock,
    InBlock(Receipt),
}

/// At which block something is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    Latest,
    /// The transactions that wait in the node included.
    Pending,
    Block(u64),
}

impl At {
    fn to_value(self) -> Value {
        match self {
            Self::Latest => "latest".into(),
            Self::Pending => "pending".into(),
            Self::Block(number) => quantity(number),
        }
    }
}

pub(crate) fn chain_id() -> Call {
    Call { method: "eth_chainId", params: vec![] }
}

pub(crate) fn block(at: At) -> Call {
    Call { method: "eth_getBlockByNumber", params: vec![at.to_value(), false.into()] }
}

/// The code of an account: none where a key alone decides for it.
pub(crate) fn code(account: Address) -> Call {
    Call { method: "eth_getCode", params: vec![account.to_string().into(), At::Latest.to_value()] }
}

/// Carries a call out without keeping what it does; `from` an account where the contract minds who calls.
pub(crate) fn simulate(call: &abi::Call, from: Option<Address>, at: At) -> Call {
    let from = from.map(|account| account.to_string().into());
    let question = Object::new().value_if("from", from).shown("to", &call.to).hex("data", &call.data).end();
    Call { method: "eth_call", params: vec![question, at.to_value()] }
}

pub(crate) fn gas_of(from: Address, call: &abi::Call) -> Call {
    let call = Object::new().shown("from", &from).shown("to", &call.to).hex("data", &call.data).end();
    Call { method: "eth_estimateGas", params: vec![call] }
}

pub(crate) fn transaction_count(account: Address, at: At) -> Call {
    Call { method: "eth_getTransactionCount", params: vec![account.to_string().into(), at.to_value()] }
}

/// How much of the chain's own currency an account has, in wei.
pub(crate) fn balance(account: Address) -> Call {
    Call { method: "eth_getBalance", params: vec![account.to_string().into(), At::Latest.to_value()] }
}

pub(crate) fn priority_fee() -> Call {
    Call { method: "eth_maxPriorityFeePerGas", params: vec![] }
}

pub(crate) fn receipt(hash: &[u8; 32]) -> Call {
    Call { method: "eth_getTransactionReceipt", params: vec![hex(hash).into()] }
}

pub(crate) fn transaction(hash: &[u8; 32]) -> Call {
    Call { method: "eth_getTransactionByHash", params: vec![hex(hash).into()] }
}

pub(crate) fn send(raw: &[u8]) -> Call {
    Call { method: "eth_sendRawTransaction", params: vec![hex(raw).into()] }
}

/// Events of a contract whose first topic is one of `kinds` and whose further topics are `subject`.
pub(crate) fn logs(contract: Address, kinds: &[[u8; 32]], subject: &[[u8; 32]], from: u64, to: u64) -> Call {
    let texts = |topics: &[[u8; 32]]| topics.iter().map(|topic| hex(topic).into()).collect::<Vec<Value>>();
    search(contract, core::iter::once(texts(kinds).into()).chain(texts(subject)).collect(), from, to)
}

/// Events that say that `account` got something, from whomever.
pub(crate) fn transfers_to(contract: Address, kind: &[u8; 32], account: Address, from: u64, to: u64) -> Call {
    search(contract, vec![hex(kind).into(), Value::Null, hex(&account.to_word()).into()], from, to)
}

fn search(contract: Address, topics: Vec<Value>, from: u64, to: u64) -> Call {
    let filter = Object::new()
        .shown("address", &contract)
        .value("fromBlock", quantity(from))
        .value("toBlock", quantity(to))
        .value("topics", topics.into())
        .end();
    Call { method: "eth_getLogs", params: vec![filter] }
}

fn quantity(number: u64) -> Value {
    alloc::format!("0x{number:x}").into()
}

/// A quantity: `0x` and hex digits without leading zeros. Larger ones than 64 bits are none that we can use.
pub(crate) fn read_quantity(result: &Value) -> Option<u64> {
    let digits = result.as_str()?.strip_prefix("0x")?;
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    if leading_zero || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u64::from_str_radix(digits, 16).ok()
}

/// Whatever a contract returns. An address without a contract returns nothing at all.
pub(crate) fn read_bytes(result: &Value) -> Option<Vec<u8>> {
    vec_from_hex(result.as_str()?).ok()
}

pub(crate) fn read_block(result: &Value) -> Option<Block> {
    let number = |name: &str| read_quantity(result.get(name)?);
    Some(Block { number: number("number")?, timestamp: number("timestamp")?, base_fee: number("baseFeePerGas")? })
}

pub(crate) fn read_receipt(result: &Value) -> Option<Whereabouts> {
    if *result == Value::Null || result.members().is_some() && result.get("blockNumber").is_none() {
        return Some(Whereabouts::NoBlock);
    }
    let succeeded = match read_quantity(result.get("status")?)? {
        0 => false,
        1 => true,
        _ => return None,
    };
    Some(Whereabouts::InBlock(Receipt {
        hash: bytes_from_hex(result.get("transactionHash")?.as_str()?).ok()?,
        succeeded,
        block: read_quantity(result.get("blockNumber")?)?,
        logs: read_logs(result.get("logs")?)?,
    }))
}

/// Which contract a transaction called, and with what. One that made a contract called none.
pub(crate) fn read_transaction(result: &Value) -> Option<(Option<Address>, Vec<u8>)> {
    let to = match result.get("to")? {
        Value::Null => None,
        to => Some(Address::from_wire(to.as_str()?).ok()?),
    };
    Some((to, vec_from_hex(result.get("input")?.as_str()?).ok()?))
}

/// The events that still hold; a node marks those of an abandoned block as removed.
pub(crate) fn read_logs(result: &Value) -> Option<Vec<Log>> {
    let holds = |log: &&Value| log.get("removed").and_then(Value::as_bool) != Some(true);
    result.elements()?.iter().filter(holds).map(read_log).collect()
}

fn read_log(log: &Value) -> Option<Log> {
    let text = |name: &str| log.get(name)?.as_str();
    Some(Log {
        contract: Address::from_wire(text("address")?).ok()?,
        topics: log
            .get("topics")?
            .elements()?
            .iter()
            .map(|topic| bytes_from_hex(topic.as_str()?).ok())
            .collect::<Option<_>>()?,
        data: vec_from_hex(text("data")?).ok()?,
        block: read_quantity(log.get("blockNumber")?)?,
        transaction: bytes_from_hex(text("transactionHash")?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn s51_a_quantity_has_one_spelling() {
        assert_eq!(read_quantity(&"0x0".into()), Some(0));
        assert_eq!(read_quantity(&"0xfF".into()), Some(255));
        assert_eq!(read_quantity(&"0xffffffffffffffff".into()), Some(u64::MAX));
        assert_eq!(quantity(84532), "0x14a34".into());
        for refused in ["", "0x", "0x00", "0x01", "1", "0x+1", "0x-1", "0X1", "0x1 ", "0x10000000000000000"] {
            assert_eq!(read_quantity(&refused.into()), None, "{refused:?}");
        }
        assert_eq!(read_quantity(&Value::from(1_u64)), None);
        assert_eq!(read_quantity(&Value::Null), None);
    }

    #[test]
    fn a_receipt_exists_only_in_a_block() {
        assert_eq!(read_receipt(&Value::Null), Some(Whereabouts::NoBlock));
        assert_eq!(read_receipt(&parse(r#"{"blockNumber":null,"status":"0x1"}"#).unwrap()), Some(Whereabouts::NoBlock));
        assert_eq!(read_receipt(&"0x1".into()), None);
        let hash = hex(&[5; 32]);
        let text = alloc::format!(r#"{{"blockNumber":"0x10","status":"0x1","transactionHash":"{hash}","logs":[]}}"#);
        let receipt = Receipt { hash: [5; 32], succeeded: true, block: 16, logs: vec![] };
        assert_eq!(read_receipt(&parse(&text).unwrap()), Some(Whereabouts::InBlock(receipt)));
        for (good, bad) in [(r#""0x1""#, r#""0x2""#), (r#""0x10""#, "16"), (r#"[]"#, "null"), ("0505", "05")] {
            assert_eq!(read_receipt(&parse(&text.replace(good, bad)).unwrap()), None, "{bad}");
        }
    }

    #[test]
    fn s47_events_of_an_abandoned_block_do_not_count() {
        let log = |removed: &str| {
            let (address, hash) = (hex(&[1; 20]), hex(&[2; 32]));
            alloc::format!(
                r#"{{"address":"{address}","topics":["{hash}"],"data":"0x","blockNumber":"0x1","transactionHash":"{hash}"{removed}}}"#
            )
        };
        let text = alloc::format!("[{},{},{}]", log(""), log(r#","removed":true"#), log(r#","removed":false"#));
        assert_eq!(read_logs(&parse(&text).unwrap()).unwrap().len(), 2);
    }
}
