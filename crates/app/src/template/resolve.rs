//! Field descriptions become places: absolute ones are checked, anchors found, tags read.

use bytes::Bytes;
use deedbox_core::{
    Context, FieldId,
    template::{
        Area, Field, FieldKind, FieldSpec, FieldValue, Placement,
        field::{check_fields, same_role},
    },
};
use deedbox_pdf::{
    Cover,
    child::{Answer, Ask},
};

use crate::{
    App,
    document::refused,
    error::{Error, FieldError},
};

/// Fields at their places, and the tags to be covered.
pub(crate) struct Resolved {
    pub fields: Vec<Field>,
    pub cover: Vec<Cover>,
}

impl App {
    /// Resolves field descriptions against a document.
    ///
    /// # Errors
    /// [`Error::Invalid`]: an anchor or tag that is not there, a place outside the page.
    pub(crate) async fn resolve_fields(
        &self,
        ctx: &Context,
        pdf: &Bytes,
        pages: usize,
        specs: Vec<FieldSpec>,
    ) -> Result<Resolved, Error> {
        let mut asks = vec![Ask::Tags];
        asks.extend(specs.iter().filter_map(anchor_ask));
        let answers = self
            .ask_child(pdf.clone(), asks)
            .await
            .map_err(|error| refused("file", error))?;
        let mut tags = Vec::new();
        let mut anchors = Vec::new();
        for answer in answers {
            match answer {
                Answer::Tags(found) => tags = found,
                Answer::Anchor(found) => anchors.push(found),
                _ => return Err(Error::internal("the PDF child answered something else")),
            }
        }
        let resolver = Resolver {
            ctx,
            tags: &tags,
            anchors: anchors.into_iter(),
        };
        let fields = resolver.resolve(specs)?;
        let mut faults = deedbox_core::Faults::new();
        check_fields(
            &fields,
            u32::try_from(pages).unwrap_or(u32::MAX),
            &mut faults,
        );
        let fields = faults.into_result(fields).map_err(Error::Invalid)?;
        let cover = tags
            .iter()
            .map(|tag| Cover {
                page: tag.page,
                area: tag.cover,
            })
            .collect();
        Ok(Resolved { fields, cover })
    }
}

fn anchor_ask(spec: &FieldSpec) -> Option<Ask> {
    match &spec.placement {
        Placement::Anchor {
            text, occurrence, ..
        } => Some(Ask::Anchor {
            text: text.clone(),
            occurrence: *occurrence,
        }),
        _ => None,
    }
}

struct Resolver<'a, A> {
    ctx: &'a Context,
    tags: &'a [deedbox_pdf::Tag],
    anchors: A,
}

impl<A: Iterator<Item = Option<deedbox_pdf::Anchor>>> Resolver<'_, A> {
    fn resolve(mut self, specs: Vec<FieldSpec>) -> Result<Vec<Field>, Error> {
        let mut faults = Vec::new();
        let mut fields = Vec::new();
        let mut described = vec![false; self.tags.len()];
        for (index, spec) in specs.into_iter().enumerate() {
            let id: FieldId = self.ctx.id(&format!("field {index}"));
            match self.place(&spec, &mut described) {
                Ok(places) => {
                    fields.extend(places.into_iter().enumerate().map(|(copy, (page, area))| {
                        let id = if copy == 0 {
                            id.clone()
                        } else {
                            self.ctx.id(&format!("field {index} copy {copy}"))
                        };
                        spec.clone().at(id, page, area)
                    }));
                }
                Err((key, message)) => {
                    faults.push(FieldError::new(format!("fields[{index}].{key}"), message));
                }
            }
        }
        let free = self
            .tags
            .iter()
            .enumerate()
            .filter(|(index, _)| !described[*index]);
        for (index, tag) in free {
            match tag_field(self.ctx.id(&format!("tag {index}")), tag) {
                Ok(field) => fields.push(field),
                Err(message) => faults.push(FieldError::new("file", message)),
            }
        }
        if faults.is_empty() {
            Ok(fields)
        } else {
            Err(Error::Invalid(faults))
        }
    }

    /// The places of one description; a tag may stand at several.
    fn place(
        &mut self,
        spec: &FieldSpec,
        described: &mut [bool],
    ) -> Result<Vec<(u32, Area)>, (&'static str, String)> {
        match &spec.placement {
            Placement::Absolute { page, area } => Ok(vec![(*page, *area)]),
            Placement::Anchor {
                offset_x,
                offset_y,
                w,
                h,
                ..
            } => {
                let anchor = self.anchors.next().flatten();
                let anchor = anchor.ok_or((
                    "placement.text",
                    "is not in the text of the PDF (or not that often)".to_owned(),
                ))?;
                let x = anchor.area.x + offset_x;
                let y = anchor.area.y + offset_y;
                Ok(vec![(anchor.page, Area { x, y, w: *w, h: *h })])
            }
            Placement::Tag => {
                let mut places = Vec::new();
                for (index, tag) in self.tags.iter().enumerate() {
                    let role = tag.role.as_deref();
                    let meant = tag.name == spec.name
                        && role.is_none_or(|role| same_role(role, &spec.role));
                    if meant {
                        described[index] = true;
                        places.push((tag.page, area(tag)));
                    }
                }
                if places.is_empty() {
                    let message =
                        format!("no {{{{{}}}}} tag in the PDF; give a placement", spec.name);
                    return Err(("placement", message));
                }
                Ok(places)
            }
        }
    }
}

fn area(tag: &deedbox_pdf::Tag) -> Area {
    Area {
        x: tag.area.x,
        y: tag.area.y,
        w: tag.area.w,
        h: tag.area.h,
    }
}

fn tag_field(field_id: FieldId, tag: &deedbox_pdf::Tag) -> Result<Field, String> {
    let kind = FieldKind::parse(&tag.kind).ok_or_else(|| {
        format!(
            "the tag {{{{{}}}}} has the unknown type {}",
            tag.name, tag.kind
        )
    })?;
    let default = tag.default.clone().map(|text| match kind {
        FieldKind::Checkbox => FieldValue::Checked(text == "true"),
        _ => FieldValue::Text(text),
    });
    Ok(Field {
        field_id,
        name: tag.name.clone(),
        kind,
        role: Some(tag.role.clone().unwrap_or_else(|| "Signer".to_owned())),
        participant_index: None,
        required: tag.required,
        readonly: tag.readonly,
        options: tag.options.clone(),
        default,
        page: tag.page,
        area: Some(area(tag)),
    })
}
