//! A proof that came in, and whether to believe it.

use super::{MAX_AGE, Statement};
use crate::address::Address;
use crate::encoding::bytes_from_base64;
use crate::json::parse;
use crate::network::Network;
use crate::signature::Signature;
use crate::time::from_rfc3339;

/// Well-formed, and nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    statement: Statement,
    address: Address,
    signature: Signature,
}

/// Why a proof opens nothing. All codes but the last are the reference SDK's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "one for each check")]
pub enum SignInError {
    /// Too long, not base64, not JSON, or a member is missing or misshapen.
    Malformed,
    /// Not an Ethereum account's.
    UnsupportedChain,
    /// Signed for another host.
    Domain,
    /// Signed for another origin.
    Uri,
    /// Not a time.
    IssuedAt,
    /// Signed long ago.
    TooOld,
    /// Signed in times to come.
    InFuture,
    /// Not a time.
    ExpirationTime,
    /// Over.
    Expired,
    /// Not a time.
    NotBefore,
    /// Not begun.
    NotYetValid,
    /// Shown before.
    Nonce,
    /// Somebody else's, or nobody's.
    Signature,
    /// Believed, and nothing that this account paid for opens what it asks for.
    Unpaid,
}

impl SignInError {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Malformed,
        Self::UnsupportedChain,
        Self::Domain,
        Self::Uri,
        Self::IssuedAt,
        Self::TooOld,
        Self::InFuture,
        Self::ExpirationTime,
        Self::Expired,
        Self::NotBefore,
        Self::NotYetValid,
        Self::Nonce,
        Self::Signature,
        Self::Unpaid,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "invalid_siwx_malformed_signature",
            Self::UnsupportedChain => "invalid_siwx_unsupported_chain",
            Self::Domain => "invalid_siwx_domain_mismatch",
            Self::Uri => "invalid_siwx_uri_mismatch",
            Self::IssuedAt => "invalid_siwx_issued_at",
            Self::TooOld => "invalid_siwx_issued_at_too_old",
            Self::InFuture => "invalid_siwx_issued_at_in_future",
            Self::ExpirationTime => "invalid_siwx_expiration_time",
            Self::Expired => "invalid_siwx_expired",
            Self::NotBefore => "invalid_siwx_not_before",
            Self::NotYetValid => "invalid_siwx_not_yet_valid",
            Self::Nonce => "invalid_siwx_nonce",
            Self::Signature => "invalid_siwx_signature",
            Self::Unpaid => "sign_in_without_payment",
        }
    }
}

impl core::fmt::Display for SignInError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the sign-in cannot be read: send base64 of the text's members and the signature",
            Self::UnsupportedChain => "only Ethereum accounts sign in here (chainId eip155:…, type eip191)",
            Self::Domain => "the sign-in was signed for another host",
            Self::Uri => "the sign-in was signed for a URL of another origin",
            Self::IssuedAt => "issuedAt is not a time such as 2024-01-15T10:30:00.000Z",
            Self::TooOld => "the sign-in is too old: ask again and sign the new text",
            Self::InFuture => "issuedAt is in the future: set the clock",
            Self::ExpirationTime => "expirationTime is not a time such as 2024-01-15T10:30:00.000Z",
            Self::Expired => "the sign-in has expired: ask again and sign the new text",
            Self::NotBefore => "notBefore is not a time such as 2024-01-15T10:30:00.000Z",
            Self::NotYetValid => "the sign-in is not valid yet",
            Self::Nonce => "this sign-in was shown before: ask again and sign the new text",
            Self::Signature => "the signature is not that of the address",
            Self::Unpaid => "this account holds no ticket for this: pay",
        })
    }
}

impl core::error::Error for SignInError {}

const MAX_HEADER_BYTES: usize = 8_192;

impl Proof {
    /// Reads the value of [`super::HEADER`].
    ///
    /// # Errors
    /// `Malformed` or `UnsupportedChain`.
    pub fn from_header(header: &str) -> Result<Self, SignInError> {
        if header.len() > MAX_HEADER_BYTES {
            return Err(SignInError::Malformed);
        }
        let bytes = bytes_from_base64(header).map_err(|_| SignInError::Malformed)?;
        let text = core::str::from_utf8(&bytes).map_err(|_| SignInError::Malformed)?;
        let document = parse(text).map_err(|_| SignInError::Malformed)?;
        let member = |name: &str| document.get(name).and_then(|value| value.as_str()).ok_or(SignInError::Malformed);
        let network = Network::from_caip2(member("chainId")?).map_err(|_| SignInError::UnsupportedChain)?;
        if member("type")? != "eip191" {
            return Err(SignInError::UnsupportedChain);
        }
        Ok(Self {
            statement: Statement::read(&document, network).ok_or(SignInError::Malformed)?,
            address: Address::from_wire(member("address")?).map_err(|_| SignInError::Malformed)?,
            signature: Signature::from_hex(member("signature")?).map_err(|_| SignInError::Malformed)?,
        })
    }

