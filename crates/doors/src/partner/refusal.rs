//! What the application refuses, in the words of this door (partner-api.md §1.5, §4).

use deedbox_app::{Error as Refused, What};
use deedbox_core::{asset, envelope};
use http::StatusCode;

use super::error::Error;

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Refused(refusal) => of_envelope(refusal),
            Refused::Custody(refusal) => of_custody(refusal),
            Refused::NotFound(what) => Self::not_found(missing(what)),
            Refused::Invalid(faults) => Self::invalid(faults),
            Refused::DuplicateCopy => {
                Self::conflict("Another live authoritative copy exists for these bytes")
            }
            Refused::Integrity => Self::conflict("Integrity check failed"),
            Refused::UrlRefused => {
                Self::new(StatusCode::FORBIDDEN, "URL expired or signature invalid")
            }
            Refused::TooMany { retry_after } => Self::rate_limited(retry_after),
            Refused::Busy => Self::internal().retry_after(1),
            Refused::Storage(cause) => {
                tracing::error!(cause, "storage unavailable");
                Self::storage_unavailable()
            }
            // Refusals of the signing page cannot come out of calls of this door; a fault of ours if they do.
            other => {
                tracing::error!(cause = %other, "internal error");
                Self::internal()
            }
        }
    }
}

fn missing(what: What) -> &'static str {
    match what {
        What::Envelope => "Envelope not found",
        What::Customer => "Customer not found",
        What::Template => "Template not found",
        What::Certificate => "Envelope is not vaulted",
        _ => "Not found",
    }
}

fn of_envelope(refusal: envelope::Refusal) -> Error {
    use envelope::Refusal as R;
    match refusal {
        R::StatusDoesNotAllow { current } | R::EnvelopeClosed { status: current } => {
            status(current)
        }
        R::KindMismatch { kind } => Error::conflict("Operation does not fit the envelope kind")
            .with("envelope_kind", kind.as_str()),
        R::NothingUploaded => Error::conflict("Nothing has been uploaded"),
        R::FileAlreadyUploaded => Error::conflict("A file is already uploaded"),
        R::NotAPendingSigner => invalid("email", "is not a pending signer of this envelope"),
        R::ReminderCooldown { retry_after_s } => cooldown(retry_after_s),
        R::DeadlineNotLater => {
            invalid("expires_at", "must be in the future, at most 365 days away")
        }
        R::Invalid(faults) => Error::invalid(faults),
        other => {
            tracing::error!(
                code = other.code(),
                "a refusal that this door does not know"
            );
            Error::internal()
        }
    }
}

fn of_custody(refusal: asset::Refusal) -> Error {
    use asset::Refusal as R;
    match refusal {
        R::NotVaulted => Error::not_found("Envelope is not vaulted"),
        R::UnknownRelease => Error::not_found("Release not found"),
        R::UnknownTransfer => Error::not_found("Transfer not found"),
        R::NotTheReceiver => forbidden("Only the receiving party may do this"),
        R::NotTheOfferer => forbidden("Only the offering party may do this"),
        R::Invalid(faults) => Error::invalid(faults),
        R::ReleaseIncomplete { .. }
        | R::ControlEntryUnfit { .. }
        | R::CertificateOutOfOrder
        | R::SourceDiffers
        | R::UnknownConsent
        | R::ConsentExpired
        | R::NotYetDue => {
            tracing::error!(
                code = refusal.code(),
                "a refusal that no call of this door can cause"
            );
            Error::internal()
        }
        _ => Error::conflict(conflict(&refusal)),
    }
}

