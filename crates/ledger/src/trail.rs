//! The trail of a bundle: every entry with the record that the chain commits to.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deedbox_core::{
    Actor, ActorKind, DataKey, Digest, Entry, EnvelopeId, Timestamp,
    evidence::{ActorRef, seal},
};
use serde_json::{Map, Value, json};

/// An entry as a bundle shows it: the P10 keys, address and browser, the canonical record, and the
/// key that opens its sealed part.
///
/// `data` and `actor` are the opened forms.
#[must_use]
pub fn shown(entry: &Entry, actor: &Actor, data: &Value, client: &Value, key: &DataKey) -> Value {
    let entry_key = seal::entry_key(key, &entry.envelope_id, entry.seq);
    json!({
        "seq": entry.seq,
        "type": entry.kind,
        "at": entry.at,
        "actor": actor,
        "data": data,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
        "ip": client.get("ip"),
        "user_agent": client.get("user_agent"),
        "record": {
            "at": entry.at.micros(),
            "v": entry.v,
            "data": entry.data,
            "sealed": entry.sealed.as_ref().map(|sealed| STANDARD.encode(sealed)),
        },
        "sealed_key": entry.sealed.as_ref().map(|_| STANDARD.encode(*entry_key)),
    })
}

/// Reads an entry back from its shown form, and checks that what is shown is what was sealed.
pub(crate) fn read(envelope_id: &EnvelopeId, value: &Value) -> Result<Entry, String> {
    let seq = value["seq"].as_u64().ok_or("an entry without number")?;
    let fault = |what: &str| format!("entry {seq}: {what}");
    let digest = |key: &str| {
        let text = value[key].as_str().unwrap_or_default();
        Digest::parse(text).map_err(|_| fault(&format!("{key} is no digest")))
    };
    let record = &value["record"];
    let data = record["data"].as_object().cloned().ok_or_else(|| fault("no record"))?;
    let sealed = match record["sealed"].as_str() {
        Some(text) => Some(STANDARD.decode(text).map_err(|_| fault("sealed part is no base64"))?),
        None => None,
    };
    let actor = &value["actor"];
    let kind = actor["kind"].as_str().and_then(ActorKind::parse);
    let entry = Entry {
        envelope_id: envelope_id.clone(),
        seq,
        at: Timestamp::from_micros(record["at"].as_i64().ok_or_else(|| fault("no time"))?),
        kind: value["type"].as_str().unwrap_or_default().to_owned(),
        v: record["v"].as_u64().and_then(|v| u32::try_from(v).ok()).unwrap_or(0),
        actor: ActorRef {
            kind: kind.ok_or_else(|| fault("unknown actor"))?,
            id: actor["id"].as_str().unwrap_or_default().to_owned(),
        },
        data,
        sealed,
        prev_hash: digest("prev_hash")?,
        hash: digest("hash")?,
    };
    check_shown(&entry, value).map_err(|what| fault(&what))?;
    Ok(entry)
}

/// What people read must be what the chain commits to: public data plus the opened personal part.
fn check_shown(entry: &Entry, value: &Value) -> Result<(), String> {
    let mut expected = entry.data.clone();
    let mut personal = Map::new();
    if let (Some(sealed), Some(key)) = (&entry.sealed, value["sealed_key"].as_str()) {
        let key = STANDARD.decode(key).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
        let key = key.ok_or("its key is no key")?;
        let plain = seal::open_with(&key, sealed).map_err(|_| "its sealed part does not open")?;
        personal = serde_json::from_slice(&plain).map_err(|_| "its sealed part cannot be read")?;
    }
    if let Some(Value::Object(person)) = personal.get("person") {
        expected.extend(person.clone());
    }
    let same = |key: &str, shown: &Value| personal.get(key).unwrap_or(&Value::Null) == shown;
    if value["data"] != Value::Object(expected)
        || !same("ip", &value["ip"])
        || !same("user_agent", &value["user_agent"])
        || !same("actor_name", &value["actor"]["name"])
    {
        return Err("shows something else than was recorded".to_owned());
    }
    Ok(())
}
