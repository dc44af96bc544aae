//! `cleanclaim serve`, talked to as a browser talks to it and as one should not: raw HTTP/1.1 over a socket.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const AS_OF: [&str; 2] = ["--as-of", "2025-03-10"];
const FORMS: [&str; 4] = ["html", "csv", "sarif", "json"];

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).expect("a fixture")
}

/// The program, with no tables, key or configuration of this machine, and a temporary folder of its own.
fn program(folder: &TempDir) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cleanclaim"));
    let temporary = folder.path().join("temporary");
    fs::create_dir_all(&temporary).expect("a folder");
    program
        .current_dir(folder.path())
        .env("TMPDIR", &temporary)
        .env("XDG_DATA_HOME", folder.path().join("no-tables"))
        .env("XDG_CONFIG_HOME", folder.path().join("no-key"))
        .env("CLEANCLAIM_KEY_FILE", "")
        .env_remove("CI");
    program
}

/// A server under way.
struct Server {
    child: Child,
    port: u16,
    /// `/TOKEN`.
    base: String,
    folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is over already where a test stopped it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A form of files: names as they stand in the header, and what they hold.
fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    body
}

const FORM: &str = "Content-Type: multipart/form-data; boundary=edge\r\n";

impl Server {
    fn start(flags: &[&str]) -> Server {
        Server::start_in(tempfile::tempdir().expect("a folder"), flags)
    }

    fn start_in(folder: TempDir, flags: &[&str]) -> Server {
        let mut child = program(&folder)
            .arg("serve")
            .args(AS_OF)
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("standard output");
        BufReader::new(out).read_line(&mut line).expect("an address");
        let rest = line.trim().strip_prefix("http://127.0.0.1:").expect("an address of this machine");
        let (port, token) = rest.split_once('/').expect("a path");
        let token = token.strip_suffix('/').expect("an address that ends in a slash");
        let port = port.parse().expect("a port");
        Server { child, port, base: format!("/{token}"), folder }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("somebody listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        stream
    }

    /// Sends bytes as they are, and reads the answer to its end.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that refuses need not read on.
        let _ = stream.write_all(request);
        read(stream)
    }

    /// A request with the headers given, and no others but the length.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let length =
            if method == "GET" { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = format!("{method} {path} HTTP/1.1\r\n{headers}{length}Connection: close\r\n\r\n");
        self.raw(&[head.as_bytes(), body].concat())
    }

    fn host(&self) -> String {
        format!("Host: 127.0.0.1:{}\r\n", self.port)
    }

    fn own(&self) -> String {
        format!("{}Origin: http://127.0.0.1:{}\r\n", self.host(), self.port)
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", &format!("{}{path}", self.base), &self.host(), b"")
    }

    fn post(&self, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.ask("POST", &format!("{}{path}", self.base), &format!("{}{headers}", self.own()), body)
    }

    /// Drops files and says where their run is, below the token.
    fn drop_files(&self, files: &[(&str, &[u8])]) -> String {
        let answer = self.post("/check", FORM, &form(files));
        assert_eq!(answer.status, 303, "{}", answer.text());
        let place = answer.header("location").expect("a place");
        place.strip_prefix(&self.base).expect("a place of this server").to_owned()
    }

    /// Waits for the end of a run.
    fn until_over(&self, run: &str) {
        let start = Instant::now();
        loop {
            let status: Value =
                serde_json::from_slice(&self.get(&format!("{run}/status")).body).expect("JSON");
            if status["over"] == true {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(120), "{status}");
            sleep(Duration::from_millis(20));
        }
    }

    fn checked(&self, files: &[(&str, &[u8])]) -> String {
        let run = self.drop_files(files);
        self.until_over(&run);
        run
    }