fn conflict(refusal: &asset::Refusal) -> &'static str {
    use asset::Refusal as R;
    match refusal {
        R::InEscrow => "Asset is in escrow",
        R::Quarantined => "Record is quarantined",
        R::UnderHold => "Record is under legal hold",
        R::DuplicateAuthoritativeCopy => "Another live authoritative copy exists for these bytes",
        R::IntegrityFailed => "Integrity check failed",
        R::HashDiffers => "Document hash does not match",
        R::PackageHashDiffers => "Package hash does not match",
        R::ReleaseStateDoesNotAllow => "Release state does not allow this operation",
        R::TransferStateDoesNotAllow => "Transfer state does not allow this operation",
        R::ConsentRequired { .. } => "Consent of the current assignee is required",
        R::PaperAlreadyRecorded => "Paper original is already recorded",
        R::NoPaperOriginal => "Operation does not fit the envelope kind",
        // What is left: released, or controlled by another organization, which reads the same from here.
        _ => "Authoritative copy was released",
    }
}

fn forbidden(error: &'static str) -> Error {
    Error::new(StatusCode::FORBIDDEN, error)
}

fn status(current: envelope::Status) -> Error {
    Error::conflict("Envelope status does not allow this operation")
        .with("status", current.as_str())
}

fn invalid(field: &str, message: &str) -> Error {
    Error::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation failed").with(field, message)
}

fn cooldown(seconds: u64) -> Error {
    Error::new(StatusCode::TOO_MANY_REQUESTS, "Reminder cooldown").retry_after(seconds)
}

#[cfg(test)]
mod tests {
    use deedbox_core::envelope::{Kind, Status};

    use super::*;

    fn wire(refused: impl Into<Refused>) -> (u16, String, Vec<(String, String)>) {
        let error = Error::from(refused.into());
        let details = error
            .body
            .details
            .into_iter()
            .map(|it| (it.field, it.message))
            .collect();
        (
            error.status.as_u16(),
            error.body.error.into_owned(),
            details,
        )
    }

    #[test]
    fn a_status_conflict_names_the_current_status() {
        let refusal = envelope::Refusal::StatusDoesNotAllow {
            current: Status::Voided,
        };
        let error = "Envelope status does not allow this operation".to_owned();
        assert_eq!(
            wire(refusal),
            (409, error, vec![("status".into(), "voided".into())])
        );
    }

    #[test]
    fn a_wrong_kind_names_the_kind() {
        let refusal = envelope::Refusal::KindMismatch { kind: Kind::Paper };
        let error = "Operation does not fit the envelope kind".to_owned();
        assert_eq!(
            wire(refusal),
            (409, error, vec![("envelope_kind".into(), "paper".into())])
        );
    }

    #[test]
    fn a_cooldown_says_how_long() {
        let refusal = envelope::Refusal::ReminderCooldown { retry_after_s: 41 };
        let error = Error::from(Refused::from(refusal));
        assert_eq!((error.status.as_u16(), error.retry_after), (429, Some(41)));
        assert_eq!(error.body.error, "Reminder cooldown");
    }

    #[test]
    fn custody_refusals_have_the_contracts_strings() {
        use asset::Refusal as R;
        let strings = [
            (R::NotVaulted, 404, "Envelope is not vaulted"),
            (R::Released, 409, "Authoritative copy was released"),
            (R::NotTheController, 409, "Authoritative copy was released"),
            (R::InEscrow, 409, "Asset is in escrow"),
            (R::Quarantined, 409, "Record is quarantined"),
            (R::UnderHold, 409, "Record is under legal hold"),
            (R::IntegrityFailed, 409, "Integrity check failed"),
            (
                R::NotTheReceiver,
                403,
                "Only the receiving party may do this",
            ),
        ];
        for (refusal, status, string) in strings {
            assert_eq!(wire(refusal), (status, string.to_owned(), vec![]));
        }
    }

    #[test]
    fn the_cause_of_a_fault_of_ours_is_never_told() {
        let (status, error, details) = wire(Refused::Internal("disk sda1 is on fire".into()));
        assert_eq!(
            (status, error.as_str(), details.len()),
            (500, "Internal error", 0)
        );
        assert_eq!(
            wire(Refused::Storage("bucket".into())).1,
            "Storage unavailable"
        );
    }
}
