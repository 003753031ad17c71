//! The core beside libsecp256k1, as native code: how far from the limit it is. Answers with JSON: the nanoseconds of each
//! round, for each contestant.

use std::hint::black_box;
use std::time::Instant;

use secp256k1::ecdsa::{RecoverableSignature, RecoveryId};
use secp256k1::{Message, SecretKey as TheirKey};
use x402_wasm::eip712::Digest;
use x402_wasm::keccak::keccak256;
use x402_wasm::signature::{SecretKey, Signature};

const KEY: [u8; 32] = [0x46; 32];

fn main() {
    let mut arguments =
        std::env::args().skip(1).map(|argument| argument.parse().expect("rounds, and pieces in a round"));
    let (rounds, pieces): (usize, usize) = (arguments.next().unwrap_or(25), arguments.next().unwrap_or(500));

    let ours = SecretKey::from_bytes(&mut KEY.clone()).expect("a key");
    let theirs = TheirKey::from_secret_bytes(KEY).expect("a key");
    let digests: Vec<[u8; 32]> = (0..pieces).map(|place| keccak256(&[&place.to_be_bytes()])).collect();
    let signatures: Vec<[u8; 65]> = digests.iter().map(|digest| sign_ours(&ours, digest)).collect();
    let address = ours.address();
    for (digest, signature) in digests.iter().zip(&signatures) {
        assert_eq!(sign_theirs(&theirs, digest), *signature);
        assert_eq!(recover_ours(digest, signature), *address.as_bytes());
        assert_eq!(recover_theirs(digest, signature), *address.as_bytes());
    }

    let mut times: [Vec<u128>; 4] = Default::default();
    for _ in 0..rounds {
        let contestants: [&dyn Fn(usize); 4] = [
            &|place| {
                black_box(sign_ours(&ours, &digests[place]));
            },
            &|place| {
                black_box(sign_theirs(&theirs, &digests[place]));
            },
            &|place| {
                black_box(recover_ours(&digests[place], &signatures[place]));
            },
            &|place| {
                black_box(recover_theirs(&digests[place], &signatures[place]));
            },
        ];
        for (contestant, own) in contestants.iter().zip(&mut times) {
            let start = processor_time();
            (0..pieces).for_each(contestant);
            own.push((processor_time() - start) / pieces as u128);
        }
    }
    let [sign_ours, sign_theirs, recover_ours, recover_theirs] = times;
    println!(
        r#"{{"sign":{{"ours":{sign_ours:?},"theirs":{sign_theirs:?}}},"recover":{{"ours":{recover_ours:?},"theirs":{recover_theirs:?}}}}}"#
    );
}

fn sign_ours(key: &SecretKey, digest: &[u8; 32]) -> [u8; 65] {
    key.sign(&Digest::from_bytes(*digest)).to_bytes()
}

fn sign_theirs(key: &TheirKey, digest: &[u8; 32]) -> [u8; 65] {
    let signature = RecoverableSignature::sign_ecdsa_recoverable(Message::from_digest(*digest), key);
    let (id, compact) = signature.serialize_compact();
    let mut bytes = [0; 65];
    bytes[..64].copy_from_slice(&compact);
    bytes[64] = 27 + id.to_u8();
    bytes
}

fn recover_ours(digest: &[u8; 32], signature: &[u8; 65]) -> [u8; 20] {
    let signature = Signature::from_bytes(signature).expect("a signature");
    *signature.recover(&Digest::from_bytes(*digest)).expect("an address").as_bytes()
}

fn recover_theirs(digest: &[u8; 32], signature: &[u8; 65]) -> [u8; 20] {
    let id = RecoveryId::try_from(i32::from(signature[64]) - 27).expect("a recovery id");
    let signature = RecoverableSignature::from_compact(&signature[..64], id).expect("a signature");
    let key = signature.recover_ecdsa(Message::from_digest(*digest)).expect("a key").serialize_uncompressed();
    let hash = keccak256(&[&key[1..]]);
    hash[12..].try_into().expect("20 bytes")
}

/// Nanoseconds on a processor, where the system tells; elsewhere by the clock.
fn processor_time() -> u128 {
    // What runs is counted when it makes way.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    spent.unwrap_or_else(|| {
        static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_nanos()
    })
}