    /// Temporary files that the server holds open; named ones are counted for each time they are seen, too.
    fn temporary(&self) -> usize {
        let folder = self.folder.path().join("temporary");
        let named = fs::read_dir(&folder).expect("a folder").count();
        let open = fs::read_dir(format!("/proc/{}/fd", self.child.id())).map_or(0, |entries| {
            let targets = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
            targets.filter(|target| target.starts_with(&folder)).count()
        });
        assert_eq!(named, 0, "nothing in the temporary folder has a name");
        open
    }

    /// Waits until so many temporary files are left.
    fn until_temporary(&self, wanted: usize) {
        let start = Instant::now();
        while self.temporary() != wanted {
            assert!(start.elapsed() < Duration::from_secs(20), "{} are left, not {wanted}", self.temporary());
            sleep(Duration::from_millis(20));
        }
    }
}

fn read(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // Where the server closes before all is sent, what it said stands in the buffer.
    let _ = stream.read_to_end(&mut bytes);
    let at = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let at = at.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(&bytes)));
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut body = bytes.split_off(at + 4);
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        body = unchunked(&body);
    }
    Answer { status, head, body }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = bytes.windows(2).position(|window| window == b"\r\n") {
        let length = String::from_utf8_lossy(&bytes[..at]).into_owned();
        let length = usize::from_str_radix(length.trim(), 16).expect("a length");
        body.extend_from_slice(&bytes[at + 2..at + 2 + length]);
        bytes = &bytes[at + 4 + length..];
        if length == 0 {
            break;
        }
    }
    body
}

#[test]
fn without_the_token_nothing_is_there() {
    let server = Server::start(&[]);
    let wrong = format!("/{}/", "0".repeat(server.base.len() - 1));
    let longer = format!("{}0/", server.base);
    let shorter = format!("{}/", &server.base[..server.base.len() - 1]);
    assert!(server.base.len() > 32, "128 bits and more");
    for path in ["/", "/favicon.ico", "/check", "/run/1", &wrong, &longer, &shorter] {
        let answer = server.ask("GET", path, &server.host(), b"");
        assert_eq!((answer.status, answer.text().as_str()), (404, ""), "{path}");
        assert!(!answer.head.contains(&server.base));
        let answer = server.ask("POST", path, &format!("{}{FORM}", server.own()), &form(&[("a", b"ISA*")]));
        assert_eq!((answer.status, answer.text().as_str()), (404, ""), "{path}");
    }
    assert_eq!(server.get("/").status, 200);
    assert_eq!(server.get("").header("location"), Some(format!("{}/", server.base).as_str()));
    assert_eq!(server.get("/nothing").status, 404);
    assert_eq!(server.get("/run/1").status, 404);
    assert_eq!(server.get("/check").status, 405);
    assert_ne!(server.base, Server::start(&[]).base, "another server has another token");
}

#[cfg(target_os = "linux")]
#[test]
fn it_listens_on_one_address_of_this_machine() {
    let server = Server::start(&[]);
    assert_eq!(server.get("/").status, 200);
    // All of 127.0.0.0/8 is this machine: who listens everywhere listens there too.
    assert!(TcpStream::connect(("127.0.0.2", server.port)).is_err());
    assert!(TcpStream::connect(("::1", server.port)).is_err());
    let local = format!("0100007F:{:04X}", server.port);
    let sockets = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let listening = |file: &str, port: &str| {
        let rows = sockets(file);
        let rows = rows.lines().filter_map(|row| {
            let mut cells = row.split_whitespace().skip(1);
            let (place, state) = (cells.next()?, cells.nth(1)?);
            (place.ends_with(port) && state == "0A").then(|| place.to_owned())
        });
        rows.collect::<Vec<_>>()
    };
    let port = format!(":{:04X}", server.port);
    assert_eq!(listening("/proc/net/tcp", &port), [local]);
    assert!(listening("/proc/net/tcp6", &port).is_empty());
}

