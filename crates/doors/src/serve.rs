//! Listening: bounded connections, bounded headers, bounded waiting, and an orderly end.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

use crate::http::client::Peer;

/// The most connections that are open at once; further ones wait in the listener's queue.
const CONNECTIONS_MAX: usize = 8192;
/// The longest that a client may take to send its request line and headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// The most header lines of a request.
const HEADER_LINES_MAX: usize = 100;
/// The most that request line and headers may weigh together.
const HEADER_BYTES_MAX: u32 = 64 * 1024;
/// The longest that requests under way are waited for once the end was asked for.
const DRAIN_WITHIN: Duration = Duration::from_secs(30);
/// How long accepting pauses when the process has run out of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `router` on `listener` until `shutdown` comes, then lets the requests under way finish.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let server = server();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut shutdown => break,
        };
        if let Some((stream, peer, permit)) = accepted {
            converse(&server, &graceful, router.clone(), stream, peer, permit);
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_WITHIN, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests were still under way at the end of the drain time");
    }
}

fn server() -> Arc<Builder<TokioExecutor>> {
    let mut server = Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_headers(HEADER_LINES_MAX)
        .max_buf_size(HEADER_BYTES_MAX as usize);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(HEADERS_WITHIN))
        .max_header_list_size(HEADER_BYTES_MAX)
        .max_concurrent_streams(100);
    Arc::new(server)
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(fault) => {
            // Either the client has gone again or descriptors are short; both pass.
            tracing::warn!(%fault, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn converse(
    server: &Arc<Builder<TokioExecutor>>,
    graceful: &GracefulShutdown,
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    permit: OwnedSemaphorePermit,
) {
    // Small answers must not wait for the client's acknowledgement (Nagle).
    let _ = stream.set_nodelay(true);
    let (server, watcher) = (Arc::clone(server), graceful.watcher());
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        let router = router.clone();
        async move { Ok::<_, Infallible>(answer(router, request).await) }
    });
    tokio::spawn(async move {
        let connection = server.serve_connection(TokioIo::new(stream), service);
        if let Err(fault) = watcher.watch(connection.into_owned()).await {
            tracing::debug!(%fault, "a connection ended early");
        }
        drop(permit);
    });
}

async fn answer(router: Router, request: Request) -> axum::response::Response {
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
