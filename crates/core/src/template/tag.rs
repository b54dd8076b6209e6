//! `{{ }}` tags in a document's text: `{{Name;type=date;role=Buyer;required=false}}`.

use crate::template::field::{Area, Field, FieldKind};
use crate::template::spec::{FieldSpec, Placement, ROLE_DEFAULT};
use crate::template::value::FieldValue;

/// CSS pixels per PDF point: tags give sizes in pixels at 96 dpi, pages have 72 points per inch.
const POINTS_PER_PIXEL: f64 = 72.0 / 96.0;

/// What a tag says, size in PDF points where given.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// The field it describes; its placement is [`Placement::Tag`].
    pub spec: FieldSpec,
    /// Width in points.
    pub width_pt: Option<f64>,
    /// Height in points.
    pub height_pt: Option<f64>,
}

/// Reads the text between `{{` and `}}`.
///
/// # Errors
/// A sentence that names the attribute at fault.
pub fn read_tag(inner: &str) -> Result<Tag, String> {
    let mut tag = blank();
    for (index, part) in inner
        .split(';')
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .enumerate()
    {
        match part.split_once('=') {
            Some((key, value)) => set(&mut tag, key.trim(), value.trim())?,
            None if index == 0 => part.clone_into(&mut tag.spec.name),
            None => return Err(format!("`{part}` must have the form key=value")),
        }
    }
    check(tag)
}

fn blank() -> Tag {
    let spec = FieldSpec {
        name: String::new(),
        kind: FieldKind::Text,
        role: ROLE_DEFAULT.to_owned(),
        required: true,
        readonly: false,
        options: Vec::new(),
        default: None,
        placement: Placement::Tag,
    };
    Tag {
        spec,
        width_pt: None,
        height_pt: None,
    }
}

fn set(tag: &mut Tag, key: &str, value: &str) -> Result<(), String> {
    match key.to_ascii_lowercase().as_str() {
        "name" => value.clone_into(&mut tag.spec.name),
        "type" => {
            tag.spec.kind = FieldKind::parse(&value.to_ascii_lowercase()).ok_or_else(|| {
                format!(
                    "type `{value}` must be one of: {}",
                    FieldKind::ALL.map(FieldKind::as_str).join(", ")
                )
            })?;
        }
        "role" => value.clone_into(&mut tag.spec.role),
        "required" => tag.spec.required = flag(key, value)?,
        "readonly" => tag.spec.readonly = flag(key, value)?,
        "default" => tag.spec.default = Some(FieldValue::Text(value.to_owned())),
        "options" => tag.spec.options = value.split(',').map(|o| o.trim().to_owned()).collect(),
        "width" => tag.width_pt = Some(size(key, value)?),
        "height" => tag.height_pt = Some(size(key, value)?),
        _ => return Err(format!("attribute `{key}` is unknown")),
    }
    Ok(())
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    value
        .to_ascii_lowercase()
        .parse()
        .map_err(|_| format!("{key} must be true or false"))
}

fn size(key: &str, value: &str) -> Result<f64, String> {
    let pixels: Option<f64> = value.trim_end_matches("px").trim().parse().ok();
    let sound = pixels.filter(|p| p.is_finite() && (1.0..=10_000.0).contains(p));
    sound
        .map(|p| p * POINTS_PER_PIXEL)
        .ok_or_else(|| format!("{key} must be pixels, 1 to 10000"))
}

fn check(mut tag: Tag) -> Result<Tag, String> {
    let short = |text: &str| (1..=64).contains(&text.chars().count());
    if !short(&tag.spec.name) || !short(&tag.spec.role) {
        return Err("name and role must have 1 to 64 characters".to_owned());
    }
    let empty = tag.spec.options.iter().any(String::is_empty);
    if empty || (tag.spec.kind.is_choice() && tag.spec.options.is_empty()) {
        return Err("options must be texts separated by commas".to_owned());
    }
    if let (FieldKind::Checkbox, Some(FieldValue::Text(text))) = (tag.spec.kind, &tag.spec.default)
    {
        tag.spec.default = Some(FieldValue::Checked(flag("default", text)?));
    }
    Ok(tag)
}

/// Whether a field description without a place means this tag: same name, and the role if both name one.
#[must_use]
pub fn describes(spec: &FieldSpec, tag: &Tag) -> bool {
    let role = crate::template::field::same_role(&spec.role, &tag.spec.role);
    spec.name == tag.spec.name && (role || tag.spec.role == ROLE_DEFAULT)
}

/// Turns a tag's field into a resolved one; `hit` is the box of the tag's text, used where the tag gives no size.
#[must_use]
pub fn resolve(
    tag: Tag,
    field_id: crate::ids::FieldId,
    page: u32,
    page_size_pt: (f64, f64),
    hit: Area,
) -> Field {
    let w = tag.width_pt.map_or(hit.w, |pt| pt / page_size_pt.0);
    let h = tag.height_pt.map_or(hit.h, |pt| pt / page_size_pt.1);
    tag.spec.at(field_id, page, Area { w, h, ..hit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_sample_is_read() {
        let tag = read_tag("Name;type=date;role=Buyer;required=false").unwrap();
        assert_eq!(tag.spec.name, "Name");
        assert_eq!(tag.spec.kind, FieldKind::Date);
        assert_eq!(tag.spec.role, "Buyer");
        assert!(!tag.spec.required);
    }

    #[test]
    fn no_type_means_text_and_sizes_are_pixels() {
        let tag = read_tag(" name=City ; width=96 ; height=48px ; default=Lima").unwrap();
        assert_eq!(
            (tag.spec.kind, tag.spec.role.as_str()),
            (FieldKind::Text, "Signer")
        );
        assert_eq!((tag.width_pt, tag.height_pt), (Some(72.0), Some(36.0)));
        assert_eq!(tag.spec.default, Some(FieldValue::Text("Lima".into())));
    }

    #[test]
    fn faults_name_the_attribute() {
        for (text, word) in [
            ("", "name"),
            ("A;type=fax", "type"),
            ("A;required=maybe", "required"),
            ("A;colour=red", "colour"),
            ("A;type=select", "options"),
            ("A;width=-1", "width"),
            ("A;B", "key=value"),
        ] {
            let message = read_tag(text).unwrap_err();
            assert!(message.contains(word), "{text}: {message}");
        }
    }
}