#[test]
fn a_foreign_host_is_refused() {
    let server = Server::start(&[]);
    let port = server.port;
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        "localhost",
        &format!("127.0.0.1:{}", port.wrapping_add(1)),
        &format!("127.0.0.1.evil.example:{port}"),
        &format!("[::1]:{port}"),
        "",
    ] {
        let answer = server.ask("GET", &format!("{}/", server.base), &format!("Host: {host}\r\n"), b"");
        assert!([400, 403].contains(&answer.status), "{host}: {}", answer.status);
        assert_eq!(answer.text(), "", "{host}");
    }
    let none = server.ask("GET", &format!("{}/", server.base), "", b"");
    assert!([400, 403].contains(&none.status));
    let twice = format!("{}Host: evil.example\r\n", server.host());
    assert_ne!(server.ask("GET", &format!("{}/", server.base), &twice, b"").status, 200);
    let named = format!("http://evil.example{}/", server.base);
    assert_eq!(server.ask("GET", &named, &server.host(), b"").status, 403);
    let local = format!("Host: localhost:{port}\r\n");
    assert_eq!(server.ask("GET", &format!("{}/", server.base), &local, b"").status, 200);
}

#[test]
fn only_pages_of_the_server_change_anything() {
    let server = Server::start(&[]);
    let (host, path) = (server.host(), format!("{}/check", server.base));
    let body = form(&[("day.837", &fixture("clean.837"))]);
    for origin in [
        "",
        "Origin: null\r\n",
        "Origin: http://evil.example\r\n",
        &format!("Origin: https://127.0.0.1:{}\r\n", server.port),
        &format!("Origin: http://127.0.0.1:{}\r\n", server.port.wrapping_add(1)),
        &format!("Origin: http://localhost:{}\r\n", server.port),
        &format!("Origin: http://127.0.0.1:{}\r\nSec-Fetch-Site: cross-site\r\n", server.port),
        "Sec-Fetch-Site: none\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        let answer = server.ask("POST", &path, &format!("{host}{origin}{FORM}"), &body);
        assert_eq!((answer.status, answer.text().as_str()), (403, ""), "{origin:?}");
        let forget = format!("{}/run/1/forget", server.base);
        assert_eq!(server.ask("POST", &forget, &format!("{host}{origin}"), b"").status, 403, "{origin:?}");
    }
    assert!(server.get("/").text().contains("None yet."), "nothing was taken");
    assert_eq!(server.temporary(), 0);
    let answer = server.ask("POST", &path, &format!("{host}Sec-Fetch-Site: same-origin\r\n{FORM}"), &body);
    assert_eq!(answer.status, 303);
    assert_eq!(server.get("/run/1").status, 200);
    // To look changes nothing: a GET of what forgets does not.
    assert_eq!(server.get("/run/1/forget").status, 405);
    assert_eq!(server.get("/run/1").status, 200);
}

#[test]
fn every_answer_has_the_headers() {
    let server = Server::start(&[]);
    let run = server.checked(&[("day.837", &fixture("clinic-day.837"))]);
    let report = server.get(&format!("{run}/report"));
    let mut answers = vec![
        server.ask("GET", "/", &server.host(), b""),
        server.ask("GET", &server.base, "Host: evil.example\r\n", b""),
        server.get("/"),
        server.get("/nothing"),
        server.get("/check"),
        server.get(&run),
        server.get(&format!("{run}/status")),
        server.post("/check", FORM, b"no form"),
    ];
    answers.extend(FORMS.map(|ending| server.get(&format!("{run}/download/{ending}"))));
    for answer in answers.iter().chain([&report]) {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}: {}", answer.head);
        }
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe") && !policy.contains("script-src 'self'"), "{policy}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(answer.header("server"), None);
    }
    let stated = report.text();
    let (_, stated) =
        stated.split_once("http-equiv=\"Content-Security-Policy\" content=\"").expect("a policy");
    let stated = stated.split('"').next().expect("a policy").replace("&#39;", "'");
    assert_eq!(
        report.header("content-security-policy"),
        Some(format!("{stated}; frame-ancestors 'none'").as_str())
    );
}

