//! Rows to test with. All people are invented.
#![allow(dead_code, reason = "each test program uses some of these")]

use deedbox_store::assets::Asset;
use deedbox_store::customers::Customer;
use deedbox_store::envelopes::Envelope;
use deedbox_store::events::EventRow;
use deedbox_store::feed::Announcement;
use deedbox_store::jobs::NewJob;
use deedbox_store::orgs::Org;

/// An organization.
pub fn org(org_id: &str) -> Org {
    Org {
        org_id: org_id.to_owned(),
        tenant_id: format!("tenant of {org_id}"),
        name: "First Example Bank".to_owned(),
        secured_party_name: None,
        secured_party_registration: Some("77".to_owned()),
        locale: "en".to_owned(),
        profile: "ucc_2022_b".to_owned(),
        governing_law: None,
        auto_vault: false,
        default_expiry_days: 30,
        settings: "{}".to_owned(),
        created_at: 1,
        updated_at: 1,
    }
}

/// An envelope that was just sent.
pub fn envelope(envelope_id: &str, org_id: &str) -> Envelope {
    Envelope {
        envelope_id: envelope_id.to_owned(),
        document_uuid: format!("uuid of {envelope_id}"),
        org_id: org_id.to_owned(),
        status: "sent".to_owned(),
        vault_state: "none".to_owned(),
        vaulted: false,
        compliant: false,
        created_at: 1_000_000,
        updated_at: 1_000_000,
        vaulted_at: None,
        document_hash: None,
        customer_id: Some("cust_1".to_owned()),
        external_id: None,
        template_id: Some("tmpl_1".to_owned()),
        name: "Sales agreement".to_owned(),
        kind: "esign".to_owned(),
        sent_at: Some(1_000_000),
        completed_at: None,
        released_at: None,
        expires_at: Some(9_000_000),
        seq: 2,
        head: [7; 32],
        data_key_wrapped: Some(vec![1, 2, 3]),
    }
}

/// An entry of a chain.
pub fn event(envelope_id: &str, seq: i64) -> EventRow {
    EventRow {
        envelope_id: envelope_id.to_owned(),
        seq,
        org_id: "org_1".to_owned(),
        at: 1_000_000 + seq,
        kind: "envelope.viewed".to_owned(),
        v: 1,
        actor_kind: "signer".to_owned(),
        actor_id: "s1".to_owned(),
        data: r#"{"remaining":1}"#.to_owned(),
        sealed: (seq % 2 == 0).then(|| vec![9; 40]),
        prev_hash: [1; 32],
        hash: [2; 32],
    }
}

/// A customer.
pub fn customer(customer_id: &str, email: &str) -> Customer {
    Customer {
        customer_id: customer_id.to_owned(),
        org_id: "org_1".to_owned(),
        email: email.to_owned(),
        email_lower: email.to_lowercase(),
        name: "Ana Example".to_owned(),
        created_at: 5,
    }
}

/// An announcement.
pub fn announcement(event_id: &str, org_id: &str) -> Announcement {
    Announcement {
        event_id: event_id.to_owned(),
        org_id: org_id.to_owned(),
        envelope_id: Some("env_1".to_owned()),
        event_type: "envelope.sent".to_owned(),
        at: 3,
        body: b"{}".to_vec(),
        position: 0,
    }
}

/// A job due at an instant.
pub fn job(job_id: &str, due_at: i64) -> NewJob {
    NewJob {
        job_id: job_id.to_owned(),
        lane: "default".to_owned(),
        kind: "remind".to_owned(),
        dedupe_key: None,
        org_id: Some("org_1".to_owned()),
        envelope_id: Some("env_1".to_owned()),
        payload: "{}".to_owned(),
        due_at,
        created_at: 1,
    }
}

/// A live authoritative copy.
pub fn asset(asset_id: &str, envelope_id: &str, source: &str) -> Asset {
    Asset {
        asset_id: asset_id.to_owned(),
        envelope_id: envelope_id.to_owned(),
        org_id: "org_1".to_owned(),
        source_sha256: source.to_owned(),
        document_hash: format!("hash of {asset_id}"),
        bucket: "ucc-vault".to_owned(),
        path: format!("org_1/{envelope_id}/signed.pdf"),
        size: 182_044,
        live: true,
        created_at: 8,
    }
}
