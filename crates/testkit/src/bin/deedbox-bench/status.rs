//! Status reads over kept connections, with a client that costs next to nothing: the two share the
//! machine, and a full HTTP client would be most of what is measured.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Answers per second and the time of each answer.
pub async fn read(
    address: &str,
    path: &str,
    key: &str,
    connections: usize,
    window: Duration,
) -> (f64, Vec<Duration>) {
    let request: Arc<str> =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {key}\r\n\r\n").into();
    let began = Instant::now();
    let end = began + window;
    let readers: Vec<_> = (0..connections)
        .map(|_| {
            tokio::spawn(one_connection(
                address.to_owned(),
                Arc::clone(&request),
                end,
            ))
        })
        .collect();
    let mut times = Vec::new();
    for reader in readers {
        times.extend(reader.await.expect("a reader ends"));
    }
    #[expect(clippy::cast_precision_loss, reason = "far fewer answers than 2^52")]
    let per_second = times.len() as f64 / began.elapsed().as_secs_f64();
    (per_second, times)
}

async fn one_connection(address: String, request: Arc<str>, end: Instant) -> Vec<Duration> {
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    stream.set_nodelay(true).expect("a TCP option");
    let mut times = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    while Instant::now() < end {
        let began = Instant::now();
        stream
            .write_all(request.as_bytes())
            .await
            .expect("a request is sent");
        read_answer(&mut stream, &mut buffer).await;
        times.push(began.elapsed());
    }
    times
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.expect("an answer");
        assert!(read > 0, "the server closed the connection");
        filled += read;
        if let Some(length) = whole_length(&buffer[..filled])
            && filled >= length
        {
            let status = &buffer[9..12];
            assert_eq!(
                status,
                b"200",
                "{}",
                String::from_utf8_lossy(&buffer[..filled])
            );
            return;
        }
    }
}

/// Head and body together, once the head has arrived.
fn whole_length(bytes: &[u8]) -> Option<usize> {
    let head_end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_ascii_lowercase();
    let (_, rest) = head.split_once("content-length:").expect("a length");
    let body: usize = rest.lines().next()?.trim().parse().expect("a number");
    Some(head_end + body)
}