#[test]
fn reports_are_those_of_check() {
    let folder = tempfile::tempdir().expect("a folder");
    let (day, lines) = (fixture("clinic-day.837"), fixture("clinic-day.jsonl"));
    fs::write(folder.path().join("day.837"), &day).expect("a file");
    fs::write(folder.path().join("lines.jsonl"), &lines).expect("a file");
    let mut check = program(&folder);
    check.arg("check").args(["day.837", "lines.jsonl"]).args(AS_OF).args(["--fail-on", "never"]);
    for ending in FORMS {
        check.args(["--output", &format!("{ending}=run.{ending}")]);
    }
    assert!(check.status().expect("the program runs").success());
    let server = Server::start_in(folder, &[]);
    let run = server.checked(&[("day.837", &day), ("lines.jsonl", &lines)]);
    for ending in FORMS {
        let expected = fs::read(server.folder.path().join(format!("run.{ending}"))).expect("a report");
        let answer = server.get(&format!("{run}/download/{ending}"));
        assert_eq!(answer.status, 200);
        assert!(
            answer.body == expected,
            "{ending} of {} bytes, {} expected",
            answer.body.len(),
            expected.len()
        );
        let name = format!("attachment; filename=\"cleanclaim-run-1.{ending}\"");
        assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
    }
    let report = server.get(&format!("{run}/report"));
    assert_eq!(report.body, fs::read(server.folder.path().join("run.html")).expect("a report"));
    assert_eq!(report.header("content-disposition"), None);
    let json: Value =
        serde_json::from_slice(&server.get(&format!("{run}/download/json")).body).expect("JSON");
    let page = server.get(&run).text();
    for name in ["at_risk", "recoupment", "delayed", "unbilled"] {
        let net = json["summary"][name]["net_cents"].as_i64().expect("cents");
        let shown = format!("data-net=\"{}\">{}", name.replace('_', "-"), cleanclaim::claim::Cents(net));
        assert!(page.contains(&shown), "{shown}");
    }
    let (clean, claims) = (&json["summary"]["clean_claims"], &json["summary"]["claims"]);
    assert!(page.contains(&format!("<h1>{clean} of {claims} claims clean</h1>")), "{page}");
}

#[test]
fn names_are_labels() {
    let server = Server::start(&[]);
    let day = fixture("clean.837");
    let secret = server.folder.path().join("secret.837");
    fs::write(&secret, fixture("clinic-day.837")).expect("a file");
    let place = secret.display().to_string();
    let claims = |run: &str| {
        let json: Value =
            serde_json::from_slice(&server.get(&format!("{run}/download/json")).body).expect("JSON");
        let name = json["inputs"][0]["name"].as_str().expect("a name").to_owned();
        (json["summary"]["claims"].as_u64().expect("a count"), name)
    };
    let (sent, _) = claims(&server.checked(&[("clean.837", &day)]));
    let (other, _) = claims(&server.checked(&[("other.837", &fixture("clinic-day.837"))]));
    assert_ne!(sent, other, "two files that can be told apart");
    let markup = "<img src=x onerror=alert(1)>.837";
    for name in ["../../etc/passwd", "/etc/passwd", "..\\..\\day.837", &place, markup] {
        let run = server.checked(&[(name, &day)]);
        let (claims, shown) = claims(&run);
        assert!(!shown.contains(['/', '\\']) && shown != "..", "{shown}");
        assert_eq!(claims, sent, "what was sent is checked: {name}");
        for page in [server.get(&run), server.get("/"), server.get(&format!("{run}/report"))] {
            assert!(!page.text().contains("<img"), "{name}");
        }
    }
    assert!(server.get("/").text().contains("&#60;img src=x onerror=alert(1)&#62;.837"));
    // An archive of such a name: its members are read from what was sent, whatever lies there.
    let twice = server.checked(&[("day.837", &day), ("day.837", &day)]);
    assert!(server.get(&twice).text().contains("day (2).837"));
    assert_eq!(server.get(&format!("{twice}/download/../../../etc/passwd")).status, 404);
    assert_eq!(server.get(&format!("{twice}/download/passwd")).status, 404);
}

