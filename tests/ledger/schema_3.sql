CREATE TABLE meta (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID;
CREATE TABLE run (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    exit_code INTEGER,
    counts JSON,
    error TEXT,
    PRIMARY KEY (id)
);
CREATE TABLE lead (
    lead_id TEXT NOT NULL,
    activity_at BIGINT,
    events_since BIGINT,
    due_at BIGINT,
    deleted BOOLEAN NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (lead_id)
) WITHOUT ROWID;
CREATE INDEX lead_due ON lead (due_at, lead_id) WHERE due_at IS NOT NULL;
CREATE TABLE call (
    call_id TEXT NOT NULL,
    lead_id TEXT,
    updated_at BIGINT,
    created_at BIGINT,
    due_at BIGINT,
    looks INTEGER NOT NULL,
    source_hash BLOB,
    PRIMARY KEY (call_id)
) WITHOUT ROWID;
CREATE INDEX call_due ON call (due_at, call_id) WHERE due_at IS NOT NULL;
CREATE TABLE target (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE activity (
    call_id TEXT NOT NULL,
    target_id INTEGER NOT NULL,
    state VARCHAR(16) NOT NULL,
    record_id TEXT,
    fingerprint BLOB,
    prints BLOB,
    mapping BLOB,
    reason TEXT,
    unlinked TEXT,
    at BIGINT,
    since BIGINT,
    PRIMARY KEY (call_id, target_id),
    FOREIGN KEY(target_id) REFERENCES target (id)
) WITHOUT ROWID;
CREATE INDEX activity_open ON activity (state, call_id) WHERE state IN ('intent', 'waiting', 'parked', 'left over');
CREATE TABLE attempt (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    target TEXT NOT NULL,
    at BIGINT NOT NULL,
    code TEXT NOT NULL,
    verdict TEXT NOT NULL,
    fields JSON NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE INDEX attempt_of_call ON attempt (call_id);
CREATE INDEX attempt_age ON attempt (at);
