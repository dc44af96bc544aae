//! What is answered where. Everything is behind the door.

use std::io::{self, Read};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde_json::{Value, json};

use super::Limits;
use super::door::{self, Door};
use super::finished::{Finished, Form, Report};
use super::pages::{HowFar, POLICY, Pages};
use super::runs::{Runs, Seen, State as RunState};
use super::upload::{self, Refusal};
use crate::report::html;

/// Bytes of a report that are read at a time.
const CHUNK: usize = 256 << 10;

/// What answers are made from.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) pages: Pages,
    pub(super) limits: Limits,
    pub(super) runs: Arc<Runs>,
}

type Site = State<Arc<Shared>>;

/// All addresses, behind the door. The first part of a path is the token, which the door alone looks at.
pub(super) fn all(shared: Arc<Shared>, door: Arc<Door>) -> Router {
    Router::new()
        .route("/{token}", get(start))
        .route("/{token}/", get(home))
        .route("/{token}/check", post(check))
        .route("/{token}/run/{number}", get(run))
        .route("/{token}/run/{number}/status", get(status))
        .route("/{token}/run/{number}/report", get(report))
        .route("/{token}/run/{number}/download/{ending}", get(download))
        .route("/{token}/run/{number}/forget", post(forget))
        .fallback(nowhere)
        .with_state(shared)
        .layer(middleware::from_fn_with_state(door, door::guard))
}

async fn start(State(site): Site) -> Response {
    Redirect::permanent(&format!("{}/", site.pages.base())).into_response()
}

async fn home(State(site): Site) -> Response {
    page(StatusCode::OK, site.pages.home(&site.runs))
}

/// Takes files and adds a run; says where it is, to a script as JSON.
async fn check(State(site): Site, request: Request) -> Response {
    let is_script = wants_json(request.headers());
    let received = match site.runs.has_room() {
        true => upload::received(request, &site.limits).await,
        false => Err(Refusal::Busy(site.limits.waiting)),
    };
    match (received, is_script) {
        (Ok(received), true) => {
            let number = site.runs.add(received);
            answer(StatusCode::OK, &json!({"run": format!("{}/run/{number}", site.pages.base())}))
        }
        (Ok(received), false) => {
            let number = site.runs.add(received);
            Redirect::to(&format!("{}/run/{number}", site.pages.base())).into_response()
        }
        (Err(refusal), true) => answer(refusal.status(), &json!({"error": refusal.to_string()})),
        (Err(refusal), false) => {
            page(refusal.status(), site.pages.fault("Nothing was checked", &refusal.to_string()))
        }
    }
}

async fn run(State(site): Site, Path((_, number)): Path<(String, String)>) -> Response {
    match seen(&site, &number) {
        Ok(seen) => page(StatusCode::OK, site.pages.run(&seen)),
        Err(answer) => *answer,
    }
}

/// How far a run is. One that was forgotten is over: the page that asks looks at itself anew, and sees so.
async fn status(State(site): Site, Path((_, number)): Path<(String, String)>) -> Response {
    let (doing, over, HowFar { words, percent }) = match seen(&site, &number) {
        Ok(seen) => (seen.state.doing(), seen.state.is_over(), HowFar::of(&seen)),
        Err(_) if parsed(&number).is_some_and(|number| site.runs.was(number)) => {
            ("Forgotten", true, HowFar { words: "Forgotten.".to_owned(), percent: None })
        }
        Err(answer) => return *answer,
    };
    answer(StatusCode::OK, &json!({"doing": doing, "over": over, "words": words, "percent": percent}))
}

/// The page of the report, to be read in place.
async fn report(State(site): Site, Path((_, number)): Path<(String, String)>) -> Response {
    let written = finished(&site, &number);
    match written.and_then(|finished| written_as(&site, &finished, Form::Html).map(streamed)) {
        Ok(mut answer) => {
            let policy = format!("{}; frame-ancestors 'none'", html::policy());
            set(answer.headers_mut(), CONTENT_SECURITY_POLICY, &policy);
            answer
        }
        Err(answer) => *answer,
    }
}