#[test]
fn what_is_too_large_is_refused_as_it_comes() {
    let server = Server::start(&["--max-upload", "100KB"]);
    let large = vec![b'x'; 300_000];
    let words = "larger than 97.6 KiB together";
    let answer = server.post("/check", FORM, &form(&[("large.837", &large)]));
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains(words), "{}", answer.text());
    // Several that are too large together.
    let half = vec![b'x'; 60_000];
    let answer = server.post("/check", FORM, &form(&[("a.837", &half), ("b.837", &half)]));
    assert_eq!(answer.status, 413);
    // Without a stated length.
    let mut chunked = format!(
        "POST {}/check HTTP/1.1\r\n{}{FORM}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        server.base,
        server.own()
    )
    .into_bytes();
    for piece in form(&[("large.837", &large)]).chunks(10_000) {
        chunked.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        chunked.extend_from_slice(piece);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let answer = server.raw(&chunked);
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert!(answer.text().contains(words));
    // A length that is stated and never comes, with a browser's question whether to send it, and without.
    for expect in ["Expect: 100-continue\r\n", ""] {
        let head = format!(
            "POST {}/check HTTP/1.1\r\n{}{FORM}Content-Length: 99000000000\r\n{expect}\r\n",
            server.base,
            server.own()
        );
        let start = Instant::now();
        let answer = server.raw(head.as_bytes());
        assert_eq!(answer.status, 413);
        assert!(start.elapsed() < Duration::from_secs(20));
    }
    // A script is told the same.
    let accept = format!("{FORM}Accept: application/json\r\n");
    let answer = server.post("/check", &accept, &form(&[("large.837", &large)]));
    let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert!(answer.status == 413 && told["error"].as_str().is_some_and(|error| error.contains(words)));
    // Many files.
    let many: Vec<(&str, &[u8])> = vec![("a.837", b"x"); 101];
    let answer = server.post("/check", FORM, &form(&many));
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("More than 100 files at once"), "{}", answer.text());
    server.until_temporary(0);
    assert!(server.get("/").text().contains("None yet."));
    // What fits is taken.
    server.checked(&[("day.837", &fixture("clean.837"))]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_upload_is_not_held_in_memory() {
    let server = Server::start(&[]);
    let peak = || {
        let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).expect("a process");
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).expect("a number")
            << 10
    };
    let before = peak();
    let zeros = vec![0; 128 << 20];
    let run = server.checked(&[("zeros.837", &zeros)]);
    assert!(server.get(&run).text().contains("a binary file"));
    let after = peak();
    assert!(after - before < 32 << 20, "{before} bytes before, {after} after 128 MiB were sent");
    // A form whose first part never begins has to be gathered, and is given up.
    assert_eq!(server.post("/check", FORM, &zeros).status, 400);
    let after = peak();
    assert!(after - before < 64 << 20, "{before} bytes before, {after} after a form without parts");
}

#[test]
fn a_broken_upload_leaves_nothing() {
    let server = Server::start(&[]);
    let body = form(&[("day.837", &vec![b'x'; 3_000_000])]);
    let head = |length: usize| {
        format!(
            "POST {}/check HTTP/1.1\r\n{}{FORM}Content-Length: {length}\r\n\r\n",
            server.base,
            server.own()
        )
    };
    {
        let mut stream = server.connect();
        stream.write_all(head(body.len()).as_bytes()).expect("a server");
        stream.write_all(&body[..2_000_000]).expect("a server");
        server.until_temporary(1);
    }
    server.until_temporary(0);
    // One that ends without the end of its form.
    let answer = server.post("/check", FORM, &body[..1_000_000]);
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("The upload broke off"), "{}", answer.text());
    server.until_temporary(0);
    for (headers, body) in [
        (FORM, &b""[..]),
        (FORM, b"--edge--\r\n"),
        ("Content-Type: text/plain\r\n", b"ISA*"),
        ("", b""),
        (FORM, b"--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\"\r\n\r\n\r\n--edge--\r\n"),
    ] {
        let answer = server.post("/check", headers, body);
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    assert!(server.get("/").text().contains("None yet."));
}

