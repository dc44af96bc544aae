//! A form with files, read as it comes into unnamed temporary files. What breaks off leaves nothing behind.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout};

use super::label::{distinct, label};
use super::meter::Meter;
use super::{Limits, Received};
use crate::source::Spool;

/// What the form itself may take beside its files.
const FRAME: u64 = 1 << 20;
/// Parts of a form that are no files, at most.
const OTHER_PARTS: usize = 20;
/// How long a browser may say nothing.
const SILENCE: Duration = Duration::from_secs(60);
/// How long, where what it sends is thrown away: it is read so that the browser reads the answer.
const SHORT_SILENCE: Duration = Duration::from_millis(500);
/// How long that goes on at most.
const THROWN_AWAY: Duration = Duration::from_secs(30);

/// Why a form is not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("The files are larger than {} together, which --max-upload allows. Nothing was checked.", size(*.0))]
    TooLarge(u64),
    #[error(
        "More than {0} files at once. Drop them in several goes, or as one zip archive. Nothing was checked."
    )]
    TooMany(usize),
    #[error("No file was chosen.")]
    NoFile,
    #[error("The upload broke off, or is no form with files. Nothing was checked.")]
    Broken,
    #[error("The upload stood still for a minute and was given up. Nothing was checked.")]
    Silent,
    #[error("The files cannot be put by in the temporary folder: {0}. Nothing was checked.")]
    NoRoom(io::ErrorKind),
    #[error("{0} runs wait to be checked already. Wait for one of them to end, or forget one.")]
    Busy(usize),
}

impl Refusal {
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Refusal::TooLarge(_) | Refusal::TooMany(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::NoFile | Refusal::Broken => StatusCode::BAD_REQUEST,
            Refusal::Silent => StatusCode::REQUEST_TIMEOUT,
            Refusal::NoRoom(_) => StatusCode::INSUFFICIENT_STORAGE,
            Refusal::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// A size for people: exact where it is short, else rounded down to a tenth.
pub(super) fn size(bytes: u64) -> String {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes.is_multiple_of(unit) => format!("{} {name}", bytes / unit),
        Some((unit, name)) => {
            let tenths = u128::from(bytes) * 10 / u128::from(unit);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None if bytes == 1 => "1 byte".to_owned(),
        None => format!("{bytes} bytes"),
    }
}

/// Reads the files of a form.
///
/// # Errors
/// More than the limits allow, a form that is none, or no place to put it.
pub(super) async fn received(request: Request, limits: &Limits) -> Result<Vec<Received>, Refusal> {
    let stated = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let is_larger = stated.is_some_and(|length: u64| length > limits.upload.saturating_add(FRAME));
    if is_larger && request.headers().contains_key(EXPECT) {
        return Err(Refusal::TooLarge(limits.upload));
    }
    let most = limits.upload.saturating_mul(2).saturating_add(16 * FRAME);
    let (parts, body) = request.into_parts();
    let meter = Meter::new(body.into_data_stream(), most);
    let waiting = meter.waiting();
    let mut request = Request::from_parts(parts, Body::from_stream(meter));
    DefaultBodyLimit::disable().apply(&mut request);
    let form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::Broken)?;
    let mut reading = Reading {
        form,
        waiting: &waiting,
        limits,
        left: limits.upload,
        files: Vec::new(),
        others: 0,
        refused: is_larger.then_some(Refusal::TooLarge(limits.upload)),
        until: Instant::now() + THROWN_AWAY,
    };
    loop {
        match reading.part().await {
            Ok(true) => {}
            Ok(false) => break,
            // The first reason is the one to tell.
            Err(refusal) => return Err(reading.refused.unwrap_or(refusal)),
        }
    }
    match reading.refused {
        Some(refusal) => Err(refusal),
        None if reading.files.is_empty() => Err(Refusal::NoFile),
        None => Ok(reading.files),
    }
}

/// A form that is being read.
struct Reading<'r> {
    form: Multipart,
    waiting: &'r AtomicU64,
    limits: &'r Limits,
    /// Bytes that files may still have.
    left: u64,
    files: Vec<Received>,
    others: usize,
    /// Why what comes now is thrown away.
    refused: Option<Refusal>,
    until: Instant,
}

