//! Lists of envelopes: numbered pages (P1) and cursors (M16), flat at a million rows.
//!
//! Each filter has an index that already is in list order, so a page reads `limit` entries. Totals
//! come from counters (`tallies.rs`), except under `external_id`, where few rows match. A page
//! beyond the middle is read from the other end, so no page skips more than half of the list.

use std::sync::LazyLock;

use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::row::{Record, record};
use crate::sql::{Sql, Text};
use crate::tallies;
use crate::tx::Tx;
use crate::value::{Value, values};

record! {
    /// An envelope in a list (P1: the seven printed keys, and what other lists add).
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EnvelopeItem {
        /// `env_…`.
        pub envelope_id: String,
        /// The UUID of the M2M door.
        pub document_uuid: String,
        /// Display name.
        pub name: String,
        /// `sent`, `viewed`, …
        pub status: String,
        /// The customer.
        pub customer_id: Option<String>,
        /// The partner's own string.
        pub external_id: Option<String>,
        /// `esign` or `paper`.
        pub kind: String,
        /// `none`, `vaulted`, …
        pub vault_state: String,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC.
        pub updated_at: i64,
        /// Microseconds UTC; `None` never.
        pub expires_at: Option<i64>,
    }
}

/// What to list; everything that is `None` is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this customer.
    pub customer_id: Option<String>,
    /// Only this status.
    pub status: Option<String>,
    /// Only this string of the partner's.
    pub external_id: Option<String>,
    /// Only `esign` or `paper`.
    pub kind: Option<String>,
}

/// The direction of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// `created_at` descending, then id: the usual.
    #[default]
    NewestFirst,
    /// The exact reverse.
    OldestFirst,
}

/// The place after which a cursor list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// `created_at` of the last item seen, in microseconds.
    pub created_at: i64,
    /// Its id.
    pub envelope_id: String,
}

const CUSTOMER: usize = 1;
const STATUS: usize = 2;
const EXTERNAL: usize = 4;
const KIND: usize = 8;
const OLDEST_FIRST: usize = 16;
const CURSOR: usize = 32;
const COUNT: usize = 64;

/// One statement for each set of filters, direction and manner; made when first used.
static FAMILY: LazyLock<Vec<Sql>> = LazyLock::new(|| (0..128).map(member_of).collect());

fn member_of(member: usize) -> Sql {
    Sql::new(
        "envelopes",
        EnvelopeItem::COLUMNS,
        Text::Family {
            build: text,
            member,
        },
    )
}

/// The text of one member. Placeholders count up in the order of the filters.
fn text(member: usize) -> String {
    let mut wheres = vec!["org_id = $1".to_owned()];
    let columns = [
        (CUSTOMER, "customer_id"),
        (STATUS, "status"),
        (EXTERNAL, "external_id"),
        (KIND, "kind"),
    ];
    for (bit, column) in columns {
        if member & bit != 0 {
            wheres.push(format!("{column} = ${}", wheres.len() + 1));
        }
    }
    let next = wheres.len() + 1;
    if member & COUNT != 0 {
        return format!(
            "SELECT COUNT(*) FROM envelopes WHERE {}",
            wheres.join(" AND ")
        );
    }
    let (order, beyond, id) = match member & OLDEST_FIRST {
        0 => ("created_at DESC, envelope_id", "<", ">"),
        _ => ("created_at, envelope_id DESC", ">", "<"),
    };
    let tail = if member & CURSOR == 0 {
        format!("LIMIT ${next} OFFSET ${}", next + 1)
    } else {
        // Ids ascend while instants descend, so a row-value comparison does not fit. The first term
        // is implied by the second; it is what makes both engines start inside the index.
        wheres.push(format!("created_at {beyond}= ${next}"));
        wheres.push(format!(
            "(created_at {beyond} ${next} OR envelope_id {id} ${})",
            next + 1
        ));
        format!("LIMIT ${}", next + 2)
    };
    format!(
        "SELECT {{}} FROM envelopes WHERE {} ORDER BY {order} {tail}",
        wheres.join(" AND ")
    )
}

/// All list statements, for the test that prepares them.
#[cfg(test)]
pub(crate) fn page_statements() -> impl Iterator<Item = &'static Sql> {
    FAMILY.iter()
}

impl Filter {
    fn bits(&self) -> usize {
        let bit = |given: &Option<String>, bit| if given.is_some() { bit } else { 0 };
        bit(&self.customer_id, CUSTOMER)
            + bit(&self.status, STATUS)
            + bit(&self.external_id, EXTERNAL)
            + bit(&self.kind, KIND)
    }

    fn bound<'a>(&'a self, org_id: &'a str) -> Vec<Value<'a>> {
        let given = [
            &self.customer_id,
            &self.status,
            &self.external_id,
            &self.kind,
        ];
        let given = given.into_iter().flatten().map(|text| Value::Text(text));
        std::iter::once(Value::Text(org_id)).chain(given).collect()
    }
}

/// A numbered page of the organization's envelopes, newest first, and the total.
///
/// # Errors
/// When the database refuses.
pub fn page(
    tx: &mut Tx<'_>,
    org_id: &str,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<EnvelopeItem>, StoreError> {
    let total = total(tx, org_id, filter)?;
    let offset = request.offset();
    if offset >= total {
        return Ok(Page {
            items: Vec::new(),
            total,
        });
    }
    let limit = request.limit.min(total - offset);
    let from_the_end = total - offset - limit;
    let items = if offset <= from_the_end {
        slice(tx, org_id, filter, Sort::NewestFirst, limit, offset)?
    } else {
        let mut items = slice(tx, org_id, filter, Sort::OldestFirst, limit, from_the_end)?;
        items.reverse();
        items
    };
    Ok(Page { items, total })
}

fn slice(
    tx: &mut Tx<'_>,
    org_id: &str,
    filter: &Filter,
    sort: Sort,
    limit: i64,
    offset: i64,
) -> Result<Vec<EnvelopeItem>, StoreError> {
    let mut bound = filter.bound(org_id);
    bound.extend_from_slice(values![limit, offset]);
    tx.rows(&FAMILY[filter.bits() + sort.bit()], &bound)
}

impl Sort {
    fn bit(self) -> usize {
        match self {
            Sort::NewestFirst => 0,
            Sort::OldestFirst => OLDEST_FIRST,
        }
    }
}

/// How many envelopes match.
fn total(tx: &mut Tx<'_>, org_id: &str, filter: &Filter) -> Result<i64, StoreError> {
    if filter.external_id.is_some() {
        let counted = tx.cell(&FAMILY[filter.bits() + COUNT], &filter.bound(org_id))?;
        return Ok(counted.unwrap_or(0));
    }
    let scope = filter.customer_id.as_deref().unwrap_or("");
    let (status, kind) = (filter.status.as_deref(), filter.kind.as_deref());
    tallies::sum(tx, org_id, "envelopes", scope, status, kind)
}

/// Up to `limit` envelopes after a cursor, in either direction (M16).
///
/// # Errors
/// When the database refuses.
pub fn after(
    tx: &mut Tx<'_>,
    org_id: &str,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<EnvelopeItem>, StoreError> {
    let Some(cursor) = cursor else {
        return slice(tx, org_id, filter, sort, limit, 0);
    };
    let mut bound = filter.bound(org_id);
    bound.extend_from_slice(values![cursor.created_at, cursor.envelope_id, limit]);
    tx.rows(&FAMILY[filter.bits() + sort.bit() + CURSOR], &bound)
}