#[test]
fn nothing_of_a_run_stays_but_its_reports_until_it_is_forgotten() {
    let server = Server::start(&[]);
    let run = server.checked(&[("a.837", &fixture("clinic-day.837")), ("b.837", &fixture("clean.837"))]);
    server.until_temporary(FORMS.len());
    let answer = server.post(&format!("{run}/forget"), "", b"");
    assert_eq!((answer.status, answer.header("location")), (303, Some(format!("{}/", server.base).as_str())));
    server.until_temporary(0);
    for path in ["", "/report", "/download/csv", "/forget"] {
        assert!([404, 405].contains(&server.get(&format!("{run}{path}")).status), "{path}");
    }
    assert!(server.get(&format!("{run}/status")).text().contains("\"over\":true"), "its page looks anew");
    assert_eq!(server.get("/run/7/status").status, 404);
    assert!(server.get(&run).text().contains("Run 1 was forgotten"));
    assert_eq!(server.drop_files(&[("a.837", &fixture("clean.837"))]), "/run/2", "no number is used twice");
}

#[test]
fn what_is_no_claims_is_named_with_why() {
    let server = Server::start(&[]);
    let day = fixture("clinic-day.837");
    let run = server.checked(&[
        ("letter.pdf", b"%PDF-1.7 a letter about WILLOW"),
        ("day.837", &day),
        ("none.txt", b""),
    ]);
    let page = server.get(&run).text();
    assert!(page.contains("<strong>Not checked:</strong>"), "{page}");
    assert!(page.contains("<bdi>letter.pdf</bdi>") && page.contains("<bdi>none.txt</bdi>"), "{page}");
    assert!(page.contains("a PDF document") && !page.contains("WILLOW"), "{page}");
    assert!(page.contains("claims clean</h1>"), "the others are checked");
}

#[test]
fn packed_files_and_archives_are_read() {
    let server = Server::start(&[]);
    let day = fixture("clinic-day.837");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&day).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default();
    for (name, bytes) in
        [("march/day.837", &day[..]), ("read.me", b"hello"), ("april/up.837", &fixture("clean.837"))]
    {
        zip.start_file(name, plain).expect("an archive");
        zip.write_all(bytes).expect("an archive");
    }
    let zip = zip.finish().expect("an archive").into_inner();
    let claims = |files: &[(&str, &[u8])]| {
        let run = server.checked(files);
        let json: Value =
            serde_json::from_slice(&server.get(&format!("{run}/download/json")).body).expect("JSON");
        (json["summary"]["claims"].as_u64().expect("a count"), json)
    };
    let (plain, _) = claims(&[("day.837", &day)]);
    assert_eq!(claims(&[("day.837.gz", &gzip)]).0, plain);
    let (few, _) = claims(&[("clean.837", &fixture("clean.837"))]);
    let (all, json) = claims(&[("claims.zip", &zip)]);
    assert_eq!(all, plain + few);
    let names: Vec<_> =
        json["inputs"].as_array().expect("inputs").iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&"claims.zip/march/day.837".into()), "{names:?}");
}

#[test]
fn masking_is_that_of_the_flags() {
    let server = Server::start(&["--redact", "full"]);
    let run = server.checked(&[("day.837", &fixture("clinic-day.837"))]);
    assert!(!server.get(&format!("{run}/report")).text().contains("2025-03-03"));
    assert!(server.get("/").text().contains("full: claim numbers and dates of service are masked too"));
    let server = Server::start(&["--show-phi"]);
    for page in ["/", &server.checked(&[("day.837", &fixture("clean.837"))])] {
        let text = server.get(page).text();
        assert!(text.contains("Reports show protected health information."));
        // On every sheet that is printed of it.
        assert!(text.contains("class=\"running\"") && text.contains("class=\"banner-line\""));
    }
}

