//! The route table, which is itself the router of what it protects, and denies by default (S19).

use super::form::Form;
use super::is_canonical;
use super::pattern::{Pattern, common_folder};
use super::policy::When;
use super::price::{Defaults, read_requirements};
use super::reader::{ConfigError, Reader};
use crate::json::Value;
use crate::network::Network;
use crate::protocol::{Method, OwnRequirement};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use spin::Once;

/// Quarter of an hour: a ticket is credit (S36).
const DEFAULT_TTL: u64 = 900;
/// How long a payment whose answer was lost may come again where each answer has its own price.
const METERED_TTL: u64 = 30;

/// Something for sale.
#[derive(Debug)]
pub(super) struct Route {
    /// Its name, as configured: `GET /films/:id`, or the scope of a handler that is wrapped on its own.
    pub(super) id: String,
    /// What a ticket for it opens.
    pub(super) scope: String,
    /// The ways to pay for it.
    pub(super) requirements: Vec<OwnRequirement>,
    /// A ticket's lifetime, in seconds.
    pub(super) ttl: u64,
    /// Whether the ledger is asked if the ticket still counts.
    pub(super) revocable: bool,
    pub(super) when: When,
    pub(super) description: Option<String>,
    pub(super) mime_type: Option<String>,
    /// Its challenge, made when the first one is asked for.
    pub(super) form: Once<Form>,
}

impl Route {
    /// Whether what it costs may be known only after serving.
    pub(super) fn is_metered(&self) -> bool {
        self.requirements.iter().any(|own| matches!(own.requirements.method, Method::Upto { .. }))
    }
}

/// Where a request leads.
pub(super) enum Destination<'a> {
    /// Priced.
    Paid(&'a Route),
    /// On the list of what costs nothing; its id.
    Free(&'a str),
    /// Nowhere: refused.
    Nowhere,
}

/// Routes and free paths by their patterns, the most specific first, and handlers that are wrapped on their own.
pub(super) struct Routes {
    paid: Vec<Route>,
    table: Vec<(Pattern, Option<usize>)>,
}

impl Routes {
    pub(super) fn from_config(
        config: &mut Reader<'_>,
        defaults: &Defaults,
        max_ttl: u64,
        when: When,
    ) -> Result<Self, ConfigError> {
        let mut routes = Self { paid: Vec::new(), table: Vec::new() };
        for (id, options) in config.value("routes").and_then(Value::members).unwrap_or_default() {
            let mut reader = Reader::new(["routes[\"", id, "\"]"].concat(), options)?;
            let route = read_route(&mut reader, id, defaults, max_ttl, when)?;
            reader.end()?;
            let index = routes.add(route, config)?;
            routes.add_pattern(id, Some(index), config)?;
        }
        for free in config.elements("free")?.unwrap_or_default() {
            let id = free.as_str().ok_or_else(|| config.wrong("free", "is a list of routes such as \"GET /\""))?;
            routes.add_pattern(id, None, config)?;
        }
        for mut reader in config.readers("handlers")?.unwrap_or_default() {
            let scope = reader
                .text("scope")?
                .ok_or_else(|| reader.wrong("scope", "is missing: it names what a ticket for this handler opens"))?;
            let route = read_route(&mut reader, scope, defaults, max_ttl, when)?;
            reader.end()?;
            routes.add(route, config)?;
        }
        Ok(routes)
    }

    /// Routes that share a scope share everything that was paid for: a ticket for the cheap one must not open the dear
    /// one (S35).
    fn add(&mut self, route: Route, config: &Reader<'_>) -> Result<usize, ConfigError> {
        if let Some(other) = self.paid.iter().find(|other| other.scope == route.scope)
            && !other.is_alike(&route)
        {
            let problem = alloc::format!(
                "\"{}\" and \"{}\" share the scope \"{}\", so they cost the same, are settled alike, and their tickets are alike",
                other.id,
                route.id,
                route.scope
            );
            return Err(config.wrong("routes", problem));
        }
        self.paid.push(route);
        Ok(self.paid.len().saturating_sub(1))
    }

    fn add_pattern(&mut self, id: &str, route: Option<usize>, config: &Reader<'_>) -> Result<(), ConfigError> {
        let pattern = Pattern::parse(id).ok_or_else(|| {
            config.wrong(
                "routes",
                alloc::format!("\"{id}\" is not a route: write \"GET /films/:id\" or \"GET /assets/*\""),
            )
        })?;
        if self.table.iter().any(|(other, _)| *other == pattern) {
            return Err(config.wrong("routes", alloc::format!("\"{id}\" stands twice")));
        }
        let place = self.table.partition_point(|(other, _)| *other < pattern);
        self.table.insert(place, (pattern, route));
        Ok(())
    }

    pub(super) fn find(&self, method: &str, path: &str) -> Destination<'_> {
        if !is_canonical(path) {
            return Destination::Nowhere;
        }
        match self.table.iter().find(|(pattern, _)| pattern.matches(method, path)) {
            Some((_, Some(index))) => self.paid.get(*index).map_or(Destination::Nowhere, Destination::Paid),
            Some((pattern, None)) => Destination::Free(&pattern.id),
            None => Destination::Nowhere,
        }
    }

    /// The path below which all routes of this scope lie; for handlers that are wrapped on their own, any.
    pub(super) fn common_path(&self, scope: &str) -> String {
        let own = |(_, index): &&(Pattern, Option<usize>)| {
            index.and_then(|index| self.paid.get(index)).is_some_and(|route| route.scope == scope)
        };
        let paths = self.table.iter().filter(own).map(|(pattern, _)| pattern.literal_path());
        paths.reduce(|one, other| common_folder(one, &other)).unwrap_or_else(|| "/".into())
    }

    /// Whether a ticket of this scope opens the path, by one of the usual methods.
    pub(super) fn sells(&self, scope: &str, path: &str) -> bool {
        let opens = |method| matches!(self.find(method, path), Destination::Paid(route) if route.scope == scope);
        ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().any(opens)
    }

    /// Any route of this scope: they are alike in all that a payment is about.
    pub(super) fn by_scope(&self, scope: &str) -> Option<&Route> {
        self.paid.iter().find(|route| route.scope == scope)
    }

    /// The networks on which something is sold, each once.
    pub(super) fn networks(&self) -> Vec<Network> {
        let mut networks = Vec::new();
        for own in self.paid.iter().flat_map(|route| &route.requirements) {
            if !networks.contains(&own.asset.network) {
                networks.push(own.asset.network);
            }
        }
        networks
    }

    /// Whether anything is sold for payments that are good for the relayer alone, or may be.
    pub(super) fn name_the_relayer(&self) -> bool {
        let mut requirements = self.paid.iter().flat_map(|route| &route.requirements);
        requirements.any(|own| own.requirements.method != Method::Eip3009)
    }

    /// Scopes with their requirements, each once.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &Route> {
        self.paid.iter().enumerate().filter_map(|(index, route)| {
            let first = self.paid.iter().position(|other| other.scope == route.scope)?;
            (first == index).then_some(route)
        })
    }
}

