//! What objects promise, in a folder and in a real S3 server run in this process.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use deedbox_store::objects::{Bucket, DataKey, Mark, ObjectError, ObjectRef, Objects, Put};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;

/// A place for objects and the folder under it.
struct Place {
    name: &'static str,
    objects: Objects,
    folder: tempfile::TempDir,
}

async fn places() -> [Place; 2] {
    let [one, two] = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
    let url = format!("file://{}", one.path().display());
    let folder = Place {
        name: "folder",
        objects: Objects::open(&url).expect("opens"),
        folder: one,
    };
    let url = s3(two.path()).await;
    let s3 = Place {
        name: "s3",
        objects: Objects::open(&url).expect("opens"),
        folder: two,
    };
    [folder, s3]
}

/// Starts an S3 server that checks signatures; answers the storage URL.
async fn s3(root: &Path) -> String {
    std::fs::create_dir(root.join("bucket")).expect("a bucket");
    let files = s3s_fs::FileSystem::new(root).expect("a file system");
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single("test-id", "test-secret"));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = Builder::new(TokioExecutor::new());
                drop(server.serve_connection(TokioIo::new(socket), service).await);
            });
        }
    });
    format!(
        "s3://bucket/some/prefix?endpoint=http://{address}&region=us-east-1\
         &access_key_id=test-id&secret_access_key=test-secret"
    )
}

fn at(bucket: Bucket, path: &str) -> ObjectRef {
    ObjectRef::new(bucket, path).expect("a good path")
}

