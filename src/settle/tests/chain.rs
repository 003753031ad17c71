//! A small chain for the tests. It decodes, checks and executes the very bytes that the relayer sends.

use super::wire::{Sent, decode};
use super::{multicall, permit2};
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::authorization::Authorization;
use crate::authorization::eip3009::TransferAuthorization;
use crate::encoding::{hex, vec_from_hex};
use crate::json::{Value, parse};
use crate::keccak::keccak256;
use crate::settle::event::{AUTHORIZATION_CANCELED, AUTHORIZATION_USED, Log, TRANSFER};
use crate::signature::Signature;
use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;
use hex_literal::hex as literal;

pub(super) const STRANGER: Address = Address::from_bytes([0xee; 20]);

/// A method, and what the node makes of its result.
pub(super) type Lie = (&'static str, fn(&str) -> String);

#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
pub(super) struct Chain {
    /// May be changed, as by a wrong URL.
    pub(super) id: u64,
    pub(super) asset: Asset,
    pub(super) blocks: Vec<Block>,
    pub(super) pool: Vec<Sent>,
    pub(super) base_fee: u64,
    pub(super) tip: u64,
    /// Of every payer, at the beginning.
    pub(super) balance: u64,
    pub(super) relayer_has_gas_money: bool,
    /// The asset reports success and does nothing.
    pub(super) asset_is_mute: bool,
    pub(super) lie: Option<Lie>,
    /// Whether Multicall3 is there.
    pub(super) has_multicall: bool,
    /// The call of a check with this nonce fails in a transaction, whatever a simulation says.
    pub(super) burns: Option<[u8; 32]>,
    is_mining: bool,
    /// How many blocks the latest state is behind the latest block, as where one URL leads to several nodes.
    pub(super) lag: usize,
}

#[derive(Clone, Default)]
pub(super) struct Block {
    pub(super) timestamp: u64,
    pub(super) transactions: Vec<Mined>,
}

#[derive(Clone)]
pub(super) struct Mined {
    sender: Address,
    pub(super) hash: [u8; 32],
    pub(super) call: (Address, Vec<u8>),
    succeeded: bool,
    logs: Vec<Log>,
}

impl Chain {
    pub(super) fn new(asset: Asset, timestamp: u64) -> Self {
        Self {
            id: asset.network.chain_id(),
            asset,
            blocks: vec![Block { timestamp, transactions: vec![] }],
            pool: vec![],
            base_fee: 1_000,
            tip: 7,
            balance: 1_000_000,
            relayer_has_gas_money: true,
            asset_is_mute: false,
            lie: None,
            has_multicall: true,
            burns: None,
            is_mining: false,
            lag: 0,
        }
    }

    /// Makes a block of all that waits and can be executed.
    pub(super) fn mine(&mut self, timestamp: u64) {
        self.blocks.push(Block { timestamp, transactions: vec![] });
        while let Some(place) = self.pool.iter().position(|sent| self.is_next(sent)) {
            let sent = self.pool.remove(place);
            self.run(sent.sender, sent.hash, (sent.to, sent.data), timestamp);
        }
        let mined = |sent: &Sent| self.mined_count(sent.sender) > sent.nonce;
        self.pool = self.pool.iter().filter(|sent| !mined(sent)).cloned().collect();
    }

    pub(super) fn mine_empty(&mut self, count: u64) {
        for _ in 0..count {
            let timestamp = self.head().timestamp + 2;
            self.blocks.push(Block { timestamp, transactions: vec![] });
        }
    }

    /// A block with one transaction of a stranger, who makes the asset write these events.
    pub(super) fn mine_foreign(&mut self, timestamp: u64, events: Vec<(Vec<[u8; 32]>, Vec<u8>)>) -> [u8; 32] {
        self.blocks.push(Block { timestamp, transactions: vec![] });
        let hash = keccak256(&[b"foreign", &self.blocks.len().to_be_bytes()]);
        let logs = events.into_iter().map(|(topics, data)| self.log(topics, data)).collect();
        self.include(STRANGER, hash, (self.asset.address, vec![]), true, logs);
        hash
    }

    /// A block in which a stranger makes this call.
    pub(super) fn mine_call(&mut self, timestamp: u64, call: (Address, Vec<u8>)) -> [u8; 32] {
        self.blocks.push(Block { timestamp, transactions: vec![] });
        let hash = keccak256(&[b"call", &self.blocks.len().to_be_bytes()]);
        self.run(STRANGER, hash, call, timestamp);
        hash
    }

    fn run(&mut self, sender: Address, hash: [u8; 32], call: (Address, Vec<u8>), timestamp: u64) {
        self.is_mining = true;
        let outcome = self.execute(sender, &call.1, call.0, timestamp);
        self.is_mining = false;
        let (succeeded, logs) = outcome.map_or((false, vec![]), |logs| (true, logs));
        self.include(sender, hash, call, succeeded, logs);
    }

    pub(super) fn head(&self) -> &Block {
        self.blocks.last().unwrap()
    }

    /// How often this authorization moved its money.
    pub(super) fn payments(&self, authorization: &Authorization) -> usize {
        let asset = self.asset.address;
        let logs: Vec<_> = self.logs_until(self.blocks.len()).collect();
        let pays = |pair: &&[&Log]| pair[0].is_use(asset, authorization) && pair[1].is_payment(asset, authorization);
        logs.windows(2).filter(pays).count()
    }

    pub(super) fn transactions(&self) -> usize {
        self.blocks.iter().map(|block| block.transactions.len()).sum()
    }

    /// Answers a batch, the last call first: any order is allowed.
    pub(super) fn answer(&mut self, body: &str) -> String {
        let calls = parse(body).unwrap();
        let mut answers: Vec<_> = calls.elements().unwrap().iter().map(|call| self.answer_one(call)).collect();
        answers.reverse();
        Value::Array(answers).to_string()
    }

    fn answer_one(&mut self, call: &Value) -> Value {
        let params = call.get("params").unwrap().elements().unwrap();
        let method = call.get("method").unwrap().as_str().unwrap();
        let outcome = self.perform(method, params).map(|result| match self.lie {
            Some((about, lie)) if about == method => parse(&lie(&result.to_string())).unwrap(),
            _ => result,
        });
        let (result, error) = match outcome {
            Ok(result) => (Some(result), None),
            Err(message) => {
                let code = Some(Value::Number("-32000".to_owned()));
                (None, Some(Value::object([("code", code), ("message", Some(message.into()))])))
            }
        };
        let id = call.get("id").cloned();
        Value::object([("jsonrpc", Some("2.0".into())), ("id", id), ("result", result), ("error", error)])
    }

    fn perform(&mut self, method: &str, params: &[Value]) -> Result<Value, &'static str> {
        let text = |value: &Value, name: &str| value.get(name).unwrap().as_str().unwrap().to_owned();
        match method {
            "eth_chainId" => Ok(quantity(self.id)),
            "eth_maxPriorityFeePerGas" => Ok(quantity(self.tip)),
            "eth_getBlockByNumber" => {
                let number = self.number(&params[0]).ok_or("unknown block")?;
                Ok(Value::object([
                    ("number", Some(quantity(number))),
                    ("timestamp", Some(quantity(self.blocks[index(number)].timestamp))),
                    ("baseFeePerGas", Some(quantity(self.base_fee))),
                    ("transactions", Some(Value::Array(vec![]))),
                ]))
            }
            "eth_call" => {
                let data = vec_from_hex(&text(&params[0], "data")).unwrap();
                let number = index(self.number(&params[1]).ok_or("header not found")?);
                let lag = if params[1] == "latest".into() { self.lag } else { 0 };
                let end = number + 1 - lag;
                if data[..4] == literal!("82ad56cb") {
                    return Ok(hex(&multicall::call(self, &data, end)?).into());
                }
                Ok(hex(&self.view(&data, end)).into())
            }
            "eth_estimateGas" => {
                let data = vec_from_hex(&text(&params[0], "data")).unwrap();
                let to = Address::from_wire(&text(&params[0], "to")).unwrap();
                let from = Address::from_wire(&text(&params[0], "from")).unwrap();
                let count = if to == multicall::CONTRACT { multicall::decode(&data).len() as u64 } else { 1 };
                self.execute(from, &data, to, self.head().timestamp + 1).map(|_| quantity(80_000 * count))
            }
            "eth_getTransactionCount" => {
                let account = Address::from_wire(params[0].as_str().unwrap()).unwrap();
                if let Some(number) = params[1].as_str().filter(|tag| tag.starts_with("0x")) {
                    return Ok(quantity(self.count_until(account, index(from_quantity(&number.into())) + 1)));
                }
                let mined = self.mined_count(account);
                let waits = |nonce: &u64| self.pool.iter().any(|sent| sent.sender == account && sent.nonce == *nonce);
                let pending = (mined..u64::MAX).find(|nonce| !waits(nonce)).unwrap();
                Ok(quantity(if params[1] == "pending".into() { pending } else { mined }))
            }
            "eth_getTransactionReceipt" => Ok(self.receipt(params[0].as_str().unwrap())),
            "eth_getTransactionByHash" => Ok(self.transaction(params[0].as_str().unwrap())),
            "eth_getLogs" => self.search(&params[0]),
            "eth_sendRawTransaction" => self.accept(&vec_from_hex(params[0].as_str().unwrap()).unwrap()),
            other => panic!("{other} is not simulated"),
        }
    }

    /// What a contract says about a nonce.
    pub(super) fn view(&self, data: &[u8], end: usize) -> [u8; 32] {
        if data[..4] == literal!("4fe02b44") {
            return permit2::nonce_bitmap(self, word(data, 0), word(data, 1), end);
        }
        assert_eq!(data[..4], literal!("e94a0102"));
        Amount::from(u64::from(self.is_used(word(data, 0), word(data, 1), end))).to_be_bytes()
    }

    fn accept(&mut self, raw: &[u8]) -> Result<Value, &'static str> {
        let sent = decode(raw, self.id);
        if self.mined_count(sent.sender) > sent.nonce {
            return Err("nonce too low: next nonce is larger");
        }
        if !self.relayer_has_gas_money {
            return Err("insufficient funds for gas * price + value");
        }
        match self.pool.iter().find(|other| other.sender == sent.sender && other.nonce == sent.nonce) {
            Some(same) if same.hash == sent.hash => Err("already known"),
            Some(old) if !pays_more(&sent, old) => Err("replacement transaction underpriced"),
            _ => {
                let hash = hex(&sent.hash).into();
                self.pool.retain(|other| (other.sender, other.nonce) != (sent.sender, sent.nonce));
                self.pool.push(sent);
                Ok(hash)
            }
        }
    }

    /// What the contracts do.
    pub(super) fn execute(
        &self,
        sender: Address,
        data: &[u8],
        to: Address,
        timestamp: u64,
    ) -> Result<Vec<Log>, &'static str> {
        if to == sender && data.is_empty() {
            return Ok(vec![]);
        }
        if to == multicall::CONTRACT {
            return multicall::execute(self, data, timestamp).map(|(_, logs)| logs);
        }
        if to != self.asset.address {
            return permit2::execute(self, sender, to, data, timestamp);
        }
        assert_eq!((data[..4].to_vec(), data.len()), (literal!("e3ee160e").to_vec(), 4 + 9 * 32));
        assert_eq!(to, self.asset.address);
        let number = |place| Amount::from_be_bytes(word(data, place)).to_u64().unwrap();
        let address = |place| Address::from_bytes(word(data, place)[12..].try_into().unwrap());
        let authorization = TransferAuthorization {
            from: address(0),
            to: address(1),
            value: number(2).into(),
            valid_after: number(3),
            valid_before: number(4),
            nonce: word(data, 5),
        };
        if self.asset_is_mute {
            return Ok(vec![]);
        }
        let TransferAuthorization { from, valid_after, valid_before, nonce, .. } = authorization;
        if timestamp <= valid_after || timestamp >= valid_before {
            return Err("execution reverted: outside of the window");
        }
        if self.is_mining && self.burns == Some(nonce) {
            return Err("out of gas");
        }
        if self.is_used(from.to_word(), nonce, self.blocks.len()) {
            return Err("execution reverted: authorization is used or canceled");
        }
        let signature =
            Signature::from_parts(word(data, 7), word(data, 8), number(6)).map_err(|_| "execution reverted")?;
        if signature.recover(&authorization.digest(&self.asset.domain())) != Ok(from) {
            return Err("execution reverted: invalid signature");
        }
        self.check_balance(from, number(2))?;
        Ok(payment(&authorization.into()).into_iter().map(|(topics, data)| self.log(topics, data)).collect())
    }

    pub(super) fn check_balance(&self, payer: Address, amount: u64) -> Result<(), &'static str> {
        let of_payer = |log: &Log| log.topics[..2] == [TRANSFER, payer.to_word()];
        let spent: u64 =
            self.logs_until(self.blocks.len()).filter(|log| of_payer(log)).map(|log| word_number(&log.data)).sum();
        if self.balance - spent < amount { Err("execution reverted: transfer amount exceeds balance") } else { Ok(()) }
    }

    pub(super) fn include(
        &mut self,
        sender: Address,
        hash: [u8; 32],
        call: (Address, Vec<u8>),
        succeeded: bool,
        mut logs: Vec<Log>,
    ) {
        let block = self.blocks.len() as u64 - 1;
        for log in &mut logs {
            (log.block, log.transaction) = (block, hash);
        }
        self.blocks.last_mut().unwrap().transactions.push(Mined { sender, hash, call, succeeded, logs });
    }

    pub(super) fn log(&self, topics: Vec<[u8; 32]>, data: Vec<u8>) -> Log {
        Log { contract: self.asset.address, topics, data, block: 0, transaction: [0; 32] }
    }

    fn is_next(&self, sent: &Sent) -> bool {
        sent.nonce == self.mined_count(sent.sender) && sent.max_fee >= self.base_fee
    }

    fn mined_count(&self, account: Address) -> u64 {
        self.count_until(account, self.blocks.len())
    }

    fn count_until(&self, account: Address, end: usize) -> u64 {
        let all = self.blocks[..end].iter().flat_map(|block| &block.transactions);
        all.filter(|mined| mined.sender == account).count() as u64
    }

    pub(super) fn logs_until(&self, end: usize) -> impl Iterator<Item = &Log> {
        self.blocks[..end].iter().flat_map(|block| &block.transactions).flat_map(|mined| &mined.logs)
    }

    fn is_used(&self, authorizer: [u8; 32], nonce: [u8; 32], end: usize) -> bool {
        let closes = |log: &Log| {
            log.topics == [AUTHORIZATION_USED, authorizer, nonce]
                || log.topics == [AUTHORIZATION_CANCELED, authorizer, nonce]
        };
        self.logs_until(end).any(closes)
    }

    fn number(&self, tag: &Value) -> Option<u64> {
        let head = self.blocks.len() as u64 - 1;
        if *tag == "latest".into() { Some(head) } else { Some(from_quantity(tag)).filter(|number| *number <= head) }
    }

    fn receipt(&self, hash: &str) -> Value {
        let numbered = self.blocks.iter().zip(0_u64..);
        let mut all = numbered.flat_map(|(block, number)| block.transactions.iter().map(move |mined| (mined, number)));
        let Some((mined, number)) = all.find(|(mined, _)| hex(&mined.hash) == hash) else { return Value::Null };
        Value::object([
            ("transactionHash", Some(hash.into())),
            ("blockNumber", Some(quantity(number))),
            ("status", Some(quantity(u64::from(mined.succeeded)))),
            ("logs", Some(Value::Array(mined.logs.iter().map(log_to_value).collect()))),
        ])
    }

    fn transaction(&self, hash: &str) -> Value {
        let mut all = self.blocks.iter().flat_map(|block| &block.transactions);
        let Some(mined) = all.find(|mined| hex(&mined.hash) == hash) else { return Value::Null };
        let (to, input) = &mined.call;
        Value::object([("to", Some(to.to_string().into())), ("input", Some(hex(input).into()))])
    }

    fn search(&self, filter: &Value) -> Result<Value, &'static str> {
        let (from, to) =
            (from_quantity(filter.get("fromBlock").unwrap()), from_quantity(filter.get("toBlock").unwrap()));
        if to < from || to - from >= 2_000 {
            return Err("query exceeds max block range 2000");
        }
        let topics = filter.get("topics").unwrap().elements().unwrap();
        let matches = |log: &&Log| {
            let written: Vec<Value> = log.topics.iter().map(|topic| hex(topic).into()).collect();
            (from..=to).contains(&log.block)
                && filter.get("address").unwrap().as_str().unwrap() == log.contract.to_string()
                && topics.len() == written.len()
                && topics.iter().zip(&written).all(|(wanted, own)| match wanted {
                    Value::Null => true,
                    Value::Array(any) => any.contains(own),
                    one => one == own,
                })
        };
        Ok(Value::Array(self.logs_until(self.blocks.len()).filter(matches).map(log_to_value).collect()))
    }
}

