//! Everything at once: many requests, any order, any fault, crashes in between. The sums hold.

use super::gate::{Gate, ORIGIN, own};
use super::world::{Fault, World, get};
use crate::protocol::Dialect;
use alloc::format;
use alloc::vec::Vec;
use proptest::prelude::*;

#[test]
fn s55_a_thousand_at_once_never_exceed_the_cap() {
    let mut world = World::with_budget(Gate::without_office(), r#""perDay":"0.25""#);
    let requests = (0..1000).map(|n| get(&format!("{ORIGIN}/films/{n}"))).collect();
    let mut seed = 1_u64;
    let ends = world.fetch_all(requests, |runnable| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % runnable
    });
    let codes = ends.iter().filter(|end| matches!(end, super::world::End::Error(_))).map(super::world::End::code);
    assert_eq!(codes.filter(|code| *code == "over_per_day").count(), 975);
    assert_eq!((world.signatures, world.gate.income()), (25, 250_000));
    assert_eq!(world.spent_today(), "0.25");
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::LostRequest),
        1 => Just(Fault::LostAnswer),
        1 => Just(Fault::Twice),
        1 => prop_oneof![Just(202), Just(400), Just(402), Just(429), Just(500), Just(503)].prop_map(Fault::Status),
    ];
    prop::collection::vec(fault, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn s62_s63_no_storm_pays_twice_or_above_the_cap(
        faults in faults(),
        order in prop::collection::vec(any::<u16>(), 1..200),
        waits in prop::collection::vec(0_u64..100, 1..6),
        kind in 0..3,
    ) {
        let gate = match kind {
            0 => Gate::new(Dialect::V2),
            1 => Gate::new(Dialect::Mock),
            _ => Gate::without_office(),
        };
        let mut world = World::with_budget(gate, r#""perDay":"0.05""#);
        world.gate.accepts = Vec::from([own(10_000)]);
        world.faults = faults.into();
        let mut turn = order.iter().cycle().map(|step| usize::from(*step));
        for wait in waits {
            let requests = (0..4).map(|n| get(&format!("{ORIGIN}/films/{n}"))).collect();
            world.fetch_all(requests, |runnable| turn.next().unwrap() % runnable);
            prop_assert!(world.gate.income() <= 50_000);
            // What is out there and may be cashed is counted, whether or not anybody answered.
            let counted = format!("0.0{}", world.signatures);
            prop_assert_eq!(world.spent_today(), if world.signatures == 0 { "0".into() } else { counted });
            world.now += wait;
            world.crash();
        }
        // Within the life of one signature, an office sells a scope only once.
        if kind == 0 && world.now < super::NOW + 300 {
            prop_assert!(world.signatures <= 1);
        }
    }
}
