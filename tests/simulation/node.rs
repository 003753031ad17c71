//! A node in front of the chain: it answers batched JSON-RPC, and on request it lies.

use crate::chain::{AMOUNT, Chain, Event, GAS_OF_MANY, GAS_OF_ONE};
use crate::multicall::{AGGREGATE3, read_calls, write_results};
use crate::scene::{CHAIN_ID, Scene};
use crate::wire::{cash_many, decode, payment_of};
use x402_wasm::address::Address;
use x402_wasm::encoding::{hex, vec_from_hex};
use x402_wasm::json::{Value, parse};

const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const AUTHORIZATION_USED: &str = "0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5";
const AUTHORIZATION_CANCELED: &str = "0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81";

/// `authorizationState(address,bytes32)`
const AUTHORIZATION_STATE: [u8; 4] = [0xe9, 0x4a, 0x01, 0x02];

/// In which way it is not to be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    Nothing,
    /// So many blocks and their state it has not heard of yet.
    Lag(usize),
    /// The state it tells is so many blocks old, the head is not: one URL, several nodes.
    OldState(usize),
    /// The latest block's time is so many seconds off.
    HeadTime(i64),
    WrongChain,
    /// Where Multicall3 is, it sees nothing.
    WithoutMulticall,
}

pub(crate) struct Node<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) chain: &'a mut Chain,
    pub(crate) lie: Lie,
    pub(crate) is_thorough: bool,
}

