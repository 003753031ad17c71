//! The page that a person gets, and the cookie that lets the browser in afterwards.

use super::*;

const PAYWALL: &str = r#""paywall": {"path": "/paywall", "page": "<meta content=\"{challenge}\">"},"#;
const FIREFOX: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn shop(options: &'static str) -> World {
    World { options, ..World::new() }
}

fn in_a_browser(path: &str, headers: &[(&'static str, &str)]) -> Request {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).into())).collect();
    Request { headers, ..request("GET", path) }
}

fn find<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
}

/// What the door makes of a ticket.
fn exchanged(world: &mut World, scope: &str, ticket: &str) -> Response {
    let path = format!("/token/cookie?scope={}", http::percent_encoded(scope));
    let bearer = format!("Bearer {ticket}");
    world.run(&Request { headers: Vec::from([("authorization", bearer)]), ..request("POST", &path) }).answer()
}

fn bought(world: &mut World, scope: &str) -> String {
    let nonce = u8::try_from(scope.len()).unwrap();
    world.run(&at_office(scope, &v2::write_payment(&payment(scope, nonce), None))).ticket()
}

#[test]
fn s29_a_browser_that_opens_a_gated_url_gets_the_page_with_the_challenge_in_it() {
    let mut world = shop(PAYWALL);
    let machine = world.run(&request("GET", "/films/1")).answer();
    for headers in [
        &[("accept", FIREFOX), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")][..],
        &[("accept", FIREFOX), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "empty")],
        &[("accept", "text/html")],
        &[("accept", "application/json, TEXT/HTML ; q=0.1")],
    ] {
        let page = world.run(&in_a_browser("/films/1", headers)).answer();
        assert_eq!(page.status, 402);
        assert_eq!(find(&page, "Content-Type"), Some("text/html; charset=utf-8"));
        let challenge = find(&page, v2::CHALLENGE_HEADER).unwrap();
        assert_eq!(page.body, format!("<meta content=\"{challenge}\">"));
        // The same to the last byte as for machines.
        for (name, value) in machine.headers.iter().filter(|(name, _)| *name != "Content-Type") {
            assert_eq!(find(&page, name), Some(value.as_str()), "{name}");
        }
        let policy = find(&page, "Content-Security-Policy").unwrap();
        for part in ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval';", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{part}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}

#[test]
fn s29_whatever_is_no_person_in_a_tab_gets_what_machines_get() {
    let mut world = shop(PAYWALL);
    for headers in [
        &[][..],
        &[("accept", "*/*")],
        &[("accept", "text/html;q=0, application/json")],
        &[("accept", "text/html;level=1;q=0.000")],
        &[("accept", FIREFOX), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
        &[("accept", FIREFOX), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
        &[("accept", FIREFOX), ("authorization", "Bearer x")],
    ] {
        let answer = world.run(&in_a_browser("/films/1", headers)).answer();
        assert_eq!(find(&answer, "Content-Type"), Some("application/json"), "{headers:?}");
    }
    let post = Request { headers: Vec::from([("accept", FIREFOX.into())]), ..request("POST", "/reviews") };
    assert_eq!(find(&world.run(&post).answer(), "Content-Type"), Some("application/json"));
    // A ticket is no way to pay for what is measured, and without the option there is no page.
    let browser = [("accept", "text/html")];
    let metered = world.run(&in_a_browser("/search", &browser)).answer();
    assert_eq!(find(&metered, "Content-Type"), Some("application/json"));
    let plain = World::new().run(&in_a_browser("/films/1", &browser)).answer();
    assert_eq!(find(&plain, "Content-Type"), Some("application/json"));
}

#[test]
fn the_pages_files_are_below_its_path_and_nothing_else_is() {
    let mut world = shop(PAYWALL);
    assert_eq!(world.run(&request("GET", "/paywall/page.js")), End::File("page.js".into()));
    for path in ["/paywall", "/paywallpage.js", "/other/page.js"] {
        assert_eq!(world.run(&request("GET", path)).code(), (404, "no_such_route".into()), "{path}");
    }
    assert_eq!(World::new().run(&request("GET", "/paywall/page.js")).code(), (404, "no_such_route".into()));
}

#[test]
fn s37_a_ticket_becomes_a_cookie_that_only_the_browser_holds_on_the_routes_path_for_as_long_as_the_ticket() {
    let mut world = shop(PAYWALL);
    let ticket = bought(&mut world, "GET /films/premiere");
    world.now += 100;
    let seated = exchanged(&mut world, "GET /films/premiere", &ticket);
    assert_eq!((seated.status, find(&seated, "Cache-Control")), (204, Some("no-store")));
    let expected = format!(
        "x402-GET%20%2Ffilms%2Fpremiere={ticket}; Path=/films/premiere; Max-Age=800; HttpOnly; Secure; SameSite=Lax"
    );
    assert_eq!(find(&seated, "Set-Cookie"), Some(expected.as_str()));
    assert_eq!(find(&seated, "Access-Control-Allow-Origin"), None);

    // Two routes of one scope: the folder that holds both.
    let ticket = bought(&mut world, "matinee");
    let seated = exchanged(&mut world, "matinee", &ticket);
    assert!(find(&seated, "Set-Cookie").unwrap().contains("; Path=/; "));
}

#[test]
fn s37_a_cookie_opens_its_own_scope_by_get_alone_and_only_where_cookies_are_on() {
    let mut world = shop(PAYWALL);
    let ticket = bought(&mut world, "matinee");
    let cookies = format!("theme=dark; x402-matinee=eyJ.x.y; x402-matinee={ticket}; x402-matine={ticket}");
    assert!(matches!(world.run(&with("/films/1", "cookie", &cookies)), End::Admitted(_)));
    let head = Request { method: "HEAD", ..with("/films/1", "cookie", &cookies) };
    assert!(matches!(world.run(&head), End::Admitted(_)));

    let elsewhere = format!("x402-GET%20%2Ffilms%2Fpremiere={ticket}");
    let dear = world.run(&with("/films/premiere", "cookie", &elsewhere));
    assert_eq!(dear.code(), (402, "ticket_scope".into()));
    // No other site makes a browser do something here.
    let ticket = bought(&mut world, "POST /reviews");
    let review = Request { method: "POST", ..with("/reviews", "cookie", format!("x402-POST%20%2Freviews={ticket}")) };
    assert_eq!(world.run(&review).code(), (402, "payment_required".into()));
    world.now += 600;
    assert_eq!(world.run(&with("/films/1", "cookie", &cookies)).code(), (402, "ticket_expired".into()));
    world.now -= 600;
    assert_eq!(World::new().run(&with("/films/1", "cookie", &cookies)).code(), (402, "payment_required".into()));
    world.options = r#""cookies": true,"#;
    assert!(matches!(world.run(&with("/films/1", "cookie", &cookies)), End::Admitted(_)), "without the page");
}

#[test]
fn s37_the_door_gives_cookies_for_good_tickets_alone() {
    let mut world = shop("");
    let ticket = bought(&mut world, "matinee");
    assert_eq!(exchanged(&mut world, "matinee", &ticket).status, 404, "the operator turned nothing on");
    world.options = PAYWALL;
    assert_eq!(exchanged(&mut world, "premiere", &ticket).status, 400);
    for (scope, ticket) in [("GET /films/premiere", ticket.as_str()), ("matinee", "eyJ.x.y"), ("matinee", "")] {
        let refused = exchanged(&mut world, scope, ticket);
        assert_eq!((refused.status, find(&refused, "Set-Cookie")), (402, None), "{scope} {ticket}");
    }
    let got = world.run(&with("/token/cookie?scope=matinee", "authorization", format!("Bearer {ticket}")));
    assert_eq!(got.code(), (405, "method_not_allowed".into()));
    let by_cookie = format!("x402-matinee={ticket}");
    let by_cookie = Request { method: "POST", ..with("/token/cookie?scope=matinee", "cookie", by_cookie) };
    assert_eq!(world.run(&by_cookie).code(), (402, "payment_required".into()));
}