/// A tenth at least, as go-ethereum asks for.
const fn pays_more(sent: &Sent, old: &Sent) -> bool {
    sent.max_fee * 10 >= old.max_fee * 11 && sent.max_priority_fee * 10 >= old.max_priority_fee * 11
}

/// The events of a transfer with authorization, in the order of the field's contracts.
pub(super) fn payment(authorization: &Authorization) -> Vec<(Vec<[u8; 32]>, Vec<u8>)> {
    let [from, to] = [authorization.payer(), authorization.payee()].map(Address::to_word);
    vec![
        (vec![AUTHORIZATION_USED, from, *authorization.nonce()], vec![]),
        (vec![TRANSFER, from, to], authorization.amount().to_be_bytes().to_vec()),
    ]
}

pub(super) fn cancellation(authorization: &Authorization) -> Vec<(Vec<[u8; 32]>, Vec<u8>)> {
    vec![(vec![AUTHORIZATION_CANCELED, authorization.payer().to_word(), *authorization.nonce()], vec![])]
}

fn log_to_value(log: &Log) -> Value {
    Value::object([
        ("address", Some(log.contract.to_string().to_lowercase().into())),
        ("topics", Some(Value::Array(log.topics.iter().map(|topic| hex(topic).into()).collect()))),
        ("data", Some(hex(&log.data).into())),
        ("blockNumber", Some(quantity(log.block))),
        ("transactionHash", Some(hex(&log.transaction).into())),
        ("removed", Some(false.into())),
    ])
}

pub(super) fn word(data: &[u8], place: usize) -> [u8; 32] {
    data[4 + 32 * place..][..32].try_into().unwrap()
}

fn word_number(data: &[u8]) -> u64 {
    Amount::from_be_bytes(data.try_into().unwrap()).to_u64().unwrap()
}

pub(super) fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn quantity(number: u64) -> Value {
    alloc::format!("0x{number:x}").into()
}

fn from_quantity(value: &Value) -> u64 {
    u64::from_str_radix(&value.as_str().unwrap()[2..], 16).unwrap()
}

impl Block {
    pub(super) fn logs_mut(&mut self) -> impl Iterator<Item = &mut Log> {
        self.transactions.iter_mut().flat_map(|mined| &mut mined.logs)
    }
}
