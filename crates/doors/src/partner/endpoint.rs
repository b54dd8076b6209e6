//! What an endpoint says of itself, and what its handler is given.

use std::fmt;

use deedbox_app::{App, Caller, Scope};
use deedbox_core::ids::{EnvelopeId, TemplateId};
use futures::future::BoxFuture;
use http::Method;
use serde_json::{Map, Value};

use super::{answer::Answer, error::Error};
use crate::http::{
    body::{Content, Expects},
    fields::{Faults, Fields},
    multipart::Form,
};

/// What a key must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// This scope.
    Scope(Scope),
    /// One of these, depending on the body, so the handler asks for it (P35).
    ByBody(&'static [Scope]),
}

impl Access {
    /// The scopes that can open the endpoint.
    #[must_use]
    pub fn scopes(&self) -> &[Scope] {
        match self {
            Self::Scope(scope) => std::slice::from_ref(scope),
            Self::ByBody(scopes) => scopes,
        }
    }
}

/// The code behind an endpoint.
pub(crate) type Handler = fn(Call) -> BoxFuture<'static, Result<Answer, Error>>;

/// One endpoint of this door. The router, the order of checks, the OpenAPI document and the authorization test are all
/// made from these.
#[derive(Clone)]
pub struct Endpoint {
    /// Its number in the contract, e.g. `P1`.
    pub number: &'static str,
    /// Method.
    pub method: Method,
    /// Path below `/api/v2`, with `{…}` for ids.
    pub path: &'static str,
    /// What a key must be allowed to do.
    pub access: Access,
    pub(crate) body: Expects,
    pub(crate) handler: Handler,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.number, self.method, self.path)
    }
}

impl Endpoint {
    /// A GET endpoint.
    pub(crate) const fn get(
        number: &'static str,
        path: &'static str,
        scope: Scope,
        handler: Handler,
    ) -> Self {
        let access = Access::Scope(scope);
        Self {
            number,
            method: Method::GET,
            path,
            access,
            body: Expects::Nothing,
            handler,
        }
    }

    /// A POST endpoint.
    pub(crate) const fn post(
        number: &'static str,
        path: &'static str,
        access: Access,
        body: Expects,
        handler: Handler,
    ) -> Self {
        Self {
            number,
            method: Method::POST,
            path,
            access,
            body,
            handler,
        }
    }

    /// A PATCH endpoint.
    pub(crate) const fn patch(
        number: &'static str,
        path: &'static str,
        scope: Scope,
        handler: Handler,
    ) -> Self {
        let access = Access::Scope(scope);
        Self {
            number,
            method: Method::PATCH,
            path,
            access,
            body: Expects::OptionalJson,
            handler,
        }
    }
}

/// A request that passed every check up to its meaning.
pub(crate) struct Call {
    pub app: App,
    pub caller: Caller,
    pub path: Vec<(String, String)>,
    pub query: Map<String, Value>,
    pub content: Content,
}

impl Call {
    /// The query string, to be read.
    pub(crate) fn query<'a>(&'a self, faults: &'a Faults) -> Fields<'a> {
        Fields::of_text(&self.query, faults)
    }

    /// The JSON body, leaving the rest.
    pub(crate) fn take_json(&mut self) -> Value {
        std::mem::replace(&mut self.content, Content::Empty).into_json()
    }

    /// The form, leaving the rest.
    pub(crate) fn take_form(&mut self) -> Form {
        std::mem::replace(&mut self.content, Content::Empty).into_form()
    }

    /// Refuses unless the key has `scope`.
    ///
    /// # Errors
    /// 403 naming the scope.
    pub(crate) fn require(&self, scope: Scope) -> Result<(), Error> {
        require(&self.caller, scope)
    }

    fn id<T>(
        &self,
        name: &str,
        parse: fn(&str) -> Option<T>,
        missing: &'static str,
    ) -> Result<T, Error> {
        let text = self
            .path
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str());
        text.and_then(parse)
            .ok_or_else(|| Error::not_found(missing))
    }

    /// The envelope in the path. An id that does not parse is one that does not exist.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn envelope_id(&self) -> Result<EnvelopeId, Error> {
        self.id(
            "id",
            |text| EnvelopeId::parse(text).ok(),
            "Envelope not found",
        )
    }

    /// The template in the path.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn template_id(&self) -> Result<TemplateId, Error> {
        self.id(
            "template_id",
            |text| TemplateId::parse(text).ok(),
            "Template not found",
        )
    }
}

/// Refuses unless the caller has `scope`.
pub(crate) fn require(caller: &Caller, scope: Scope) -> Result<(), Error> {
    if caller.scopes.contains(&scope) {
        return Ok(());
    }
    Err(Error::insufficient_scope(scope.as_str()))
}
