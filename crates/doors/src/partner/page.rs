//! `page` and `limit` of page lists: refused when out of bounds, never clamped (partner-api.md §1.3).

use deedbox_app::Page;
use utoipa::IntoParams;

use crate::http::fields::Fields;

/// The highest page number that is read; beyond it every list is empty anyway.
const PAGE_MAX: i64 = 1_000_000_000;

/// How many items a page of a list has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// When the caller does not say.
    pub default: u32,
    /// At most.
    pub max: u32,
}

/// The limits of most lists.
pub(crate) const USUAL: Limits = Limits {
    default: 20,
    max: 100,
};

/// Documented query of page lists.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read` reads")]
pub(crate) struct PageQuery {
    /// 1-based page number.
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// Items per page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
}

/// Reads which page is wanted.
pub(crate) fn read(query: &Fields<'_>, limits: Limits) -> Page {
    let number = |key, max, default: u32| {
        let number = query.optional(key).integer(1..=max);
        number
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(default)
    };
    Page {
        page: number("page", PAGE_MAX, 1),
        limit: number("limit", i64::from(limits.max), limits.default),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::fields::Faults;

    fn read_of(query: &serde_json::Value) -> Result<(u32, u32), String> {
        let faults = Faults::default();
        let page = read(&Fields::of_text(query.as_object().unwrap(), &faults), USUAL);
        faults
            .check()
            .map(|()| (page.page, page.limit))
            .map_err(|faults| faults[0].field.clone())
    }

    #[test]
    fn defaults_are_the_first_twenty() {
        assert_eq!(read_of(&json!({})), Ok((1, 20)));
        assert_eq!(read_of(&json!({"page": "3", "limit": "100"})), Ok((3, 100)));
    }

    #[test]
    fn out_of_bounds_is_refused_and_not_clamped() {
        for limit in ["0", "101", "-1", "ten", "", "1.5"] {
            assert_eq!(
                read_of(&json!({"limit": limit})),
                Err("limit".into()),
                "{limit}"
            );
        }
        assert_eq!(read_of(&json!({"page": "0"})), Err("page".into()));
    }
}