#[test]
fn settings_are_those_of_check_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("cleanclaim.yaml"), "ignore: [T01]\nthreads: 1\nfail-on: never\n")
        .expect("a file");
    let server = Server::start_in(folder, &["--net-cash"]);
    let page = server.get("/").text();
    for part in
        ["<bdi>2025-03-10</bdi>", "<dt>ignore</dt>", "cleanclaim.yaml:1", "<dt>net-cash</dt>", "mpfs RVU25"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<dt>fail-on</dt>"));
    let run = server.checked(&[("day.837", &fixture("clinic-day.837"))]);
    let json: Value =
        serde_json::from_slice(&server.get(&format!("{run}/download/json")).body).expect("JSON");
    let codes: Vec<_> =
        json["findings"].as_array().expect("findings").iter().map(|one| one["code"].clone()).collect();
    assert!(!codes.is_empty() && !codes.contains(&"T01".into()), "{codes:?}");
}

/// Starts a server that cannot start, and says how it ended.
fn refused(configuration: &str, flags: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("cleanclaim.yaml"), configuration).expect("a file");
    let ended = program(&folder).arg("serve").args(flags).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ended.status.code(), text(&ended.stdout), text(&ended.stderr))
}

#[test]
fn a_mistake_in_the_settings_is_told_before_anything_listens() {
    for (configuration, flags, words) in [
        ("ignroe: [T01]\n", &[][..], "ignroe"),
        ("", &["--fees", "nowhere.csv"], "nowhere.csv"),
        ("", &["--select", "T99"], "T99"),
        ("", &["--fail-on", "never"], "--fail-on"),
        ("", &["day.837"], "day.837"),
        ("", &["--output", "json"], "--output"),
        ("", &["--write-baseline", "b.json"], "--write-baseline"),
        ("", &["--fix"], "--fix"),
        ("", &["--max-upload", "much"], "a size is written like"),
        ("", &["--port", "0"], "--port"),
    ] {
        let (code, out, err) = refused(configuration, flags);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{flags:?}: {err}");
        assert!(err.contains(words), "{flags:?}: {err}");
    }
    let server = Server::start(&[]);
    let (code, _, err) = refused("", &["--port", &server.port.to_string()]);
    assert_eq!(code, Some(2));
    assert!(err.contains(&format!("cannot listen on 127.0.0.1:{}", server.port)), "{err}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let mut server = Server::start(&[]);
        server.checked(&[("day.837", &fixture("clean.837"))]);
        // Somebody is in the middle of an upload.
        let mut stream = server.connect();
        let head = format!(
            "POST {}/check HTTP/1.1\r\n{}{FORM}Content-Length: 9000\r\n\r\n--edge",
            server.base,
            server.own()
        );
        stream.write_all(head.as_bytes()).expect("a server");
        let told = Command::new("kill").args([signal, &server.child.id().to_string()]).status();
        assert!(told.expect("kill is installed").success());
        let start = Instant::now();
        let ended = loop {
            match server.child.try_wait().expect("a child") {
                Some(ended) => break ended,
                None if start.elapsed() > Duration::from_secs(20) => panic!("{signal} is not heard"),
                None => sleep(Duration::from_millis(20)),
            }
        };
        assert_eq!(ended.code(), Some(0), "{signal}");
        let mut said = String::new();
        let err = server.child.stderr.as_mut().expect("standard error");
        err.read_to_string(&mut said).expect("text");
        assert_eq!(said, "", "nothing is logged");
        assert_eq!(fs::read_dir(server.folder.path().join("temporary")).expect("a folder").count(), 0);
    }
}
