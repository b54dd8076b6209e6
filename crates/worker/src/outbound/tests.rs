//! The guard at the moment of connecting.

use std::{
    io,
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::HeaderMap;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::*;

/// Answers each look-up with the next set of addresses, and the last one for ever.
struct Scripted {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Scripted {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parsed = |set: &&[&str]| {
            set.iter()
                .map(|ip| ip.parse().expect("an address"))
                .collect()
        };
        Arc::new(Self {
            answers: answers.iter().map(parsed).collect(),
            asked: AtomicUsize::new(0),
        })
    }
}

impl Names for Scripted {
    fn look_up(
        &self,
        _name: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let index = self
            .asked
            .fetch_add(1, Ordering::Relaxed)
            .min(self.answers.len() - 1);
        let answer = self.answers[index].clone();
        Box::pin(async move { Ok(answer) })
    }
}

fn request(target: &str) -> Request<'_> {
    Request {
        target,
        headers: HeaderMap::new(),
        body: b"{}".to_vec(),
        time_max: Duration::from_secs(2),
    }
}

#[tokio::test]
async fn a_name_that_stands_for_a_private_address_is_refused_before_connecting() {
    for private in [
        "127.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "fd00::1",
        "fe80::1",
    ] {
        let names = Scripted::new(&[&[private]]);
        let strict = Outbound::try_with_names(Guard::default(), names).expect("a client");
        let refused = strict.post(request("https://hooks.example.com/")).await;
        assert!(
            matches!(
                refused,
                Err(OutboundError::Refused(TargetRefusal::PrivateAddress))
            ),
            "{private}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn one_private_address_among_public_ones_condemns_the_name() {
    let names = Scripted::new(&[&["8.8.8.8", "10.0.0.1"]]);
    let strict = Outbound::try_with_names(Guard::default(), names).expect("a client");
    let refused = strict.post(request("https://hooks.example.com/")).await;
    assert!(matches!(
        refused,
        Err(OutboundError::Refused(TargetRefusal::PrivateAddress))
    ));
}

#[tokio::test]
async fn the_name_is_looked_up_once_per_connection_and_that_answer_is_used() {
    // A second look-up would be the gap through which rebinding climbs in.
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let names = Scripted::new(&[&["127.0.0.1"], &["203.0.113.1"]]);
    let lab = Outbound::try_with_names(
        Guard {
            allow_private: true,
        },
        names.clone(),
    );
    let target = format!("http://hooks.example.com:{}/", server.address().port());
    let answer = lab
        .expect("a client")
        .post(request(&target))
        .await
        .expect("an answer");
    assert_eq!(answer.status, 200);
    assert_eq!(names.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_address_literal_is_refused_though_no_resolver_is_asked() {
    let names = Scripted::new(&[&["8.8.8.8"]]);
    let strict = Outbound::try_with_names(Guard::default(), names.clone()).expect("a client");
    for target in [
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://[::1]/",
    ] {
        let refused = strict.post(request(target)).await;
        assert!(
            matches!(refused, Err(OutboundError::Refused(_))),
            "{target}"
        );
    }
    assert_eq!(names.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_name_of_nobody_is_not_connected() {
    let lab = Outbound::try_new(Guard {
        allow_private: true,
    })
    .expect("a client");
    let failed = lab.post(request("http://nobody.invalid/")).await;
    assert!(
        matches!(failed, Err(OutboundError::NotConnected(_))),
        "{failed:?}"
    );
}

#[tokio::test]
async fn an_endless_answer_is_cut_off_at_the_deadline_and_its_status_counts() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let target = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let read = stream.read(&mut [0; 1024]).await.expect("a request");
        assert!(read > 0);
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nfirst words";
        stream.write_all(head).await.expect("written");
        tokio::time::sleep(Duration::from_mins(1)).await;
    });
    let lab = Outbound::try_new(Guard {
        allow_private: true,
    })
    .expect("a client");
    let mut brief = request(&target);
    brief.time_max = Duration::from_millis(300);
    let answer = lab.post(brief).await.expect("an answer");
    assert_eq!(
        answer,
        Answer {
            status: 200,
            body: b"first words".to_vec()
        }
    );
}