impl Reading<'_> {
    /// Reads one part; false after the last.
    async fn part(&mut self) -> Result<bool, Refusal> {
        let patience = self.patience();
        let field = timeout(patience, self.form.next_field()).await;
        self.waiting.store(0, Relaxed);
        let Some(mut field) = field.map_err(|_| Refusal::Silent)?.map_err(broken)? else { return Ok(false) };
        let named = field.file_name().filter(|name| !name.is_empty()).map(label);
        if named.is_none() {
            self.others += 1;
        }
        if self.refused.is_none() && (self.others > OTHER_PARTS || self.files.len() >= self.limits.files) {
            refuse(&mut self.refused, &mut self.files, &mut self.until, Refusal::TooMany(self.limits.files));
        }
        if let Some(name) = named.filter(|_| self.refused.is_none()) {
            match put_by(&mut field, &mut self.left, self.waiting, self.limits.upload).await? {
                Ok(file) => {
                    let name = distinct(name, self.files.iter().map(|(other, _)| other.as_str()));
                    self.files.push((name, Spool::of_file(file)));
                    return Ok(true);
                }
                Err(refusal) => refuse(&mut self.refused, &mut self.files, &mut self.until, refusal),
            }
        }
        // The rest of what is refused, or a field without a file: that of a form in which nobody chose one.
        let until = self.refused.as_ref().map(|_| self.until);
        pass_over(&mut field, self.waiting, until).await?;
        Ok(true)
    }

    const fn patience(&self) -> Duration {
        if self.refused.is_some() { SHORT_SILENCE } else { SILENCE }
    }
}

/// From now on what comes is thrown away, and so is what came.
fn refuse(refused: &mut Option<Refusal>, files: &mut Vec<Received>, until: &mut Instant, refusal: Refusal) {
    files.clear();
    *refused = Some(refusal);
    *until = Instant::now() + THROWN_AWAY;
}

fn broken(_: MultipartError) -> Refusal {
    Refusal::Broken
}

/// Writes a part into an unnamed temporary file; an inner error where it cannot be taken, and the rest of it is to come.
async fn put_by(
    field: &mut Field<'_>,
    left: &mut u64,
    waiting: &AtomicU64,
    most: u64,
) -> Result<Result<File, Refusal>, Refusal> {
    let no_room = |error: io::Error| Refusal::NoRoom(error.kind());
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(no_room)?);
    loop {
        let chunk = timeout(SILENCE, field.chunk()).await;
        waiting.store(0, Relaxed);
        let Some(bytes) = chunk.map_err(|_| Refusal::Silent)?.map_err(broken)? else { break };
        match left.checked_sub(bytes.len() as u64) {
            Some(rest) => *left = rest,
            None => return Ok(Err(Refusal::TooLarge(most))),
        }
        if let Err(error) = file.write_all(&bytes).await {
            return Ok(Err(no_room(error)));
        }
    }
    match file.flush().await {
        Ok(()) => Ok(Ok(file.into_std().await)),
        Err(error) => Ok(Err(no_room(error))),
    }
}

/// Reads a part and keeps nothing of it: until it ends, or the time is up that there is for what is refused.
async fn pass_over(
    field: &mut Field<'_>,
    waiting: &AtomicU64,
    until: Option<Instant>,
) -> Result<(), Refusal> {
    let patience = if until.is_some() { SHORT_SILENCE } else { SILENCE };
    loop {
        let chunk = timeout(patience, field.chunk()).await;
        waiting.store(0, Relaxed);
        if chunk.map_err(|_| Refusal::Silent)?.map_err(broken)?.is_none() {
            return Ok(());
        }
        if until.is_some_and(|until| Instant::now() > until) {
            return Err(Refusal::Silent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_for_people() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1023 bytes"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            ((2 << 30) - 1, "1.9 GiB"),
            (2 << 30, "2 GiB"),
            (u64::MAX, "17179869183.9 GiB"),
        ] {
            assert_eq!(size(bytes), words);
        }
    }
}