fn bytes(size: usize) -> Bytes {
    (0..size)
        .map(|index| u8::try_from(index % 253).unwrap_or(0))
        .collect()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_comes_back_whole_and_in_ranges() {
    let key = DataKey::generate();
    for Place {
        name,
        objects,
        folder: _folder,
    } in places().await
    {
        for size in [0, 1, 65_536, 65_537, 400_000] {
            let (at, plain) = (at(Bucket::Work, &format!("env_1/{size}")), bytes(size));
            let put = objects.put_new(&key, &at, plain.clone(), Mark::Plain).await;
            assert_eq!(put, Ok(Put::Stored), "{name}");
            assert_eq!(
                objects.get(&key, &at).await.as_ref(),
                Ok(&plain),
                "{name} {size}"
            );
            let end = size as u64;
            for (from, to) in [
                (0, 1),
                (0, end),
                (65_535, 65_538),
                (end.saturating_sub(3), end + 9),
            ] {
                let part = objects
                    .get_range(&key, &at, from..to)
                    .await
                    .expect("a range");
                let clip = |n: u64| usize::try_from(n).unwrap_or(size).min(size);
                assert_eq!(
                    part,
                    plain.slice(clip(from)..clip(to)),
                    "{name} {size} {from}..{to}"
                );
            }
            let stat = objects.stat(&at).await.expect("readable").expect("there");
            assert_eq!((stat.size, stat.non_authoritative), (end, false), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_overwritten_and_the_same_again_is_no_error() {
    let key = DataKey::generate();
    for Place {
        name,
        objects,
        folder: _folder,
    } in places().await
    {
        let at = at(Bucket::Vault, "org_1/env_1/signed.pdf");
        let put = |plain: &'static [u8]| {
            objects.put_new(&key, &at, Bytes::from_static(plain), Mark::Plain)
        };
        assert_eq!(put(b"first").await, Ok(Put::Stored), "{name}");
        assert_eq!(put(b"first").await, Ok(Put::AlreadyThere), "{name}");
        let conflict = ObjectError::Conflict {
            object: "ucc-vault/org_1/env_1/signed.pdf".into(),
        };
        assert_eq!(put(b"second").await, Err(conflict), "{name}");
        assert_eq!(
            objects.get(&key, &at).await,
            Ok(Bytes::from_static(b"first")),
            "{name}"
        );
    }
}

/// In a folder only: the S3 server of these tests looks first and writes then, where real ones
/// decide `If-None-Match` in one step. What must be single (the live authoritative copy) is so by an
/// index of the database, not by this.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_of_one_place_one_stores() {
    let key = DataKey::generate();
    for Place {
        name,
        objects,
        folder: _folder,
    } in places().await.into_iter().take(1)
    {
        let at = at(Bucket::Vault, "one");
        let puts = (0..8_u8)
            .map(|number| objects.put_new(&key, &at, Bytes::from(vec![number; 9]), Mark::Plain));
        let outcomes = futures::future::join_all(puts).await;
        let stored = outcomes
            .iter()
            .filter(|outcome| **outcome == Ok(Put::Stored))
            .count();
        assert_eq!(stored, 1, "{name}: {outcomes:?}");
        let kept = objects.get(&key, &at).await.expect("readable");
        assert_eq!(outcomes[usize::from(kept[0])], Ok(Put::Stored), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn content_is_stored_under_its_digest() {
    let key = DataKey::generate();
    for Place {
        name,
        objects,
        folder: _folder,
    } in places().await
    {
        let at = objects
            .put_content(&key, Bucket::Work, "env_1", Bytes::from_static(b"abc"))
            .await;
        let at = at.expect("stored");
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(at.to_string(), format!("work/env_1/{digest}"), "{name}");
        let again = objects.put_content(&key, Bucket::Work, "env_1", Bytes::from_static(b"abc"));
        assert_eq!(again.await, Ok(at), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found_and_deleting_it_is_no_error() {
    let key = DataKey::generate();
    for Place {
        name,
        objects,
        folder: _folder,
    } in places().await
    {
        let at = at(Bucket::Copies, "org_1/copy.pdf");
        let missing = ObjectError::NotFound {
            object: at.to_string(),
        };
        assert_eq!(objects.get(&key, &at).await, Err(missing.clone()), "{name}");
        assert_eq!(
            objects.get_range(&key, &at, 0..9).await,
            Err(missing),
            "{name}"
        );
        assert_eq!(objects.stat(&at).await, Ok(None), "{name}");
        assert_eq!(objects.exists(&at).await, Ok(false), "{name}");
        assert_eq!(objects.delete(&at).await, Ok(()), "{name}");
        objects
            .put_new(&key, &at, bytes(9), Mark::NonAuthoritative)
            .await
            .expect("stored");
        assert_eq!(objects.exists(&at).await, Ok(true), "{name}");
        let stat = objects.stat(&at).await.expect("readable").expect("there");
        assert!(stat.non_authoritative, "{name}");
        assert_eq!(objects.delete(&at).await, Ok(()), "{name}");
        assert_eq!(objects.exists(&at).await, Ok(false), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_lists_its_own_objects_only() {
    let key = DataKey::generate();
    for Place {
        name,
        objects,
        folder: _folder,
    } in places().await
    {
        let kept = [at(Bucket::Work, "env_1/a"), at(Bucket::Work, "env_2/b")];
        for place in kept.iter().chain([&at(Bucket::Vault, "env_1/c")]) {
            objects
                .put_new(&key, place, bytes(3), Mark::Plain)
                .await
                .expect("stored");
        }
        let mut all = objects.list(Bucket::Work, "").await.expect("listed");
        all.sort_by_key(ToString::to_string);
        assert_eq!(all, kept, "{name}");
        assert_eq!(
            objects.list(Bucket::Work, "env_2").await,
            Ok(vec![kept[1].clone()]),
            "{name}"
        );
        assert_eq!(
            objects.list(Bucket::Copies, "").await,
            Ok(Vec::new()),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_disk_there_is_no_plaintext_and_tampering_is_noticed() {
    let key = DataKey::generate();
    for Place {
        name,
        objects,
        folder,
    } in places().await
    {
        let at = at(Bucket::Work, "env_1/secret");
        let plain = Bytes::from_static(b"ana@example.com owes ben@example.com a car");
        objects
            .put_new(&key, &at, plain.clone(), Mark::Plain)
            .await
            .expect("stored");
        let stored = files(folder.path())
            .into_iter()
            .find(|path| std::fs::read(path).expect("readable").starts_with(b"DBXO"))
            .expect("the object is a file");
        let mut sealed = std::fs::read(&stored).expect("readable");
        assert!(
            !sealed.windows(7).any(|window| window == b"example"),
            "{name}"
        );
        let wrong = objects.get(&DataKey::generate(), &at).await;
        assert!(
            matches!(wrong, Err(ObjectError::Corrupt { .. })),
            "{name}: {wrong:?}"
        );
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        std::fs::write(&stored, &sealed).expect("written");
        let read = objects.get(&key, &at).await;
        assert!(
            matches!(read, Err(ObjectError::Corrupt { .. })),
            "{name}: {read:?}"
        );
        let ranged = objects.get_range(&key, &at, 0..5).await;
        assert!(
            matches!(ranged, Err(ObjectError::Corrupt { .. })),
            "{name}: {ranged:?}"
        );
        std::fs::write(&stored, &sealed[..20]).expect("written");
        let cut = objects.stat(&at).await;
        assert!(
            matches!(cut, Err(ObjectError::Corrupt { .. })),
            "{name}: {cut:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_leaves_nothing_behind() {
    for Place {
        name,
        objects,
        folder: _folder,
    } in places().await
    {
        assert_eq!(objects.probe().await, Ok(()), "{name}");
        assert_eq!(
            objects.list(Bucket::Work, "").await,
            Ok(Vec::new()),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn urls_are_refused_with_a_remedy() {
    for url in ["ftp://x/y", "s3://", "s3://bucket?what=1"] {
        let refused = Objects::open(url).err();
        assert!(
            matches!(refused, Some(ObjectError::Url { .. })),
            "{url}: {refused:?}"
        );
    }
    let silent = "s3://b?endpoint=http://127.0.0.1:1&region=x&access_key_id=a&secret_access_key=b";
    let objects = Objects::open(silent).expect("opens without asking");
    let asked = objects.exists(&at(Bucket::Work, "a")).await;
    assert!(
        matches!(asked, Err(ObjectError::Unavailable { .. })),
        "{asked:?}"
    );
}
