//! secp256k1 signatures under Ethereum's strict rules (S2 to S6).
//!
//! k256 0.14 recovers from high-s signatures, from recovery ids 2 and 3, and from digests of any length; an asset's
//! contract refuses all of them. So a [`Signature`] exists here only when a contract would take its form.

use crate::address::Address;
use crate::eip712::Digest;
use crate::encoding::{bytes_from_hex, bytes_from_short_hex, hex};
use alloc::string::String;
use k256::ecdsa::{SigningKey, VerifyingKey};
#[cfg(not(feature = "worker"))]
use k256::elliptic_curve::ops::Invert as _;
#[cfg(not(feature = "worker"))]
use k256::elliptic_curve::ops::LinearCombination as _;
use k256::elliptic_curve::ops::Reduce;
use k256::elliptic_curve::point::{AffineCoordinates as _, DecompressPoint as _};
#[cfg(feature = "worker")]
use k256::elliptic_curve::{BatchNormalize as _, ops::MulByGeneratorVartime as _};
use k256::{AffinePoint, FieldBytes, NonZeroScalar, ProjectivePoint, Scalar};
use zeroize::Zeroize as _;

/// r, s and v in the only form that EIP-3009 contracts accept: s ≤ n/2, v 27 or 28.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature {
    inner: k256::ecdsa::Signature,
    y_is_odd: bool,
}

/// The signature has a form that no contract accepts, or belongs to no key. No detail on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureError;

impl core::fmt::Display for SignatureError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a signature is 65 bytes r, s, v with s in the lower half and v 27 or 28")
    }
}

impl core::error::Error for SignatureError {}

impl Signature {
    /// From its three parts; `v` is 27 or 28, never 0 or 1 (S4).
    ///
    /// # Errors
    /// r or s is zero or not below the curve's order, s is in its upper half (S3), or v is another number.
    pub fn from_parts(r: [u8; 32], s: [u8; 32], v: u64) -> Result<Self, SignatureError> {
        let y_is_odd = match v {
            27 => false,
            28 => true,
            _ => return Err(SignatureError),
        };
        let inner = k256::ecdsa::Signature::from_scalars(r, s).map_err(|_| SignatureError)?;
        // `normalize_s` returns the lower twin; a signature that has another one is malleable.
        if inner.normalize_s() != inner {
            return Err(SignatureError);
        }
        Ok(Self { inner, y_is_odd })
    }

    /// From 65 bytes: r, s, v.
    ///
    /// # Errors
    /// As [`Self::from_parts`].
    pub fn from_bytes(bytes: &[u8; 65]) -> Result<Self, SignatureError> {
        let [rs @ .., v] = bytes;
        let (r, s) = rs.split_first_chunk::<32>().ok_or(SignatureError)?;
        let s: [u8; 32] = s.try_into().map_err(|_| SignatureError)?;
        Self::from_parts(*r, s, u64::from(*v))
    }

    /// From `0x` and 130 hex digits; the 64-byte form of ERC-2098 and every longer form are refused (S2).
    ///
    /// # Errors
    /// Any other text, and as [`Self::from_parts`].
    pub fn from_hex(text: &str) -> Result<Self, SignatureError> {
        Self::from_bytes(&bytes_from_hex(text).map_err(|_| SignatureError)?)
    }

    /// From the parts of a peer that may have dropped leading zeros (S52).
    ///
    /// # Errors
    /// As [`Self::from_parts`].
    pub fn from_short_hex(r: &str, s: &str, v: u64) -> Result<Self, SignatureError> {
        let part = |text| bytes_from_short_hex(text).map_err(|_| SignatureError);
        Self::from_parts(part(r)?, part(s)?, v)
    }

    /// From what a wallet returned: like [`Self::from_hex`], but v may be 0 or 1, as some wallets write it (S4).
    /// Only for the payer's own wallet, never for what a peer sent.
    ///
    /// # Errors
    /// As [`Self::from_hex`].
    pub fn from_wallet_hex(text: &str) -> Result<Self, SignatureError> {
        let mut bytes: [u8; 65] = bytes_from_hex(text).map_err(|_| SignatureError)?;
        let [.., v] = &mut bytes;
        if *v < 2 {
            *v = v.wrapping_add(27);
        }
        Self::from_bytes(&bytes)
    }

    /// r, big-endian.
    #[must_use]
    pub fn r(&self) -> [u8; 32] {
        self.inner.r().to_bytes().into()
    }

    /// s, big-endian, in the lower half of the order.
    #[must_use]
    pub fn s(&self) -> [u8; 32] {
        self.inner.s().to_bytes().into()
    }

    /// 27 or 28.
    #[must_use]
    pub fn v(&self) -> u8 {
        if self.y_is_odd { 28 } else { 27 }
    }

