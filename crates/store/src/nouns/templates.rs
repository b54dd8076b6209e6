//! Templates and their versions. A version is frozen once an envelope was made of it: envelopes
//! carry their own copy, so later versions never reach them.

use crate::error::StoreError;
use crate::page::{Page, PageRequest};
use crate::row::record;
use crate::sql::statements;
use crate::tx::Tx;
use crate::value::values;

record! {
    /// A template.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Template {
        /// `tmpl_…`.
        pub template_id: String,
        /// Its name in the M2M door, a UUID.
        pub template_uuid: String,
        /// Its organization.
        pub org_id: String,
        /// Display name.
        pub name: String,
        /// Free text.
        pub description: Option<String>,
        /// The current version: the highest that exists.
        pub version: i64,
        /// Microseconds UTC.
        pub created_at: i64,
        /// Microseconds UTC of the last change.
        pub updated_at: i64,
    }
}

record! {
    /// One version of a template.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TemplateVersion {
        /// The template.
        pub template_id: String,
        /// 1, 2, 3 …; never used twice.
        pub version: i64,
        /// The PDF as JSON (sha256, bucket, path, pages, size, tail …); `None` while it has none.
        pub document: Option<String>,
        /// JSON array of role names in order.
        pub roles: String,
        /// JSON array of resolved fields.
        pub fields: String,
        /// The data key of the stored file, wrapped.
        pub data_key_wrapped: Option<Vec<u8>>,
        /// Microseconds UTC.
        pub created_at: i64,
    }
}

statements! { in "templates" as Template;
    INSERT = insert("");
    UPDATE = both("UPDATE templates SET name = $3, description = $4, version = $5, \
        updated_at = $6 WHERE template_id = $1 AND version = $2");
    GET = both("SELECT {} FROM templates WHERE org_id = $1 AND template_id = $2");
    BY_UUID = both("SELECT {} FROM templates WHERE org_id = $1 AND template_uuid = $2");
    PAGE = both("SELECT {} FROM templates WHERE org_id = $1 \
        ORDER BY created_at DESC, template_id LIMIT $2 OFFSET $3");
    /// Organizations have dozens of templates, so counting them needs no counter.
    COUNT = both("SELECT COUNT(*) FROM templates WHERE org_id = $1");
    DELETE = both("DELETE FROM templates WHERE org_id = $1 AND template_id = $2");
}

/// Statements on versions.
pub mod versions {
    use super::{StoreError, TemplateVersion, Tx, statements, values};

    statements! { in "template_versions" as TemplateVersion;
        INSERT = insert("");
        REPLACE = both("UPDATE template_versions SET document = $3, roles = $4, fields = $5, \
            data_key_wrapped = $6 WHERE template_id = $1 AND version = $2");
        GET = both("SELECT {} FROM template_versions WHERE template_id = $1 AND version = $2");
        HISTORY = both("SELECT {} FROM template_versions WHERE template_id = $1 ORDER BY version");
        DELETE = both("DELETE FROM template_versions WHERE template_id = $1 AND version = $2");
        DELETE_ALL = both("DELETE FROM template_versions WHERE template_id = $1");
    }

    /// Stores a new version.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] of `template_versions_pkey`.
    pub fn insert(tx: &mut Tx<'_>, version: &TemplateVersion) -> Result<(), StoreError> {
        tx.insert(&INSERT, version).map(drop)
    }

