//! The OpenAPI document of this door.

use utoipa::{
    OpenApi,
    openapi::{
        OpenApi as Document, Ref, ResponseBuilder,
        content::ContentBuilder,
        path::{Operation, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        server::ServerBuilder,
    },
};

use super::{BASE, complete, consent, copy, decline, document as pdf, field, otp, pages, session};
use crate::http::problem::{Fault, Problem};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "deedbox Signing API",
        description = "What the signing page says to the server. The token of the link's fragment is the bearer token.",
    ),
    paths(
        session::handle, pdf::handle, pages::handle, consent::handle, otp::send, otp::verify, field::handle,
        complete::handle, decline::handle, copy::handle,
    ),
    components(schemas(Problem, Fault)),
    tags((name = "Signing", description = "One signer, one envelope")),
)]
struct Annotated;

/// The whole document.
pub(crate) fn document() -> Document {
    let mut document = Annotated::openapi();
    document.servers = Some(vec![ServerBuilder::new().url(BASE).build()]);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    let bearer = bearer
        .description(Some("A link token, or an embed token of type `sign`"))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("SigningToken", SecurityScheme::Http(bearer));
    document
        .paths
        .paths
        .values_mut()
        .flat_map(operations)
        .for_each(complete_operation);
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [item.get.as_mut(), item.post.as_mut(), item.put.as_mut()]
        .into_iter()
        .flatten()
}

/// Adds what every call needs and may be refused with.
fn complete_operation(operation: &mut Operation) {
    let token = SecurityRequirement::new("SigningToken", Vec::<String>::new());
    operation.security = Some(vec![token]);
    let refusals = [
        ("401", "`token-invalid`, `token-expired`"),
        ("410", "`envelope-closed`, `code-expired`"),
        (
            "409",
            "`wrong-step` (with `current_step`), `not-your-turn`, `document-changed`",
        ),
        (
            "422",
            "`validation` (with `errors`), `code-wrong` (with `attempts_left`)",
        ),
        ("429", "`too-many-attempts` (with `Retry-After`)"),
        ("default", "Any other problem"),
    ];
    for (status, description) in refusals {
        let body = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        let response = ResponseBuilder::new().description(description);
        let response = response.content("application/problem+json", body).build();
        operation
            .responses
            .responses
            .insert(status.to_owned(), response.into());
    }
}
