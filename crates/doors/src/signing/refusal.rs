//! What the application refuses, as problems of this door (operator-and-signing.md §2, §4).

use deedbox_app::{Error as Refused, FieldError, error::TokenRefusal};
use deedbox_core::envelope;
use http::StatusCode;

use crate::http::problem::{Fault, Problem};

impl Problem {
    /// No token, or one that opens nothing.
    pub(crate) fn token_invalid() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "token-invalid",
            "The link is not valid",
        )
    }

    fn token_expired() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "token-expired",
            "The link has expired",
        )
    }

    fn closed(status: envelope::Status) -> Self {
        Self::new(
            StatusCode::GONE,
            "envelope-closed",
            "The envelope is closed",
        )
        .because(status.as_str())
    }

    fn wrong_step(current: &'static str) -> Self {
        let problem = Self::new(
            StatusCode::CONFLICT,
            "wrong-step",
            "Another step comes first",
        );
        Self {
            current_step: Some(current),
            ..problem
        }
    }

    fn not_your_turn() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "not-your-turn",
            "It is not this signer's turn",
        )
    }

    fn document_changed() -> Self {
        let title = "The document changed since it was shown";
        Self::new(StatusCode::CONFLICT, "document-changed", title)
    }

    fn too_many(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-attempts",
            "Too many attempts",
        )
        .because(format!("Try again in {seconds} seconds"))
        .retry_after(seconds)
    }

    fn code_expired() -> Self {
        Self::new(StatusCode::GONE, "code-expired", "The code has expired")
    }

    /// Unacceptable values, each with the pointer to it.
    pub(crate) fn validation(faults: Vec<FieldError>) -> Self {
        let problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation",
            "Some values are not accepted",
        );
        let fault = |it: FieldError| Fault {
            pointer: pointer(&it.field),
            detail: it.message,
        };
        Self {
            errors: faults.into_iter().map(fault).collect(),
            ..problem
        }
    }
}

/// A field's path as a JSON pointer: `a.b[0].c` is `/a/b/0/c`; the body itself is the empty pointer.
fn pointer(path: &str) -> String {
    if path == "body" {
        return String::new();
    }
    let steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.fold(String::new(), |mut pointer, step| {
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        pointer
    })
}

impl From<Vec<FieldError>> for Problem {
    fn from(faults: Vec<FieldError>) -> Self {
        Self::validation(faults)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Refused(refusal) => of_envelope(refusal),
            Refused::Token(TokenRefusal::Invalid) => Self::token_invalid(),
            Refused::Token(TokenRefusal::Expired) => Self::token_expired(),
            Refused::NotFound(_) => Self::not_found(),
            Refused::Invalid(faults) => Self::validation(faults),
            Refused::DocumentChanged => Self::document_changed(),
            Refused::NotYourField => Self::new(
                StatusCode::FORBIDDEN,
                "not-your-field",
                "The field is another signer's",
            ),
            Refused::CodeWrong { attempts_left } => {
                let problem = Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "code-wrong",
                    "The code is wrong",
                );
                Self {
                    attempts_left: Some(attempts_left),
                    ..problem
                }
            }
            Refused::CodeExpired => Self::code_expired(),
            Refused::TooMany { retry_after } => Self::too_many(retry_after),
            Refused::Busy => busy(),
            Refused::Storage(cause) => {
                tracing::error!(cause, "storage unavailable");
                Self::new(
                    StatusCode::BAD_GATEWAY,
                    "storage-unavailable",
                    "Storage unavailable",
                )
            }
            other => {
                tracing::error!(cause = %other, "internal error");
                Self::internal()
            }
        }
    }
}

fn busy() -> Problem {
    let problem = Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "The server is busy",
    );
    problem
        .because("Nothing was changed; try again")
        .retry_after(1)
}

fn of_envelope(refusal: envelope::Refusal) -> Problem {
    use envelope::Refusal as R;
    match refusal {
        R::StatusDoesNotAllow { current } if current.is_out() => {
            Problem::wrong_step("sign").because("Not everybody has signed yet")
        }
        R::EnvelopeClosed { status } | R::StatusDoesNotAllow { current: status } => {
            Problem::closed(status)
        }
        R::UnknownSigner => Problem::token_invalid(),
        R::NotYourTurn => Problem::not_your_turn(),
        R::WrongStep { current } => Problem::wrong_step(current.as_str()),
        R::NotOpened => Problem::wrong_step("consent").because("Open the session first"),
        R::ReviewPending => Problem::wrong_step("biometric").because("A decision is pending"),
        R::DocumentChanged => Problem::document_changed(),
        R::CodeExpired | R::CodeNotSent => Problem::code_expired(),
        R::TooManyAttempts { retry_after_s } | R::CodeCooldown { retry_after_s } => {
            Problem::too_many(retry_after_s)
        }
        R::Invalid(faults) => Problem::validation(faults),
        other => {
            tracing::error!(
                code = other.code(),
                "a refusal that no call of this door can cause"
            );
            Problem::internal()
        }
    }
}

#[cfg(test)]
mod tests {
    use deedbox_core::envelope::{Status, StepKind};

    use super::*;

    fn wire(refusal: envelope::Refusal) -> (u16, &'static str) {
        let problem = Problem::from(Refused::from(refusal));
        (problem.status.as_u16(), problem.slug)
    }

    #[test]
    fn every_refusal_of_the_signing_page_has_its_slug() {
        use envelope::Refusal as R;
        assert_eq!(
            wire(R::EnvelopeClosed {
                status: Status::Voided
            }),
            (410, "envelope-closed")
        );
        assert_eq!(wire(R::NotYourTurn), (409, "not-your-turn"));
        assert_eq!(wire(R::DocumentChanged), (409, "document-changed"));
        assert_eq!(wire(R::CodeExpired), (410, "code-expired"));
        assert_eq!(
            wire(R::TooManyAttempts { retry_after_s: 900 }),
            (429, "too-many-attempts")
        );
        assert_eq!(wire(R::UnknownSigner), (401, "token-invalid"));
    }

    #[test]
    fn a_wrong_step_names_the_current_one() {
        let refusal = envelope::Refusal::WrongStep {
            current: StepKind::OtpEmail,
        };
        let problem = Problem::from(Refused::from(refusal));
        assert_eq!(problem.current_step, Some("otp_email"));
        assert_eq!((problem.status.as_u16(), problem.slug), (409, "wrong-step"));
    }

    #[test]
    fn a_path_becomes_a_pointer() {
        assert_eq!(pointer("value.strokes[0][1].x"), "/value/strokes/0/1/x");
        assert_eq!(pointer("value"), "/value");
        assert_eq!(pointer("body"), "");
    }
}
