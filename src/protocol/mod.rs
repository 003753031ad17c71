//! One model of what is said, whatever the dialect on the wire.

mod challenge;
mod facilitation;
mod payment;
mod receipt;
mod refusal;
mod requirements;

pub use challenge::{Challenge, Dialect, Offer, OfficeOffer, ReceivedChallenge, Resource};
pub use facilitation::{Kind, SETTLEMENT_PENDING, SettleAnswer, VerifyAnswer};
pub use payment::{ReceivedPayment, SignedPayment, Terms};
pub use receipt::{IssuedTicket, Receipt};
pub use refusal::{Permit2Refusal, Refusal};
pub use requirements::{AssetDomain, Method, OwnRequirement, PaymentRequirements};
