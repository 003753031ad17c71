//! The operator's door.

use super::*;

const KEY: &str = "an operator's key of 32 bytes or so";
const OPERATOR: &str = r#""operator": {"key": "an operator's key of 32 bytes or so"},"#;

#[test]
fn s28_the_operators_key_opens_the_report_and_nothing_else_does() {
    let mut world = World { options: OPERATOR, ..World::new() };
    let mut ask = |method: &'static str, path: &str, key: &str| {
        let headers = Vec::from([("authorization", format!("Bearer {key}"))]);
        world.run(&Request { headers, ..request(method, path) })
    };
    assert_eq!(ask("GET", "/ledger?x", KEY), End::Inquired(Inquiry::Report));
    assert_eq!(ask("POST", "/ledger/reconcile", KEY), End::Inquired(Inquiry::Reconcile));
    for key in ["", "an operator's key of 32 bytes or s", "an operator's key of 32 bytes or so ", &KEY.to_uppercase()] {
        assert_eq!(ask("GET", "/ledger", key).code(), (401, "operator_key_required".into()), "{key}");
    }
    // Paths beside it are the application's.
    for (method, path) in [("GET", "/ledger/reconcile"), ("POST", "/ledger"), ("GET", "/ledger/"), ("GET", "/ledgers")]
    {
        assert_eq!(ask(method, path, KEY).code(), (404, "no_such_route".into()), "{method} {path}");
    }
    assert_eq!(world.run(&request("GET", "/ledger")).code().0, 401);
    assert_eq!(World::new().run(&request("GET", "/ledger")).code().0, 404, "without a key there is no such door");
}