    /// The text's nonce, to be marked as used before the proof opens anything.
    #[must_use]
    pub fn nonce(&self) -> &str {
        self.statement.member("nonce").unwrap_or_default()
    }

    /// Who signed, if the text is for this origin, such as `https://cinema.example`, and fresh. `now` in seconds since
    /// the epoch. Whether the nonce is unused is for a ledger to say.
    ///
    /// # Errors
    /// The first check that it fails, the cheap ones first.
    pub fn verify(&self, origin: &str, now: u64) -> Result<Address, SignInError> {
        let Self { statement, address, signature } = self;
        let host = origin.split_once("://").map(|(_, host)| host);
        if host != statement.member("domain") {
            return Err(SignInError::Domain);
        }
        if !statement.is_below(origin) {
            return Err(SignInError::Uri);
        }
        let time = |name, error| statement.member(name).map(|text| from_rfc3339(text).ok_or(error)).transpose();
        let issued_at = time("issuedAt", SignInError::IssuedAt)?.unwrap_or_default();
        if issued_at > now {
            return Err(SignInError::InFuture);
        }
        if now.saturating_sub(issued_at) > MAX_AGE {
            return Err(SignInError::TooOld);
        }
        if time("expirationTime", SignInError::ExpirationTime)?.is_some_and(|expiration| expiration < now) {
            return Err(SignInError::Expired);
        }
        if time("notBefore", SignInError::NotBefore)?.is_some_and(|not_before| not_before > now) {
            return Err(SignInError::NotYetValid);
        }
        match signature.recover(&statement.digest(*address)) {
            Ok(signer) if signer == *address => Ok(signer),
            _ => Err(SignInError::Signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Invitation;
    use super::*;
    use crate::encoding::base64;
    use crate::json::{Object, Value};
    use crate::signature::SecretKey;
    use alloc::string::{String, ToString as _};
    use alloc::vec::Vec;
    use hex_literal::hex;

    const ORIGIN: &str = "https://api.example.com";
    /// 2024-01-15T10:30:00Z
    const ISSUED: u64 = 1_705_314_600;

    fn key() -> SecretKey {
        SecretKey::from_bytes(&mut hex!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")).unwrap()
    }

    /// What the reference SDK's `createSIWxPayload` signs in its own example.
    fn statement() -> Statement {
        let info = Object::new()
            .text("domain", "api.example.com")
            .text("uri", "https://api.example.com/premium-data")
            .text("version", "1")
            .text("statement", "Sign in to access premium data")
            .text("nonce", "a1b2c3d4e5f67890a1b2c3d4e5f67890")
            .text("issuedAt", "2024-01-15T10:30:00.000Z")
            .text("expirationTime", "2024-01-15T10:35:00.000Z")
            .value("resources", Vec::from([Value::from("https://api.example.com/premium-data")]).into());
        Statement { info: info.end(), network: Network::from_chain_id(8453).unwrap() }
    }

    /// The statement with this member instead.
    fn with(name: &str, value: impl Into<Value>) -> Statement {
        let Value::Object(mut members) = statement().info else { panic!("no object") };
        members.retain(|(own, _)| own != name);
        members.push((name.into(), value.into()));
        Statement { info: Value::Object(members), ..statement() }
    }

    fn signed(statement: &Statement) -> String {
        let address = key().address();
        statement.to_header(address, &key().sign(&statement.digest(address)))
    }

    fn verdict(statement: &Statement, now: u64) -> Result<Address, SignInError> {
        Proof::from_header(&signed(statement))?.verify(ORIGIN, now)
    }

    #[test]
    fn the_text_and_the_signature_are_the_reference_sdks() {
        let expected = "api.example.com wants you to sign in with your Ethereum account:\n\
            0x70997970C51812dc3A010C7d01b50e0d17dc79C8\n\nSign in to access premium data\n\n\
            URI: https://api.example.com/premium-data\nVersion: 1\nChain ID: 8453\n\
            Nonce: a1b2c3d4e5f67890a1b2c3d4e5f67890\nIssued At: 2024-01-15T10:30:00.000Z\n\
            Expiration Time: 2024-01-15T10:35:00.000Z\nResources:\n- https://api.example.com/premium-data";
        let address = key().address();
        assert_eq!(statement().text(address), expected);
        let digest = statement().digest(address);
        assert_eq!(digest.as_bytes(), &hex!("9486e6b985691440316e1f75d5b1d6bb08cdf01d5928ca3a4d04d534424a2b23"));
        assert_eq!(
            key().sign(&digest).to_hex(),
            "0x2a9c7e27ccac3fa11b864ccc39bd6cd1b9a16fdf7567189bcaea04b5662121cf124a16d83cf9a74c6c758dea01c3a682a6de2e1ae05d5007082c025dda47ff4d1c"
        );
    }

    #[test]
    fn without_a_sentence_two_lines_stay_empty() {
        let Value::Object(mut members) = with("resources", Vec::new()).info else { panic!("no object") };
        members.retain(|(name, _)| name != "statement");
        let bare = Statement { info: Value::Object(members), ..statement() };
        assert!(bare.text(key().address()).contains("79C8\n\n\nURI: "));
    }

    #[test]
    fn a_fresh_proof_names_its_signer() {
        for now in [ISSUED, ISSUED + 1, ISSUED + 300] {
            assert_eq!(verdict(&statement(), now), Ok(key().address()), "{now}");
        }
    }

    #[test]
    fn each_check_refuses_with_its_code() {
        use SignInError as E;
        let s = statement;
        for (changed, now, error) in [
            (with("domain", "evil.example"), ISSUED, E::Domain),
            (with("uri", "https://evil.example/"), ISSUED, E::Uri),
            (with("uri", "https://api.example.com.evil.example/"), ISSUED, E::Uri),
            (with("uri", "http://api.example.com/"), ISSUED, E::Uri),
            (with("issuedAt", "yesterday"), ISSUED, E::IssuedAt),
            (s(), ISSUED - 1, E::InFuture),
            (s(), ISSUED + 301, E::TooOld),
            (with("expirationTime", "soon"), ISSUED, E::ExpirationTime),
            (with("expirationTime", "2024-01-15T10:30:01Z"), ISSUED + 2, E::Expired),
            (with("notBefore", "never"), ISSUED, E::NotBefore),
            (with("notBefore", "2024-01-15T10:30:01Z"), ISSUED, E::NotYetValid),
        ] {
            assert_eq!(verdict(&changed, now), Err(error), "{}", error.code());
        }
        let other = SecretKey::from_bytes(&mut [7; 32]).unwrap();
        let address = key().address();
        let forged = s().to_header(address, &other.sign(&s().digest(address)));
        assert_eq!(Proof::from_header(&forged).unwrap().verify(ORIGIN, ISSUED), Err(E::Signature));
    }

    #[test]
    fn what_breaks_out_of_its_line_is_not_read() {
        let injected = "Welcome\n\nURI: https://evil.example";
        for broken in [
            with("statement", injected),
            with("requestId", "1\nResources:"),
            with("resources", Vec::from([Value::from("https://a.example\n- https://b.example")])),
            with("domain", ""),
            with("nonce", "short"),
            with("nonce", "a1b2c3d4\ne5f67890"),
            with("uri", alloc::format!("{ORIGIN}/{}", "x".repeat(2_048))),
        ] {
            assert_eq!(Proof::from_header(&signed(&broken)), Err(SignInError::Malformed), "{broken:?}");
        }
    }

    #[test]
    fn s24_headers_that_are_no_proof_are_refused_by_code() {
        let solana = base64(signed_text().replace("eip155:8453", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp").as_bytes());
        assert_eq!(Proof::from_header(&solana), Err(SignInError::UnsupportedChain));
        let ed25519 = base64(signed_text().replace("eip191", "ed25519").as_bytes());
        assert_eq!(Proof::from_header(&ed25519), Err(SignInError::UnsupportedChain));
        let long = base64(&[b' '; 8_192]);
        for header in ["", "!", "e30=", "W10=", "bnVsbA==", &long] {
            assert_eq!(Proof::from_header(header), Err(SignInError::Malformed), "{header:.20}");
        }
        for name in ["domain", "address", "uri", "version", "chainId", "type", "nonce", "issuedAt", "signature"] {
            let renamed = base64(signed_text().replace(&alloc::format!("\"{name}\":"), "\"other\":").as_bytes());
            assert_eq!(Proof::from_header(&renamed), Err(SignInError::Malformed), "{name}");
        }
    }

    fn signed_text() -> String {
        String::from_utf8(bytes_from_base64(&signed(&statement())).unwrap()).unwrap()
    }

    #[test]
    fn an_invitation_is_answered_where_it_came_from() {
        let networks = [Network::from_chain_id(84532).unwrap(), Network::from_chain_id(8453).unwrap()];
        let invitation = Invitation {
            domain: "api.example.com",
            uri: "https://api.example.com/films/1",
            statement: None,
            networks: &networks,
            nonce: "00112233445566778899aabbccddeeff",
            issued_at: ISSUED,
        };
        let extensions = Object::new().value(super::super::NAME, invitation.to_value()).end();
        let statement = Statement::invited(&extensions, ORIGIN).unwrap();
        assert_eq!(statement.network, networks[0]);
        assert_eq!(verdict(&statement, ISSUED + 5), Ok(key().address()));
        for elsewhere in ["https://evil.example", "http://api.example.com", "https://api.example.co", "api.example.com"]
        {
            assert_eq!(Statement::invited(&extensions, elsewhere), None, "{elsewhere}");
        }
        let unknown = extensions.to_string().replace("eip191", "ed25519");
        assert_eq!(Statement::invited(&parse(&unknown).unwrap(), ORIGIN), None);
    }
}