impl Route {
    fn is_alike(&self, other: &Self) -> bool {
        let of = |route: &Self| (route.ttl, route.revocable, route.when);
        self.requirements == other.requirements && of(self) == of(other)
    }
}

fn read_route(
    reader: &mut Reader<'_>,
    id: &str,
    defaults: &Defaults,
    max_ttl: u64,
    when: When,
) -> Result<Route, ConfigError> {
    let requirements = read_requirements(reader, defaults)?;
    let (mut ttl, mut scope, mut revocable) = (None, None, None);
    if let Some(mut ticket) = reader.reader("ticket")? {
        ttl = ticket.number("ttl")?;
        scope = ticket.text("scope")?;
        revocable = ticket.truth("revocable")?;
        ticket.end()?;
    }
    let is_metered = |own: &OwnRequirement| matches!(own.requirements.method, Method::Upto { .. });
    let metered = requirements.iter().any(is_metered);
    let when = match When::from_config(reader)? {
        Some(When::Before) if metered => {
            return Err(reader.wrong("when", "is \"after\": what is metered is known after serving only"));
        }
        Some(when) => when,
        None if metered => When::After,
        None => when,
    };
    let ttl = ttl.unwrap_or(if metered { METERED_TTL } else { DEFAULT_TTL });
    if ttl == 0 || ttl > max_ttl {
        return Err(
            reader.wrong("ticket.ttl", alloc::format!("is from 1 second to {max_ttl}, the value of tickets.maxTtl"))
        );
    }
    let scope = scope.unwrap_or(id);
    if scope.is_empty() || scope.len() > 128 {
        return Err(reader.wrong("ticket.scope", "is a name of 1 to 128 bytes"));
    }
    Ok(Route {
        id: id.to_string(),
        scope: scope.to_string(),
        requirements,
        ttl,
        revocable: revocable.unwrap_or(false),
        when,
        description: reader.text("description")?.map(Into::into),
        mime_type: reader.text("mimeType")?.map(Into::into),
        form: Once::new(),
    })
}
