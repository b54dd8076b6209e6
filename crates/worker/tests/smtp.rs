//! E-mail to a real SMTP server.

use std::{path::Path, time::Duration};

use deedbox_core::Timestamp;
use deedbox_testkit::smtp::{Mail, Sink, SinkOptions};
use deedbox_worker::mail::{Channel, Composer, Locale, Message, Messages, SendError, samples};

const PATIENCE: Duration = Duration::from_secs(10);
const FROM: &str = "deedbox <no-reply@deeds.example.com>";

fn messages(url: &str) -> Messages {
    Messages::open(Path::new("/nonexistent"), Some(url), None, FROM).expect("a relay")
}

fn invitation(to: &str) -> Message {
    let notice = samples(Locale::Es).remove(0);
    let words = Composer::new().compose(&notice).expect("words");
    let created_at = Timestamp::EPOCH.plus_days(20_000);
    Message {
        id: Message::id_for("job_1", to, created_at),
        channel: Channel::Email,
        to: to.into(),
        subject: words.subject,
        text: words.text,
        html: Some(words.html),
        created_at,
        envelope_id: Some("env_x7k9m2p4q1w3".into()),
        signer_id: None,
        kind: notice.subject.kind(),
        to_name: "Ana Ñandú".into(),
        from_name: "Northwind Motors".into(),
        unsubscribe: Some("https://sign.example.com/u/abc".parse().expect("a URL")),
    }
}

async fn sent(message: &Message) -> Mail {
    let sink = Sink::start();
    messages(&sink.url()).send(message).await.expect("sent");
    sink.wait_for(1, PATIENCE).remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_with_text_and_html_and_the_headers_of_its_kind() {
    let message = invitation("ana@example.com");
    let mail = sent(&message).await;
    assert_eq!(mail.from, "no-reply@deeds.example.com");
    assert_eq!(mail.to, ["ana@example.com"]);
    for (name, value) in [
        (
            "From",
            "\"Northwind Motors via deedbox\" <no-reply@deeds.example.com>",
        ),
        ("Message-ID", &format!("<{}@deeds.example.com>", message.id)),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", "<https://sign.example.com/u/abc>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ] {
        assert_eq!(mail.header(name).as_deref(), Some(value), "{name}");
    }
    let kind = mail.header("Content-Type").expect("a content type");
    assert!(kind.starts_with("multipart/alternative"), "{kind}");
    let text = mail
        .data
        .find("Content-Type: text/plain; charset=utf-8")
        .expect("text");
    let html = mail
        .data
        .find("Content-Type: text/html; charset=utf-8")
        .expect("html");
    assert!(text < html, "readers show the last part they can");
    assert!(
        mail.header("Subject").expect("a subject").is_ascii(),
        "encoded words"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_job_sends_the_same_message_id() {
    let sink = Sink::start();
    let relay = messages(&sink.url());
    for _ in 0..2 {
        relay
            .send(&invitation("ana@example.com"))
            .await
            .expect("sent");
    }
    let mails = sink.wait_for(2, PATIENCE);
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_mailbox_is_final_and_a_deferred_one_is_not() {
    let sink = Sink::with(&SinkOptions {
        refuse: vec!["nobody@example.com".into()],
        defer: vec!["full@example.com".into()],
        login: None,
    });
    let relay = messages(&sink.url());
    let refused = relay.send(&invitation("nobody@example.com")).await;
    assert!(
        matches!(refused, Err(SendError::Permanent(_))),
        "{refused:?}"
    );
    let deferred = relay.send(&invitation("full@example.com")).await;
    assert!(
        matches!(deferred, Err(SendError::Transient(_))),
        "{deferred:?}"
    );
    relay
        .send(&invitation("ana@example.com"))
        .await
        .expect("the connection is still good");
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_password_of_the_url_open_the_relay() {
    let login = Some(("deeds".to_owned(), "p@ss word".to_owned()));
    let sink = Sink::with(&SinkOptions {
        login,
        ..SinkOptions::default()
    });
    let address = sink.url().replace("smtp://", "smtp://deeds:p%40ss%20word@");
    let relay = messages(&address);
    relay
        .send(&invitation("ana@example.com"))
        .await
        .expect("let in");
    assert!(relay.check().await.ok);
    let wrong = sink.url().replace("smtp://", "smtp://deeds:wrong@");
    assert!(!messages(&wrong).check().await.ok);
    assert!(
        messages(&wrong)
            .send(&invitation("ana@example.com"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_relay_that_is_down_is_tried_again_later() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("smtp://{}", free.local_addr().expect("an address"));
    drop(free);
    let failed = messages(&url).send(&invitation("ana@example.com")).await;
    assert!(matches!(failed, Err(SendError::Transient(_))), "{failed:?}");
}

#[tokio::test]
async fn what_is_no_address_is_final() {
    let failed = messages("smtp://127.0.0.1:9")
        .send(&invitation("not an address"))
        .await;
    assert!(matches!(failed, Err(SendError::Permanent(_))), "{failed:?}");
}
