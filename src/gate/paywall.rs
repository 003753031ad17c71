//! The 402 as a page, for a person whose browser opens a gated URL.

use super::full::IS_FULL;
use super::reader::{ConfigError, Reader};
use super::routes::Route;
use super::step::Step;
use super::{Gate, RequestHead, Response};
use crate::dialect::v2;
use alloc::string::String;

/// The page's files, and the page in two halves: the challenge goes between them.
pub(super) struct Paywall {
    path: String,
    page: (String, String),
}

/// In the page, where the challenge goes. It is base64, so there is nothing to escape (S29).
const CHALLENGE: &str = "{challenge}";

/// No script but files of this origin, nothing inline, no frame around it: nobody clicks for a person who sees
/// something else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'";

impl Paywall {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(mut reader) = config.reader("paywall")? else { return Ok(None) };
        let path = reader.text("path")?.unwrap_or_default();
        if !super::is_canonical(path) || path.ends_with('/') {
            return Err(reader.wrong("path", "is a path such as \"/paywall\""));
        }
        let page = reader.text("page")?.and_then(|page| page.split_once(CHALLENGE));
        let (before, after) = page.ok_or_else(|| reader.missing("page"))?;
        reader.end()?;
        Ok(Some(Self { path: path.into(), page: (before.into(), after.into()) }))
    }
}

impl Gate {
    /// A file of the page; `None` where the path is none.
    pub(super) fn page_file(&self, path: &str) -> Option<Step> {
        let file = path.strip_prefix(&*self.paywall.as_ref()?.path)?.strip_prefix('/')?;
        Some(Step::File(file.into()))
    }

    /// The challenge as the one who asks reads it: a page for a person, where a ticket can be bought and shown.
    pub(super) fn readable(&self, response: Response, route: &Route, head: &impl RequestHead) -> Response {
        match &self.paywall {
            Some(own) if IS_FULL && self.office.is_some() && !route.is_metered() && is_navigation(head) => {
                own.write(response)
            }
            _ => response,
        }
    }
}

impl Paywall {
    #[cold]
    fn write(&self, mut response: Response) -> Response {
        response.body.clone_from(&self.page.0);
        for (name, value) in &mut response.headers {
            if *name == "Content-Type" {
                *value = "text/html; charset=utf-8".into();
            } else if *name == v2::CHALLENGE_HEADER {
                response.body.push_str(value);
            }
        }
        response.body.push_str(&self.page.1);
        response.headers.push(("Content-Security-Policy", POLICY.into()));
        response.headers.push(("X-Content-Type-Options", "nosniff".into()));
        response
    }
}

/// Whether a person's browser opens this URL in a tab. Scripts, pictures and frames get what machines get.
#[inline(never)]
fn is_navigation(head: &impl RequestHead) -> bool {
    let accepts = head.header("accept").unwrap_or_default();
    let wants_html = accepts.split(',').any(|range| {
        let (media, parameters) = range.split_once(';').unwrap_or((range, ""));
        media.trim().eq_ignore_ascii_case("text/html") && !is_refused(parameters)
    });
    let is = |name, ours: &[&str]| head.header(name).is_none_or(|value| ours.contains(&&*value));
    // A service worker that passes a page's request on leaves its destination empty.
    let in_a_tab = is("sec-fetch-mode", &["navigate"]) && is("sec-fetch-dest", &["document", "empty"]);
    wants_html && in_a_tab && matches!(&*head.method(), "GET" | "HEAD") && head.header("authorization").is_none()
}

/// `q=0` says no (RFC 9110 section 12.4.2).
fn is_refused(parameters: &str) -> bool {
    parameters.split(';').any(|parameter| {
        let quality = parameter.trim().strip_prefix("q=");
        quality.is_some_and(|quality| quality.bytes().all(|byte| matches!(byte, b'0' | b'.')))
    })
}
