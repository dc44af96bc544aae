//! A body as it comes in, held to what may come and to what is taken of it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use axum::body::{BodyDataStream, Bytes};
use futures_util::Stream;

/// Bytes that nobody has taken yet after which the reader is asked to take some.
const ENOUGH: u64 = 1 << 20;
/// Bytes that nobody has taken yet after which the body is none of a form: its parts have no end.
const TOO_MUCH: u64 = 16 << 20;

/// A body that ends in an error after `most` bytes, and never runs far ahead of who reads it.
pub(super) struct Meter {
    body: BodyDataStream,
    left: u64,
    waiting: Arc<AtomicU64>,
    paused: bool,
}

impl Meter {
    pub(super) fn new(body: BodyDataStream, most: u64) -> Meter {
        Meter { body, left: most, waiting: Arc::default(), paused: false }
    }

    /// Bytes that have come in and were not taken; whoever takes some sets it to 0.
    pub(super) fn waiting(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.waiting)
    }
}

impl Stream for Meter {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let waiting = self.waiting.load(Relaxed);
        if waiting > TOO_MUCH {
            return Poll::Ready(Some(Err(io::Error::other("a part of the form has no end"))));
        }
        // The reader of the form takes in all that is ready before it hands anything on.
        if waiting > ENOUGH && !self.paused {
            self.paused = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.paused = false;
        match Pin::new(&mut self.body).poll_next(cx) {
            Poll::Ready(Some(Ok(bytes))) => {
                let length = bytes.len() as u64;
                match self.left.checked_sub(length) {
                    Some(left) => self.left = left,
                    None => return Poll::Ready(Some(Err(io::Error::other("larger than is read")))),
                }
                self.waiting.fetch_add(length, Relaxed);
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(io::Error::other(error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
