//! Connections: so many at a time, and none for longer than its other end has something to say or takes what it is told.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// Connections at a time: a browser has six, and a system that allows few open files has enough left for the checks.
pub(super) const MOST: usize = 128;
/// How long a connection may stand still: longer than an upload, whose browser is told why it was given up.
pub(super) const SILENCE: Duration = Duration::from_secs(90);

/// Listens, and lets in so many at a time; the others wait.
pub(super) struct Patient {
    listener: TcpListener,
    places: Arc<Semaphore>,
    silence: Duration,
}

impl Patient {
    pub(super) fn new(listener: TcpListener, most: usize, silence: Duration) -> Patient {
        Patient { listener, places: Arc::new(Semaphore::new(most)), silence }
    }
}

impl Listener for Patient {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // It is never closed: there is a place, or there will be one.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let (stream, from) = Listener::accept(&mut self.listener).await;
        let connection = Connection {
            stream,
            silence: self.silence,
            until: Box::pin(sleep(self.silence)),
            is_still: false,
            _place: place,
        };
        (connection, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends in an error once its other end has stood still for too long.
pub(super) struct Connection {
    stream: TcpStream,
    silence: Duration,
    until: Pin<Box<Sleep>>,
    /// Whether its other end is waited for, since `silence` before `until`.
    is_still: bool,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    /// What came of a read or a write: the time that this program itself takes does not count.
    fn waited<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.is_still = false;
            return polled;
        }
        if !self.is_still {
            self.is_still = true;
            self.until.as_mut().reset(Instant::now() + self.silence);
        }
        self.until.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.waited(cx, polled)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.waited(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        stretches: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, stretches);
        self.waited(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    fn within<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async { timeout(Duration::from_secs(20), work).await.expect("it ends") })
    }

    async fn listening(most: usize, silence: u64) -> (Patient, SocketAddr) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        (Patient::new(listener, most, Duration::from_millis(silence)), address)
    }

    #[test]
    fn who_stands_still_is_left() {
        within(async {
            let (mut listener, address) = listening(1, 300).await;
            let mut other = TcpStream::connect(address).await.expect("a connection");
            let (mut connection, _) = listener.accept().await;
            let mut bytes = [0; 4];
            for _ in 0..4 {
                tokio::time::sleep(Duration::from_millis(100)).await;
                other.write_all(b"GET ").await.expect("sent");
                connection.read_exact(&mut bytes).await.expect("what was sent in time");
            }
            let error = connection.read_exact(&mut bytes).await.expect_err("silence");
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        });
    }

    #[test]
    fn who_takes_nothing_is_left() {
        within(async {
            let (mut listener, address) = listening(1, 100).await;
            let _other = TcpStream::connect(address).await.expect("a connection");
            let (mut connection, _) = listener.accept().await;
            let much = vec![0; 1 << 20];
            let error = loop {
                if let Err(error) = connection.write_all(&much).await {
                    break error;
                }
            };
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        });
    }

    #[test]
    fn the_others_wait_for_a_place() {
        within(async {
            let (mut listener, address) = listening(1, 60_000).await;
            let _one = TcpStream::connect(address).await.expect("a connection");
            let (first, _) = listener.accept().await;
            let _two = TcpStream::connect(address).await.expect("a connection");
            let soon = Duration::from_millis(100);
            assert!(timeout(soon, listener.accept()).await.is_err());
            drop(first);
            listener.accept().await;
        });
    }
}
