//! The OpenAPI document of this door: what the endpoints' annotations say, completed from what they declare.

use utoipa::{
    OpenApi,
    openapi::{
        HeaderBuilder, ObjectBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder, Type,
        content::ContentBuilder,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        response::Responses,
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
        server::ServerBuilder,
    },
};

use super::{BASE, Endpoint, embed_token, endpoints, envelopes, templates, vault, webhook};
use crate::http::body::Expects;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "deedbox Partner API",
        description = "Envelopes, signing links, the control vault and its evidence, for a partner's back end.",
    ),
    paths(
        envelopes::list::handle, envelopes::get::handle, envelopes::status::handle, envelopes::create::handle,
        envelopes::void::handle, envelopes::remind::handle, envelopes::signing_links::handle,
        envelopes::working_document::handle, envelopes::events::handle, envelopes::evidence::handle,
        vault::vault_in_signed::handle, vault::authoritative_url::handle, vault::copy_url::handle,
        vault::certificate::handle, vault::compliance::handle, templates::list::handle, templates::get::handle,
        templates::create::handle, templates::add_fields::handle, webhook::handle, embed_token::handle,
    ),
    components(schemas(super::error::Body, super::error::Detail)),
    tags(
        (name = "Envelopes", description = "Asking for signatures"),
        (name = "Vault", description = "The authoritative copy, its certificate, its compliance"),
        (name = "Templates", description = "Documents with fields"),
        (name = "Webhooks", description = "Where events go"),
        (name = "Embed", description = "Widgets in the partner's own pages"),
    ),
)]
struct Annotated;

/// The whole document.
pub(crate) fn document() -> Document {
    let mut document = Annotated::openapi();
    document.servers = Some(vec![ServerBuilder::new().url(BASE).build()]);
    let components = document.components.get_or_insert_default();
    let key = ApiKeyValue::with_description("X-API-Key", "`lk_` and 40 hexadecimal digits");
    components.add_security_scheme("ApiKey", SecurityScheme::ApiKey(ApiKey::Header(key)));
    for endpoint in endpoints() {
        let item = document.paths.paths.get_mut(endpoint.path);
        if let Some(operation) = item.and_then(|item| operation_mut(item, &endpoint)) {
            complete(operation, &endpoint);
        }
    }
    document
}

fn operation_mut<'a>(item: &'a mut PathItem, endpoint: &Endpoint) -> Option<&'a mut Operation> {
    match endpoint.method.as_str() {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PATCH" => item.patch.as_mut(),
        _ => None,
    }
}

/// Adds what follows from the declaration: scope, ids, idempotency, common refusals, rate headers.
fn complete(operation: &mut Operation, endpoint: &Endpoint) {
    let scopes = endpoint.access.scopes().iter().map(|scope| scope.as_str());
    operation.security = Some(vec![SecurityRequirement::new("ApiKey", scopes)]);
    let parameters = operation.parameters.get_or_insert_default();
    for id in ids(endpoint.path) {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let id = ParameterBuilder::new()
            .name(id)
            .parameter_in(ParameterIn::Path);
        parameters.insert(
            0,
            id.required(utoipa::openapi::Required::True)
                .schema(Some(text))
                .build()
                .into(),
        );
    }
    if endpoint.method == http::Method::POST {
        parameters.push(idempotency_key().into());
    }
    for (status, description) in common(endpoint) {
        refuse(&mut operation.responses, status, description);
    }
    add_rate_headers(&mut operation.responses);
}

fn ids(path: &'static str) -> impl DoubleEndedIterator<Item = &'static str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn idempotency_key() -> utoipa::openapi::path::Parameter {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some("The same key and request within 24 hours: the first answer again, and no second effect."))
        .schema(Some(text))
        .build()
}

fn common(endpoint: &Endpoint) -> Vec<(&'static str, &'static str)> {
    let mut refusals = vec![
        ("401", "`Invalid or inactive API key`"),
        ("403", "`Insufficient scope`"),
        ("422", "`Validation failed`"),
        ("429", "`Rate limit exceeded`"),
        ("500", "`Internal error`"),
    ];
    if endpoint.path.contains("{id}") {
        refusals.push(("404", missing_in_envelope(endpoint)));
    }
    if endpoint.path.contains("{template_id}") {
        refusals.push(("404", "`Template not found`"));
    }
    if endpoint.method == http::Method::POST {
        refusals.push(("409", "`Idempotency-Key was used with a different request`"));
    }
    match endpoint.body {
        Expects::Nothing => {}
        Expects::Form => refusals.push(("400", "`Invalid multipart body`")),
        _ => refusals.push(("400", "`Invalid JSON`")),
    }
    if endpoint.body != Expects::Nothing {
        refusals.extend([
            ("413", "`Payload too large`"),
            ("415", "`Unsupported content type`"),
        ]);
    }
    refusals
}

fn missing_in_envelope(endpoint: &Endpoint) -> &'static str {
    let vault = endpoint.path.contains("/vault/");
    if vault {
        "`Envelope not found`, `Envelope is not vaulted`"
    } else {
        "`Envelope not found`"
    }
}

/// Adds a refusal; where the endpoint's annotation describes that status, its strings come first.
fn refuse(responses: &mut Responses, status: &str, description: &str) {
    if let Some(RefOr::T(response)) = responses.responses.get_mut(status) {
        if !response.description.contains(description) {
            response.description = format!("{}, {description}", response.description);
        }
        return;
    }
    let body = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Error")))
        .build();
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/json", body);
    responses
        .responses
        .insert(status.to_owned(), response.build().into());
}

fn add_rate_headers(responses: &mut Responses) {
    for (status, response) in &mut responses.responses {
        let RefOr::T(response) = response else {
            continue;
        };
        if status == "401" {
            continue;
        }
        for (name, description) in [
            ("X-RateLimit-Limit", "Requests per window of 60 seconds."),
            ("X-RateLimit-Remaining", "Requests left in this window."),
            ("X-RateLimit-Reset", "End of the window, epoch seconds."),
        ] {
            let whole = ObjectBuilder::new().schema_type(Type::Integer);
            let header = HeaderBuilder::new()
                .schema(Some(whole))
                .description(Some(description))
                .build();
            response.headers.insert(name.to_owned(), header.into());
        }
    }
}