    /// Rewrites document, roles and fields of a version (M11, M12). Answers whether it exists.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn replace(tx: &mut Tx<'_>, version: &TemplateVersion) -> Result<bool, StoreError> {
        let touched = tx.exec(
            &REPLACE,
            values![
                version.template_id,
                version.version,
                version.document,
                version.roles,
                version.fields,
                version.data_key_wrapped
            ],
        )?;
        Ok(touched == 1)
    }

    /// One version.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn get(
        tx: &mut Tx<'_>,
        template_id: &str,
        version: i64,
    ) -> Result<Option<TemplateVersion>, StoreError> {
        tx.row(&GET, values![template_id, version])
    }

    /// All versions, ascending.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn history(tx: &mut Tx<'_>, template_id: &str) -> Result<Vec<TemplateVersion>, StoreError> {
        tx.rows(&HISTORY, values![template_id])
    }

    /// Deletes one version. Answers whether it existed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn delete(tx: &mut Tx<'_>, template_id: &str, version: i64) -> Result<bool, StoreError> {
        Ok(tx.exec(&DELETE, values![template_id, version])? == 1)
    }

    /// Deletes all versions of a template.
    pub(super) fn delete_all(tx: &mut Tx<'_>, template_id: &str) -> Result<u64, StoreError> {
        tx.exec(&DELETE_ALL, values![template_id])
    }
}

/// Stores a new template with its first version.
///
/// # Errors
/// [`StoreError::Duplicate`] of `templates_pkey` or `templates_uuid`.
pub fn insert(
    tx: &mut Tx<'_>,
    template: &Template,
    first: &TemplateVersion,
) -> Result<(), StoreError> {
    tx.insert(&INSERT, template)?;
    versions::insert(tx, first)
}

/// Writes name, description and current version, expecting the version that the caller read.
///
/// # Errors
/// [`StoreError::VersionConflict`] when somebody else made a version meanwhile.
pub fn update(
    tx: &mut Tx<'_>,
    template: &Template,
    expected_version: i64,
) -> Result<(), StoreError> {
    let touched = tx.exec(
        &UPDATE,
        values![
            template.template_id,
            expected_version,
            template.name,
            template.description,
            template.version,
            template.updated_at
        ],
    )?;
    if touched == 1 {
        return Ok(());
    }
    Err(StoreError::VersionConflict {
        subject: template.template_id.clone(),
        expected: expected_version,
    })
}

/// A template of the organization.
///
/// # Errors
/// When the database refuses.
pub fn get(
    tx: &mut Tx<'_>,
    org_id: &str,
    template_id: &str,
) -> Result<Option<Template>, StoreError> {
    tx.row(&GET, values![org_id, template_id])
}

/// A template of the organization by its UUID (M2M door).
///
/// # Errors
/// When the database refuses.
pub fn by_uuid(
    tx: &mut Tx<'_>,
    org_id: &str,
    template_uuid: &str,
) -> Result<Option<Template>, StoreError> {
    tx.row(&BY_UUID, values![org_id, template_uuid])
}

/// A template with its current version.
///
/// # Errors
/// When the database refuses.
pub fn current(
    tx: &mut Tx<'_>,
    org_id: &str,
    template_id: &str,
) -> Result<Option<(Template, TemplateVersion)>, StoreError> {
    let Some(template) = get(tx, org_id, template_id)? else {
        return Ok(None);
    };
    let version = versions::get(tx, template_id, template.version)?;
    Ok(version.map(|version| (template, version)))
}

/// A page of templates with their current versions, newest first (P29).
///
/// # Errors
/// When the database refuses.
pub fn page(
    tx: &mut Tx<'_>,
    org_id: &str,
    request: PageRequest,
) -> Result<Page<(Template, TemplateVersion)>, StoreError> {
    let templates: Vec<Template> =
        tx.rows(&PAGE, values![org_id, request.limit, request.offset()])?;
    let mut items = Vec::with_capacity(templates.len());
    for template in templates {
        if let Some(version) = versions::get(tx, &template.template_id, template.version)? {
            items.push((template, version));
        }
    }
    let total = tx.cell(&COUNT, values![org_id])?.unwrap_or(0);
    Ok(Page { items, total })
}

/// Deletes a template and its versions. Envelopes made of it keep their own copy. Answers whether
/// it existed.
///
/// # Errors
/// When the database refuses.
pub fn delete(tx: &mut Tx<'_>, org_id: &str, template_id: &str) -> Result<bool, StoreError> {
    if tx.exec(&DELETE, values![org_id, template_id])? == 0 {
        return Ok(false);
    }
    versions::delete_all(tx, template_id)?;
    Ok(true)
}
