//! Who is let in: requests to this machine's own address, with the token, and where they change something from a page of ours.

use std::io;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

/// Bytes of the token: 160 bits.
const TOKEN: usize = 20;

/// What every answer carries, whatever it is.
const ALWAYS: [(HeaderName, &str); 8] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

/// The policy of an answer that is no page.
const BARE: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The address of the server, and what must be known to be let in.
pub(super) struct Door {
    token: String,
    /// What `Host` may be. Any other is a foreign name that was made to lead here (DNS rebinding).
    hosts: Vec<String>,
}

impl Door {
    /// The door of a server that listens on `port`, with a token of its own.
    ///
    /// # Errors
    /// A system that has no random numbers.
    pub(super) fn new(port: u16) -> io::Result<Door> {
        let mut token = [0_u8; TOKEN];
        getrandom::fill(&mut token).map_err(|_| io::Error::other("the system gives no random numbers"))?;
        let token = token.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Door::with(token, port))
    }

    fn with(token: String, port: u16) -> Door {
        let names = ["127.0.0.1", "localhost"];
        let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        // Browsers leave out the port that the scheme has anyway.
        if port == 80 {
            hosts.extend(names.map(str::to_owned));
        }
        Door { token, hosts }
    }

    /// Where the start page is.
    pub(super) fn address(&self) -> String {
        format!("http://{}{}/", self.hosts[0], self.base())
    }

    /// The start of every path.
    pub(super) fn base(&self) -> String {
        format!("/{}", self.token)
    }

    /// Why a request is not let in.
    fn refusal(&self, request: &Request) -> Option<StatusCode> {
        let Some(host) = self.host(request) else { return Some(StatusCode::FORBIDDEN) };
        let first = request.uri().path().strip_prefix('/').and_then(|path| path.split('/').next());
        if !bool::from(first.unwrap_or("").as_bytes().ct_eq(self.token.as_bytes())) {
            return Some(StatusCode::NOT_FOUND);
        }
        let changes = ![Method::GET, Method::HEAD].contains(request.method());
        (changes && !is_own(request.headers(), host)).then_some(StatusCode::FORBIDDEN)
    }

    /// The host that a request names, if it is ours and no other is named beside it.
    fn host<'r>(&self, request: &'r Request) -> Option<&'r str> {
        let host = only(request.headers(), &HOST)?;
        let is_ours = |name: &str| self.hosts.iter().any(|ours| ours == name);
        let agrees = request.uri().authority().is_none_or(|named| named.as_str() == host);
        (is_ours(host) && agrees).then_some(host)
    }
}

/// Whether a request that changes something comes from a page of this server. A request without `Origin` is taken where
/// the browser itself says that it does (`Sec-Fetch-Site`, which no page can set).
fn is_own(headers: &HeaderMap, host: &str) -> bool {
    let site = headers.contains_key("sec-fetch-site").then(|| only(headers, "sec-fetch-site"));
    match (headers.contains_key(ORIGIN), site) {
        (_, Some(site)) if site != Some("same-origin") => false,
        (true, _) => only(headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://")) == Some(host),
        (false, site) => site.is_some(),
    }
}

/// A header that is there once.
fn only(headers: &HeaderMap, name: impl axum::http::header::AsHeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Asks the door, and gives every answer the headers that it must have. A refusal says nothing.
pub(super) async fn guard(
    State(door): State<std::sync::Arc<Door>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match door.refusal(&request) {
        Some(status) => status.into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(BARE));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn refused(method: &str, path: &str, headers: &[(&str, &str)]) -> Option<u16> {
        let door = Door::with("secret".to_owned(), 4000);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        door.refusal(&request.body(Body::empty()).expect("a request")).map(|status| status.as_u16())
    }

    #[test]
    fn a_token_is_random_and_long() {
        let [one, other] = [(); 2].map(|()| Door::new(1).expect("random numbers").token);
        assert_eq!((one.len(), one == other), (2 * TOKEN, false));
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn only_the_own_host_is_served() {
        let host = |host| refused("GET", "/secret/", &[("host", host)]);
        assert_eq!(host("127.0.0.1:4000"), None);
        assert_eq!(host("localhost:4000"), None);
        for foreign in [
            "",
            "127.0.0.1",
            "localhost",
            "localhost:4001",
            "evil.example",
            "127.0.0.1:4000.evil.example",
            "localhost.:4000",
            "[::1]:4000",
            "0.0.0.0:4000",
            "user@localhost:4000",
        ] {
            assert_eq!(host(foreign), Some(403), "{foreign}");
        }
        assert_eq!(refused("GET", "/secret/", &[]), Some(403));
        assert_eq!(refused("GET", "/secret/", &[("host", "localhost:4000"), ("host", "evil")]), Some(403));
        assert_eq!(refused("GET", "http://evil/secret/", &[("host", "localhost:4000")]), Some(403));
        let door = Door::with("secret".to_owned(), 80);
        assert!(door.hosts.contains(&"localhost".to_owned()));
    }

    #[test]
    fn only_the_token_opens() {
        for path in ["/", "/secre/", "/secrets/", "/SECRET/", "//secret/", "/x/secret/", "/sec%72et/"] {
            assert_eq!(refused("GET", path, &[("host", "localhost:4000")]), Some(404), "{path}");
        }
        assert_eq!(refused("GET", "/secret", &[("host", "localhost:4000")]), None);
        assert_eq!(refused("GET", "/secret/run/1", &[("host", "localhost:4000")]), None);
    }

    #[test]
    fn only_own_pages_change_anything() {
        let post = |headers: &[(&str, &str)]| {
            refused("POST", "/secret/check", &[&[("host", "localhost:4000")], headers].concat())
        };
        let own = ("origin", "http://localhost:4000");
        assert_eq!(post(&[own]), None);
        assert_eq!(post(&[own, ("sec-fetch-site", "same-origin")]), None);
        assert_eq!(post(&[("sec-fetch-site", "same-origin")]), None);
        for headers in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "null"), ("sec-fetch-site", "same-origin")],
            &[("origin", "http://evil.example")],
            &[("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
            &[("origin", "https://localhost:4000")],
            &[("origin", "http://127.0.0.1:4000")],
            &[("origin", "http://localhost:4001")],
            &[own, own],
            &[own, ("sec-fetch-site", "cross-site")],
            &[own, ("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site")],
        ] {
            assert_eq!(post(headers), Some(403), "{headers:?}");
        }
    }
}