    /// 65 bytes: r, s, v.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 65] {
        let mut bytes = [0; 65];
        let (r, rest) = bytes.split_at_mut(32);
        let (s, v) = rest.split_at_mut(32);
        r.copy_from_slice(&self.r());
        s.copy_from_slice(&self.s());
        v.copy_from_slice(&[self.v()]);
        bytes
    }

    /// `0x` and 130 digits: r, s, v.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.to_bytes())
    }

    /// The address whose key signed `digest`. Some key is behind almost every signature: the caller compares (S5).
    ///
    /// # Errors
    /// No key is behind it.
    pub fn recover(&self, digest: &Digest) -> Result<Address, SignatureError> {
        let (r, s) = self.inner.split_scalars();
        let nonce_point = AffinePoint::decompress(&r.to_bytes(), u8::from(self.y_is_odd).into());
        let nonce_point = Option::<AffinePoint>::from(nonce_point).ok_or(SignatureError)?;
        let digest = <Scalar as Reduce<FieldBytes>>::reduce(digest.as_bytes().into());
        let inverse = invert(&r);
        let point = combine(inverse.mul(&digest).negate(), inverse.mul(&s), nonce_point.into());
        let key = VerifyingKey::from_affine(affine(point)).map_err(|_| SignatureError)?;
        let address = address_of(&key);
        if address == Address::ZERO { Err(SignatureError) } else { Ok(address) }
    }
}

/// A signing key, parsed once. It cannot be cloned, printed or read back, and is wiped on drop (S70, S76).
pub struct SecretKey {
    key: SigningKey,
    address: Address,
}

/// The bytes are not a key: zero, or not below the curve's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretKeyError;

impl core::fmt::Display for SecretKeyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a key is 32 bytes, not zero and below the order of secp256k1")
    }
}

impl core::error::Error for SecretKeyError {}

impl SecretKey {
    /// Takes the 32 bytes of a key, big-endian, and wipes them.
    ///
    /// # Errors
    /// Zero, or a number not below the order of the curve.
    pub fn from_bytes(bytes: &mut [u8; 32]) -> Result<Self, SecretKeyError> {
        let key = SigningKey::from_slice(bytes).map_err(|_| SecretKeyError);
        bytes.zeroize();
        let key = key?;
        let address = address_of(key.verifying_key());
        Ok(Self { key, address })
    }

    /// Whether these bytes are a key, without working out its account, which takes the curve.
    #[must_use]
    pub fn is_one(bytes: &[u8; 32]) -> bool {
        k256::SecretKey::from_slice(bytes).is_ok()
    }

    /// The account of this key.
    #[must_use]
    pub const fn address(&self) -> Address {
        self.address
    }

    /// Signs a digest: deterministic (RFC 6979), low-s, v 27 or 28.
    #[must_use]
    pub fn sign(&self, digest: &Digest) -> Signature {
        let (inner, id) = self.key.sign_prehash_recoverable(digest.as_bytes());
        Signature { inner, y_is_odd: id.is_y_odd() }
    }
}

/// Of what is public, so time may tell: gates take the fast way, payers the one that signing takes.
fn invert(r: &NonZeroScalar) -> Scalar {
    #[cfg(feature = "worker")]
    return Option::from(r.as_ref().invert_vartime()).unwrap_or_default();
    #[cfg(not(feature = "worker"))]
    *r.invert()
}

/// `a` times the generator plus `b` times a point, all of them public. Gates take the fast way; payers take the way that
/// signing takes, whose code they carry anyhow.
fn combine(a: Scalar, b: Scalar, point: ProjectivePoint) -> ProjectivePoint {
    #[cfg(feature = "worker")]
    return ProjectivePoint::mul_by_generator_and_mul_add_vartime(&a, &b, &point);
    #[cfg(not(feature = "worker"))]
    ProjectivePoint::lincomb(&[(ProjectivePoint::GENERATOR, a), (point, b)])
}

/// The point in two coordinates: public as well.
fn affine(point: ProjectivePoint) -> AffinePoint {
    #[cfg(feature = "worker")]
    return {
        let [point] = ProjectivePoint::batch_normalize_vartime(&[point]);
        point
    };
    #[cfg(not(feature = "worker"))]
    point.to_affine()
}

