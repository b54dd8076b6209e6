//! Opening a session: a link token, or an embed token, stands for one signer of one envelope.

use deedbox_core::{
    Actor, ActorKind, Context, EmailAddress, EnvelopeId, SignerId,
    envelope::{Refusal, Signer},
};
use deedbox_store::links;

use crate::{
    App,
    caller::Client,
    envelope::decide::ATTEMPTS,
    error::{Error, TokenRefusal},
    record::Loaded,
    token::{self, Widget},
};

/// An opened session. It holds no state: each call reads the record anew.
#[derive(Clone, Debug)]
pub struct Session {
    /// The envelope.
    pub envelope_id: EnvelopeId,
    /// The signer.
    pub signer_id: SignerId,
    /// Who is on the line.
    pub client: Client,
}

const INVALID: Error = Error::Token(TokenRefusal::Invalid);

impl App {
    /// Opens a session for a bearer token.
    ///
    /// # Errors
    /// [`Error::Token`]; [`Error::Refused`] with `EnvelopeClosed` for a link that died with its
    /// envelope.
    pub async fn signing_open(&self, bearer: &str, client: Client) -> Result<Session, Error> {
        if bearer.contains('.') {
            self.open_jwt(bearer, client).await
        } else {
            self.open_link(bearer, client).await
        }
    }

    async fn open_jwt(&self, bearer: &str, client: Client) -> Result<Session, Error> {
        let claims = self.open_embed_jwt(bearer)?;
        if claims.widget_type != Widget::Sign {
            return Err(INVALID);
        }
        let email = EmailAddress::parse(&claims.user_email).map_err(|_| INVALID)?;
        let loaded = match self.load(&claims.org_id, &claims.envelope_id).await {
            Err(Error::NotFound(_)) => return Err(INVALID),
            other => other?,
        };
        let envelope = loaded.envelope();
        let signer = envelope.signer_by_email(&email).ok_or(INVALID)?;
        if envelope.status.is_closed() {
            return Err(Refusal::EnvelopeClosed {
                status: envelope.status,
            }
            .into());
        }
        let (envelope_id, signer_id) = (envelope.envelope_id.clone(), signer.signer_id.clone());
        Ok(Session {
            envelope_id,
            signer_id,
            client,
        })
    }

    async fn open_link(&self, bearer: &str, client: Client) -> Result<Session, Error> {
        let digest = token::digest(bearer);
        let link = self
            .store()
            .read("signing link", move |tx| links::get(tx, &digest))
            .await?
            .filter(|link| link.kind == "sign")
            .ok_or(INVALID)?;
        if link.revoked_at.is_some() {
            let loaded = self.load_any(&link.envelope_id).await?;
            let status = loaded.envelope().status;
            return Err(if status.is_closed() {
                Refusal::EnvelopeClosed { status }.into()
            } else {
                INVALID
            });
        }
        if link.expires_at.is_some_and(|at| self.now().micros() >= at) {
            return Err(Error::Token(TokenRefusal::Expired));
        }
        Ok(Session {
            envelope_id: link.envelope_id.parse().map_err(Error::internal)?,
            signer_id: link.signer_id.parse().map_err(Error::internal)?,
            client,
        })
    }

    /// A context in which this session's signer acts, with address and browser for the evidence.
    pub(crate) fn signer_context(&self, session: &Session, signer: &Signer) -> Context {
        let actor = Actor::new(ActorKind::Signer, signer.signer_id.as_str(), signer.name());
        self.context(actor).from_client(deedbox_core::Client {
            ip: session.client.ip.map(|ip| ip.to_string()),
            user_agent: session.client.user_agent.clone(),
        })
    }

    /// Loads the session's record.
    pub(crate) async fn session_record(&self, session: &Session) -> Result<Loaded, Error> {
        self.load_any(session.envelope_id.as_str()).await
    }

    /// Decides a command of the session's signer and commits it, again when another wrote first.
    pub(crate) async fn signer_command(
        &self,
        name: &'static str,
        session: &Session,
        command: impl Fn(&Loaded, &Context) -> Result<deedbox_core::envelope::Command, Error>,
        extra: impl FnMut(&mut deedbox_store::Tx<'_>) -> Result<(), Error> + Clone + Send + 'static,
    ) -> Result<Loaded, Error> {
        let _turn = self.locks().of(session.envelope_id.as_str()).await;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mut loaded = self.session_record(session).await?;
            let ctx = self.signer_context(session, loaded.signer(session)?);
            let command = command(&loaded, &ctx)?;
            let outcome = loaded.execute(command, &ctx)?;
            match self
                .commit(name, loaded, &ctx, outcome, extra.clone())
                .await
            {
                Err(Error::Conflict) if attempt < ATTEMPTS => {}
                other => return other,
            }
        }
    }
}

impl Loaded {
    /// The signer of a session on this record.
    pub(crate) fn signer(&self, session: &Session) -> Result<&Signer, Error> {
        self.envelope().signer(&session.signer_id).ok_or(INVALID)
    }
}
