//! Between a payment that is good on paper and the ledger: the chain, where the operator gave the gate a node to ask.

use super::flow::{Flow, Stage};
use super::full::IS_FULL;
use super::order::Order;
use super::reader::{ConfigError, Reader};
use super::routes::Routes;
use super::step::{Effect, Step};
use super::{Gate, GateError};
use crate::address::Address;
use crate::http::{HttpAnswer, HttpFault, is_http_url};
use crate::json::Value;
use crate::network::Network;
use crate::verify::{Candidate, Verdict};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A chain that is asked before a payment is accepted.
pub(super) struct Chain {
    network: Network,
    /// URLs of nodes, the next one asked where the one before says nothing of use. May hold keys: never printed.
    nodes: Vec<String>,
    /// The contracts that may deploy a payer's wallet (S8).
    factories: Vec<Address>,
}

impl Gate {
    /// Asks the chain where there is one to ask; elsewhere the payer's key decides alone.
    pub(super) fn examine(&self, candidate: Candidate, order: Order, now: u64) -> Step {
        if self.chain_of(candidate.network()).is_some() {
            return self.ask(candidate, order, 0);
        }
        let payer = candidate.payer();
        match candidate.by_key() {
            Ok(payment) => self.consult(order.paid_by(payment, None), now),
            Err(refusal) => order.refuse(self, payer, refusal, None),
        }
    }

    /// A node answered. One that says nothing of use proves nothing, for or against: nothing is granted then, and
    /// nothing is claimed (S21, S51).
    pub(super) fn weigh(
        &self,
        candidate: Candidate,
        order: Order,
        node: usize,
        answer: &Result<HttpAnswer, HttpFault>,
        now: u64,
    ) -> Step {
        let payer = candidate.payer();
        let factories = self.chain_of(candidate.network()).map_or(&[][..], |chain| &chain.factories);
        match candidate.weigh(answer, factories) {
            Verdict::Good(payment) => self.consult(order.paid_by(payment, None), now),
            Verdict::Uncashable(payment, refusal) => order.paid_by(payment, Some(refusal)).read(self),
            Verdict::Refused(refusal) => order.refuse(self, payer, refusal, None),
            Verdict::Unusable(candidate) => self.ask(candidate, order, node.saturating_add(1)),
        }
    }

    fn ask(&self, candidate: Candidate, order: Order, node: usize) -> Step {
        let chain = self.chain_of(candidate.network());
        let Some((chain, url)) = chain.and_then(|chain| Some((chain, chain.nodes.get(node)?))) else {
            return order.fail(self, candidate.payer(), GateError::ChainUnreachable, None);
        };
        let request = candidate.ask(url, &chain.factories);
        Step::Need(Effect::Http(request), Flow { stage: Stage::Asking { candidate, order, node } })
    }

    fn chain_of(&self, network: Network) -> Option<&Chain> {
        self.chains.iter().find(|chain| IS_FULL && chain.network == network)
    }
}

/// Reads `{"eip155:84532": {"rpc": "https://…" | ["https://…"], "eip6492Factories": ["0x…"]}}`.
pub(super) fn read_chains(config: &mut Reader<'_>, routes: &Routes) -> Result<Vec<Chain>, ConfigError> {
    let mut chains = Vec::new();
    let Some(table) = config.reader("chains")? else { return Ok(chains) };
    let networks = routes.networks();
    for (id, options) in table.members {
        let mut reader = Reader::new(format!("chains[\"{id}\"]"), options)?;
        let network = Network::from_caip2(id).ok().filter(|network| networks.contains(network));
        // A typing error here would switch the checks off without a word.
        let Some(network) = network else { return Err(table.wrong(id, "is no network on which something is sold")) };
        let nodes = match reader.value("rpc") {
            Some(Value::String(url)) => Vec::from([url.clone()]),
            _ => reader.texts("rpc")?,
        };
        if nodes.is_empty() || !nodes.iter().all(|url| is_http_url(url)) {
            return Err(reader.wrong("rpc", "is the http or https URL of a node, or a list of such"));
        }
        let mut factories = Vec::new();
        for text in reader.texts("eip6492Factories")? {
            let factory = Address::from_config(&text);
            factories.push(factory.map_err(|error| reader.wrong("eip6492Factories", error))?);
        }
        reader.end()?;
        chains.push(Chain { network, nodes, factories });
    }
    Ok(chains)
}
