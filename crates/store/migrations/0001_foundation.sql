-- The whole schema of the foundation, one text for both engines (see src/migrate.rs):
--   TEXT, BIGINT, BYTES are translated; `;` ends a statement at a line's end; a statement after
--   `-- only sqlite` or `-- only postgres` is for that engine alone.
-- Instants are BIGINT microseconds UTC, booleans 0/1, JSON is TEXT. Light columns stand first.

CREATE TABLE orgs (
    org_id TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    secured_party_name TEXT,
    secured_party_registration TEXT,
    locale TEXT NOT NULL,
    profile TEXT NOT NULL,
    governing_law TEXT,
    auto_vault BIGINT NOT NULL,
    default_expiry_days BIGINT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX orgs_tenant ON orgs (tenant_id);

CREATE TABLE api_keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL,
    name TEXT NOT NULL,
    key_sha256 BYTES NOT NULL,
    scopes TEXT NOT NULL,
    rate_limit_rpm BIGINT NOT NULL,
    webhook_url TEXT,
    webhook_secret_wrapped BYTES,
    active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    rotated_at BIGINT,
    last_used_at BIGINT
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (key_sha256);
CREATE INDEX api_keys_org ON api_keys (org_id, created_at, key_id);

CREATE TABLE users (
    user_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_lower TEXT NOT NULL,
    name TEXT,
    role TEXT NOT NULL,
    password_hash TEXT,
    active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (org_id, email_lower);
CREATE INDEX users_list ON users (org_id, created_at, user_id);

CREATE TABLE sessions (
    token_sha256 BYTES NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE customers (
    customer_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_lower TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX customers_email ON customers (org_id, email_lower);
CREATE INDEX customers_list ON customers (org_id, created_at DESC, customer_id);

CREATE TABLE templates (
    template_id TEXT NOT NULL PRIMARY KEY,
    template_uuid TEXT NOT NULL,
    org_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX templates_uuid ON templates (template_uuid);
CREATE INDEX templates_list ON templates (org_id, created_at DESC, template_id);

CREATE TABLE template_versions (
    template_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT,
    roles TEXT NOT NULL,
    fields TEXT NOT NULL,
    data_key_wrapped BYTES,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (template_id, version)
);

CREATE TABLE envelopes (
    envelope_id TEXT NOT NULL PRIMARY KEY,
    document_uuid TEXT NOT NULL,
    org_id TEXT NOT NULL,
    status TEXT NOT NULL,
    vault_state TEXT NOT NULL,
    vaulted BIGINT NOT NULL,
    compliant BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    vaulted_at BIGINT,
    document_hash TEXT,
    customer_id TEXT,
    external_id TEXT,
    template_id TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    sent_at BIGINT,
    completed_at BIGINT,
    released_at BIGINT,
    expires_at BIGINT,
    seq BIGINT NOT NULL,
    head BYTES NOT NULL,
    data_key_wrapped BYTES
);
CREATE UNIQUE INDEX envelopes_document ON envelopes (document_uuid);
-- Each list order is an index of its own, so that a page costs its own length at any size.
CREATE INDEX envelopes_list ON envelopes (org_id, created_at DESC, envelope_id);
CREATE INDEX envelopes_status ON envelopes (org_id, status, created_at DESC, envelope_id);
CREATE INDEX envelopes_customer ON envelopes (org_id, customer_id, created_at DESC, envelope_id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX envelopes_external ON envelopes (org_id, external_id, created_at DESC, envelope_id)
    WHERE external_id IS NOT NULL;
CREATE INDEX envelopes_vaulted ON envelopes (envelope_id) WHERE vaulted = 1;

CREATE TABLE plans (
    envelope_id TEXT NOT NULL PRIMARY KEY,
    plan BYTES NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE tallies (
    org_id TEXT NOT NULL,
    noun TEXT NOT NULL,
    scope TEXT NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    shard BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (org_id, noun, scope, status, kind, shard)
);

CREATE TABLE events (
    envelope_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    org_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    v BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    data TEXT NOT NULL,
    sealed BYTES,
    prev_hash BYTES NOT NULL,
    hash BYTES NOT NULL,
    PRIMARY KEY (envelope_id, seq)
);

CREATE TABLE feed (
    event_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL,
    envelope_id TEXT,
    event_type TEXT NOT NULL,
    at BIGINT NOT NULL,
    body BYTES NOT NULL,
    position BIGINT NOT NULL
);
CREATE UNIQUE INDEX feed_position ON feed (org_id, position);
CREATE INDEX feed_envelope ON feed (envelope_id, org_id, position) WHERE envelope_id IS NOT NULL;

CREATE TABLE feed_heads (
    org_id TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);

CREATE TABLE deliveries (
    delivery_id TEXT NOT NULL PRIMARY KEY,
    event_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT,
    last_status BIGINT,
    last_error TEXT,
    first_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX deliveries_event_key ON deliveries (event_id, key_id);
CREATE INDEX deliveries_list ON deliveries (org_id, created_at DESC, delivery_id);
CREATE INDEX deliveries_state ON deliveries (org_id, state, created_at DESC, delivery_id);
CREATE INDEX deliveries_pending ON deliveries (key_id) WHERE state = 'pending';

CREATE TABLE jobs (
    job_id TEXT NOT NULL PRIMARY KEY,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    dedupe_key TEXT,
    org_id TEXT,
    envelope_id TEXT,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    wake_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_owner TEXT,
    last_error TEXT,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    live BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX jobs_wake ON jobs (lane, wake_at, job_id) WHERE live = 1;
CREATE UNIQUE INDEX jobs_live_key ON jobs (dedupe_key) WHERE dedupe_key IS NOT NULL AND live = 1;
CREATE INDEX jobs_envelope ON jobs (envelope_id, kind) WHERE envelope_id IS NOT NULL AND live = 1;
CREATE INDEX jobs_leased ON jobs (lease_owner) WHERE live = 1 AND lease_owner IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (wake_at, job_id) WHERE live = 0;
CREATE INDEX jobs_state ON jobs (state, wake_at);

CREATE TABLE idempotency (
    org_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTES NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    status BIGINT,
    answer BYTES,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, scope, key)
);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);
CREATE INDEX idempotency_running ON idempotency (expires_at) WHERE state = 'running';

-- Unlogged on PostgreSQL: a request must not cost a disk flush, and losing it opens one window anew.
CREATE UNLOGGED TABLE rate_windows (
    subject TEXT NOT NULL PRIMARY KEY,
    window_start BIGINT NOT NULL,
    hits BIGINT NOT NULL
);

CREATE TABLE attempts (
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    hits BIGINT NOT NULL,
    locked_until BIGINT,
    PRIMARY KEY (scope, subject)
);
CREATE INDEX attempts_age ON attempts (window_start);

CREATE TABLE revisions (
    envelope_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,
    byte_offset BIGINT NOT NULL,
    length BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    bucket TEXT NOT NULL,
    path TEXT NOT NULL,
    data_key_wrapped BYTES,
    tail TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (envelope_id, n)
);
CREATE INDEX revisions_hash ON revisions (sha256, envelope_id, n);

CREATE TABLE drafts (
    envelope_id TEXT NOT NULL,
    signer_id TEXT NOT NULL,
    field_id TEXT NOT NULL,
    value BYTES NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (envelope_id, signer_id, field_id)
);

CREATE TABLE link_tokens (
    token_sha256 BYTES NOT NULL PRIMARY KEY,
    envelope_id TEXT NOT NULL,
    signer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX link_tokens_signer ON link_tokens (envelope_id, signer_id);

CREATE TABLE otp_challenges (
    envelope_id TEXT NOT NULL,
    signer_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    code_sha256 BYTES NOT NULL,
    document_sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    locked_until BIGINT,
    sent_at BIGINT,
    PRIMARY KEY (envelope_id, signer_id, channel)
);

CREATE TABLE assets (
    asset_id TEXT NOT NULL PRIMARY KEY,
    envelope_id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    document_hash TEXT NOT NULL,
    bucket TEXT NOT NULL,
    path TEXT NOT NULL,
    size BIGINT NOT NULL,
    live BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
-- UCC 9-105(b)(1), single authoritative copy: the database refuses a second one.
CREATE UNIQUE INDEX assets_live_source ON assets (source_sha256) WHERE live = 1;
CREATE UNIQUE INDEX assets_live_envelope ON assets (envelope_id) WHERE live = 1;
CREATE INDEX assets_envelope ON assets (envelope_id, created_at DESC, asset_id);
CREATE INDEX assets_hash ON assets (document_hash, asset_id);

CREATE TABLE copies (
    asset_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    bucket TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    meta TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (asset_id, n)
);
CREATE INDEX copies_hash ON copies (sha256, asset_id, n);

CREATE TABLE certificates (
    certificate_id TEXT NOT NULL PRIMARY KEY,
    envelope_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    supersedes TEXT,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX certificates_n ON certificates (envelope_id, kind, n);

CREATE TABLE keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    org_id TEXT,
    alg TEXT NOT NULL,
    wrapped BYTES NOT NULL,
    public BYTES NOT NULL,
    certificate BYTES,
    not_before BIGINT NOT NULL,
    not_after BIGINT,
    created_at BIGINT NOT NULL,
    active BIGINT NOT NULL
);
CREATE UNIQUE INDEX keys_active ON keys (purpose, COALESCE(org_id, '')) WHERE active = 1;

CREATE TABLE audit (
    audit_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_list ON audit (org_id, at DESC, audit_id DESC);

CREATE TABLE meta (
    k TEXT NOT NULL PRIMARY KEY,
    v TEXT NOT NULL
);

-- Evidence is append-only, whoever asks.
-- only postgres
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'DB001'; END
$$;
-- only postgres
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- only postgres
CREATE TRIGGER certificates_append_only BEFORE UPDATE OR DELETE ON certificates
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- only postgres
CREATE TRIGGER feed_append_only BEFORE UPDATE ON feed
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- only sqlite
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'append-only: events'); END;
-- only sqlite
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'append-only: events'); END;
-- only sqlite
CREATE TRIGGER certificates_no_update BEFORE UPDATE ON certificates
BEGIN SELECT RAISE(ABORT, 'append-only: certificates'); END;
-- only sqlite
CREATE TRIGGER certificates_no_delete BEFORE DELETE ON certificates
BEGIN SELECT RAISE(ABORT, 'append-only: certificates'); END;
-- only sqlite
CREATE TRIGGER feed_no_update BEFORE UPDATE ON feed
BEGIN SELECT RAISE(ABORT, 'append-only: feed'); END;