fn address_of(key: &VerifyingKey) -> Address {
    // Not through the point's SEC1 text, whose errors would take a DER library's names along.
    let point = key.as_affine();
    let mut coordinates = [0; 64];
    let (x, y) = coordinates.split_at_mut(32);
    x.copy_from_slice(&point.x());
    y.copy_from_slice(&point.y());
    Address::of_public_key(&coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word::word;
    use hex_literal::hex;
    use proptest::prelude::*;

    /// The order of secp256k1 and half of it.
    const N: [u8; 32] = hex!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const HALF_N: [u8; 32] = hex!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    fn key() -> SecretKey {
        // anvil's well-known development account 1.
        SecretKey::from_bytes(&mut hex!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")).unwrap()
    }

    fn digest() -> Digest {
        Digest::from_bytes([7; 32])
    }

    fn minus(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
        use crate::amount::Amount;
        Amount::from_be_bytes(a).checked_sub(Amount::from_be_bytes(b)).unwrap().to_be_bytes()
    }

    #[test]
    fn a_key_signs_for_its_address() {
        let address = Address::from_config("0x70997970C51812dc3A010C7d01b50e0d17dc79C8").unwrap();
        assert_eq!(key().address(), address);
        assert_eq!(key().sign(&digest()).recover(&digest()), Ok(address));
    }

    #[test]
    fn s03_high_s_is_refused() {
        let good = key().sign(&digest());
        let flipped = 55 - u64::from(good.v());
        assert_eq!(Signature::from_parts(good.r(), minus(N, good.s()), flipped), Err(SignatureError));
        assert!(Signature::from_parts([1; 32], HALF_N, 27).is_ok());
        let mut above_half = HALF_N;
        above_half[31] += 1;
        assert_eq!(Signature::from_parts([1; 32], above_half, 27), Err(SignatureError));
    }

    #[test]
    fn s04_v_is_27_or_28_and_nothing_else() {
        let good = key().sign(&digest());
        for v in 0..=255 {
            let read = Signature::from_parts(good.r(), good.s(), v);
            assert_eq!(read.is_ok(), v == 27 || v == 28, "{v}");
        }
        assert!(Signature::from_parts(good.r(), good.s(), 256 + 27).is_err());
    }

    #[test]
    fn s05_r_and_s_are_in_range() {
        let good = key().sign(&digest());
        for edge in [[0; 32], N, [0xff; 32]] {
            assert_eq!(Signature::from_parts(edge, good.s(), 27), Err(SignatureError));
            assert_eq!(Signature::from_parts(good.r(), edge, 27), Err(SignatureError));
        }
    }

    #[test]
    fn s02_65_bytes_in_one_spelling() {
        let good = key().sign(&digest()).to_hex();
        assert!(Signature::from_hex(&good).is_ok());
        assert!(Signature::from_hex(&good.to_uppercase().replace("0X", "0x")).is_ok());
        let digits = &good[2..];
        for bad in [
            alloc::format!("0X{digits}"),
            digits.into(),
            alloc::format!("0x{}", &digits[..128]),
            alloc::format!("{good}00"),
            alloc::format!("{good} "),
            alloc::format!(" {good}"),
            alloc::format!("0x{}", &digits[1..]),
            alloc::format!("0x{}", &digits[2..]),
            String::new(),
            "0x".into(),
        ] {
            assert_eq!(Signature::from_hex(&bad), Err(SignatureError), "{bad}");
        }
    }

    #[test]
    fn s05_no_key_is_behind_the_point_at_infinity() {
        // s = digest and r = the generator's x: both halves of the sum cancel out.
        let r = hex!("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        let two = word(2);
        let signature = |v| Signature::from_parts(r, two, v).unwrap().recover(&Digest::from_bytes(two));
        assert_eq!(signature(27), Err(SignatureError));
        assert!(signature(28).is_ok());
    }

    #[test]
    fn s66_only_a_wallet_may_write_v_as_0_or_1() {
        let good = key().sign(&digest());
        let mut text = good.to_hex();
        text.replace_range(130.., if good.v() == 27 { "00" } else { "01" });
        assert_eq!(Signature::from_wallet_hex(&text), Ok(good));
        assert_eq!(Signature::from_hex(&text), Err(SignatureError));
        text.replace_range(130.., "02");
        assert_eq!(Signature::from_wallet_hex(&text), Err(SignatureError));
    }

    #[test]
    fn s70_a_key_takes_its_bytes_away() {
        let mut bytes = [9; 32];
        let _key = SecretKey::from_bytes(&mut bytes);
        assert_eq!(bytes, [0; 32]);
        for wrong in [[0; 32], N] {
            assert!(SecretKey::from_bytes(&mut wrong.clone()).is_err());
            assert!(!SecretKey::is_one(&wrong));
        }
        assert!(SecretKey::is_one(&minus(N, [[0; 31].as_slice(), &[1]].concat().try_into().unwrap())));
    }

    proptest! {
        #[test]
        fn s52_every_signature_prints_all_its_digits(bytes: [u8; 32]) {
            let digest = Digest::from_bytes(bytes);
            let signature = key().sign(&digest);
            prop_assert_eq!(signature.to_hex().len(), 132);
            prop_assert_eq!(Signature::from_hex(&signature.to_hex()), Ok(signature));
            prop_assert_eq!(signature.recover(&digest), Ok(key().address()));
        }

        #[test]
        fn s05_a_flipped_bit_never_recovers_the_signer(bytes: [u8; 32], bit in 0_usize..520) {
            let digest = Digest::from_bytes(bytes);
            let mut text = crate::encoding::vec_from_hex(&key().sign(&digest).to_hex()).unwrap();
            text[bit / 8] ^= 1 << (bit % 8);
            let recovered = Signature::from_hex(&hex(&text)).and_then(|signature| signature.recover(&digest));
            prop_assert_ne!(recovered, Ok(key().address()));
        }
    }
}
