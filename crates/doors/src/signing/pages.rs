//! `GET /api/signing/pages/{n}.png` and `{n}.json`: a page as the server draws it, and its text.

use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint::{Answer, Call, Endpoint};
use crate::http::{fields::Faults, problem::Problem};

/// Widths in pixels at which pages are drawn.
const WIDTHS: [u32; 4] = [800, 1200, 1600, 2400];

pub(crate) const ENDPOINT: Endpoint = Endpoint::get("/pages/{file}", |call| Box::pin(handle(call)));

/// The text of a page, in reading order.
#[derive(Debug, Serialize, ToSchema)]
struct PageText {
    /// 1-based.
    page: u32,
    runs: Vec<TextRun>,
}

/// A run of text and its box in fractions of the visible page, origin top left.
#[derive(Debug, Serialize, ToSchema)]
struct TextRun {
    text: String,
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

/// What a file name asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Picture(u32),
    Text(u32),
}

impl Wanted {
    fn parse(file: &str) -> Option<Self> {
        let (number, kind) = file.split_once('.')?;
        let plain = !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|_| plain)?;
        match kind {
            "png" => Some(Self::Picture(number)),
            "json" => Some(Self::Text(number)),
            _ => None,
        }
    }
}

/// Get a page
///
/// `{n}.png` is the page as the server draws it; `{n}.json` is its text in reading order.
#[utoipa::path(
    get, path = "/pages/{file}", operation_id = "getPage", tag = "Signing",
    params(
        ("file" = String, Path, description = "`1.png`, `1.json`, …", example = "1.png"),
        ("w" = Option<u32>, Query, description = "Width of the picture in pixels: 800, 1200 (default), 1600 or 2400"),
    ),
    responses((status = 200, description = "The page", content(
        (String = "image/png"), (PageText = "application/json"),
    ))),
)]
async fn handle(call: Call) -> Result<Answer, Problem> {
    match Wanted::parse(call.segment("file")) {
        None => Err(Problem::not_found()),
        Some(Wanted::Picture(page)) => picture(&call, page).await,
        Some(Wanted::Text(page)) => text(&call, page).await,
    }
}

async fn picture(call: &Call, page: u32) -> Result<Answer, Problem> {
    let faults = Faults::default();
    let width = call.query(&faults).optional("w");
    let found = width
        .integer(1..=i64::from(u32::MAX))
        .and_then(|width| u32::try_from(width).ok());
    if found.is_some_and(|width| !WIDTHS.contains(&width)) {
        width.fault("must be one of: 800, 1200, 1600, 2400");
    }
    faults.check()?;
    let picture = call
        .app
        .signing_page_png(&call.session, page, found.unwrap_or(WIDTHS[1]))
        .await?;
    Ok(Answer::Png(picture))
}

async fn text(call: &Call, page: u32) -> Result<Answer, Problem> {
    let runs = call.app.signing_page_text(&call.session, page).await?;
    let runs = runs.into_iter().map(|run| {
        let (text, x, y, w, h) = (run.text, run.x, run.y, run.w, run.h);
        TextRun { text, x, y, w, h }
    });
    let runs = runs.collect();
    Ok(Answer::json(&PageText { page, runs }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_page_number_and_a_kind() {
        assert_eq!(Wanted::parse("1.png"), Some(Wanted::Picture(1)));
        assert_eq!(Wanted::parse("500.json"), Some(Wanted::Text(500)));
        for bad in [
            "0.png",
            "01.png",
            "1.pdf",
            "1",
            ".png",
            "+1.png",
            "1.png.json",
            "99999999999.png",
        ] {
            assert_eq!(Wanted::parse(bad), None, "{bad}");
        }
    }
}
