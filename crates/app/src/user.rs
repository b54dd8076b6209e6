//! Console users and their sessions.

use argon2::{Argon2, PasswordHasher as _, password_hash::SaltString};
use deedbox_core::{EmailAddress, Timestamp, UserId};
use deedbox_store::{orgs, sessions, users};
use serde_json::json;

use crate::{
    App, audit,
    error::{Error, What},
    token,
};

/// Shortest password (NIST SP 800-63B: at least 8; ours is longer since no rules of composition apply).
const PASSWORD_MIN: usize = 12;
/// Longest password, so that hashing has a bound.
const PASSWORD_MAX: usize = 256;

/// What a console user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Keeps the vault.
    Custodian,
    /// Sends envelopes; may not vault.
    Sales,
    /// Reads; changes nothing.
    Auditor,
}

impl Role {
    const ALL: [Self; 4] = [Self::Admin, Self::Custodian, Self::Sales, Self::Auditor];

    /// The role's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Custodian => "custodian",
            Self::Sales => "sales",
            Self::Auditor => "auditor",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// A session token, shown once.
#[derive(Clone)]
pub struct MadeSession {
    /// The raw token.
    pub token: String,
    /// End of life.
    pub expires_at: Timestamp,
}

impl App {
    /// Creates a console user.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a bad address, a password outside 12–256 characters, or an address that is taken.
    pub async fn create_user(
        &self,
        org_id: &str,
        email: &str,
        role: Role,
        password: Option<&str>,
    ) -> Result<UserId, Error> {
        let email = EmailAddress::parse(email)
            .map_err(|_| Error::invalid("email", "must be an e-mail address"))?;
        let password_hash = password.map(|password| self.hash(password)).transpose()?;
        let ctx = self.operator_context();
        let user_id: UserId = ctx.id("user");
        let row = users::User {
            user_id: user_id.to_string(),
            org_id: org_id.to_owned(),
            email: email.as_str().to_owned(),
            email_lower: email.key(),
            name: None,
            role: role.as_str().to_owned(),
            password_hash,
            active: true,
            created_at: ctx.now.micros(),
            updated_at: ctx.now.micros(),
        };
        self.store()
            .write("create user", move |tx| {
                orgs::get(tx, &row.org_id)?.ok_or(Error::NotFound(What::Organization))?;
                if users::by_email(tx, &row.org_id, &row.email_lower)?.is_some() {
                    return Err(Error::invalid("email", "a user with this address exists"));
                }
                users::insert(tx, &row)?;
                let detail = json!({"role": row.role});
                audit::note(tx, &ctx, &row.org_id, "user.created", &row.user_id, &detail)?;
                Ok(())
            })
            .await?;
        Ok(user_id)
    }

    fn hash(&self, password: &str) -> Result<String, Error> {
        if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&password.chars().count()) {
            return Err(Error::invalid("password", "must have 12 to 256 characters"));
        }
        let salt = SaltString::encode_b64(&self.entropy().seed()[..16]).map_err(Error::internal)?;
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
        Ok(hash.map_err(Error::internal)?.to_string())
    }

    /// Opens a session for a user without a password: the operator's own way in.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown or inactive user.
    pub async fn create_session(
        &self,
        org_id: &str,
        email: &str,
        ttl_seconds: u32,
    ) -> Result<MadeSession, Error> {
        let ctx = self.operator_context();
        let expires_at = ctx.now.plus_seconds(i64::from(ttl_seconds));
        let made = MadeSession {
            token: token::new_token(self.entropy()),
            expires_at,
        };
        let digest = token::digest(&made.token);
        let (org_id, email) = (org_id.to_owned(), email.trim().to_lowercase());
        self.store()
            .write("create session", move |tx| {
                let user = users::by_email(tx, &org_id, &email)?
                    .filter(|user| user.active)
                    .ok_or(Error::NotFound(What::User))?;
                let session = sessions::Session {
                    token_sha256: digest,
                    org_id: org_id.clone(),
                    user_id: user.user_id,
                    created_at: ctx.now.micros(),
                    expires_at: expires_at.micros(),
                    revoked_at: None,
                };
                sessions::insert(tx, &session)?;
                let detail = json!({});
                audit::note(
                    tx,
                    &ctx,
                    &org_id,
                    "session.created",
                    &session.user_id,
                    &detail,
                )?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(made)
    }
}
