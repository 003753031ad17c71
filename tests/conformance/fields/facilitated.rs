//! placeholder
use super::Message;
pub(super) fn all() -> Vec<Message> {
    Vec::new()
}
