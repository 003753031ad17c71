//! Events as the shell tells them to the operator's hooks: `{hook, event}`.

use crate::gate::Event;
use crate::json::{Object, Value};

pub(super) fn describe_event(event: Event) -> Value {
    Object::new().text("hook", event.kind.hook()).value("event", event.facts).end()
}
