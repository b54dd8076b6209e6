//! Who signed, when, and at which level.

use time::OffsetDateTime;

use super::{Level, Problem, Revocation, Trust, chain::Pool, check::Checked, usage::Purpose};
use crate::dictionary::Kind;

/// Judges every timestamp, then every signature at the time that is proven for it.
pub(crate) fn judge(checked: &mut [Checked], pool: &Pool, trust: &Trust) {
    for one in checked.iter_mut() {
        stray_certificates(one, pool);
        timestamp(one, pool);
    }
    let proofs: Vec<(u64, OffsetDateTime)> = checked.iter().filter_map(proof).collect();
    for one in checked.iter_mut() {
        // Whoever timestamped a later revision has seen this one.
        one.report.proven_time = proofs
            .iter()
            .filter(|(until, _)| *until >= one.report.covered_until)
            .map(|(_, time)| *time)
            .min();
        signer(one, pool, trust.now);
    }
}

/// Certificates stand outside the signature. One that nobody vouches for was put there by somebody
/// else, or changed.
fn stray_certificates(one: &mut Checked, pool: &Pool) {
    if one
        .certificates
        .iter()
        .any(|certificate| !pool.vouched(certificate))
    {
        one.report.problems.push(Problem::StrayCertificate);
    }
}

fn timestamp(one: &mut Checked, pool: &Pool) {
    let (Some(report), Some(authority)) = (&mut one.report.timestamp, &one.authority) else {
        return;
    };
    report.chain = pool.judge(authority, report.time, Purpose::Timestamping);
    report.ok = report.chain.trusted;
    if !report.ok {
        report.problem = Some(Problem::TimestampUntrusted);
    }
}

fn proof(one: &Checked) -> Option<(u64, OffsetDateTime)> {
    let timestamp = one
        .report
        .timestamp
        .as_ref()
        .filter(|timestamp| timestamp.ok)?;
    one.report
        .intact()
        .then_some((one.report.covered_until, timestamp.time))
}

fn signer(one: &mut Checked, pool: &Pool, now: OffsetDateTime) {
    let Some(signer) = &one.signer else { return };
    one.report.chain = match (one.report.kind, &one.report.timestamp) {
        (Kind::DocTimestamp, Some(timestamp)) => timestamp.chain.clone(),
        _ => pool.judge(
            signer,
            one.report.proven_time.unwrap_or(now),
            Purpose::Signing,
        ),
    };
}

/// The levels. `archived` tells whether a sound document timestamp covers the validation material
/// and this revision.
pub(crate) fn levels(checked: &mut [Checked], dss: bool, archived: impl Fn(u64) -> bool) {
    for one in checked
        .iter_mut()
        .filter(|one| one.report.kind == Kind::Signature)
    {
        let report = &one.report;
        if !report.intact() || report.sub_filter != "ETSI.CAdES.detached" {
            continue;
        }
        let timestamped = report.timestamp.as_ref().filter(|timestamp| timestamp.ok);
        let complete = timestamped.is_some_and(|timestamp| {
            report.chain.trusted
                && report.chain.revocation == Revocation::Good
                && timestamp.chain.revocation == Revocation::Good
        });
        one.report.level = Some(match (timestamped, dss && complete) {
            (None, _) => Level::Basic,
            (Some(_), false) => Level::Timestamped,
            (Some(_), true) if archived(report.covered_until) => Level::Archival,
            (Some(_), true) => Level::LongTerm,
        });
    }
}