async fn download(State(site): Site, Path((_, number, ending)): Path<(String, String, String)>) -> Response {
    let Some(form) = Form::of(&ending) else { return missing(&site, None) };
    let written = finished(&site, &number);
    match written.and_then(|finished| written_as(&site, &finished, form).map(streamed)) {
        Ok(mut answer) => {
            let name = format!("attachment; filename=\"cleanclaim-run-{number}.{ending}\"");
            set(answer.headers_mut(), CONTENT_DISPOSITION, &name);
            answer
        }
        Err(answer) => *answer,
    }
}

async fn forget(State(site): Site, Path((_, number)): Path<(String, String)>) -> Response {
    match seen(&site, &number) {
        Ok(seen) => {
            site.runs.forget(seen.number);
            Redirect::to(&format!("{}/", site.pages.base())).into_response()
        }
        Err(answer) => *answer,
    }
}

async fn nowhere(State(site): Site) -> Response {
    missing(&site, None)
}

/// A run's number as it stands in a path, written in one way.
fn parsed(number: &str) -> Option<u64> {
    number.parse().ok().filter(|parsed: &u64| parsed.to_string() == number)
}

/// The run of a number as it stands in a path.
fn seen(site: &Shared, number: &str) -> Result<Seen, Box<Response>> {
    let number = parsed(number);
    number.and_then(|number| site.runs.seen(number)).ok_or_else(|| Box::new(missing(site, number)))
}

fn finished(site: &Shared, number: &str) -> Result<Arc<Finished>, Box<Response>> {
    match seen(site, number)?.state {
        RunState::Done(finished) => Ok(finished),
        _ => Err(Box::new(missing(site, None))),
    }
}

fn written_as<'f>(site: &Shared, finished: &'f Finished, form: Form) -> Result<&'f Report, Box<Response>> {
    let report = finished.reports.iter().find(|report| report.form == form);
    report.ok_or_else(|| Box::new(missing(site, None)))
}

/// A report as it stands in its file.
fn streamed(report: &Report) -> Response {
    let stretches = stream::try_unfold(report.spool.reader(), |mut reader| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut buffer = vec![0; CHUNK];
            let length = reader.read(&mut buffer)?;
            buffer.truncate(length);
            Ok::<_, io::Error>((Bytes::from(buffer), reader))
        });
        let read = read.await.map_err(io::Error::other)??;
        Ok::<_, io::Error>((!read.0.is_empty()).then_some(read))
    });
    let mut answer = Body::from_stream(stretches).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(report.form.content_type()));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(report.bytes));
    answer
}

/// Nothing is here, or no longer.
fn missing(site: &Shared, number: Option<u64>) -> Response {
    let words = match number.filter(|number| site.runs.was(*number)) {
        Some(number) => {
            format!("Run {number} was forgotten, or made room for newer ones. Nothing of it is left.")
        }
        None => "There is nothing at this address.".to_owned(),
    };
    page(StatusCode::NOT_FOUND, site.pages.fault("Nothing here", &words))
}

/// A page with the policy that lets it run its own style and script.
fn page(status: StatusCode, drawn: askama::Result<String>) -> Response {
    let Ok(text) = drawn else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut answer = (status, text).into_response();
    set(answer.headers_mut(), CONTENT_TYPE, "text/html; charset=utf-8");
    set(answer.headers_mut(), CONTENT_SECURITY_POLICY, &POLICY);
    answer
}

/// An answer for the script.
fn answer(status: StatusCode, value: &Value) -> Response {
    let mut answer = (status, value.to_string()).into_response();
    set(answer.headers_mut(), CONTENT_TYPE, "application/json");
    answer
}

fn set(headers: &mut HeaderMap, name: axum::http::HeaderName, value: &str) {
    // Every value here is ASCII of our own making.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept == "application/json")
}
