//! The committed OpenAPI documents are what the code says, and are sound.

use std::{collections::BTreeSet, fs, path::PathBuf};

use deedbox_doors::{Kind, openapi_text, partner, signing};
use serde_json::Value;

fn file(kind: Kind) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    folder.join(format!("{kind}.json"))
}

fn document(kind: Kind) -> Value {
    serde_json::from_str(&openapi_text(kind)).expect("the document is JSON")
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &'_ Value)| {
        let item = item.as_object().expect("a path item").clone();
        let methods: Vec<String> = item.keys().cloned().collect();
        methods
            .into_iter()
            .map(|method| (method, path.clone()))
            .collect::<Vec<_>>()
    };
    let addresses = paths.iter().flat_map(of_path);
    addresses
        .map(|(method, path)| {
            let operation = &document["paths"][&path][&method];
            (method, path, operation)
        })
        .collect()
}

/// Set `UPDATE_OPENAPI=1` to write the files anew.
#[test]
fn the_committed_documents_are_those_of_the_code() {
    for kind in Kind::ALL {
        let text = openapi_text(kind);
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            fs::write(file(kind), &text).expect("the file can be written");
        }
        let committed = fs::read_to_string(file(kind)).unwrap_or_default();
        assert!(
            committed == text,
            "openapi/{kind}.json is not that of the code; run the test with UPDATE_OPENAPI=1"
        );
    }
}

#[test]
fn every_endpoint_is_in_its_document_and_nothing_else_is() {
    let declared = partner::endpoints()
        .into_iter()
        .map(|it| (it.method.to_string().to_lowercase(), it.path.to_owned()));
    assert_eq!(addresses(Kind::Partner), declared.collect());
    let declared = signing::addresses().into_iter();
    let declared =
        declared.map(|(method, path)| (method.to_string().to_lowercase(), path.to_owned()));
    assert_eq!(addresses(Kind::Signing), declared.collect());
}

fn addresses(kind: Kind) -> BTreeSet<(String, String)> {
    let document = document(kind);
    operations(&document)
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect()
}

#[test]
fn documents_are_of_version_3_1_and_every_reference_leads_somewhere() {
    for kind in Kind::ALL {
        let document = document(kind);
        assert_eq!(document["openapi"], "3.1.0");
        let mut references = Vec::new();
        collect(&document, &mut references);
        for reference in references {
            let pointer = reference.trim_start_matches('#');
            assert!(
                document.pointer(pointer).is_some(),
                "{kind}: {reference} leads nowhere"
            );
        }
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            references.extend(
                members
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            members
                .values()
                .for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

#[test]
fn operations_have_names_of_their_own_and_say_how_they_are_authorised() {
    for kind in Kind::ALL {
        let document = document(kind);
        let mut names = BTreeSet::new();
        for (method, path, operation) in operations(&document) {
            let name = operation["operationId"].as_str().expect("an operationId");
            assert!(
                names.insert(name.to_owned()),
                "{kind}: two operations are called {name}"
            );
            assert!(
                operation["security"].is_array(),
                "{kind}: {method} {path} says nothing of security"
            );
            assert!(
                operation["summary"].is_string(),
                "{kind}: {method} {path} has no summary"
            );
        }
    }
}

#[test]
fn every_id_in_a_path_is_a_declared_parameter() {
    for kind in Kind::ALL {
        let document = document(kind);
        for (method, path, operation) in operations(&document) {
            let declared: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|it| it["in"] == "path")
                .filter_map(|it| it["name"].as_str())
                .collect();
            let ids = path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            assert_eq!(declared, ids.collect(), "{kind}: {method} {path}");
        }
    }
}
