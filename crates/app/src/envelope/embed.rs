//! P35: tokens for embedded widgets.

use deedbox_core::{
    EmailAddress, EventId, Timestamp,
    envelope::{Refusal, Status},
};

use crate::{
    App,
    caller::Caller,
    error::Error,
    token::{EMBED_SECONDS, EmbedClaims, Widget},
};

/// A token that opens one widget for one envelope.
#[derive(Clone, Debug)]
pub struct EmbedToken {
    /// The JWT.
    pub token: String,
    /// End of life.
    pub expires_at: Timestamp,
    /// The widget's address with the token in its fragment.
    pub embed_url: String,
}

impl App {
    /// Mints an embed token.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when the status does not fit the widget;
    /// [`Error::Invalid`] when a signing token is asked for somebody who is no signer.
    pub async fn embed_token(
        &self,
        caller: &Caller,
        envelope_id: &str,
        user_email: &EmailAddress,
        widget: Widget,
    ) -> Result<EmbedToken, Error> {
        let loaded = self.load(caller.org.as_str(), envelope_id).await?;
        let envelope = loaded.envelope();
        let current = envelope.status;
        let fits = match widget {
            Widget::Sign => current.is_out(),
            Widget::Vault => current == Status::Vaulted,
        };
        if !fits {
            return Err(Refusal::StatusDoesNotAllow { current }.into());
        }
        if widget == Widget::Sign && envelope.signer_by_email(user_email).is_none() {
            return Err(Error::invalid(
                "user_email",
                "not a signer of this envelope",
            ));
        }
        let ctx = self.context(caller.actor());
        let issued = ctx.now.epoch_seconds();
        let claims = EmbedClaims {
            envelope_id: envelope_id.to_owned(),
            org_id: caller.org.to_string(),
            user_email: user_email.as_str().to_owned(),
            widget_type: widget,
            iat: issued,
            exp: issued + EMBED_SECONDS,
            aud: self.embed_host().to_owned(),
            jti: ctx.id::<EventId>("embed token").to_string(),
        };
        let token = self.embed_jwt(&claims)?;
        let path = format!("/{}/{envelope_id}#token={token}", widget.as_str());
        Ok(EmbedToken {
            embed_url: self.settings().embed(&path),
            expires_at: Timestamp::from_micros(claims.exp * 1_000_000),
            token,
        })
    }
}