impl Node<'_> {
    /// Answers a batch, the last call first: any order is allowed.
    pub(crate) fn answer(&mut self, body: &str) -> String {
        let calls = parse(body).unwrap();
        let mut answers = vec![];
        for call in calls.elements().unwrap() {
            let method = call.get("method").unwrap().as_str().unwrap();
            let id = call.get("id").unwrap().as_u64().unwrap();
            answers.push(match self.perform(method, call.get("params").unwrap().elements().unwrap()) {
                Ok(result) => format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#),
                Err(message) => {
                    format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32000,"message":"{message}"}}}}"#)
                }
            });
        }
        answers.reverse();
        format!("[{}]", answers.join(","))
    }

    fn perform(&mut self, method: &str, params: &[Value]) -> Result<String, &'static str> {
        let text = |value: &Value, name: &str| value.get(name).unwrap().as_str().unwrap().to_owned();
        match method {
            "eth_chainId" => Ok(quantity(if self.lie == Lie::WrongChain { 1 } else { CHAIN_ID })),
            "eth_maxPriorityFeePerGas" => Ok(quantity(7)),
            "eth_getCode" => Ok(r#""0x""#.to_owned()),
            "eth_getBlockByNumber" => {
                let number = self.number(&params[0]).ok_or("unknown block")?;
                let mut timestamp = self.chain.blocks[number].timestamp;
                if let (Lie::HeadTime(off), Some("latest")) = (self.lie, params[0].as_str()) {
                    timestamp = timestamp.saturating_add_signed(off);
                }
                let (number, timestamp, fee) =
                    (quantity(number as u64), quantity(timestamp), quantity(self.chain.base_fee));
                Ok(format!(r#"{{"number":{number},"timestamp":{timestamp},"baseFeePerGas":{fee},"transactions":[]}}"#))
            }
            "eth_call" => {
                let data = vec_from_hex(&text(&params[0], "data")).unwrap();
                let mut number = self.number(&params[1]).ok_or("header not found")?;
                if let (Lie::OldState(blocks), Some("latest")) = (self.lie, params[1].as_str()) {
                    number = number.saturating_sub(blocks);
                }
                self.call(&data, number)
            }
            "eth_estimateGas" => {
                let data = vec_from_hex(&text(&params[0], "data")).unwrap();
                self.estimate(&data).map(quantity)
            }
            "eth_getTransactionCount" if params[1].as_str().unwrap().starts_with("0x") => {
                let end = self.number(&params[1]).ok_or("unknown block")?;
                Ok(quantity(self.chain.nonces_until(end)))
            }
            "eth_getTransactionCount" => {
                let is_pending = params[1].as_str() == Some("pending");
                Ok(quantity(if is_pending { self.chain.pending_nonce() } else { self.chain.next_nonce() }))
            }
            "eth_getTransactionReceipt" => Ok(self.receipt(params[0].as_str().unwrap())),
            "eth_getLogs" => self.search(&params[0]),
            "eth_sendRawTransaction" => {
                let sent = decode(self.scene, &vec_from_hex(params[0].as_str().unwrap()).unwrap(), self.is_thorough);
                let hash = quoted(&sent.hash);
                self.chain.receive(sent).map(|()| hash)
            }
            other => panic!("{other} is not simulated"),
        }
    }

    fn call(&mut self, data: &[u8], number: usize) -> Result<String, &'static str> {
        let word = |number: u64| Ok(format!(r#""0x{number:064x}""#));
        let account =
            || self.scene.payments.iter().position(|payment| payment.authorization.payer().to_word() == data[4..36]);
        let selector: [u8; 4] = data[..4].try_into().unwrap();
        match selector {
            // isValidSignature: an account without code returns nothing.
            [0x16, 0x26, 0xba, 0x7e] => Ok(r#""0x""#.to_owned()),
            // balanceOf
            [0x70, 0xa0, 0x82, 0x31] => {
                word(self.chain.balance(self.scene, self.scene.payments[account().unwrap()].payer))
            }
            AUTHORIZATION_STATE => word(self.is_used(data, number)),
            AGGREGATE3 if self.lie == Lie::WithoutMulticall => Ok(r#""0x""#.to_owned()),
            AGGREGATE3 => {
                let calls = read_calls(data);
                let results = if calls.iter().all(|call| call.data[..4] == AUTHORIZATION_STATE) {
                    calls.iter().map(|call| (true, Some(self.is_used(call.data, number)))).collect()
                } else {
                    let results = self.chain.simulate_all(self.scene, &cash_many(self.scene, data))?;
                    results.into_iter().map(|succeeded| (succeeded, None)).collect::<Vec<_>>()
                };
                Ok(quoted(&write_results(&results)))
            }
            _ => self.simulate(data).map(|()| r#""0x""#.to_owned()),
        }
    }

    /// What `authorizationState` returns.
    fn is_used(&self, data: &[u8], number: usize) -> u64 {
        let is_it = |payment: &crate::scene::Payment| {
            payment.authorization.payer().to_word() == data[4..36] && payment.authorization.nonce() == &data[36..68]
        };
        let payment = self.scene.payments.iter().position(is_it).unwrap();
        u64::from(self.chain.use_of(self.scene, payment, number).is_some())
    }

    fn estimate(&mut self, data: &[u8]) -> Result<u64, &'static str> {
        if data[..4] != AGGREGATE3 {
            return self.simulate(data).map(|()| GAS_OF_ONE);
        }
        let calls = cash_many(self.scene, data);
        self.chain.simulate_all(self.scene, &calls).map(|_| GAS_OF_MANY + GAS_OF_ONE * calls.len() as u64)
    }

    fn simulate(&self, data: &[u8]) -> Result<(), &'static str> {
        let payment = payment_of(self.scene, data).ok_or("execution reverted: invalid signature")?;
        let timestamp = self.chain.blocks[self.chain.head()].timestamp + 1;
        self.chain.transfer(self.scene, payment, timestamp).map(|_| ())
    }

    /// The last block that this node knows.
    fn head(&self) -> usize {
        match self.lie {
            Lie::Lag(blocks) => self.chain.head().saturating_sub(blocks),
            _ => self.chain.head(),
        }
    }

    fn number(&self, tag: &Value) -> Option<usize> {
        let tag = tag.as_str()?;
        if tag == "latest" {
            return Some(self.head());
        }
        usize::try_from(from_quantity(tag)).ok().filter(|number| *number <= self.head())
    }

    fn receipt(&self, hash: &str) -> String {
        let head = self.head();
        let mut known = self.chain.mined().filter(|(number, _)| *number <= head);
        let Some((number, mined)) = known.find(|(_, mined)| hex(&mined.hash) == hash) else { return "null".to_owned() };
        let (status, block) = (quantity(u64::from(mined.succeeded)), quantity(number as u64));
        let logs = mined.events.iter().flat_map(|event| self.logs(number, &mined.hash, *event)).collect::<Vec<_>>();
        let logs = logs.join(",");
        format!(r#"{{"transactionHash":"{hash}","blockNumber":{block},"status":{status},"logs":[{logs}]}}"#)
    }

    fn search(&self, filter: &Value) -> Result<String, &'static str> {
        let number = |name: &str| usize::try_from(from_quantity(filter.get(name).unwrap().as_str().unwrap())).unwrap();
        let (from, to) = (number("fromBlock"), number("toBlock"));
        if to < from || to - from >= 2_000 {
            return Err("query exceeds max block range 2000");
        }
        let topics = filter.get("topics").unwrap().elements().unwrap();
        let wanted = |place: usize| topics[place].as_str().unwrap_or_default();
        let mut found = vec![];
        for (number, mined) in self.chain.mined().filter(|(number, _)| (from..=to.min(self.head())).contains(number)) {
            for event in &mined.events {
                let (Event::Paid(payment) | Event::Cancelled(payment)) = *event else { continue };
                let own = &self.scene.payments[payment].authorization;
                if wanted(1) == hex(&own.payer().to_word()) && wanted(2) == hex(own.nonce()) {
                    // The event of the use; the transfer behind it has other topics.
                    found.extend(self.logs(number, &mined.hash, *event).into_iter().take(1));
                }
            }
        }
        Ok(format!("[{}]", found.join(",")))
    }

    fn logs(&self, number: usize, hash: &[u8; 32], event: Event) -> Vec<String> {
        let log = |topics: [&str; 3], data: &str| {
            let topics = topics.map(|topic| format!(r#""{topic}""#)).join(",");
            let (asset, block, hash) = (hex(self.scene.asset.address.as_bytes()), quantity(number as u64), hex(hash));
            format!(
                r#"{{"address":"{asset}","topics":[{topics}],"data":"{data}","blockNumber":{block},"transactionHash":"{hash}","removed":false}}"#
            )
        };
        let own = |payment: usize| &self.scene.payments[payment].authorization;
        let word = |address: Address| hex(&address.to_word());
        match event {
            Event::Paid(payment) => {
                let own = own(payment);
                let amount = format!("0x{AMOUNT:064x}");
                vec![
                    log([AUTHORIZATION_USED, &word(own.payer()), &hex(own.nonce())], "0x"),
                    log([TRANSFER, &word(own.payer()), &word(own.payee())], &amount),
                ]
            }
            Event::Cancelled(payment) => {
                let own = own(payment);
                vec![log([AUTHORIZATION_CANCELED, &word(own.payer()), &hex(own.nonce())], "0x")]
            }
            Event::Drained(..) | Event::Refilled(..) => vec![],
        }
    }
}

fn quoted(bytes: &[u8]) -> String {
    format!(r#""{}""#, hex(bytes))
}

fn quantity(number: u64) -> String {
    format!(r#""0x{number:x}""#)
}

fn from_quantity(text: &str) -> u64 {
    u64::from_str_radix(&text[2..], 16).unwrap()
}
